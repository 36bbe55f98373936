from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedure.case import STAGE_NAMES, STAGES, CaseState, allowed, derive, fold, next_place
from procedure.errors import Conflict
from procedure.events import (
    Checked,
    ConfirmationRevoked,
    Credited,
    Event,
    FieldCorrected,
    Lapsed,
    LapseLifted,
    Matched,
    Payload,
    Reassigned,
    Reported,
    Returned,
    SurrenderRecorded,
    Withdrawn,
)
from procedure.findings import Finding
from procedure.jsonable import dump, load
from tests.procedure.made import at, cancelled, confirmed, event, filed, proof

ERROR = Finding("offset-cap", "附件3 §1(1)", "error", "超过。")


def stage(*events: Event) -> str:
    return derive(events).stage


def test_the_whole_road() -> None:
    road: list[tuple[Event, str]] = [
        (filed(unclear=("offset_t",)), "unclear"),
        (event(FieldCorrected(1, "offset_t", None, 5_000)), "submitted"),
        (confirmed(), "confirmed"),
        (cancelled(), "confirmed"),
        (event(Matched({1: 4_000}, ())), "cancelled"),
        (event(Matched({1: 5_000}, (1,))), "verified"),
        (event(Credited("c1", 5_000, None)), "credited"),
        (event(SurrenderRecorded("s1", 5_000, "applied", None)), "credited"),
        (event(SurrenderRecorded("s1", 5_000, "registered", None)), "surrendered"),
    ]
    state = CaseState()
    for happened, wanted in road:
        state = fold(state, happened)
        assert state.stage == wanted
        assert state.applications[0].stage == wanted
    assert state == derive([happened for happened, _ in road])
    assert state.surrendered_t == 5_000


def test_every_stage_has_a_name() -> None:
    assert set(STAGES) | {"withdrawn", "lapsed"} == set(STAGE_NAMES)
    assert derive([]).stage_name == "已收件"


def test_the_case_shows_the_least_advanced_live_application() -> None:
    events = [filed(), confirmed(), filed(2, unclear=("offset_t",))]
    assert stage(*events) == "unclear"
    assert stage(*events, event(Withdrawn(2))) == "confirmed"
    assert stage(filed(), event(Withdrawn(1))) == "withdrawn"
    assert stage(filed(), event(Lapsed(1))) == "lapsed"


def test_a_correction_outranks_the_reading_and_never_undoes_a_confirmation() -> None:
    state = derive(
        [
            filed(),
            confirmed(),
            event(FieldCorrected(1, "offset_t", 5_000, 4_500)),
            event(FieldCorrected(1, "amount_t", 4_000, 3_500, row=0)),
            event(FieldCorrected(1, "phone", "13800138000", None)),
            event(FieldCorrected(1, "seal", None, "某公司")),
            event(Checked(1, (ERROR,))),
        ]
    )
    app = state.applications[0]
    assert app.stage == "confirmed"
    assert app.amount_t == 5_000  # what was confirmed, not what was corrected since
    assert app.values["offset_t"] == 4_500
    assert app.projects[0].amount_t == 3_500
    assert "phone" not in app.values
    assert app.reading.seals[0].text == "某公司"
    assert app.reading.fields["offset_t"].accepted
    assert app.reading.fields["offset_t"].evidence == ("person",)
    assert app.current.reading.fields["offset_t"].value == 5_000  # the reading itself is kept
    assert app.findings == (ERROR,)


def test_corrections_of_rows_that_are_not_there() -> None:
    more = derive([filed(), event(FieldCorrected(1, "code", None, "JX-1", row=2))])
    assert [row.code for row in more.applications[0].projects][-1] == "JX-1"
    far = derive([filed(), event(FieldCorrected(1, "code", None, "JX-1", row=7))])
    assert len(far.applications[0].projects) == 2


def test_a_correction_belongs_to_its_version() -> None:
    fixed = event(FieldCorrected(1, "offset_t", 5_000, 4_500))
    state = derive([filed(), fixed, filed(1, 2, offset_t=4_800)])
    assert state.applications[0].values["offset_t"] == 4_800


