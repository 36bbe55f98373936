"""When summaries are due: weekly to NCSC, daily to the provinces. Asked, never run, here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from procedure.clock import BEIJING, beijing
from procedure.cycle import Cycle
from procedure.workdays import (
    Extra,
    last_working_day,
    next_working_day,
    previous_working_day,
)

CLOSE_OF_BUSINESS = time(17, 30)
"""The rule text names no hour (trap 8): a setting, this is the default."""
LEAD = timedelta(minutes=30)
"""So long before close of business the weekly summary is made: it must be there by then."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Round:
    """One regular digest: period ``first`` to ``last`` (Beijing dates), due at ``due``.

    What comes between the regular digest of the last day and midnight belongs to the ``extra``
    round. Which event went into which digest is stored by whoever makes it; the period is a name.
    """

    kind: Literal["weekly", "daily"]
    number: int
    first: date
    last: date
    due: datetime
    extra: bool = False


def weekly_rounds(
    cycle: Cycle,
    close_of_business: time = CLOSE_OF_BUSINESS,
    extra_days: Extra | None = None,
    lead: timedelta = timedelta(0),
) -> tuple[Round, ...]:
    """附件3 §2 step 4: every week before close of business on Friday (traps 1 and 8).

    On a holiday the last working day before it; a week without any working day joins the next.
    The last, partial period has its round too; where applications may still come after the last
    regular one, an extra round follows on the next working day. ``due`` lies ``lead`` before close
    of business, and before the cancellation deadline.
    """
    if cycle.flow != "mail":
        return ()
    rounds: list[Round] = []
    first = cycle.apply_first
    for day in _closing_days(cycle, extra_days):
        due = _before_deadline(cycle, day, close_of_business) - lead
        last = min(day, cycle.apply_last)
        rounds.append(Round("weekly", len(rounds) + 1, first, last, due))
        first = last + _DAY
    if not rounds or rounds[-1].due < _at(cycle.apply_last + _DAY, time(0)):
        day = next_working_day(cycle.apply_last, extra_days)
        due = _before_deadline(cycle, day, close_of_business) - lead
        begin = min(first, cycle.apply_last)
        number = len(rounds) + 1
        rounds.append(Round("weekly", number, begin, cycle.apply_last, due, extra=True))
    return tuple(rounds)


def daily_rounds(cycle: Cycle) -> tuple[Round, ...]:
    """附件3 §2 step 6: every calendar day, after 17:00 (traps 2 and 3)."""
    first, last, hour = cycle.daily_first, cycle.daily_last, cycle.daily_after
    if cycle.flow != "mail" or first is None or last is None or hour is None:
        return ()
    days = [first + n * _DAY for n in range((last - first).days + 1)]
    return tuple(
        Round("daily", number, day, day, _at(day, hour)) for number, day in enumerate(days, 1)
    )


def due(rounds: Iterable[Round], now: datetime) -> tuple[Round, ...]:
    """Rounds whose time has come by ``now``, however long ago: nobody may have run then."""
    return tuple(round_ for round_ in rounds if round_.due <= now)


def reminder_moments(
    cycle: Cycle,
    days_before: Iterable[int],
    extra_days: Extra | None = None,
    at: time = time(9, 0),
) -> tuple[datetime, ...]:
    """``at`` o'clock, so many working days before the cancellation deadline; earliest first."""
    moments = []
    for count in days_before:
        day = beijing(cycle.cancel_before).date()
        for _ in range(count):
            day = previous_working_day(day, extra_days)
        moments.append(_at(day, at))
    return tuple(sorted(moments))


def _closing_days(cycle: Cycle, extra_days: Extra | None) -> Iterator[date]:
    friday = cycle.apply_first + ((cycle.weekly_on - cycle.apply_first.weekday()) % 7) * _DAY
    while True:
        day = last_working_day(friday, extra_days)
        if day is not None and day >= cycle.apply_first:
            yield day
        if friday >= cycle.apply_last:
            return
        friday += 7 * _DAY


def _before_deadline(cycle: Cycle, day: date, hour: time) -> datetime:
    """What comes after the deadline would help nobody to cancel in time."""
    return min(_at(day, hour), beijing(cycle.cancel_before))


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=BEIJING)
