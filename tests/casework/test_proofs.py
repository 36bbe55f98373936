"""What a screenshot is worth, and what a person may say of it."""

from dataclasses import replace

import pytest

from casework import decisions, views
from procedure.errors import NotAllowed, WrongUse
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
