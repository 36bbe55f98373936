"""Digests: complete, once, held where the import is missing, right after any downtime."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from casework import decisions, digests
from casework.desk import Desk
from casework.filing import file_mail
from casework.imports import import_registry
from procedure.facts import WeeklySummary
from store import Store
from store.rows import Envelope, MailFacts, Person
from tests import made
from tests.casework.made import Firm, Reader, SteppedClock, at, form, mail

MAILBOX = "hebei@province.example"
STAFF = Person("陈示例", "reviewer", ("13",))
AUDITOR = Person("审计", "auditor")
HEAD = "账户名称,账户编号,项目编号,项目名称,数量,操作类型,状态,时间"


class Office:
    """A desk on a store of its own, with a clock to step."""

    def __init__(self, directory: Path) -> None:
        self.clock = SteppedClock(at("2021-10-25 09:00"))
        self.store = Store.open(made.database(directory), self.clock, create=True)
        self.desk = Desk.make(
            self.store,
            self.clock,
            served=frozenset({"13"}),
            province_mailboxes={"13": MAILBOX},
            operator_mailbox="operator@clerk.example",
        )
        self.reader = Reader()
        self.mails = 0
        self.rows: list[str] = []

    def apply(self, firm: Firm, offset: int = 5_000) -> None:
        """An application comes by mail and is filed."""
        self.mails += 1
        data = self.reader.lay(form(firm, offset))
        envelope = Envelope("smtp", f"k{self.mails}", firm.email, (), self.clock.now())
        taken = self.store.take(envelope, b"mail %d" % self.mails)
        with self.store.write() as tx:
            tx.messages.describe(taken.message_id, MailFacts("application"))
        file_mail(self.desk, taken.message_id, mail(firm.email, data), self.reader)

    def cancelled(self, firm: Firm, time: str, amount: int = 5_000) -> None:
        """A row of the registry's next file, which names everything since the beginning."""
        cells = (firm.name, firm.account, "CCER-0001", "项目", amount, "自愿注销", "已完成", time)
        self.rows.append(",".join(map(str, cells)))

    def imports(self, until: str) -> None:
        """The registry's file, complete up to ``until``."""
        self.clock.moment = max(self.clock.moment, at(until))
        data = "\n".join([HEAD, *self.rows]).encode("utf-8-sig")
        report = import_registry(self.desk, "cancellations", data, "c.csv", at(until), "operator")
        assert report.ok, report.problems

    def go(self, moment: str) -> list[str]:
        """Step the clock there, and let the timetable pass once."""
        return digests.make_due(self.desk, self.clock.to(moment))

    def made(self, kind: str) -> list[digests.Digest]:
        """Digests of a kind, in the order in which they were made."""
        lines = [line for line in digests.listed(self.desk, AUDITOR) if line.kind == kind]
        return [digests.facts_of(self.desk, AUDITOR, line.key) for line in reversed(lines)]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(tmp_path)
    yield opened
    opened.store.close()


def seqs(found: list[digests.Digest]) -> list[int]:
    return [row.event_seq for facts in found for row in facts.rows]


def whole_cycle(office: Office, moments: list[datetime]) -> None:
    """A small cycle; the timetable passes at ``moments`` only, the imports come each evening."""
    firms = [Firm(n, f"河北示例{n}号热力有限公司", email=f"f{n}@x.example") for n in range(1, 5)]
    applied = {at("2021-11-03 10:00"): 0, at("2021-11-05 17:20"): 1, at("2021-12-10 20:00"): 2}
    days = [at("2021-10-26 00:00") + timedelta(days=n) for n in range(53)]
    evenings = [day.replace(hour=17, minute=2) for day in days]
    for moment in sorted({*applied, *evenings, *moments}):
        office.clock.moment = moment
        if moment in applied:
            office.apply(firms[applied[moment]])
        if moment in evenings:
            if moment.date() == at("2021-11-08 00:00").date():
                office.apply(firms[3])
                office.cancelled(firms[3], "2021-11-08 10:00:00")
            if moment.date() == at("2021-11-09 00:00").date():
                office.cancelled(firms[0], "2021-11-08 18:30:00", 700)
            office.imports(f"{moment:%Y-%m-%d} 17:00")
        if moment in moments:
            digests.make_due(office.desk, moment)


def every_minute_that_matters() -> list[datetime]:
    days = [at("2021-10-26 00:00") + timedelta(days=n) for n in range(53)]
    hours = ((9, 0), (17, 0), (17, 5), (17, 31))
    return [day.replace(hour=hour, minute=minute) for day in days for hour, minute in hours]


