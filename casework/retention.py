"""How long things are kept: nothing is deleted unless a setting says so.

A case goes whole or not at all, years after it ended; an event of the chain says what went, so the
rest can still be proven (`store.verify`).
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime

from casework.desk import Desk
from casework.rights import require
from procedure.casestate import Stage
from procedure.events import Actor, Event
from store import Tx
from store.access import Look
from store.erasing import Belongings
from store.rows import Person

LEAST_YEARS = 10
"""Records of casework are kept at least that long (P: customary; a shorter setting is refused)."""
LEAST_MONTHS = 6
"""Logs of access are kept at least that long: 网络安全法 第二十一条第（三）项."""
ENDED: tuple[Stage, ...] = ("surrendered", "withdrawn", "lapsed")
AT_ONCE = 100
"""Cases of one pass."""


@dataclass(frozen=True)
class Erased:
    """What one pass deleted."""

    cases: tuple[str, ...] = ()
    looks: int = 0


def due(desk: Desk, years: int, limit: int = AT_ONCE) -> list[str]:
    """Cases that ended more than ``years`` ago (0: none ever is due), by number."""
    if not years:
        return []
    with desk.store.read() as tx:
        return tx.erasing.ended(ENDED, earlier(desk.now(), years * 12), limit)


def apply(desk: Desk, years: int, access_months: int) -> Erased:
    """Delete what is due: each case in a transaction of its own, then old looks."""
    cases = tuple(number for number in due(desk, years) if _erase(desk, number, years))
    if not access_months:
        return Erased(cases)
    with desk.store.write() as tx:
        return Erased(cases, tx.erasing.looks(earlier(desk.now(), access_months)))


def _erase(desk: Desk, case_no: str, years: int) -> bool:
    with desk.store.write() as tx:
        # Asked again where nobody else can write: something may have happened to it meanwhile.
        if case_no not in tx.erasing.ended(ENDED, earlier(desk.now(), years * 12), AT_ONCE):
            return False
        what = _belongings(tx, case_no)
        if _unsettled(tx, what):
            return False
        rule = f"retention.case_years {years}"
        gone = Event(case_no, desk.now(), Actor("clock", "retention"), what.tombstone, rule=rule)
        tx.cases.append(gone)
        tx.erasing.erase(case_no, what)
        return True


def _belongings(tx: Tx, case_no: str) -> Belongings:
    first = tx.erasing.belongings(case_no, ())
    letters = [one.key for one in tx.outbox.of_case(case_no, first.messages)]
    letters += tx.erasing.alarms(letters)
    return Belongings(first.events, first.messages, first.documents, tuple(letters))


def _unsettled(tx: Tx, what: Belongings) -> bool:
    """Whether a letter of the case is still on its way."""
    found = [letter for key in what.letters if (letter := tx.outbox.letter(key))]
    return any(
        one.state in ("queued", "deferred", "held")
        for letter in found
        if not letter.superseded
        for one in letter.recipients
    )


def earlier(now: datetime, months: int) -> datetime:
    """The same day and time so many months before; the last of a shorter month."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    last = monthrange(year, month + 1)[1]
    return now.replace(year=year, month=month + 1, day=min(now.day, last))


def looks(
    desk: Desk, person: Person, *, who: str = "", case_no: str = "",
    since: datetime | None = None, until: datetime | None = None, limit: int = 1000,
) -> list[Look]:  # fmt: skip
    """Who looked at personal data, the newest first; for operators and auditors."""
    require(person, "audit")
    with desk.store.read() as tx:
        number = case_no.strip().upper()
        return tx.access.looks(person=who, case_no=number, since=since, until=until, limit=limit)
