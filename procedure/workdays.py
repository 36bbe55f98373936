"""China's working days, make-up working weekends included.

`chinesecalendar` carries the State Council's yearly notices and refuses a year that it lacks; so
do we, unless a setting names that year's exceptions.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import chinese_calendar

from procedure.errors import WrongUse
from procedure.language import _

Extra = Mapping[date, bool]
"""Days set by hand: True for a working day, False for a holiday."""


class YearWithoutData(WrongUse):
    """No notice is known for the year: add its exceptions to the settings."""

    code = "year-without-data"


def is_working_day(day: date, extra: Extra | None = None) -> bool:
    """Whether ``day`` is worked; ``extra`` outranks the calendar.

    A year without data counts Monday to Friday only where ``extra`` holds days of that year, else
    it raises `YearWithoutData`: silence would turn holidays into working days.
    """
    known = extra or {}
    if day in known:
        return known[day]
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError as error:
        if any(other.year == day.year for other in known):
            return day.weekday() < 5
        raise YearWithoutData(
            f"no working days are known for {day.year}: name its days off and make-up days in "
            "timetable.holidays and timetable.working_days",
            user_message=_("缺少 {year} 年的工作日安排，请在设置中补充。").said(year=str(day.year)),
        ) from error


def last_working_day(friday: date, extra: Extra | None = None) -> date | None:
    """The last working day of the week (Monday on) up to ``friday``; None if all are holidays."""
    for back in range(friday.weekday() + 1):
        day = friday - timedelta(days=back)
        if is_working_day(day, extra):
            return day
    return None


def next_working_day(day: date, extra: Extra | None = None) -> date:
    """The first working day after ``day``."""
    day += timedelta(days=1)
    while not is_working_day(day, extra):
        day += timedelta(days=1)
    return day


def previous_working_day(day: date, extra: Extra | None = None) -> date:
    """The last working day before ``day``."""
    day -= timedelta(days=1)
    while not is_working_day(day, extra):
        day -= timedelta(days=1)
    return day


def between(first: date, last: date, extra: Extra | None = None) -> int:
    """Working days after ``first`` up to and including ``last``; 0 where ``last`` is not later."""
    days = (last - first).days
    return sum(is_working_day(first + timedelta(days=n), extra) for n in range(1, days + 1))