def test_return_and_a_new_version() -> None:
    sent_back = event(Returned(1, 1, "请补盖公章", ("seal-missing",)), "2021-11-04T10:00")
    assert stage(filed(), sent_back) == "returned"
    state = derive([filed(), sent_back, filed(1, 2)])
    assert state.stage == "submitted"
    assert state.applications[0].version == 2
    assert not derive([filed(), sent_back]).applications[0].counts


def test_revoking_a_confirmation_waits_for_the_province_again() -> None:
    revoked = event(ConfirmationRevoked(1, "误操作"))
    assert stage(filed(), confirmed(), revoked) == "submitted"
    matched = event(Matched({1: 5_000}, (1,)))
    state = derive([filed(), confirmed(), matched, revoked])
    assert (state.stage, state.applications[0].allotted_t) == ("submitted", 0)


def test_a_record_that_came_late_ends_a_lapse() -> None:
    lapse = event(Lapsed(1))
    assert stage(filed(), confirmed(), lapse) == "lapsed"
    assert stage(filed(), confirmed(), lapse, event(Matched({1: 4_000}, ()))) == "lapsed"
    assert stage(filed(), confirmed(), lapse, event(Matched({1: 5_000}, (1,)))) == "verified"
    some = event(Matched({1: 4_000}, ()))
    lifted = derive([filed(), confirmed(), lapse, some, event(LapseLifted(1))])
    assert (lifted.stage, lifted.applications[0].lapsed) == ("cancelled", None)
    assert stage(filed(), confirmed(), lapse, event(LapseLifted(1)), lapse) == "lapsed"


def test_a_version_becomes_a_further_application_and_back() -> None:
    state = derive([filed(), filed(1, 2, offset_t=4_000), event(Reassigned(1, 2, 1))])
    assert [app.number for app in state.applications] == [1, 2]
    assert state.applications[0].values["offset_t"] == 5_000
    assert state.applications[1].values["offset_t"] == 4_000
    back = fold(state, event(Reassigned(2, 1, 2)))
    assert [app.number for app in back.applications] == [1]
    assert back.applications[0].version == 2


def test_registry_rows_are_replaced_not_added_up() -> None:
    state = derive([cancelled(), cancelled(tonnes=3_000), cancelled("r2")])
    assert [row.record.quantity_t for row in state.cancellations] == [3_000, 4_000]


def test_credits_cover_applications_in_the_order_of_confirmation() -> None:
    events = [
        filed(amount=1),
        filed(2),
        confirmed(2, amount=3_000, when="2021-11-05T10:00"),
        confirmed(1, amount=2_000, when="2021-11-06T10:00"),
        event(Credited("c1", 4_000, None)),
    ]
    state = derive(events)
    assert [app.stage for app in state.applications] == ["confirmed", "credited"]


def test_the_second_to_confirm_is_told_who_was_first() -> None:
    state = derive([filed(), confirmed()])
    with pytest.raises(Conflict) as caught:
        allowed(state, 1, "confirm")
    assert caught.value.user_message == "该申请已由 张某 于 2021-11-05 10:20 确认。"
    again = fold(state, confirmed(amount=1, when="2021-11-05T10:21"))
    assert again.applications[0].confirmed == state.applications[0].confirmed


SENT_BACK = event(Returned(1, 1, "缺章"))


@pytest.mark.parametrize(
    ("events", "action", "code"),
    [
        ([filed(unclear=("offset_t",))], "confirm", "unclear"),
        ([filed(findings=(ERROR,))], "confirm", "findings"),
        ([filed(), SENT_BACK], "confirm", "already-returned"),
        ([filed(), confirmed()], "return", "already-confirmed"),
        ([filed(), SENT_BACK], "return", "already-returned"),
        ([filed(), event(Withdrawn(1))], "confirm", "already-withdrawn"),
        ([filed(), event(Withdrawn(1))], "correct", "already-withdrawn"),
        ([filed(), event(Lapsed(1))], "confirm", "already-lapsed"),
        ([filed(), confirmed(), event(Matched({1: 1}, ()))], "withdraw", "cancelled-already"),
        ([filed()], "revoke", "not-decided"),
        ([filed(), confirmed(), event(Credited("c", 5_000, None))], "revoke", "credited-already"),
        ([filed(), confirmed()], "reassign", "already-confirmed"),
        ([], "confirm", "no-application"),
    ],
)
def test_what_is_not_allowed(events: list[Event], action: Any, code: str) -> None:
    with pytest.raises(Conflict) as caught:
        allowed(derive(events), 1, action)
    assert caught.value.code == code
    assert caught.value.user_message.endswith("。")


