"""What people read where a cancellation differs from what was confirmed, to the letter."""

from dataclasses import replace
from typing import Any

import pytest

from procedure.case import derive
from procedure.events import CancellationRecorded, Event, Matched, ProofAccepted
from procedure.findings import Finding
from procedure.matching import evidenced, match, rows_shown
from tests.procedure.made import (
    ACCOUNT,
    CYCLE,
    accepted,
    cancelled,
    confirmed,
    event,
    filed,
    native,
    proof,
    shot,
)

ONE = (("CCER-0730", "某", 4_000),)
TWO = [filed(), confirmed()]
SINGLE = [filed(rows=ONE, offset_t=4_000), confirmed(amount=4_000)]
EITHER = [
    *SINGLE,
    filed(2, rows=(("CCER-1194", "某", 1_000),), offset_t=1_000, account_no="CN-100-1"),
    confirmed(2, amount=1_000, when="2021-11-09T10:00"),
]
STEP = "附件3 §2 step 5"


def run(*events: Event) -> Matched:
    return match(derive(events), CYCLE)


@pytest.mark.parametrize(
    ("events", "rule", "severity", "message", "expected", "found"),
    [
        ([*EITHER, cancelled(account="CN-9-1")], "cancel-account", "error",
         f"账户 CN-9-1 的注销不在确认的账户 CN-100-1、{ACCOUNT} 上，不予计入。",
         f"CN-100-1、{ACCOUNT}", "r1"),
        ([*SINGLE, cancelled(time="2021-12-15T17:00:00")], "cancel-deadline", "error",
         "注销时间 2021-12-15 17:00:00 不早于截止时间 2021-12-15 17:00，不予计入。", "", "r1"),
        ([*EITHER, cancelled(code="JX-1")], "cancel-project", "error",
         "注销项目 JX-1 不在确认的项目（CCER-0730、CCER-1194）之内，不予计入。",
         "CCER-0730、CCER-1194", "r1"),
        ([*SINGLE, cancelled(time="2021-11-05T10:19:59")], "cancel-before-confirmation", "warning",
         "注销时间 2021-11-05 10:19:59 早于申请确认时间 2021-11-05 10:20，请核对。", "", "r1"),
        ([*SINGLE, cancelled(tonnes=4_001)], "cancel-quantity", "warning",
         "项目 CCER-0730 的注销数量超出确认数量 1 吨，请核对。", "", "r1"),
        ([*SINGLE, cancelled(), cancelled("r2")], "cancel-twice", "warning",
         "项目 CCER-0730 的 4,000 吨疑似重复注销，请核对。", "", "r2"),
        ([*SINGLE, cancelled(tonnes=3_999)], "cancel-quantity", "warning",
         "第 1 份申请确认 4,000 吨，已注销 3,999 吨，尚差 1 吨。", "4000", "3999"),
        ([*SINGLE, cancelled(tonnes=3_000, serial="某号"), cancelled("r2", tonnes=1_000,
          serial="某号")], "serial-reused", "error",
         "减排量序列号 某号 已在其他注销记录中使用，请核对。", "", "r2"),
    ],
)  # fmt: skip
def test_a_difference_is_told(
    events: list[Event], rule: str, severity: Any, message: str, expected: str, found: str
) -> None:
    clause = CYCLE.clause(rule)
    wanted = Finding(rule, clause, severity, message, expected=expected, found=found)
    assert run(*events).findings == (wanted,)


def test_a_record_without_a_time_waits_for_a_person() -> None:
    untimed = cancelled()
    assert isinstance(untimed.payload, CancellationRecorded)
    untimed = replace(untimed, payload=replace(untimed.payload, time=None))
    matched = run(*SINGLE, untimed, cancelled("r2", tonnes=1))
    (one,) = (f for f in matched.findings if f.rule == "cancel-deadline")
    assert (one.severity, one.message, one.found) == (
        "warning", "登记系统记录没有注销时间，无法判断是否在截止时间前完成。", "r1",
    )  # fmt: skip
    assert matched.allotted_t == {1: 1}


def test_at_the_moment_of_the_confirmation_is_not_before_it() -> None:
    assert run(*SINGLE, cancelled(time="2021-11-05T10:20:00")).findings == ()


