"""The first cycle as it is to happen: who applies when, what the province says, what is cancelled.

All from one seed, and from nothing of the program: what digests must then tell follows from it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Literal

from clerk.drawing import invent
from clerk.drawing.content import Company, ProjectLine
from procedure.clock import BEIJING
from procedure.provinces import Province
from procedure.workdays import is_working_day

FIRST, LAST = date(2021, 10, 26), date(2021, 12, 10)
DEADLINE = date(2021, 12, 15)
END = date(2021, 12, 31)
MORNING, DECIDED, EVENING = time(8, 30), time(11), time(18)
ASKED = time(17, 20)
"""When the registry's records of the day are fetched: they are complete up to then."""
DAY = timedelta(days=1)
PROJECTS = (
    ("CCER-0364", "内蒙古瑞驰示例风电场一期49.5MW工程"),
    ("CCER-0730", "湖南高曜示例垃圾填埋气发电项目"),
    ("CCER-1194", "四川润邦示例户用沼气利用项目"),
)
LARGEST = "37"
"""Has about an eighth of all entities."""
Story = Literal[
    "plain", "changed", "returned", "further", "withdrawn", "revoked", "corrected", "duplicate",
    "lapsed", "late-hour", "status", "missed", "evening", "last-day",
]  # fmt: skip
STORIES: tuple[Story, ...] = (
    "plain", "changed", "returned", "further", "late-hour", "status", "missed", "corrected",
    "duplicate", "withdrawn", "revoked", "lapsed", "plain", "plain", "plain", "plain",
)  # fmt: skip
"""What befalls one entity after the other; ``evening`` and ``last-day`` are dealt out apart."""


@dataclass(frozen=True)
class Firm:
    """One entity of the plan."""

    number: int
    company: Company
    prefix: str
    obligation_t: int
    email: str
    story: Story
    applies: date
    sealed: bool
    """Whether its papers bear a seal. Otherwise it sent the sealed original by post, and staff say
    that they have it: most do, for reading a seal costs more than all else together."""
    proves: bool
    """Whether a screenshot comes at all; who sends none is reminded."""


@dataclass(frozen=True)
class Form:
    """A mail with an application form. ``copy``: the same file once more."""

    firm: Firm
    number: int
    projects: tuple[ProjectLine, ...]
    at: datetime
    copy: bool = False

    @property
    def total_t(self) -> int:
        return sum(line.amount_t for line in self.projects)


@dataclass(frozen=True)
class Decided:
    """A command of the province's staff."""

    firm: Firm
    at: datetime
    act: Literal["confirm", "return", "withdraw", "revoke", "correct", "seal", "accept-proof"]
    application: int = 1


@dataclass(frozen=True)
class Cancelled:
    """A row of the registry as the import of ``asked`` brings it."""

    firm: Firm
    reference: str
    project: ProjectLine
    time: datetime
    asked: date
    status: str = "已完成"
    change: Literal["new", "correction", "late"] = "new"


@dataclass(frozen=True)
class Proof:
    """A mail with the sealed screenshot of these records."""

    firm: Firm
    at: datetime
    records: tuple[Cancelled, ...]


@dataclass
class Plan:
    """Everything that comes from outside, by its day."""

    provinces: tuple[Province, ...]
    firms: tuple[Firm, ...]
    forms: list[Form] = field(default_factory=list)
    decisions: list[Decided] = field(default_factory=list)
    records: list[Cancelled] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)


def moment(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, BEIJING)


def workday(day: date) -> date:
    """The day itself, or the next working day."""
    while not is_working_day(day):
        day += DAY
    return day


def after(day: date, count: int) -> date:
    """So many working days later."""
    for _ in range(count):
        day = workday(day + DAY)
    return day


