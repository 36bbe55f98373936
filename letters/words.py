"""Dates, times and amounts for people, in Beijing time."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from letters.blocks import Block, Items, Para, Table
from procedure.clock import beijing
from procedure.facts import Office, Period
from procedure.findings import Finding

WEEKDAYS = "一二三四五六日"
SEVERITIES = {"error": "须更正", "warning": "请核对", "note": "说明"}


def day(when: date) -> str:
    """2021年12月10日（星期五）."""
    return f"{when.year}年{when.month}月{when.day}日（星期{WEEKDAYS[when.weekday()]}）"


def moment(when: datetime) -> str:
    """2021年12月15日（星期三）17:00."""
    at = beijing(when)
    return f"{day(at.date())}{at:%H:%M}"


def stamp(when: datetime | None) -> str:
    """2021-12-15 17:00:00, "" for none."""
    return f"{beijing(when):%Y-%m-%d %H:%M:%S}" if when else ""


def tonnes(amount: int | None) -> str:
    """6,182 吨, "" for none."""
    return "" if amount is None else f"{amount:,} 吨"


def count(amount: int | None) -> str:
    """6,182 below a heading that names the unit, "" for none."""
    return "" if amount is None else f"{amount:,}"


def under(period: Period) -> str:
    """（附件3 §2 step 4）, "" where the cycle's file names no clause."""
    return f"（{period.clause}）" if period.clause else ""


def findings(found: Sequence[Finding]) -> Iterator[Block]:
    """Findings with the clause each rests on."""
    if found:
        rows = [(SEVERITIES[one.severity], one.message, one.clause) for one in found]
        yield Table(("类别", "核对意见", "依据"), rows)


def steps(items: Sequence[str]) -> Iterator[Block]:
    """What to do next."""
    if items:
        yield Items(items, numbered=True)


def closing(office: Office, at: datetime | None = None) -> Iterator[Block]:
    """Whose letter it is, and whom to ask."""
    phone = f"，电话 {office.phone}" if office.phone else ""
    yield Para(f"{office.name}　{day(beijing(at).date())}" if at else office.name)
    yield Para(
        f"本邮件由系统自动发出。如有疑问，请直接回复本邮件或联系 {office.address}{phone}。",
        quiet=True,
    )
