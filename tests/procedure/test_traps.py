"""The traps in the rule text, one test each (more on some in the other files)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from procedure.acceptance import decide
from procedure.case import derive, next_place
from procedure.checks import ApplicationView, World, check_application
from procedure.events import ConfirmationRevoked, DuplicateReceived, Event, Withdrawn
from procedure.matching import match
from procedure.timetable import daily_rounds, weekly_rounds
from tests.procedure.made import (
    CYCLE,
    ENTITY,
    PROVINCES,
    at,
    cancelled,
    confirmed,
    event,
    filed,
    form,
    native,
    registry,
)


def test_trap_1_the_last_friday_is_the_last_day_so_an_extra_summary_follows() -> None:
    rounds = weekly_rounds(CYCLE)
    assert [round_.extra for round_ in rounds] == [False] * 7 + [True]
    assert rounds[6].due == at("2021-12-10T17:30")
    assert rounds[7].due == at("2021-12-13T17:30")
    assert rounds[7].due < CYCLE.cancel_before


def test_trap_1_a_partial_last_period_has_its_summary_and_needs_no_extra() -> None:
    cycle = replace(CYCLE, apply_last=date(2021, 12, 8))
    last = weekly_rounds(cycle)[-1]
    assert (last.first, last.last, last.extra) == (date(2021, 12, 4), date(2021, 12, 8), False)
    assert last.due == at("2021-12-10T17:30")


def test_trap_1_no_summary_comes_after_the_cancellation_deadline() -> None:
    cycle = replace(CYCLE, apply_last=date(2021, 12, 11))
    last = weekly_rounds(cycle, lead=timedelta(minutes=30))[-1]
    assert (last.first, last.last) == (date(2021, 12, 11), date(2021, 12, 11))
    assert last.due == at("2021-12-15T16:30")


def test_trap_2_the_last_daily_mail_comes_after_the_cancellation_deadline() -> None:
    assert daily_rounds(CYCLE)[-1].due == at("2021-12-15T17:00") == CYCLE.cancel_before


def test_trap_3_daily_is_calendar_days() -> None:
    rounds = daily_rounds(CYCLE)
    assert len(rounds) == 51
    assert date(2021, 10, 30) in {round_.first for round_ in rounds}  # a Saturday
    assert CYCLE.nil_report


def cap(obligation: int, offset: int, others: int = 0) -> bool:
    rows = (("CCER-0730", "某", offset),)
    doc = decide(form(native, rows, obligation_t=obligation, offset_t=offset))
    view = ApplicationView(doc, others_t=others)
    found = check_application(view, World(CYCLE, PROVINCES))
    return "offset-cap" in {finding.rule for finding in found}


def test_trap_4_exactly_five_percent_rounded_down_all_live_applications() -> None:
    assert CYCLE.cap(124_833) == 6_241  # 6,241.65
    assert not cap(100_000, 5_000)
    assert cap(100_000, 5_001)
    assert not cap(124_833, 6_241)
    assert cap(124_833, 6_242)
    assert not cap(100_000, 3_000, others=2_000)
    assert cap(100_000, 3_000, others=2_001)
    state = derive([filed(), filed(2, offset_t=700), filed(3), event(Withdrawn(3))])
    assert state.counting_t(other_than=1) == 700


def test_trap_4_the_base_is_the_obligation_on_record() -> None:
    tables = registry(entities=[replace(ENTITY, obligation_t=90_000)])
    doc = decide(form(native), tables)
    found = check_application(ApplicationView(doc), World(CYCLE, PROVINCES, tables))
    assert {"offset-cap", "obligation-record"} <= {finding.rule for finding in found}


@pytest.mark.parametrize(
    ("what", "rule"),
    [
        ([cancelled(tonnes=3_000)], "cancel-quantity"),
        ([cancelled(tonnes=4_500)], "cancel-quantity"),
        ([cancelled(code="JX-1")], "cancel-project"),
        ([cancelled(account="CN-100-9")], "cancel-account"),
        ([cancelled(time="2021-11-05T10:00")], "cancel-before-confirmation"),
        ([cancelled(time="2021-12-15T17:00")], "cancel-deadline"),
        ([cancelled("a"), cancelled("b")], "cancel-twice"),
    ],
)
def test_trap_5_each_difference_is_a_finding_of_its_own(what: list[Event], rule: str) -> None:
    state = derive([filed(), confirmed(), *what])
    assert rule in {finding.rule for finding in match(state, CYCLE).findings}


def test_trap_5_several_operations_are_fine() -> None:
    parts = [
        cancelled("a", tonnes=1_000),
        cancelled("b", tonnes=3_000),
        cancelled("c", "CCER-1194", 1_000),
    ]
    assert match(derive([filed(), confirmed(), *parts]), CYCLE).findings == ()


def test_trap_6_duplicate_new_version_further_application() -> None:
    assert next_place(derive([])) == (1, 1)
    again = event(DuplicateReceived(1, at("2021-11-04T09:00")))
    state = derive([filed(), again])
    assert (state.duplicates, next_place(state)) == (1, (1, 2))
    assert next_place(derive([filed(), confirmed()])) == (2, 1)
    assert next_place(derive([filed(), event(Withdrawn(1))])) == (2, 1)
    two = derive([filed(), confirmed(), filed(2, offset_t=1_000)])
    assert two.counting_t() == 6_000
    assert next_place(two) == (2, 2)
    undone = derive([filed(), confirmed(), event(ConfirmationRevoked(1, "误"))])
    assert next_place(undone) == (1, 2)


def test_trap_7_the_cap_may_be_per_year() -> None:
    assert not CYCLE.cap_per_year
    assert replace(CYCLE, cap_per_year=True).cap(100_000) == 5_000


def test_trap_8_close_of_business_is_a_setting_and_friday_may_be_a_holiday() -> None:
    late = weekly_rounds(CYCLE, at("2021-01-01T19:30").time())
    assert late[0].due == at("2021-10-29T19:30")
    holiday = weekly_rounds(CYCLE, extra_days={date(2021, 10, 29): False})
    assert holiday[0].due == at("2021-10-28T17:30")