def test_a_whole_cycle_makes_51_daily_mails_and_8_weekly_rounds(office: Office) -> None:
    whole_cycle(office, every_minute_that_matters())
    daily = [one for one in office.made("daily") if not one.period.supplement]
    weekly = [one for one in office.made("weekly") if not one.period.supplement]
    assert [one.period.number for one in daily] == list(range(1, 52))
    assert [one.period.number for one in weekly] == list(range(1, 9))
    assert [str(one.period.last) for one in daily if one.rows] == ["2021-11-08", "2021-11-09"]


def test_every_reportable_event_is_in_exactly_one_digest(office: Office) -> None:
    whole_cycle(office, every_minute_that_matters())
    with office.store.read() as tx:
        events = list(tx.cases.all_events())
    filed = [event.seq for event in events if event.kind == "application-filed"]
    cancelled = [event.seq for event in events if event.kind == "cancellation-recorded"]
    assert len(filed) == 4
    assert Counter(seqs(office.made("weekly"))) == Counter(filed)
    assert Counter(seqs(office.made("daily"))) == Counter(cancelled)


def test_trap_1_a_form_after_the_last_friday_s_summary_is_in_the_extra_round(
    office: Office,
) -> None:
    whole_cycle(office, every_minute_that_matters())
    last = [one for one in office.made("weekly") if one.rows][-1]
    assert last.period.number == 8
    assert [getattr(row, "entity_name", "") for row in last.rows] == ["河北示例3号热力有限公司"]


def test_downtime_changes_no_row_of_any_digest(office: Office, tmp_path: Path) -> None:
    """Down over many evenings: the same digests with the same rows and totals, marked late."""
    whole_cycle(office, every_minute_that_matters())
    (tmp_path / "other").mkdir()
    other = Office(tmp_path / "other")
    whole_cycle(other, [at("2021-11-20 12:00"), at("2021-12-17 18:00")])
    for kind in ("weekly", "daily"):
        expected = {one.period: one for one in office.made(kind) if not one.period.supplement}
        found = {one.period: one for one in other.made(kind) if not one.period.supplement}
        assert found.keys() == expected.keys()
        for period, facts in found.items():
            assert facts.rows == expected[period].rows
        assert any(facts.late for facts in found.values())
        assert not any(facts.late for facts in expected.values())
    other.store.close()


def test_a_second_pass_makes_nothing(office: Office) -> None:
    office.imports("2021-10-26 17:00")
    assert office.go("2021-10-26 17:05")
    assert office.go("2021-10-26 17:06") == []
    assert digests.make_due(office.desk, office.clock.now()) == []


def test_trap_3_without_an_import_the_day_is_held_and_staff_are_told_once(office: Office) -> None:
    assert office.go("2021-10-26 17:31") == []
    assert office.go("2021-10-26 18:00") == []
    with office.store.read() as tx:
        assert [item.reason for item in tx.tray.open_items()] == ["digest-held"]
        assert [one.kind for one in tx.outbox.all()] == ["notice"]
    office.imports("2021-10-26 17:00")
    assert len(office.go("2021-10-26 18:10")) == 2
    (nil,) = office.made("daily")
    assert nil.rows == ()
    assert nil.late
    with office.store.read() as tx:
        assert tx.tray.open_items() == []


def test_trap_3_an_import_within_the_margin_alarms_nobody(office: Office) -> None:
    for moment in ("2021-10-26 17:00", "2021-10-26 17:30"):
        assert office.go(moment) == []
    office.imports("2021-10-26 17:00")
    assert len(office.go("2021-10-26 17:30")) == 2
    (nil,) = office.made("daily")
    assert not nil.late
    with office.store.read() as tx:
        assert tx.tray.open_items() == []
        assert [one.kind for one in tx.outbox.all() if one.kind == "notice"] == []


def test_the_margin_after_which_a_digest_is_late_is_a_setting(office: Office) -> None:
    office.desk = replace(office.desk, late_after=timedelta(minutes=5))
    assert office.go("2021-10-26 17:05") == []
    with office.store.read() as tx:
        assert tx.tray.open_items() == []
    assert office.go("2021-10-26 17:06") == []
    with office.store.read() as tx:
        assert [item.reason for item in tx.tray.open_items()] == ["digest-held"]
    office.imports("2021-10-26 17:00")
    office.go("2021-10-26 17:07")
    assert office.made("daily")[0].late


def test_an_import_that_ends_before_five_covers_no_day(office: Office) -> None:
    office.imports("2021-10-26 16:59")
    assert office.go("2021-10-26 17:05") == []