@pytest.mark.parametrize(
    ("second", "rule"),
    [
        ({}, "cancel-twice"),
        ({"tonnes": 3_999}, "cancel-quantity"),
        ({"code": "CCER-1194"}, "cancel-project"),
    ],
)
def test_only_the_same_again_is_twice(second: dict[str, Any], rule: str) -> None:
    assert [f.rule for f in run(*SINGLE, cancelled(), cancelled("r2", **second)).findings] == [rule]


def test_what_came_twice_may_have_others_between() -> None:
    parts = [
        cancelled("r1", tonnes=1_000),
        cancelled("r2", tonnes=3_000),
        cancelled("r3", tonnes=3_000),
    ]
    (one,) = run(*SINGLE, *parts).findings
    assert (one.rule, one.found) == ("cancel-twice", "r3")


def test_an_excess_of_as_much_as_another_row_is_an_excess() -> None:
    """4,000 t wanted: 1,000 and then 4,000, of which 1,000 are too much: nothing came twice."""
    first = cancelled("r1", tonnes=1_000, time="2021-11-24T10:00:00")
    second = cancelled("r2", tonnes=4_000, time="2021-11-25T10:00:00")
    (one,) = run(*SINGLE, first, second).findings
    assert (one.rule, one.found) == ("cancel-quantity", "r2")


def test_records_count_in_the_order_of_the_registrys_time() -> None:
    late = cancelled("r1", tonnes=4_000, time="2021-11-26T10:00:00")
    early = cancelled("r2", tonnes=3_000, time="2021-11-25T10:00:00")
    (one,) = run(*SINGLE, late, early).findings
    assert (one.found, "3,000" in one.message) == ("r1", True)
    same = [cancelled("r2", tonnes=4_000), cancelled("r1", tonnes=3_000)]
    assert [f.found for f in run(*SINGLE, *same).findings] == ["r2"]


def test_accounts_and_projects_go_to_the_application_that_names_them() -> None:
    other = cancelled("r2", "CCER-1194", 1_000, account="CN-100-1")
    assert run(*EITHER, cancelled(), other) == Matched({1: 4_000, 2: 1_000}, ())
    assert run(*EITHER, replace(other)).allotted_t == {1: 0, 2: 1_000}
    swapped = cancelled("r2", "CCER-1194", 1_000)
    assert [f.rule for f in run(*EITHER, swapped).findings] == ["cancel-project"]
    nameless = [filed(rows=ONE, offset_t=4_000, account_no=None), confirmed(amount=4_000)]
    assert run(*nameless, cancelled(account="CN-9-1")) == Matched({1: 4_000}, ())


@pytest.mark.parametrize("rows", [ONE, (("CCER-0730", "某", 3_999),)])
def test_a_project_that_the_first_does_not_name_is_the_second_s(rows: Any) -> None:
    both = [
        filed(rows=rows, offset_t=4_000),
        confirmed(amount=4_000),
        filed(2, rows=(("CCER-1194", "某", 1_000),), offset_t=1_000),
        confirmed(2, amount=1_000, when="2021-11-09T10:00"),
    ]
    assert run(*both, cancelled("r2", "CCER-1194", 1_000)).allotted_t == {1: 0, 2: 1_000}


@pytest.mark.parametrize(
    ("rows", "records", "allotted", "rules"),
    [
        # As the rows split it; more of one project is not less of the other.
        ((("A-1", "甲", 3_000), ("B-2", "乙", 2_000)), (("A-1", 4_000), ("B-2", 1_000)),
         4_000, ["cancel-quantity", "cancel-quantity"]),
        ((("A-1", "甲", 3_000), ("A-1", "甲", 2_000)), (("A-1", 5_000),), 5_000, []),
        # Rows that do not add up say only which projects.
        ((("A-1", "甲", 3_000), ("B-2", "乙", 1_000)), (("A-1", 4_000), ("B-2", 1_000)), 5_000, []),
        ((("A-1", "甲", 3_000), ("B-2", "乙", 1_000)), (("C-3", 5_000),), 0, ["cancel-project"]),
        # A row without its number may be any project's.
        ((("A-1", "甲", 3_000), (None, "乙", 2_000)), (("A-1", 1_000), ("C-3", 4_000)), 5_000, []),
        ((("A-1", "甲", None), ("B-2", "乙", 2_000)), (("A-1", 5_000),), 5_000, []),
        ((("A-1", "甲", 5_000), ("B-2", "乙", 0)), (("A-1", 5_000),), 5_000, []),
    ],
)  # fmt: skip
def test_how_the_rows_of_a_form_split_it(
    rows: Any, records: tuple[tuple[str, int], ...], allotted: int, rules: list[str]
) -> None:
    done = [
        cancelled(f"r{n}", code, t, f"2021-11-25T15:18:{n:02}")
        for n, (code, t) in enumerate(records)
    ]
    matched = run(filed(rows=rows), confirmed(), *done)
    assert (matched.allotted_t, [f.rule for f in matched.findings]) == ({1: allotted}, rules)