def test_what_is_allowed() -> None:
    warning = replace(ERROR, severity="warning")
    state = derive([filed(findings=(warning,))])
    allowed(state, 1, "confirm", version=1)
    for action in ("return", "correct", "withdraw", "reassign"):
        allowed(state, 1, action)
    allowed(derive([filed(), confirmed()]), 1, "correct")
    allowed(derive([filed(), confirmed()]), 1, "revoke")
    allowed(derive([filed(), SENT_BACK]), 1, "revoke")
    with pytest.raises(Conflict, match="current"):
        allowed(derive([filed(), filed(1, 2)]), 1, "confirm", version=1)


def test_a_state_survives_json() -> None:
    state = derive([filed(), confirmed(), cancelled(), proof(), event(Matched({1: 4_000}, ()))])
    assert load(CaseState, dump(state)) == state
    assert state.entity_name
    assert state.account_no


NUMBERS = st.integers(1, 3)
PAYLOADS: st.SearchStrategy[Payload] = st.one_of(
    st.builds(lambda n, v: filed(n, v).payload, NUMBERS, NUMBERS),
    st.builds(lambda n: filed(n, unclear=("offset_t",)).payload, NUMBERS),
    st.builds(lambda n, v: confirmed(n, v).payload, NUMBERS, NUMBERS),
    st.builds(Returned, NUMBERS, NUMBERS, st.just("缺章")),
    st.builds(Withdrawn, NUMBERS),
    st.builds(Lapsed, NUMBERS),
    st.builds(LapseLifted, NUMBERS),
    st.builds(ConfirmationRevoked, NUMBERS, st.just("误")),
    st.builds(Reassigned, NUMBERS, NUMBERS, NUMBERS),
    st.builds(FieldCorrected, NUMBERS, st.just("offset_t"), st.just(5_000), st.integers(0, 9_000)),
    st.builds(Checked, NUMBERS, st.just((ERROR,))),
    st.builds(lambda t: cancelled(tonnes=t).payload, st.integers(1, 9_000)),
    st.builds(lambda n: proof(n).payload, NUMBERS),
    st.builds(
        Matched,
        st.dictionaries(NUMBERS, st.integers(0, 5_000)),
        st.lists(NUMBERS, max_size=2).map(tuple),
    ),
    st.builds(Credited, st.just("c"), st.integers(0, 20_000), st.none()),
    st.builds(
        SurrenderRecorded, st.just("s"), st.integers(0, 20_000), st.just("registered"), st.none()
    ),
    st.builds(Reported, st.just("weekly-1")),
)


@given(st.lists(PAYLOADS, max_size=14))
def test_invariants_of_any_history(payloads: list[Payload]) -> None:
    events = [replace(event(p), seq=n) for n, p in enumerate(payloads, 1)]
    state = derive(events)
    assert state == derive(events)
    assert len({app.number for app in state.applications}) == len(state.applications)
    for app in state.applications:
        assert app.versions
        assert len({v.version for v in app.versions}) == len(app.versions)
        assert app.stage in STAGE_NAMES
        assert app.since == at("2021-11-04T09:00")
        assert not app.confirmed or app.stage not in ("unclear", "submitted", "returned")
        assert not app.withdrawn or app.stage == "withdrawn"
    live = [app.stage for app in state.applications if app.live]
    if live:
        assert state.stage == min(live, key=STAGES.index)
    number, version = next_place(state)
    existing = state.application(number)
    assert version == 1 if existing is None else version > existing.versions[-1].version


@given(st.lists(PAYLOADS, max_size=10), st.integers(0, 9_000), NUMBERS)
def test_no_correction_ever_undoes_a_confirmation(
    payloads: list[Payload], tonnes: int, number: int
) -> None:
    state = derive([event(p) for p in payloads])
    after = fold(state, event(FieldCorrected(number, "offset_t", None, tonnes)))
    assert [app.confirmed for app in after.applications] == [
        app.confirmed for app in state.applications
    ]
