"""What a screenshot is worth, and what a person may say of it."""

from dataclasses import replace

import pytest

from casework import decisions, views
from letters import dress
from procedure.errors import NotAllowed, WrongUse
from procedure.facts import Receipt
from tests.casework.made import Firm, proof
from tests.casework.office import HEBEI, SHANXI, Office

A = Firm(1)
WHEN = "2021-11-08 10:00:00"


@pytest.fixture
def number(office: Office) -> str:
    """Confirmed and cancelled; no screenshot yet."""
    found = office.apply(A)
    decisions.confirm(office.desk, HEBEI, found, 1)
    office.clock.to("2021-11-08 12:00")
    office.cancellations((A, 5_000, WHEN))
    return found


def test_a_seal_that_was_not_found_waits_for_a_person_s_word(office: Office, number: str) -> None:
    office.post(A.email, replace(proof(A), seals=()), kind="cancellation")
    assert office.stage(number) == "cancelled"
    done = decisions.accept_proof(office.desk, HEBEI, number, 1, note="原件有章")
    assert done.stage == "verified"
    view = views.case_view(office.desk, HEBEI, number)
    assert view.proofs[0].accepted_by == "陈示例"
    assert view.history[-2].text.startswith("人工核对注销截图")


def test_a_figure_misread_is_held_against_the_row_that_the_person_names(
    office: Office, number: str
) -> None:
    office.post(A.email, proof(A, 5_600), kind="cancellation")
    with pytest.raises(WrongUse):
        decisions.accept_proof(office.desk, HEBEI, number, 1)
    with pytest.raises(WrongUse):
        decisions.accept_proof(office.desk, HEBEI, number, 1, rows=("other",))
    with pytest.raises(WrongUse):
        decisions.accept_proof(office.desk, HEBEI, number, 2)
    assert office.stage(number) == "cancelled"
    (row,) = office.state(number).cancellations
    decisions.accept_proof(office.desk, HEBEI, number, 1, rows=(row.row,))
    assert office.stage(number) == "verified"


def _receipt(office: Office) -> Receipt:
    found = office.facts("receipt")[-1]
    assert isinstance(found, Receipt)
    return found


def _step(office: Office, number: str) -> str:
    (step,) = views.case_view(office.desk, HEBEI, number).next_steps
    return step


def test_what_a_screenshot_lacks_is_told_to_the_firm_and_to_staff(
    office: Office, number: str
) -> None:
    office.cancellations((A, 3_800, WHEN))
    assert _step(office, number).startswith("等待加盖公章的注销截图")
    office.prove(A, 3_800)
    receipt = _receipt(office)
    assert receipt.sections[0].short_t == 1_200
    assert receipt.next_steps[0] == "尚差 1,200 吨，请补注销或补交截图。"
    assert "已收到，请核对" in dress("receipt", receipt).text
    assert _step(office, number) == "尚差 1,200 吨，请补注销或补交截图。"
    office.prove(A, 1_200, time="2021-11-08T11:00:00+08:00")
    assert _receipt(office).sections[0].short_t == 0
    assert _step(office, number) == "已收到加盖公章的注销截图，待与登记系统注销记录核对。"


def test_the_same_record_on_two_screenshots_fills_no_gap(office: Office, number: str) -> None:
    office.prove(A, 3_000)
    office.post(A.email, replace(proof(A, 3_000), pages=2), kind="cancellation")
    assert len(office.state(number).proofs) == 2
    assert _receipt(office).sections[0].short_t == 2_000


def test_a_whole_screenshot_is_received_without_more(office: Office, number: str) -> None:
    office.prove(A)
    assert _receipt(office).sections[0].short_t == 0
    text = dress("receipt", _receipt(office)).text
    assert "请核对" not in text
    assert office.stage(number) == "verified"


def test_two_screenshots_in_one_mail_are_looked_at_together(office: Office, number: str) -> None:
    office.cancellations((A, 3_800, WHEN), (A, 1_200, "2021-11-08 11:00:00"))
    both = proof(A, 3_800), proof(A, 1_200, time="2021-11-08T11:00:00+08:00")
    office.post(A.email, *both, kind="cancellation")
    receipt = _receipt(office)
    assert [one.short_t for one in receipt.sections] == [0, 0]
    assert [one for one in receipt.next_steps if "尚差" in one] == []
    assert dress("receipt", receipt).text.startswith("【已收到】")


def test_a_stranger_is_not_told_what_was_confirmed(office: Office, number: str) -> None:
    office.entities(A)
    office.cancellations((A, 3_000, WHEN))
    office.post("stranger@elsewhere.example", proof(A, 3_000), kind="cancellation")
    receipt = _receipt(office)
    assert receipt.sections[0].short_t is None
    assert "尚差" not in dress("receipt", receipt).text
    assert "已收到，请核对" in dress("receipt", receipt).text


def test_after_the_deadline_nobody_is_asked_to_cancel(office: Office, number: str) -> None:
    office.clock.to("2021-12-15 17:00")
    office.prove(A, 3_000)
    (step, _) = _receipt(office).next_steps
    assert step.startswith("尚差 2,000 吨")
    assert "请补注销" not in step
    assert "请勿自行注销" in step


def test_an_unsealed_screenshot_still_waits_for_the_sealed_one(office: Office, number: str) -> None:
    office.post(A.email, replace(proof(A, 3_000), seals=()), kind="cancellation")
    assert _step(office, number).startswith("等待加盖公章的注销截图")
    (row,) = office.state(number).cancellations
    decisions.accept_proof(office.desk, HEBEI, number, 1, rows=(row.row,))
    assert office.stage(number) == "verified"


def test_another_province_says_nothing_of_it(office: Office, number: str) -> None:
    office.prove(A)
    with pytest.raises(NotAllowed):
        decisions.accept_proof(office.desk, SHANXI, number, 1)


def test_a_person_may_also_say_that_it_shows_less(office: Office, number: str) -> None:
    office.cancellations((A, 5_000, WHEN), (A, 200, "2021-11-08 11:00:00"))
    office.prove(A)
    assert office.stage(number) == "verified"
    second = office.state(number).cancellations[1]
    decisions.accept_proof(office.desk, HEBEI, number, 1, rows=(second.row,))
    assert office.stage(number) == "cancelled"