def test_one_tonne_more_goes_to_the_next_application() -> None:
    events = [
        *SINGLE,
        filed(2, rows=ONE, offset_t=4_000),
        confirmed(2, amount=4_000, when="2021-11-09T10:00"),
        cancelled(tonnes=4_001),
    ]
    matched = run(*events)
    assert matched.allotted_t == {1: 4_000, 2: 1}
    assert [f.message for f in matched.findings] == [
        "第 2 份申请确认 4,000 吨，已注销 1 吨，尚差 3,999 吨。"
    ]


def test_nothing_is_verified_that_no_sealed_screenshot_shows() -> None:
    done = cancelled()
    shown = proof(1, accepted(shot(rows=(("CCER-0730", 4_000),))))
    assert run(*SINGLE, done, shown) == Matched({1: 4_000}, (1,))
    assert run(*SINGLE, cancelled(tonnes=3_999), shown).verified == ()
    nothing = [filed(rows=(), offset_t=0), confirmed(amount=0)]
    assert run(*nothing, shown) == Matched({1: 0}, ())


def proofs(severity: Any, rule: str, *rows: str) -> list[Event]:
    """A screenshot that filing found to show ``rows``, with a finding on its seal."""
    found = Finding(rule, STEP, severity, "印章。")
    return [proof(1, shot(rows=()), matched_rows=rows, findings=(found,))]


@pytest.mark.parametrize(
    ("events", "shown"),
    [
        (proofs("warning", "seal-name", "r1"), {"r1"}),
        (proofs("error", "cancel-quantity", "r1"), {"r1"}),
        (proofs("error", "seal-kind", "r1"), set()),
        ([*proofs("error", "seal-kind", "r1"), event(ProofAccepted(1, ("r2", "r3")))],
         {"r2", "r3"}),
        # A person's word replaces what was read.
        ([*proofs("warning", "seal-name", "r1"), event(ProofAccepted(1, ("r2",)))], {"r2"}),
        ([*proofs("warning", "seal-name", "r1"), event(ProofAccepted(1, ()))], set()),
    ],
)  # fmt: skip
def test_which_records_are_evidenced(events: list[Event], shown: set[str]) -> None:
    assert evidenced(derive(events)) == shown


RECORDS = derive([cancelled("r1", serial="甲1"), cancelled("r2", serial="甲2",
                  time="2021-11-26T09:00:00")]).cancellations  # fmt: skip


@pytest.mark.parametrize(
    ("change", "fields", "shown"),
    [
        ({}, {}, ("r1",)),
        ({"time": native("2021-11-26T09:00:00+08:00")}, {}, ("r2",)),
        ({"serial": native("甲2")}, {}, ("r2",)),
        # The serial block outweighs the time.
        ({"serial": native("甲2"), "time": native("2021-11-25T15:18:46+08:00")}, {}, ("r2",)),
        ({"quantity_t": native(4_001)}, {}, ()),
        ({"project_code": native("JX-1")}, {}, ()),
        ({"project_code": None}, {}, ("r1",)),
        ({"operation": native("交易转入")}, {}, ()),
        ({}, {"account_no": "CN-9-1"}, ()),
        ({}, {"account_no": None}, ("r1",)),
        ({"project_code": None}, {"account_no": None}, ()),
    ],
)
def test_which_record_a_row_shows(
    change: dict[str, Any], fields: dict[str, Any], shown: tuple[str, ...]
) -> None:
    doc = shot(rows=(("JX-7", 1), ("CCER-0730", 4_000)))
    unknown, row = doc.records
    kept = {k: v for k, v in doc.fields.items() if fields.get(k, "") is not None}
    kept |= {k: native(v) for k, v in fields.items() if v is not None}
    doc = replace(doc, fields=kept, records=(unknown, replace(row, **change)))
    assert rows_shown(doc, RECORDS) == shown