def test_a_decision_is_a_row_of_the_next_summary(office: Office) -> None:
    office.clock.to("2021-11-03 10:00")
    office.apply(Firm())
    office.go("2021-11-05 17:05")
    office.clock.to("2021-11-08 09:00")
    with office.store.read() as tx:
        (row,) = tx.cases.list(None)
    decisions.return_(office.desk, STAFF, row.case_no, 1, "盖章不清")
    office.go("2021-11-12 17:05")
    changes = [[line.change for line in one.rows] for one in office.made("weekly")]
    assert [one for one in changes if one] == [["新增"], ["状态更新"]]


def test_a_resubmitted_version_has_no_decision_of_a_former_one(office: Office) -> None:
    office.clock.to("2021-11-08 09:00")
    office.apply(Firm())
    with office.store.read() as tx:
        (row,) = tx.cases.list(None)
    office.clock.to("2021-11-09 09:00")
    decisions.return_(office.desk, STAFF, row.case_no, 1, "盖章不清")
    office.clock.to("2021-11-10 09:00")
    office.apply(Firm(), 4_000)
    office.go("2021-11-12 17:05")
    made = [one for one in office.made("weekly") if isinstance(one, WeeklySummary)]
    rows = [line for one in made for line in one.rows]
    assert [(line.change, line.version, line.decided_at) for line in rows] == [
        ("新增", 1, None),
        ("状态更新", 1, at("2021-11-09 09:00")),
        ("新版本", 2, None),
    ]


def test_a_summary_tells_its_own_moment_not_a_later_one(office: Office) -> None:
    """Made late, after a return: the form still stands as it stood on Friday."""
    office.clock.to("2021-11-03 10:00")
    office.apply(Firm())
    office.clock.to("2021-11-08 09:00")
    with office.store.read() as tx:
        (row,) = tx.cases.list(None)
    decisions.return_(office.desk, STAFF, row.case_no, 1, "盖章不清")
    office.go("2021-11-08 10:00")
    friday = office.made("weekly")[-1]
    assert isinstance(friday, WeeklySummary)
    assert [line.stage for line in friday.rows] == ["submitted"]
    assert friday.stages == {"待省级确认": 1}
    assert friday.late


def test_what_is_short_of_the_confirmation_stands_with_the_case_s_last_record(
    office: Office,
) -> None:
    office.clock.to("2021-11-08 09:00")
    office.apply(Firm(), 5_000)
    with office.store.read() as tx:
        (row,) = tx.cases.list(None)
    decisions.confirm(office.desk, STAFF, row.case_no, 1)
    office.cancelled(Firm(), "2021-11-08 10:00:00", 1_000)
    office.cancelled(Firm(), "2021-11-08 11:00:00", 3_000)
    office.clock.to("2021-11-08 17:01")
    office.imports("2021-11-08 17:00")
    office.go("2021-11-08 17:05")
    (daily,) = [one for one in office.made("daily") if one.rows]
    first, last = (line.findings for line in daily.rows)
    assert "尚差" not in first
    assert "第 1 份申请确认 5,000 吨，已注销 4,000 吨，尚差 1,000 吨。" in last


def test_a_changed_mailbox_sends_no_past_day_again(office: Office) -> None:
    office.imports("2021-10-26 17:00")
    assert len(office.go("2021-10-26 17:05")) == 2
    moved = Desk.make(
        office.store,
        office.clock,
        served=frozenset({"13"}),
        province_mailboxes={"13": "new@province.example"},
    )
    assert digests.make_due(moved, office.clock.now()) == []


def test_a_record_that_comes_after_the_last_day_makes_a_supplement(office: Office) -> None:
    office.apply(Firm())
    office.imports("2021-12-15 17:00")
    office.go("2021-12-15 17:05")
    office.clock.to("2021-12-16 09:00")
    office.cancelled(Firm(), "2021-12-15 16:00:00")
    office.imports("2021-12-16 09:00")
    office.go("2021-12-16 17:05")
    last = [one for one in office.made("daily") if one.period.supplement]
    assert [(one.period.supplement, len(one.rows)) for one in last] == [(1, 1)]


def test_an_import_s_own_records_are_in_the_digest_that_waited_for_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a clock that runs while the import is written."""
    office.apply(Firm())
    office.clock.to("2021-11-08 17:02")
    office.cancelled(Firm(), "2021-11-08 10:00:00")
    monkeypatch.setattr(SteppedClock, "now", lambda clock: clock.step(milliseconds=3))
    office.imports("2021-11-08 17:00")
    digests.make_due(office.desk, office.clock.to("2021-11-08 17:05"))
    days = {str(one.period.last): len(one.rows) for one in office.made("daily") if one.rows}
    assert days == {"2021-11-08": 1}