def make(
    entities: int, provinces: int = 32, seed: int = 2021, sealed: int = 40, proving: int = 8
) -> Plan:
    """A plan of so many entities: every province has some, every story occurs.

    One in ``sealed`` of them has papers with a seal, one in ``proving`` and these send screenshots.
    """
    chance = Random(seed)
    homes = invent.provinces()[:: max(1, 32 // provinces)][:provinces]
    firms = tuple(_firms(chance, entities, homes, sealed, proving))
    plan = Plan(homes, firms)
    for firm in firms:
        _tell(plan, chance, firm)
    plan.forms.sort(key=lambda one: (one.at, one.firm.number, one.number))
    plan.decisions.sort(key=lambda one: (one.at, one.firm.number))
    return plan


def _firms(
    chance: Random, entities: int, homes: tuple[Province, ...], sealed: int, proving: int
) -> Iterator[Firm]:
    names: set[str] = set()
    for number in range(entities):
        home = homes[number % len(homes)]
        if number >= len(homes) and chance.random() < 0.1:
            home = next((one for one in homes if one.prefix == LARGEST), home)
        company = invent.company(chance, home)
        while company.name in names:
            company = invent.company(chance, home)
        names.add(company.name)
        own = Company(
            company.name, invent.credit_code(home.prefix, 100_000 + number), home.name,
            f"CN-100-{1_300_000 + number}", company.contact, f"138001380{number % 100:02}",
        )  # fmt: skip
        story = STORIES[number % len(STORIES)]
        seals = chance.randrange(sealed) == 0
        yield Firm(
            number, own, home.prefix, chance.randrange(400_000, 9_000_000),
            f"office@firm{number:04}.example", _special(number, story), _applies(chance),
            seals, seals or chance.randrange(proving) == 0,
        )  # fmt: skip


def _special(number: int, story: Story) -> Story:
    """One evening form a province at most, for the first firms of it that are plain."""
    if story == "plain" and number < 32:
        return "evening" if number % 2 == 0 else "last-day"
    return story


def _applies(chance: Random) -> date:
    """A storm on the last days: every third comes in the last week."""
    if chance.random() < 0.33:
        return LAST - chance.randrange(4) * DAY
    return FIRST + chance.randrange((LAST - FIRST).days - 7) * DAY


def _projects(chance: Random, total: int) -> tuple[ProjectLine, ...]:
    count = chance.choice((1, 1, 2))
    chosen = chance.sample(PROJECTS, count)
    cut = total // 2 if count == 2 else total
    amounts = (cut, total - cut)
    return tuple(
        ProjectLine(name, code, t) for (code, name), t in zip(chosen, amounts, strict=False)
    )


def _tell(plan: Plan, chance: Random, firm: Firm) -> None:
    cap = firm.obligation_t * 5 // 100
    total = chance.randrange(cap // 4, cap // 2)
    first = Form(firm, 1, _projects(chance, total), moment(firm.applies, MORNING))
    if firm.story == "evening":
        first = Form(firm, 1, first.projects, moment(LAST, EVENING))
    day = first.at.date()
    form, day = _before_decision(plan, chance, first, day, cap)
    if firm.story == "withdrawn":
        plan.decisions.append(Decided(firm, moment(after(day, 1), DECIDED), "withdraw"))
        return
    confirmed = after(day, 1)
    _confirm(plan, firm, confirmed)
    if firm.story == "revoked" and confirmed < date(2021, 12, 3):
        plan.decisions.append(Decided(firm, moment(after(confirmed, 1), DECIDED), "revoke"))
        confirmed = after(confirmed, 2)
        plan.decisions.append(Decided(firm, moment(confirmed, DECIDED), "confirm"))
    lines = list(form.projects)
    if firm.story == "further" and confirmed < date(2021, 12, 8):
        more = Form(firm, 9, _projects(chance, cap // 5), moment(confirmed + DAY, MORNING))
        plan.forms.append(more)
        confirmed = after(more.at.date(), 1)
        _confirm(plan, firm, confirmed, 2)
        lines += more.projects
    if firm.story != "lapsed":
        _cancel(plan, chance, firm, confirmed, lines)


def _confirm(plan: Plan, firm: Firm, day: date, application: int = 1) -> None:
    at = moment(day, DECIDED)
    if not firm.sealed:
        plan.decisions.append(Decided(firm, at, "seal", application))
    plan.decisions.append(Decided(firm, at, "confirm", application))


def _before_decision(
    plan: Plan, chance: Random, first: Form, day: date, cap: int
) -> tuple[Form, date]:
    """What happens to the form before it is confirmed: the form that is, and its day."""
    firm = first.firm
    again = min(day + DAY, LAST)
    if firm.story == "changed" and again > day:
        changed = Form(firm, 2, _projects(chance, first.total_t - 100), moment(again, MORNING))
        # Both before the decision of the next working day but one.
        plan.forms += [first, changed]
        return changed, again
    if firm.story == "returned" and after(day, 2) <= LAST:
        over = Form(firm, 1, _projects(chance, cap + 2_000), first.at)
        back = after(day, 1)
        better = Form(firm, 2, _projects(chance, cap), moment(after(back, 1), MORNING))
        plan.forms += [over, better]
        plan.decisions.append(Decided(firm, moment(back, DECIDED), "return"))
        return better, better.at.date()
    plan.forms.append(first)
    if firm.story == "duplicate" and again > day:
        plan.forms.append(Form(firm, 1, first.projects, moment(again, MORNING), copy=True))
        return first, again
    if firm.story == "corrected" and day < date(2021, 11, 26):
        late = workday(day + 7 * DAY)
        plan.decisions.append(Decided(firm, moment(late, DECIDED), "correct"))
        return first, late
    return first, day


def _cancel(
    plan: Plan, chance: Random, firm: Firm, confirmed: date, lines: list[ProjectLine]
) -> None:
    day = min(confirmed + chance.randrange(1, 4) * DAY, DEADLINE - DAY)
    day = max(day, confirmed)
    if firm.story == "last-day":
        day = DEADLINE
    rows = [_row(firm, number, line, day) for number, line in enumerate(lines)]
    told = list(_as_asked(firm, rows[0], day)) + rows[1:]
    plan.records += told
    known = max(one.asked for one in told)
    if known < DEADLINE and firm.proves:
        final = {one.reference: one for one in told}
        plan.proofs.append(Proof(firm, moment(known + DAY, MORNING), tuple(final.values())))
        if not firm.sealed:
            plan.decisions.append(Decided(firm, moment(known + DAY, DECIDED), "accept-proof"))


def _row(firm: Firm, number: int, line: ProjectLine, day: date) -> Cancelled:
    at = moment(day, time(13, firm.number % 60, number))
    return Cancelled(firm, f"ZX{firm.number:05}{number}", line, at, day)


def _as_asked(firm: Firm, row: Cancelled, day: date) -> Iterator[Cancelled]:
    """The first row as the imports of one or two days bring it."""
    if firm.story == "late-hour" and day < DEADLINE:
        yield Cancelled(firm, row.reference, row.project, moment(day, time(17, 10)), day)
    elif firm.story == "status" and day < DEADLINE:
        yield Cancelled(firm, row.reference, row.project, row.time, day, "处理中")
        yield Cancelled(firm, row.reference, row.project, row.time, day + DAY, change="correction")
    elif firm.story in ("missed", "last-day"):
        # After the last round there is none whose day it missed: only a supplement.
        change: Literal["late", "new"] = "late" if day < DEADLINE else "new"
        yield Cancelled(firm, row.reference, row.project, row.time, day + DAY, change=change)
    else:
        yield row
