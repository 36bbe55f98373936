"""Rounds of summaries to the day and minute, and working days around them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from functools import partial
from typing import Any

import pytest

from procedure.cycle import Cycle
from procedure.timetable import Round, daily_rounds, due, reminder_moments, weekly_rounds
from procedure.workdays import (
    YearWithoutData,
    between,
    is_working_day,
    last_working_day,
    next_working_day,
    previous_working_day,
)
from tests.procedure.made import CYCLE, at

FRIDAY, SATURDAY = date(2021, 12, 10), date(2021, 12, 11)


def days(rounds: tuple[Round, ...]) -> list[tuple[int, str, str, str, bool]]:
    return [
        (one.number, f"{one.first:%m-%d}", f"{one.last:%m-%d}", f"{one.due:%m-%d %H:%M}", one.extra)
        for one in rounds
    ]


def test_the_weekly_rounds_of_the_first_cycle() -> None:
    assert {one.kind for one in weekly_rounds(CYCLE)} == {"weekly"}
    assert days(weekly_rounds(CYCLE)) == [
        (1, "10-26", "10-29", "10-29 17:30", False),
        (2, "10-30", "11-05", "11-05 17:30", False),
        (3, "11-06", "11-12", "11-12 17:30", False),
        (4, "11-13", "11-19", "11-19 17:30", False),
        (5, "11-20", "11-26", "11-26 17:30", False),
        (6, "11-27", "12-03", "12-03 17:30", False),
        (7, "12-04", "12-10", "12-10 17:30", False),
        # What came after the summary of the last day (trap 1).
        (8, "12-10", "12-10", "12-13 17:30", True),
    ]


@pytest.mark.parametrize(
    ("change", "last"),
    [
        # A last, partial week ends with the window; its summary goes out on the Friday.
        ({"apply_last": date(2021, 12, 8)}, [(7, "12-04", "12-08", "12-10 17:30", False)]),
        ({"apply_last": SATURDAY}, [
            (7, "12-04", "12-10", "12-10 17:30", False),
            (8, "12-11", "12-11", "12-15 17:00", False),
        ]),
        # No summary goes out after the deadline of the cancellation.
        ({"cancel_before": at("2021-12-13T12:00")}, [
            (7, "12-04", "12-10", "12-10 17:30", False),
            (8, "12-10", "12-10", "12-13 12:00", True),
        ]),
        ({"weekly_on": 2}, [
            (7, "12-02", "12-08", "12-08 17:30", False),
            (8, "12-09", "12-10", "12-15 17:00", False),
        ]),
    ],
)  # fmt: skip
def test_the_last_weekly_round(change: dict[str, Any], last: list[Any]) -> None:
    assert days(weekly_rounds(replace(CYCLE, **change)))[-len(last) :] == last


def test_the_extra_round_waits_for_a_working_day() -> None:
    free = {date(2021, 12, 13): False}
    assert days(weekly_rounds(CYCLE, extra_days=free))[-1] == (
        8, "12-10", "12-10", "12-14 17:30", True,
    )  # fmt: skip


def test_a_weekday_before_that_of_the_first_day_comes_a_week_later() -> None:
    first = days(weekly_rounds(replace(CYCLE, weekly_on=0)))[0]
    assert first == (1, "10-26", "11-01", "11-01 17:30", False)


def one_week(first: date, last: date) -> Cycle:
    return replace(CYCLE, apply_first=first, apply_last=last)


def test_a_window_of_holidays_has_its_extra_round_only() -> None:
    window = one_week(date(2021, 11, 4), date(2021, 11, 5))
    free = {date(2021, 11, 4): False, date(2021, 11, 5): False}
    assert days(weekly_rounds(window, extra_days=free)) == [
        (1, "11-04", "11-05", "11-08 17:30", True)
    ]
    # The last working day of the week lies before the window: no round of it.
    assert days(weekly_rounds(one_week(date(2021, 11, 5), date(2021, 11, 5)), extra_days=free)) == [
        (1, "11-05", "11-05", "11-08 17:30", True)
    ]


def test_a_window_that_begins_on_the_weekday_of_the_summary() -> None:
    assert days(weekly_rounds(one_week(FRIDAY, FRIDAY)))[0] == (
        1, "12-10", "12-10", "12-10 17:30", False,
    )  # fmt: skip


def test_the_lead_moves_all_rounds_forward() -> None:
    rounds = weekly_rounds(CYCLE, lead=timedelta(minutes=30))
    assert {f"{one.due:%H:%M}" for one in rounds} == {"17:00"}


def test_at_midnight_after_the_last_day_no_extra_round_is_needed() -> None:
    late = weekly_rounds(replace(CYCLE, apply_last=date(2021, 12, 9)), time(0))
    assert not late[-1].extra


def test_the_daily_rounds_of_the_first_cycle() -> None:
    rounds = daily_rounds(CYCLE)
    assert rounds[0] == Round(
        "daily", 1, date(2021, 10, 26), date(2021, 10, 26), at("2021-10-26T17:00")
    )
    assert rounds[-1] == Round(
        "daily", 51, date(2021, 12, 15), date(2021, 12, 15), at("2021-12-15T17:00")
    )
    assert len(rounds) == 51


@pytest.mark.parametrize(
    "change",
    [{"flow": "registry"}, {"daily_first": None}, {"daily_last": None}, {"daily_after": None}],
)
def test_a_cycle_that_does_not_say_so_has_no_daily_rounds(change: dict[str, Any]) -> None:
    assert daily_rounds(replace(CYCLE, **change)) == ()
    assert bool(weekly_rounds(replace(CYCLE, **change))) == ("flow" not in change)


def test_a_round_is_due_at_its_moment() -> None:
    rounds = daily_rounds(CYCLE)
    assert due(rounds, at("2021-10-26T17:00")) == rounds[:1]


def test_reminders() -> None:
    assert reminder_moments(CYCLE, [3, 0, 1]) == tuple(
        at(f"2021-12-{day}T09:00") for day in (10, 14, 15)
    )
    free = {date(2021, 12, 14): False}
    assert reminder_moments(CYCLE, [1], free, time(8, 15)) == (at("2021-12-13T08:15"),)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (partial(is_working_day, FRIDAY), True),
        (partial(is_working_day, SATURDAY), False),
        (partial(is_working_day, SATURDAY, {SATURDAY: True}), True),
        (partial(next_working_day, FRIDAY), date(2021, 12, 13)),
        (partial(next_working_day, date(2021, 12, 7)), date(2021, 12, 8)),
        (partial(next_working_day, FRIDAY, {SATURDAY: True}), SATURDAY),
        (partial(previous_working_day, date(2021, 12, 13)), FRIDAY),
        (partial(previous_working_day, date(2021, 12, 13), {SATURDAY: True}), SATURDAY),
        (partial(last_working_day, FRIDAY), FRIDAY),
        (partial(last_working_day, FRIDAY, {FRIDAY: False}), date(2021, 12, 9)),
        (partial(last_working_day, date(2021, 12, 6)), date(2021, 12, 6)),
        (partial(last_working_day, date(2021, 12, 6), {date(2021, 12, 6): False}), None),
        (partial(between, FRIDAY, date(2021, 12, 13)), 1),
        (partial(between, FRIDAY, date(2021, 12, 13), {SATURDAY: True}), 2),
        (partial(between, FRIDAY, FRIDAY), 0),
        (partial(between, date(2021, 12, 13), FRIDAY), 0),
    ],
)
def test_working_days(asked: Callable[[], Any], wanted: Any) -> None:
    assert asked() == wanted


def test_a_week_of_holidays_but_its_monday() -> None:
    monday = date(2021, 12, 6)
    free = {monday + timedelta(days=n): False for n in range(1, 5)}
    assert last_working_day(FRIDAY, free) == monday
    assert last_working_day(FRIDAY, {**free, monday: False}) is None


def test_a_year_that_nobody_knows_is_refused_with_the_settings_that_mend_it() -> None:
    with pytest.raises(YearWithoutData) as caught:
        is_working_day(date(2090, 5, 2), {date(2091, 5, 1): False})
    assert str(caught.value) == (
        "no working days are known for 2090: name its days off and make-up days in "
        "timetable.holidays and timetable.working_days"
    )
    assert caught.value.user_message == "缺少 2090 年的工作日安排，请在设置中补充。"
    known = {date(2090, 5, 1): False}
    assert is_working_day(date(2090, 5, 5), known)  # a Friday
    assert not is_working_day(date(2090, 5, 6), known)
