"""A cycle with all at random: mail, decisions, imports with gaps, clocks, downtime, restarts.

One seed is one history. Beside it runs a model that could not be simpler: the list of everything
that the registry says, and the chain of events. What digests must be follows from these alone.
"""

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from casework import daily, decisions, digests, reminders, weekly
from casework.desk import Desk, Moment
from procedure.errors import Conflict
from procedure.facts import DailyRecords
from store import Store
from store.rows import Person
from tests.casework.made import Firm, at, read
from tests.casework.office import OPERATOR, Office

STAFF = Person("陈示例", "reviewer", ("13", "14"))
START, END = at("2021-10-26 08:00"), at("2021-12-20 20:00")
FIRMS = tuple(
    Firm(n, f"{p}示例{n}号热力有限公司", code, f"{p}省", email=f"f{n}@x.example")
    for n in range(1, 7)
    for p, code in [("河北", "13") if n % 2 else ("山西", "14")]
)
Record = tuple[Firm, int, str, str]


class World:
    """One history of one seed."""

    def __init__(self, directory: Path, seed: int) -> None:
        self.random = random.Random(seed)
        self.directory = directory
        self.office = Office(directory)
        self.office.clock.moment = START
        self.office.entities(*FIRMS)
        self.records: list[Record] = []
        """Everything that the registry holds, status as of now."""
        self.down = False

    def run(self, steps: int = 120) -> None:
        """Random steps from the first day to some days after the last one."""
        span = (END - START) / steps
        for number in range(steps):
            wanted = START + number * span + self.random.random() * span
            self.office.clock.moment = max(wanted, self._stepped())
            self._one()
        self._finish()

    def _stepped(self) -> datetime:
        """Now and then the clock is set back by some minutes."""
        now = self.office.clock.moment
        return now - timedelta(minutes=self.random.randrange(90)) if self._often(0.1) else now

    def _often(self, share: float) -> bool:
        return self.random.random() < share

    def _one(self) -> None:
        step = self.random.choice(
            (self._mail, self._mail, self._decide, self._decide, self._cancel, self._import,
             self._import, self._pass, self._pass, self._pass, self._restart, self._toggle)
        )  # fmt: skip
        step()

    def _mail(self) -> None:
        firm = self.random.choice(FIRMS)
        unread = {"offset_t": read(None)} if self._often(0.3) else {}
        with self._slow():
            self.office.apply(firm, self.random.randrange(1, 5_000), **unread)

    def _decide(self) -> None:
        cases = self.office.cases()
        if not cases:
            return
        number = self.random.choice(cases)
        application = self.random.choice((1, 1, 2))
        desk, act = self.office.desk, self.random.randrange(6)
        with self._slow():
            try:
                if act < 2:
                    decisions.confirm(desk, STAFF, number, application)
                elif act == 2:
                    decisions.return_(desk, STAFF, number, application, "核对不符")
                elif act == 3:
                    decisions.correct(desk, STAFF, number, application, "offset_t", "1,000")
                elif act == 4:
                    decisions.withdraw(desk, STAFF, number, application)
                else:
                    decisions.revoke(desk, STAFF, number, application, "重新核对")
            except Conflict:
                return  # what may not be done now is no part of this history

    def _slow(self) -> "Slow":
        """Some transactions began long before they commit: their events are of an older moment."""
        back = timedelta(minutes=self.random.randrange(1, 45)) if self._often(0.2) else None
        return Slow(self.office, back)

    def _cancel(self) -> None:
        now = self.office.clock.moment
        when = now - timedelta(minutes=self.random.randrange(3_000))
        status = "处理中" if self._often(0.2) else "已完成"
        firm, tonnes = self.random.choice(FIRMS), self.random.randrange(1, 4_000)
        self.records.append((firm, tonnes, f"{when:%Y-%m-%d %H:%M:%S}", status))
        if self._often(0.3):
            number = self.random.randrange(len(self.records))
            self.records[number] = (*self.records[number][:3], "已完成")

    def _import(self) -> None:
        """Everything up to some moment of today or yesterday: often not up to 17:00."""
        now = self.office.clock.moment
        until = now - timedelta(minutes=self.random.choice((0, 0, 30, 200, 1_500)))
        kept = [one for one in self.records if one[2] <= f"{until:%Y-%m-%d %H:%M:%S}"]
        report = self.office.cancellations(*kept, until=f"{until:%Y-%m-%d %H:%M:%S}")
        assert report.ok, report.problems

    def _pass(self) -> None:
        if self.down:
            return
        desk, now = self.office.desk, self.office.clock.moment
        digests.make_due(desk, now)
        reminders.make_due(desk, now)
        reminders.lapse_due(desk, now)

    def _toggle(self) -> None:
        self.down = not self.down

    def _restart(self) -> None:
        office = self.office
        office.store.close()
        office.store = Store.open(f"sqlite:///{self.directory}/clerk.db", office.clock)
        office.desk = replace(office.desk, store=office.store)

    def _finish(self) -> None:
        """All is imported, and the timetable passes until nothing is left to make."""
        self.down = False
        self.office.clock.moment = max(END, self.office.clock.moment)
        for _ in range(3):
            now = self.office.clock.step(days=1)
            self.office.cancellations(*self.records, until=f"{now:%Y-%m-%d %H:%M:%S}")
            self._pass()
        self._pass()

    def check(self) -> Counter[str]:
        """What must be true of every history; how much there was of what."""
        found = self._digests()
        self._complete("daily", daily.KINDS, found, set())
        self._complete("national", daily.KINDS, found, set())
        self._complete("weekly", weekly.KINDS, found, self._unclear())
        periods = Counter((f.period.kind, f.province, f.period.first, f.period.last,
                           f.period.supplement) for f in found)  # fmt: skip
        assert set(periods.values()) == {1}
        regular = Counter((f.period.kind, f.province) for f in found if not f.period.supplement)
        assert set(regular.items()) == {
            (("daily", "河北省"), 51), (("daily", "山西省"), 51),
            (("weekly", "河北省"), 8), (("weekly", "山西省"), 8), (("national", "全国"), 51),
        }  # fmt: skip
        letters = [
            one for one in self.office.letters() if one.kind in ("daily", "weekly", "national")
        ]
        assert len(letters) == len(found)
        self._totals(found)
        return Counter(
            {"rows": sum(len(f.rows) for f in found), "late": sum(f.late for f in found),
             "supplements": sum(bool(f.period.supplement) for f in found)}
        )  # fmt: skip

    def _digests(self) -> list[digests.Digest]:
        desk = self.office.desk
        lines = reversed(digests.listed(desk, OPERATOR))
        return [digests.facts_of(desk, OPERATOR, line.key) for line in lines]

    def _complete(
        self,
        kind: str,
        kinds: tuple[str, ...],
        found: list[digests.Digest],
        waiting: set[int],
    ) -> None:
        """Every reportable event once, none twice; a row for each but those told in another."""
        rows = Counter(row.event_seq for f in found if f.period.kind == kind for row in f.rows)
        assert set(rows.values()) <= {1}
        with self.office.store.read() as tx:
            events = {e.seq: e for e in tx.cases.all_events() if e.kind in kinds}
            desks = {"daily": ("13", "14"), "weekly": ("ncsc",), "national": ("crc",)}[kind]
            told = [seq for desk in desks for seq in tx.digests.reported(kind, desk)]
        assert len(told) == len(set(told))
        assert set(told) | waiting == set(events)
        # What was told while it stood as returned, and is unclear again since that was taken back.
        assert set(told) & waiting <= self._reopened()
        silent = set(told) - set(rows)
        assert {events[seq].kind for seq in silent} <= {"field-corrected", "application-filed"}
        if kind != "weekly":
            assert silent == set()

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

    def _unclear(self) -> set[int]:
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
        for province, code in (("河北省", "13"), ("山西省", "14")):
            of_it = [f for f in found if isinstance(f, DailyRecords) and f.province == province]
            last = max(of_it, key=lambda f: f.snapshot_at)
            in_all = sum(t for f, t, _, s in self.records if f.province == code and s == "已完成")
            if last.snapshot_at >= END:
                assert last.cumulative_t == in_all


class Slow:
    """While it lasts, what is done carries the moment at which it began."""

    def __init__(self, office: Office, back: timedelta | None) -> None:
        self.office = office
        self.back = back
        self.before: Desk = office.desk

    def __enter__(self) -> None:
        if self.back is not None:
            began = Moment(self.office.clock.moment - self.back)
            self.office.desk = replace(self.before, clock=began)

    def __exit__(self, *error: object) -> None:
        self.office.desk = replace(self.before, store=self.office.store)
