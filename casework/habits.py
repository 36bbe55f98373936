"""How a person wants the chat: quiet hours every day, muted for a while, in which language."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from casework.desk import Desk
from cycles.catalogues import language as language_of
from procedure.clock import beijing
from procedure.errors import WrongUse
from procedure.language import Language, _
from store import Tx
from store.rows import Habit, Person

LONGEST = timedelta(days=31)


def habit(desk: Desk, name: str) -> Habit:
    """What the person of this name wishes."""
    with desk.store.read() as tx:
        return tx.notices.habit(name)


def quiet_hours(desk: Desk, person: Person, first: time, last: time) -> Habit:
    """No notices from ``first`` to ``last``, Beijing time, also over midnight."""
    if first == last:
        raise WrongUse("quiet hours are empty", user_message=str(_("免打扰的起止时间不能相同。")))
    return _keep(desk, person, quiet_from=_minutes(first), quiet_to=_minutes(last))


def mute(desk: Desk, person: Person, span: timedelta) -> Habit:
    """No notices for a while; what comes meanwhile is said afterwards."""
    if not timedelta() < span <= LONGEST:
        raise WrongUse("muted for too long", user_message=str(_("静音最长 31 天。")))
    return _keep(desk, person, muted_until=desk.now() + span)


def loud(desk: Desk, person: Person) -> Habit:
    """Notices at any time again."""
    return _keep(desk, person, quiet_from=None, quiet_to=None, muted_until=None)


def speak(desk: Desk, person: Person, locale: str) -> Habit:
    """Answer in this language from now on; `WrongUse` for one that is not there."""
    language_of(locale)
    return _keep(desk, person, locale=locale)


def language(desk: Desk, name: str | None) -> Language:
    """The language that the person of this name chose, else the installation's."""
    chosen = habit(desk, name).locale if name else None
    return language_of(chosen or desk.chat_locale)


def language_in(desk: Desk, tx: Tx, name: str) -> Language:
    """The same within a transaction."""
    return language_of(tx.notices.habit(name).locale or desk.chat_locale)


def is_quiet(one: Habit, now: datetime) -> bool:
    """Whether the person is to be left alone at ``now``."""
    if one.muted_until is not None and now < one.muted_until:
        return True
    if one.quiet_from is None or one.quiet_to is None:
        return False
    minute = _minutes(beijing(now).time())
    if one.quiet_from < one.quiet_to:
        return one.quiet_from <= minute < one.quiet_to
    return minute >= one.quiet_from or minute < one.quiet_to


def _keep(desk: Desk, person: Person, **wish: object) -> Habit:
    with desk.store.write() as tx:
        kept = replace(tx.notices.habit(person.name), **wish)  # type: ignore[arg-type]
        tx.notices.keep_habit(kept)
    return kept


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
