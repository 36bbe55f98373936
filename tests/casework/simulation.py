"""A cycle with mail, decisions, imports with gaps, clocks, downtime and restarts, as one tells it.

Beside it runs a model that could not be simpler: the list of everything that the registry says,
and the chain of events. What digests must be follows from these alone.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from casework import daily, decisions, digests, reminders, weekly
from casework.desk import Desk, Moment
from procedure.case import derive
from procedure.clock import beijing
from procedure.cycle import Cycle
from procedure.errors import Conflict
from procedure.events import ApplicationFiled, CancellationRecorded, Event, FieldCorrected
from procedure.facts import DailyRecords
from procedure.timetable import Round, daily_rounds, weekly_rounds
from store import Store
from store.rows import DigestRow, Person
from tests.casework.made import Firm, read
from tests.casework.office import OPERATOR, Office

STAFF = Person("陈示例", "reviewer", ("13", "14"))
PROVINCES = {"13": "河北省", "14": "山西省"}
FIRMS = tuple(
    Firm(n, f"{p}示例{n}号热力有限公司", code, f"{p}省", email=f"f{n}@x.example")
    for n in range(1, 7)
    for p, code in [("河北", "13") if n % 2 else ("山西", "14")]
)
KINDS = {"daily": daily.KINDS, "national": daily.KINDS, "weekly": weekly.KINDS}
"""Kind of digest → the kinds of events that it tells of."""
DESKS = {"daily": ("13", "14"), "weekly": ("ncsc",), "national": ("crc",)}
Decision = Callable[[Desk, Person, str, int], object]
DECISIONS: dict[str, Decision] = {
    "confirm": lambda desk, who, case, app: decisions.confirm(desk, who, case, app),
    "return": lambda desk, who, case, app: decisions.return_(desk, who, case, app, "核对不符"),
    "correct": lambda desk, who, case, app: decisions.correct(
        desk, who, case, app, "offset_t", "1,000"
    ),
    "withdraw": lambda desk, who, case, app: decisions.withdraw(desk, who, case, app),
    "revoke": lambda desk, who, case, app: decisions.revoke(desk, who, case, app, "重新核对"),
}


@dataclass
class Record:
    """One row of the registry, as of now."""

    firm: Firm
    tonnes: int
    time: str
    status: str

    @property
    def row(self) -> tuple[Firm, int, str, str]:
        return self.firm, self.tonnes, self.time, self.status


def stamp(moment: datetime) -> str:
    """As registry files write moments."""
    return f"{beijing(moment):%Y-%m-%d %H:%M:%S}"


class World:
    """One installation of two provinces, from its cycle's first day on."""

    def __init__(self, directory: Path, **settings: Any) -> None:
        self.directory = directory
        # What was due before an installation began is not owed: it begins with the cycle.
        self.office = Office(directory, begins="2021-10-26 08:00", **settings)
        self.cycle: Cycle = self.office.desk.cycles["2019-2020"]
        self.office.entities(*FIRMS)
        self.records: list[Record] = []
        """Everything that the registry holds."""
        self.down = False
        self.end = self.cycle.comply_by

    @property
    def now(self) -> datetime:
        return self.office.clock.moment

    def mail(self, firm: Firm, tonnes: int, *, unread: bool, began: timedelta) -> None:
        """A form comes; ``unread``: nobody could read its amount yet."""
        more = {"offset_t": read(None)} if unread else {}
        with Slow(self.office, began):
            self.office.apply(firm, tonnes, **more)

    def decide(self, act: str, case_no: str, application: int, *, began: timedelta) -> None:
        """What may not be done now is no part of the history."""
        with Slow(self.office, began):
            try:
                DECISIONS[act](self.office.desk, STAFF, case_no, application)
            except Conflict:
                return

    def cancel(self, firm: Firm, tonnes: int, ago: timedelta, status: str) -> None:
        """The registry has a further operation; no two are alike in all but the status."""
        at = self.now - ago - timedelta(seconds=len(self.records))
        self.records.append(Record(firm, tonnes, stamp(at), status))

    def import_(self, ago: timedelta) -> None:
        """All up to some moment: often not up to 17:00."""
        until = stamp(self.now - ago)
        kept = [one.row for one in self.records if one.time <= until]
        report = self.office.cancellations(*kept, until=until)
        assert report.ok, report.problems

    def pass_(self) -> None:
        """The timetable's pass, unless nobody runs."""
        if self.down:
            return
        desk, now = self.office.desk, self.now
        with self.office.store.read() as tx:
            before = tx.cases.last_seq()
        made = set(digests.make_due(desk, now))
        with self.office.store.read() as tx:
            fresh = [one for one in tx.digests.list() if one.letter_key in made]
        for kind in {one.kind for one in fresh}:
            told = set(self.told(kind))
            untold = {
                seq: e for seq, e in self.events(kind).items() if seq <= before and seq not in told
            }
            for one in fresh:
                if one.kind == kind:
                    self._whole(one, untold)
        reminders.make_due(desk, now)
        reminders.lapse_due(desk, now)

    def toggle(self) -> None:
        self.down = not self.down

    def restart(self) -> None:
        office = self.office
        office.store.close()
        office.store = Store.open(f"sqlite:///{self.directory}/clerk.db", office.clock)
        office.desk = replace(office.desk, store=office.store)

    def finish(self, end: datetime) -> None:
        """All is imported, and the timetable passes until nothing is left to make."""
        self.down, self.end = False, end
        self.office.clock.moment = max(end, self.now)
        for _ in range(3):
            self.office.clock.step(days=1)
            self.import_(timedelta(0))
            self.pass_()
        self.pass_()

    def check(self) -> Counter[str]:
        """What must be true of every history; how much there was of what."""
        found = self._digests()
        waiting = self.unclear()
        for kind in KINDS:
            self._complete(kind, found, waiting if kind == "weekly" else set())
        periods = Counter((f.period.kind, f.province, f.period.first, f.period.last,
                           f.period.supplement) for f in found)  # fmt: skip
        assert set(periods.values()) <= {1}
        self._regular(found)
        letters = [one for one in self.office.letters() if one.kind in KINDS]
        assert len(letters) == len(found)
        self._totals(found)
        return Counter(
            {"rows": sum(len(f.rows) for f in found), "late": sum(f.late for f in found),
             "supplements": sum(bool(f.period.supplement) for f in found)}
        )  # fmt: skip

    def rounds(self, kind: str, province: str) -> tuple[Round, ...]:
        """The regular rounds of a kind as the timetable has them."""
        desk = self.office.desk
        if kind == "weekly":
            closing = desk.closing_of(province)
            return weekly_rounds(self.cycle, closing, desk.extra_working_days, desk.weekly_lead)
        return daily_rounds(self.cycle)

    def _regular(self, found: list[digests.Digest]) -> None:
        """Each regular round once; without nil reports those that had something to say."""
        desks = {
            (kind, name, code) for kind in ("daily", "weekly") for code, name in PROVINCES.items()
        }
        desks.add(("national", "全国", "00"))
        meant = {
            (kind, name, one.first, one.last)
            for kind, name, code in desks
            for one in self.rounds(kind, code)
        }
        made = {
            (f.period.kind, f.province, f.period.first, f.period.last)
            for f in found
            if not f.period.supplement
        }
        # Without nil reports only those that had something to say.
        assert made == meant if self.office.desk.nil_reports(self.cycle) else made <= meant

    def _digests(self) -> list[digests.Digest]:
        desk = self.office.desk
        lines = reversed(digests.listed(desk, OPERATOR))
        return [digests.facts_of(desk, OPERATOR, line.key) for line in lines]

    def _complete(self, kind: str, found: list[digests.Digest], waiting: set[int]) -> None:
        """Every reportable event once, none twice; a row for each but those told in another."""
        rows = Counter(row.event_seq for f in found if f.period.kind == kind for row in f.rows)
        assert set(rows.values()) <= {1}
        events, told = self.events(kind), self.told(kind)
        assert len(told) == len(set(told))
        assert set(told) | waiting == set(events)
        # What was told while it stood as returned, and is unclear again since that was taken back.
        assert set(told) & waiting <= self._reopened()
        silent = set(told) - set(rows)
        assert {events[seq].kind for seq in silent} <= {"field-corrected", "application-filed"}
        if kind != "weekly":
            assert silent == set()

    def events(self, kind: str) -> dict[int, Event]:
        """Everything that a kind of digest tells of, by number."""
        with self.office.store.read() as tx:
            return {e.seq: e for e in tx.cases.all_events() if e.kind in KINDS[kind]}

    def told(self, kind: str) -> list[int]:
        """Numbers of the events in digests of this kind, as often as they are in one."""
        with self.office.store.read() as tx:
            return [seq for desk in DESKS[kind] for seq in tx.digests.reported(kind, desk)]

    def _whole(self, made: DigestRow, untold: dict[int, Event]) -> None:
        """A digest just made holds all that was there before and belongs to it.

        ``untold``: what was there and stands in no digest.
        """
        facts = digests.facts_of(self.office.desk, OPERATOR, made.letter_key)
        (due,) = (
            one.due
            for one in self.rounds(made.kind, made.province)
            if (one.first, one.last) == (facts.period.first, facts.period.last)
        )
        for one in untold.values():
            if one.at <= facts.snapshot_at:
                assert not self._belongs(made, one, due, facts.snapshot_at), (made.letter_key, one)

    def _belongs(self, made: DigestRow, event: Event, due: datetime, cutoff: datetime) -> bool:
        """Of its provinces; a record of after the day's query belongs to a later day, if any."""
        with self.office.store.read() as tx:
            row = tx.cases.row(event.case_no)
            history = [one for one in tx.cases.events(event.case_no) if one.at <= cutoff]
        if row is None or made.province not in (row.province, "00"):
            return False
        record = event.payload
        if isinstance(record, ApplicationFiled | FieldCorrected):
            app = derive(history).application(record.application)
            # Nobody could read it by then: it was told as a count.
            return app is None or app.stage != "unclear" or event.seq < app.current.seq
        if made.supplement or not isinstance(record, CancellationRecorded) or record.time is None:
            return True
        return record.time <= due

    def _reopened(self) -> set[int]:
        """Versions, and corrections of them, whose return was taken back."""
        found: set[int] = set()
        with self.office.store.read() as tx:
            for row in tx.cases.list(None):
                open_: dict[int, set[int]] = {}
                returned: set[int] = set()
                for e in tx.cases.events(row.case_no):
                    number = getattr(e.payload, "application", 0)
                    if e.kind in ("application-filed", "field-corrected"):
                        open_.setdefault(number, set()).add(e.seq)
                    elif e.kind == "returned":
                        returned.add(number)
                    elif e.kind == "confirmation-revoked" and number in returned:
                        found |= open_.get(number, set())
        return found

    def unclear(self) -> set[int]:
        """Versions that nobody could read to the end, and corrections of them."""
        waiting: set[int] = set()
        with self.office.store.read() as tx:
            for row in tx.cases.list(None):
                state = tx.cases.state(row.case_no)
                for app in state.applications if state else ():
                    since = app.current.seq if app.stage == "unclear" else None
                    waiting |= {
                        e.seq
                        for e in tx.cases.events(row.case_no)
                        if since is not None
                        and e.seq >= since
                        and e.kind in ("application-filed", "field-corrected")
                        and getattr(e.payload, "application", 0) == app.number
                    }
        return waiting

    def _totals(self, found: list[digests.Digest]) -> None:
        """The last daily mail's cumulative amount is what the registry says."""
        for code, province in PROVINCES.items():
            of_it = [f for f in found if isinstance(f, DailyRecords) and f.province == province]
            last = max(of_it, key=lambda f: f.snapshot_at, default=None)
            done = [one for one in self.records if one.status == "已完成"]
            in_all = sum(one.tonnes for one in done if one.firm.province == code)
            if last is not None and last.snapshot_at >= self.end:
                assert last.cumulative_t == in_all


class Slow:
    """While it lasts, what is done carries the moment at which it began, so long ago."""

    def __init__(self, office: Office, ago: timedelta) -> None:
        self.office = office
        self.ago = ago
        self.before: Desk = office.desk

    def __enter__(self) -> None:
        if self.ago:
            began = Moment(self.office.clock.moment - self.ago)
            self.office.desk = replace(self.before, clock=began)

    def __exit__(self, *error: object) -> None:
        self.office.desk = replace(self.before, store=self.office.store)
