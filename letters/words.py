"""Dates, times and amounts for people, in Beijing time; in the language that is spoken."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from letters.blocks import Block, Items, Para, Table
from procedure.clauses import cited
from procedure.clock import beijing
from procedure.facts import Office, Period
from procedure.findings import Finding
from procedure.language import Text, _, spoken, told

SEVERITIES = {"error": _("须更正"), "warning": _("请核对"), "note": _("说明")}
FOUND = (_("类别"), _("核对意见"), _("依据"))
UNDER = _("（{clause}）")
TONNES = _("{amount} 吨")
SIGNED = _("{office}　{day}")
AUTOMATIC = _("本邮件由系统自动发出。如有疑问，请直接回复本邮件或联系 {address}。")
AUTOMATIC_PHONE = _(
    "本邮件由系统自动发出。如有疑问，请直接回复本邮件或联系 {address}，电话 {phone}。"
)


def day(when: date) -> str:
    """2021年12月10日（星期五）."""
    return spoken().full_day(when)


def moment(when: datetime) -> str:
    """2021年12月15日（星期三）17:00."""
    return spoken().full_moment(when)


def heads(*said: Text) -> tuple[str, ...]:
    """The headings of a table."""
    return tuple(map(str, said))


def stamp(when: datetime | None) -> str:
    """2021-12-15 17:00:00, "" for none."""
    return f"{beijing(when):%Y-%m-%d %H:%M:%S}" if when else ""


def tonnes(amount: int | None) -> str:
    """6,182 吨, "" for none."""
    return "" if amount is None else TONNES.format(amount=f"{amount:,}")


def count(amount: int | None) -> str:
    """6,182 below a heading that names the unit, "" for none."""
    return "" if amount is None else f"{amount:,}"


def clause(named: str) -> str:
    """附件3 §2 第4步, "" for none."""
    return told(cited(named))


def under(period: Period) -> str:
    """（附件3 §2 第4步）, "" where the cycle's file names no clause."""
    return UNDER.format(clause=clause(period.clause)) if period.clause else ""


def findings(found: Sequence[Finding]) -> Iterator[Block]:
    """Findings with the clause each rests on."""
    if found:
        rows = [
            (str(SEVERITIES[one.severity]), told(one.message), clause(one.clause)) for one in found
        ]
        yield Table(heads(*FOUND), rows)


def steps(items: Sequence[str]) -> Iterator[Block]:
    """What to do next."""
    if items:
        yield Items(tuple(map(told, items)), numbered=True)


def closing(office: Office, at: datetime | None = None) -> Iterator[Block]:
    """Whose letter it is, and whom to ask."""
    signed = SIGNED.format(office=office.name, day=day(beijing(at).date())) if at else office.name
    yield Para(signed)
    said = AUTOMATIC_PHONE if office.phone else AUTOMATIC
    yield Para(said.format(address=office.address, phone=office.phone), quiet=True)
