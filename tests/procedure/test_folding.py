"""What each event leaves in the state of a case, in all its parts."""

from dataclasses import replace

from procedure.case import ApplicationState, derive
from procedure.casestate import Correction, Proposal
from procedure.events import (
    Checked,
    Confirmed,
    Event,
    FieldCorrected,
    Proposed,
    Returned,
)
from tests.procedure.made import at, confirmed, event, filed

WHEN = "2021-11-04T11:00"
ASKED = event(Proposed(1, 1, "return", 5_000, "缺章", ("seal-missing",)), WHEN)


def app(*events: Event) -> ApplicationState:
    (found,) = derive(events).applications
    return found


def test_the_case_knows_its_number_and_its_last_event() -> None:
    state = derive([replace(filed(), seq=7), replace(ASKED, seq=9), replace(ASKED, seq=8)])
    assert (state.case_no, state.last_seq) == ("CCER-2019-13-0001", 9)


def test_a_proposal_holds_who_asks_what_of_which_version() -> None:
    by = ASKED.actor.name
    wanted = Proposal("return", 1, at(WHEN), by, 5_000, "缺章", ("seal-missing",), 9)
    assert app(filed(), replace(ASKED, seq=9)).proposed == wanted


def test_a_proposal_about_nothing_or_too_late_is_none() -> None:
    elsewhere = event(Proposed(2, 1, "confirm"))
    assert app(filed(), elsewhere).proposed is None
    assert derive([elsewhere]).applications == ()
    assert app(filed(), confirmed(), ASKED).proposed is None


def test_any_change_of_the_paper_and_any_decision_voids_a_proposal() -> None:
    correction = event(FieldCorrected(1, "offset_t", 5_000, 4_500))
    for after in (filed(1, 2), correction, confirmed(), event(Returned(1, 1, "缺章"))):
        assert app(filed(), ASKED, after).proposed is None, after.payload
    elsewhere = event(FieldCorrected(2, "offset_t", 5_000, 4_500))
    assert app(filed(), ASKED, elsewhere).proposed is not None


def test_a_correction_is_kept_with_what_stood_there_by_whom_and_when() -> None:
    corrected = event(FieldCorrected(1, "offset_t", 5_000, 4_500), WHEN)
    found = app(filed(unclear=("offset_t", "uscc")), corrected).current
    by = corrected.actor.name
    assert found.corrections == (Correction("offset_t", None, 5_000, 4_500, by, at(WHEN)),)
    assert found.unclear == ("uscc",)


def test_checks_that_ran_again_say_what_is_unclear_and_accepted_now() -> None:
    first = event(Checked(1, (), ("uscc",), ("offset_t",)))
    assert (app(filed(), first).current.unclear, app(filed(), first).current.judged) == (
        ("uscc",), ("offset_t",),
    )  # fmt: skip
    # Without a word on it what is accepted stays so; what is unclear is always said anew.
    again = app(filed(), first, event(Checked(1, ()))).current
    assert (again.unclear, again.judged) == ((), ("offset_t",))


def test_a_confirmation_takes_back_a_return_and_says_who_had_asked() -> None:
    done = event(Confirmed(1, 1, 5_000, note="已核", proposed_by="李某"))
    found = app(filed(), event(Returned(1, 1, "缺章")), done)
    assert found.returned is None
    assert found.confirmed is not None
    assert (found.confirmed.note, found.confirmed.proposed_by) == ("已核", "李某")
