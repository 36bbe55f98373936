"""Which digests are due, to whom, and up to which moment each takes what was recorded."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from casework.desk import Desk
from procedure.case import CaseState, derive
from procedure.clock import beijing
from procedure.cycle import Cycle
from procedure.events import Event
from procedure.facts import Period
from procedure.timetable import Round, daily_rounds, weekly_rounds
from store import Tx
from store.rows import CaseRow

_DAY = timedelta(days=1)
NATIONAL = "00"
"""In a province's place: all that are served, for the registration body (附件3 §2 step 6)."""


@dataclass(frozen=True)
class Slot:
    """One round of one kind for one province, or for all that ``provinces`` names."""

    kind: Literal["weekly", "daily", "national"]
    cycle: Cycle
    province: str
    address: str
    cc: tuple[str, ...]
    round: Round
    all: frozenset[str] = frozenset()

    @property
    def recipient(self) -> str:
        """Who it is for: a desk, not an address. A changed mailbox makes nothing new."""
        return {"weekly": "ncsc", "national": "crc"}.get(self.kind, self.province)

    @property
    def provinces(self) -> frozenset[str]:
        """Whose cases it tells of."""
        return self.all or frozenset({self.province})

    @property
    def period_key(self) -> str:
        """Cycle, province and period: with kind, recipient and supplement the digest's identity."""
        return f"{self.cycle.id}/{self.province}/{self.round.first}/{self.round.last}"

    @property
    def day(self) -> date:
        """Beijing date on which it is due."""
        return _day(self.round)

    @property
    def key(self) -> tuple[str, str, str]:
        """As `store` names regular digests."""
        return self.kind, self.period_key, self.recipient

    def cutoff(self, tx: Tx) -> datetime | None:
        """What was recorded up to here goes in; None while the import it waits for is missing.

        Daily records wait for an import that covers the day: a missing import is no day without
        records (trap 3).
        """
        if self.kind == "weekly":
            return self.round.due
        covering = [
            row.at
            for row in tx.registry.imports()
            if row.kind == "cancellations" and row.complete_until >= self.round.due
        ]
        return max(self.round.due, min(covering)) if covering else None

    def tick(self, now: datetime) -> datetime | None:
        """The latest daily repetition of this round's hour after it; None before the first."""
        days = (now - self.round.due) // _DAY
        return self.round.due + days * _DAY if days >= 1 else None

    def period(self, supplement: int = 0) -> Period:
        """The period as letters name it."""
        return Period(
            cycle=self.cycle.id,
            cycle_title=self.cycle.title,
            kind=self.kind,
            first=self.round.first,
            last=self.round.last,
            number=self.round.number,
            supplement=supplement,
            clause=self.cycle.clause("step-weekly" if self.kind == "weekly" else "step-daily"),
        )


def _day(one: Round) -> date:
    return beijing(one.due).date()


def slots(desk: Desk, now: datetime, *, last_only: bool = False) -> Iterator[Slot]:
    """Every owed round whose time has come; with ``last_only`` each kind's last one, owed or not.

    What came after the last round is told all the same: to whoever begins later, by a supplement.
    """
    first = None if last_only else desk.owes_from()
    for name in desk.active:
        cycle = desk.cycles[name]
        for all_rounds in _all(desk, cycle):
            wanted = all_rounds[-1:] if last_only else all_rounds
            due = (slot for slot in wanted if slot.round.due <= now)
            yield from (one for one in due if first is None or first <= one.day)


def _all(desk: Desk, cycle: Cycle) -> Iterator[list[Slot]]:
    for province in sorted(desk.served):
        yield _weekly(desk, cycle, province)
        yield _daily(desk, cycle, province)
    yield _national(desk, cycle)


def unaddressed(desk: Desk, now: datetime) -> Iterator[tuple[str, Cycle, Round, tuple[str, ...]]]:
    """Kind, cycle, latest due round and provinces of the digests that have nowhere to go."""
    lacking: dict[tuple[str, str, date], tuple[Cycle, Round, list[str]]] = {}
    first = desk.owes_from() or date.min
    for name in desk.active:
        cycle = desk.cycles[name]
        for province in sorted(desk.served):
            for kind, rounds in _nowhere(desk, cycle, province):
                if past := [one for one in rounds if one.due <= now and _day(one) >= first]:
                    key = (kind, name, past[-1].last)
                    lacking.setdefault(key, (cycle, past[-1], []))[2].append(province)
    for (kind, _, _), (cycle, last, provinces) in lacking.items():
        yield kind, cycle, last, tuple(provinces)


