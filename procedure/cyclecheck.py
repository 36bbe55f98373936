"""A cycle's file looked through before it is relied on, and its days laid out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from procedure.clock import beijing
from procedure.cycle import Cycle
from procedure.language import _
from procedure.timetable import CLOSE_OF_BUSINESS, daily_rounds, weekly_rounds
from procedure.workdays import Extra, is_working_day


@dataclass(frozen=True)
class CalendarLine:
    """One moment of a cycle. ``kind``: ``apply``, ``cancel``, ``comply``, ``weekly``, ``daily``."""

    kind: str
    at: datetime
    """Beijing time; for ``apply`` the first and last day's midnight."""
    what: str
    """What happens then, in Chinese."""
    working_day: bool
    clause: str = ""

    @property
    def weekday(self) -> str:
        """In the language that is spoken."""
        return str(_WEEKDAYS[self.at.weekday()])


_WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))


def faults(cycle: Cycle) -> list[str]:
    """What contradicts itself, in English for the operator; nothing where the file is sound."""
    cancel, comply = beijing(cycle.cancel_before), beijing(cycle.comply_by)
    checks = (
        (cycle.apply_first <= cycle.apply_last, "apply_last is before apply_first"),
        (cycle.apply_last <= cancel.date(), "cancel_before is before apply_last"),
        (cancel <= comply, "comply_by is before cancel_before"),
        (0 < cycle.cap_percent <= 100, "cap_percent is no share"),
        (0 <= cycle.weekly_on <= 6, "weekly_on is no weekday: Monday is 0"),
        (
            bool(cycle.years) and list(cycle.years) == sorted(set(cycle.years)),
            "years are not in order",
        ),
        (
            bool(cycle.eligible_before or cycle.registered_from),
            "neither eligible_before nor registered_from: no reduction may be used",
        ),
    )
    by_mail = _mail_faults(cycle) if cycle.flow == "mail" else []
    return [text for good, text in checks if not good] + by_mail


def _mail_faults(cycle: Cycle) -> list[str]:
    """What a cycle that is run by mail needs besides."""
    first, last = cycle.daily_first, cycle.daily_last
    if first is None or last is None or cycle.daily_after is None:
        return ["flow by mail needs daily_first, daily_last and daily_after"]
    cancel = beijing(cycle.cancel_before).date()
    checks = (
        (first <= last, "daily_last is before daily_first"),
        (first <= cycle.apply_first, "daily_first is after apply_first"),
        (last >= cancel, "daily_last is before cancel_before"),
        (
            "@" in cycle.ncsc_mailbox and "@" in cycle.crc_mailbox,
            "flow by mail needs ncsc_mailbox and crc_mailbox",
        ),
        (bool(cycle.exchanges), "exchanges is empty"),
    )
    return [text for good, text in checks if not good]


def calendar(
    cycle: Cycle,
    close_of_business: time = CLOSE_OF_BUSINESS,
    extra_days: Extra | None = None,
    lead: timedelta = timedelta(0),
) -> list[CalendarLine]:
    """Every deadline and digest, in order. Raises `YearWithoutData`."""
    lines = [
        *_deadlines(cycle, extra_days),
        *_digests(cycle, close_of_business, extra_days, lead),
    ]
    return sorted(lines, key=lambda one: (one.at, one.kind))


def _deadlines(cycle: Cycle, extra: Extra | None) -> Iterator[CalendarLine]:
    clauses = {"apply": "window", "cancel": "cancel-deadline", "comply": "comply"}
    moments = (
        ("apply", _midnight(cycle.apply_first), _("开始受理申请表").said()),
        ("apply", _midnight(cycle.apply_last), _("受理申请表的最后一日").said()),
        ("cancel", beijing(cycle.cancel_before), _("自愿注销截止（此时刻起为迟）").said()),
        ("comply", beijing(cycle.comply_by), _("完成配额清缴截止").said()),
    )
    for kind, at, what in moments:
        clause = cycle.clause(clauses[kind])
        yield CalendarLine(kind, at, what, is_working_day(at.date(), extra), clause)


_EXTRA = _("第{number}次每周汇总，加报一次（{first} 至 {last}）")
_WEEKLY = _("第{number}次每周汇总（{first} 至 {last}）")


def _digests(
    cycle: Cycle, closing: time, extra: Extra | None, lead: timedelta
) -> Iterator[CalendarLine]:
    for one in weekly_rounds(cycle, closing, extra, lead):
        said = _EXTRA if one.extra else _WEEKLY
        what = said.said(number=one.number, first=one.first, last=one.last)
        yield _line("weekly", one.due, what, extra, cycle.clause("step-weekly"))
    for one in daily_rounds(cycle):
        yield _line("daily", one.due, _("每日注销记录").said(), extra, cycle.clause("step-daily"))


def _line(kind: str, at: datetime, what: str, extra: Extra | None, clause: str) -> CalendarLine:
    moment = beijing(at)
    return CalendarLine(kind, moment, what, is_working_day(moment.date(), extra), clause)


def _midnight(day: date) -> datetime:
    return beijing(datetime.combine(day, time(0), tzinfo=beijing(_EPOCH).tzinfo))


_EPOCH = datetime.fromisoformat("2021-01-01T00:00:00+08:00")
