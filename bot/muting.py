"""/mute: quiet hours, muted for a while, or notices at any time again."""

import re
from datetime import time, timedelta

from bot import plain, texts
from bot.messages import Reply
from bot.words import fold
from casework import habits
from casework.desk import Desk
from store.rows import Habit, Person

_HOURS = re.compile(r"(\d{1,2})[:：]?(\d{2})?\s*(?:-|~|至|到)\s*(\d{1,2})[:：]?(\d{2})?")
_SPAN = re.compile(r"(\d{1,3})\s*(分钟?|小时|天|日|min|hours?|days?|h|d)", re.IGNORECASE)
_OFF = frozenset({"关", "关闭", "取消", "off"})


def typed(desk: Desk, person: Person, rest: str) -> Reply:
    """“静音 22:00-07:30”, “静音 2小时”, “静音 关”; alone it says what holds now."""
    said = fold(rest).strip()
    if not said:
        return Reply(f"{_standing(habits.habit(desk, person.name))}\n{texts.MUTE_USAGE}")
    if said.lower() in _OFF:
        return _kept(habits.loud(desk, person))
    if hours := _HOURS.fullmatch(said):
        return _hours(desk, person, hours)
    if span := _SPAN.fullmatch(said):
        return _kept(habits.mute(desk, person, _span(int(span[1]), span[2].lower())))
    return _unread(rest)


def _unread(rest: str) -> Reply:
    return Reply(f"{texts.MUTE_UNREAD.format(typed=plain.name(rest, 60))}\n{texts.MUTE_USAGE}")


def _hours(desk: Desk, person: Person, found: re.Match[str]) -> Reply:
    try:
        first = time(int(found[1]), int(found[2] or 0))
        last = time(int(found[3]) % 24, int(found[4] or 0))
    except ValueError:
        return _unread(found[0])
    return _kept(habits.quiet_hours(desk, person, first, last))


def _span(number: int, unit: str) -> timedelta:
    if unit in {"天", "日", "d", "day", "days"}:
        return timedelta(days=number)
    return (
        timedelta(hours=number)
        if unit in {"小时", "h", "hour", "hours"}
        else timedelta(minutes=number)
    )


def _kept(habit: Habit) -> Reply:
    quiet = habit.quiet_from is not None or habit.muted_until is not None
    return Reply(f"{_standing(habit)}\n{texts.MUTE_NEXT if quiet else texts.MUTE_USAGE}")


def _standing(habit: Habit) -> str:
    lines = []
    if habit.quiet_from is not None and habit.quiet_to is not None:
        lines.append(
            texts.MUTE_HOURS.format(first=_clock(habit.quiet_from), last=_clock(habit.quiet_to))
        )
    if habit.muted_until is not None:
        lines.append(texts.MUTE_UNTIL.format(moment=plain.moment(habit.muted_until)))
    return "\n".join(lines) or str(texts.MUTE_NONE)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