def _nowhere(desk: Desk, cycle: Cycle, province: str) -> Iterator[tuple[str, tuple[Round, ...]]]:
    if "ncsc" in desk.roles and not desk.province_mailboxes.get(province, ""):
        yield "daily", daily_rounds(cycle)
    if "province" in desk.roles and not (desk.ncsc_mailbox or cycle.ncsc_mailbox):
        closing = desk.closing_of(province)
        yield "weekly", weekly_rounds(cycle, closing, desk.extra_working_days, desk.weekly_lead)


def _weekly(desk: Desk, cycle: Cycle, province: str) -> list[Slot]:
    address = desk.ncsc_mailbox or cycle.ncsc_mailbox
    if "province" not in desk.roles or not address:
        return []
    closing = desk.closing_of(province)
    rounds = weekly_rounds(cycle, closing, desk.extra_working_days, desk.weekly_lead)
    return [Slot("weekly", cycle, province, address, (), one) for one in rounds]


def _daily(desk: Desk, cycle: Cycle, province: str) -> list[Slot]:
    address = desk.province_mailboxes.get(province, "")
    if "ncsc" not in desk.roles or not address:
        return []
    cc = tuple(one for one in (desk.crc_mailbox or cycle.crc_mailbox,) if one)
    return [Slot("daily", cycle, province, address, cc, one) for one in daily_rounds(cycle)]


def _national(desk: Desk, cycle: Cycle) -> list[Slot]:
    address = desk.crc_mailbox or cycle.crc_mailbox
    if "ncsc" not in desk.roles or not address:
        return []
    return [
        Slot("national", cycle, NATIONAL, address, (), one, desk.served)
        for one in daily_rounds(cycle)
    ]


AT_ONCE = 200
"""Events whose cases' histories are in memory together: a hundred forms are a megabyte."""
Numbers = Sequence[int]
"""Of events, ascending. An evening of a country has thousands: eight bytes each."""


def numbers(of: Iterable[int]) -> Numbers:
    """Packed as an array."""
    return array("q", of)


class Cases:
    """Cases as they stood at one moment, and the events that a digest tells of.

    Histories are those of the window that `windows` is at.
    """

    def __init__(self, tx: Tx, cutoff: datetime, events: Numbers) -> None:
        self.tx = tx
        self.cutoff = cutoff
        self._told = events
        self._rows: dict[str, CaseRow] = {}
        self._histories: dict[str, list[Event]] = {}
        self._states: dict[str, CaseState] = {}

    def windows(self) -> Iterator[list[Event]]:
        """The events in their order, `AT_ONCE` together."""
        for first in range(0, len(self._told), AT_ONCE):
            some = self._told[first : first + AT_ONCE]
            names = self.tx.cases.of_events(some)
            self._rows, self._states = self.tx.cases.rows(names), {}
            self._histories = self._until(self.tx.cases.histories(names))
            found = {event.seq: event for one in self._histories.values() for event in one}
            yield [found[seq] for seq in some]

    def tells(self, seq: int) -> bool:
        """Whether the digest tells of this event."""
        at = bisect_left(self._told, seq)
        return at < len(self._told) and self._told[at] == seq

    def _until(self, histories: dict[str, list[Event]]) -> dict[str, list[Event]]:
        return {
            case_no: [one for one in events if one.at <= self.cutoff]
            for case_no, events in histories.items()
        }

    def row(self, case_no: str) -> CaseRow | None:
        """The row of a case of this window."""
        return self._rows.get(case_no)

    def history(self, case_no: str) -> list[Event]:
        """What had happened by then to a case of this window."""
        return self._histories.get(case_no, [])

    def told(self, case_no: str) -> CaseState:
        """What that adds up to."""
        if case_no not in self._states:
            self._states[case_no] = derive(self.history(case_no))
        return self._states[case_no]

    def states(self, slot: Slot) -> Iterator[tuple[str, CaseState]]:
        """Every case of the provinces in the cycle as it was then, by number, one by one.

        Most are as they were: the saved state says it.
        """
        later = self.tx.cases.changed_after(self.cutoff)
        for case_no, state in self.tx.cases.states(slot.provinces, slot.cycle.id):
            if case_no in later:
                state = derive(self._until(self.tx.cases.histories([case_no]))[case_no])
            yield case_no, state


def waiting(tx: Tx, slot: Slot, kinds: tuple[str, ...], cutoff: datetime) -> Numbers:
    """The cycle's events up to the moment that no digest of this kind holds yet."""
    return numbers(
        tx.digests.unreported(
            slot.kind, slot.recipient, slot.provinces, kinds, cycle=slot.cycle.id, until=cutoff
        )
    )
