"""What each event leaves in the state of a case, in all its parts."""

from dataclasses import replace

from procedure.case import ApplicationState, CaseState, derive, fold
from procedure.casestate import Correction, Decision, Proposal, RegistrySum
from procedure.events import (
    ApplicationFiled,
    Checked,
    ConfirmationRevoked,
    Confirmed,
    Credited,
    DuplicateReceived,
    Event,
    Evidence,
    FieldCorrected,
    Lapsed,
    Matched,
    ProofAccepted,
    Proposed,
    Reassigned,
    Returned,
    SurrenderRecorded,
    Withdrawn,
)
from procedure.findings import Finding
from tests.procedure.made import at, cancelled, confirmed, event, filed, proof

WHEN = "2021-11-04T11:00"
PAPER = Evidence("m1", "d1", page=1)
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


def test_a_form_as_filed_is_kept_with_where_it_came_from_and_how_to_answer() -> None:
    payload = filed().payload
    assert isinstance(payload, ApplicationFiled)
    payload = replace(payload, rfc_message_id="<m1@b.example>", subject="抵销申请")
    found = app(replace(event(payload), evidence=PAPER, seq=4)).current
    assert (found.evidence, found.seq) == (PAPER, 4)
    assert (found.rfc_message_id, found.subject) == ("<m1@b.example>", "抵销申请")


SENT_BACK = event(Returned(1, 1, "缺章", ("seal-missing",), proposed_by="李某"), WHEN)


def test_a_decision_says_of_which_version_when_by_whom_and_why() -> None:
    by = SENT_BACK.actor.name
    why = Decision(1, at(WHEN), by, reason="缺章", rules=("seal-missing",), proposed_by="李某")
    assert app(filed(), SENT_BACK).returned == why
    second = (filed(), filed(1, 2), ASKED)
    given_up = app(*second, event(Withdrawn(1, "改用配额"), WHEN))
    assert given_up.withdrawn == Decision(2, at(WHEN), by, reason="改用配额")
    assert given_up.proposed is None
    late = app(*second, event(Lapsed(1, "逾期未注销"), WHEN))
    assert late.lapsed == Decision(2, at(WHEN), by, reason="逾期未注销")
    assert late.proposed is None


def test_what_is_revoked_is_decided_anew_a_return_as_well() -> None:
    found = app(filed(), SENT_BACK, ASKED, event(ConfirmationRevoked(1, "误操作")))
    assert (found.stage, found.returned, found.proposed) == ("submitted", None, None)


def test_a_later_version_beside_the_confirmed_one_moves_the_confirmed_one_stays() -> None:
    both = [filed(), confirmed(), filed(1, 2), event(Reassigned(1, 2, 1))]
    first, second = derive(both).applications
    assert (first.stage, second.stage) == ("confirmed", "submitted")
    assert [v.version for v in (*first.versions, *second.versions)] == [1, 1]
    last = derive([*both, event(Reassigned(1, 2, 2))])
    assert [len(found.versions) for found in last.applications] == [1, 1]
    asked = derive([filed(), filed(1, 2), ASKED, event(Reassigned(1, 2, 1))])
    assert [found.proposed for found in asked.applications] == [None, None]


def test_records_and_proofs_keep_when_they_came_and_which_event_brought_them() -> None:
    state = derive([replace(cancelled(), seq=5), replace(proof(), seq=6, evidence=PAPER)])
    (row,), (shown,) = state.cancellations, state.proofs
    assert (row.at, row.seq) == (at("2021-11-26T17:30"), 5)
    assert (shown.seq, shown.evidence) == (6, PAPER)


def test_a_person_says_which_records_a_proof_shows() -> None:
    events = [proof(1), proof(2), event(ProofAccepted(2, ("r1",)))]
    first, second = derive(events).proofs
    assert (first.accepted_rows, first.accepted_by) == (None, "")
    assert (second.accepted_rows, second.accepted_by) == (("r1",), events[2].actor.name)
    assert second.filed == events[1].payload


def test_what_matching_found_is_kept() -> None:
    found = Finding("cancel-quantity", "附件3 §2 step 5", "warning", "少于确认数量。")
    assert derive([event(Matched({}, (), (found,)))]).match_findings == (found,)


def test_rows_of_credits_and_surrenders_are_told_apart_and_dated() -> None:
    when, later = at("2021-11-27T10:00"), at("2021-11-28T10:00")
    events = [
        event(Credited("c1", 3_000, when)),
        event(Credited("c2", 1_000, later)),
        event(Credited("c1", 2_000, when)),
        event(SurrenderRecorded("s1", 3_000, "registered", when)),
        event(SurrenderRecorded("s2", 1_000, "applied", later)),
    ]
    state = derive(events)
    assert state.credits == (RegistrySum("c1", 2_000, when), RegistrySum("c2", 1_000, later))
    assert state.surrenders == (
        RegistrySum("s1", 3_000, when, "registered"), RegistrySum("s2", 1_000, later, "applied"),
    )  # fmt: skip


def test_what_is_said_of_the_current_version_leaves_the_earlier_ones() -> None:
    second = (filed(unclear=("offset_t",)), filed(1, 2, unclear=("offset_t",)))
    found = app(*second, event(FieldCorrected(1, "offset_t", None, 5_000)))
    assert [v.unclear for v in found.versions] == [("offset_t",), ()]


def test_a_stage_is_dated_by_the_event_that_reached_it() -> None:
    days = [f"2021-11-{day:02}T09:00" for day in range(1, 7)]
    road = [
        (event(DuplicateReceived(None, at(days[0])), days[0]), days[0]),
        (event(DuplicateReceived(None, at(days[1])), days[1]), days[0]),
        (filed(when=days[2]), days[2]),
        (event(DuplicateReceived(None, at(days[3])), days[3]), days[2]),
        (confirmed(when=days[4]), days[4]),
        (event(DuplicateReceived(None, at(days[5])), days[5]), days[4]),
    ]
    state = CaseState()
    assert fold(state, road[0][0]).stage == "received"
    for happened, since in road:
        state = fold(state, happened)
        assert state.since == at(since)
        assert all(found.since == state.since for found in state.applications)


def test_one_tonne_is_something_and_none_is_nothing() -> None:
    assert app(filed(), confirmed()).allotted_t == 0
    assert app(filed(), confirmed(), event(Matched({1: 1}, ()))).stage == "cancelled"
    enough = event(Credited("c1", 10, None))
    assert app(filed(), confirmed(amount=1), enough).stage == "credited"
    assert app(filed(), confirmed(amount=0), enough).stage == "confirmed"


def test_a_credit_covers_what_was_cancelled_not_what_was_confirmed() -> None:
    part = (filed(), confirmed(), event(Matched({1: 4_000}, (1,))))
    assert app(*part, event(Credited("c1", 3_999, None))).stage == "verified"
    assert app(*part, event(Credited("c1", 4_000, None))).stage == "credited"
