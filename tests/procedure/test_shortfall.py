"""What screenshots lack of what was confirmed."""

from dataclasses import replace

import pytest

from procedure.casestate import ApplicationState, CancellationState, CaseState, Decision, ProofState
from procedure.events import CancellationRecorded, Evidence, ProofFiled
from procedure.findings import Finding
from procedure.readings import DocumentReading
from procedure.shortfall import proofs_in_order, short_t
from tests.procedure.made import ACCOUNT, accepted, at, native, poor, shot

WHEN = at("2021-11-25T15:18:46")
APP = ApplicationState(1, (), Decision(1, WHEN, "x", 5_000), stage="confirmed")


def proof(number: int, reading: DocumentReading, *rows: str, said: bool = False) -> ProofState:
    filed = ProofFiled(number, WHEN, "a@b.example", accepted(reading), (), ())
    return ProofState(number, filed, Evidence(), accepted_rows=rows if said else None)


def record(row: str, code: str, tonnes: int) -> CancellationState:
    made = CancellationRecorded(row, ACCOUNT, "", code, "", tonnes, "自愿注销", "已完成", WHEN, "")
    return CancellationState(row, made, WHEN)


def lacks(*proofs: ProofState, app: ApplicationState = APP, **state: object) -> int | None:
    made = CaseState(applications=(app,), proofs=proofs, **state)  # type: ignore[arg-type]
    return short_t(made, proofs)


A, B = ("CCER-0730", 4_000), ("CCER-1194", 400)


def test_what_several_screenshots_show_adds_up() -> None:
    assert lacks(proof(1, shot(rows=(A,)))) == 1_000
    assert lacks(proof(1, shot(rows=(A,))), proof(2, shot(rows=(B,)))) == 600
    assert lacks(proof(1, shot(rows=(A, B))), proof(2, shot(rows=(B,)))) == 600
    assert lacks(proof(1, shot(rows=(A, A, B)))) == 600


def test_another_moment_is_another_record() -> None:
    later = shot(rows=(B,), time="2021-11-25T15:19:00+08:00")
    assert lacks(proof(1, shot(rows=(A, B))), proof(2, later)) == 200


def test_more_than_enough_lacks_nothing() -> None:
    assert lacks(proof(1, shot(rows=(A, ("CCER-1194", 9_000))))) == 0


def test_nothing_is_said_without_a_screenshot_or_of_figures_nobody_read() -> None:
    assert lacks() is None
    assert short_t(CaseState(proofs=(one := proof(1, shot(rows=(A,))),)), (one,)) is None
    unread = shot(rows=(A,))
    row = replace(unread.records[0], quantity_t=native(None))
    assert lacks(proof(1, replace(unread, records=(row,)))) is None
    row = replace(unread.records[0], quantity_t=replace(poor(4_000), confidence=0.5))
    assert lacks(proof(1, replace(unread, records=(row,)))) is None


@pytest.mark.parametrize("field", ["operation", "status"])
def test_only_finished_voluntary_cancellations_are_shown(field: str) -> None:
    doc = shot(rows=(A,))
    row = replace(doc.records[0], **{field: native("划转" if field == "operation" else "待审核")})
    assert lacks(proof(1, replace(doc, records=(row,)))) == 5_000


def test_a_person_s_word_outranks_the_reading() -> None:
    rows = (record("r1", *A), record("r2", *B))
    assert lacks(proof(1, shot(rows=(B,)), "r1", said=True), cancellations=rows) == 1_000
    both = proof(1, shot(rows=(B,)), "r1", said=True), proof(2, shot(rows=(A,)))
    assert lacks(*both, cancellations=rows) == 1_000


@pytest.mark.parametrize("stage", ["verified", "credited", "lapsed"])
def test_nothing_is_short_of_what_waits_for_no_screenshot(stage: str) -> None:
    app = replace(APP, stage=stage)  # type: ignore[arg-type]
    assert lacks(proof(1, shot(rows=(B,))), app=app) == 0


def test_a_proof_is_in_order_by_its_seal_or_a_person() -> None:
    bad = Finding("seal-missing", "", "error", "未见公章。")
    first = proof(1, shot())
    second = replace(first, number=2, filed=replace(first.filed, findings=(bad,)))
    third = replace(second, number=3, accepted_rows=("r1",))
    state = CaseState(proofs=(first, second, third))
    assert [one.number for one in proofs_in_order(state)] == [1, 3]
