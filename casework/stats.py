"""How many cases stand where, and which days come next: for /stats and /deadline."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from casework.desk import Desk
from casework.rights import provinces_of, require
from procedure.case import STAGE_NAMES
from procedure.clock import beijing
from procedure.timetable import weekly_rounds
from procedure.workdays import YearWithoutData, between
from store.rows import Person


@dataclass(frozen=True)
class StageCount:
    """Cases in one stage."""

    stage: str
    stage_name: str
    cases: int


@dataclass(frozen=True)
class Standing:
    """One cycle's cases, as far as the person sees them."""

    cycle_title: str
    stages: tuple[StageCount, ...]
    """In the order of the stages, those without cases left out."""
    provinces: tuple[tuple[str, int], ...]
    """Province name and number of cases, most first."""

    @property
    def cases(self) -> int:
        """All of them."""
        return sum(one.cases for one in self.stages)


@dataclass(frozen=True)
class Term:
    """One term of a cycle. ``working_days`` left, None where the calendar lacks the year."""

    kind: str
    """``apply``, ``cancel``, ``comply`` or ``weekly``."""
    at: datetime | date
    passed: bool
    working_days: int | None
    clause: str = ""
    """Under which it stands."""
    today: bool = False


def standings(desk: Desk, person: Person) -> list[Standing]:
    """Numbers of cases by stage and province, a cycle each; own provinces only."""
    require(person, "look")
    with desk.store.read() as tx:
        counted = {cycle: tx.cases.counts(provinces_of(person), cycle) for cycle in desk.active}
    return [_standing(desk, cycle, counts) for cycle, counts in counted.items()]


def _standing(desk: Desk, cycle: str, counts: dict[tuple[str, str], int]) -> Standing:
    stages = {stage: sum(n for (_, s), n in counts.items() if s == stage) for stage in STAGE_NAMES}
    provinces: dict[str, int] = {}
    for (prefix, _), number in counts.items():
        name = desk.province_name(prefix)
        provinces[name] = provinces.get(name, 0) + number
    return Standing(
        desk.cycle(cycle).title,
        tuple(StageCount(s, STAGE_NAMES[s], n) for s, n in stages.items() if n),
        tuple(sorted(provinces.items(), key=lambda one: (-one[1], one[0]))),
    )


def terms(desk: Desk, person: Person) -> list[tuple[str, list[Term]]]:
    """The terms of each cycle that takes applications (附件3 §2 steps 3 to 5), by its title."""
    require(person, "look")
    return [(desk.cycle(name).title, _terms(desk, name)) for name in desk.active]


def _terms(desk: Desk, name: str) -> list[Term]:
    cycle = desk.cycle(name)
    named: list[tuple[str, datetime | date | None]] = [
        ("apply", cycle.apply_last),
        ("weekly", _next_weekly(desk, name)),
        ("cancel", cycle.cancel_before),
        ("comply", cycle.comply_by),
    ]
    return [
        replace(_term(desk, kind, at), clause=cycle.clause(f"step-{kind}"))
        for kind, at in named
        if at is not None
    ]


def _next_weekly(desk: Desk, name: str) -> datetime | None:
    """The next weekly summary's moment, by the earliest close of business of those served."""
    closings = {desk.closing_of(prefix) for prefix in desk.served} or {desk.default_closing}
    rounds = weekly_rounds(
        desk.cycle(name), min(closings), desk.extra_working_days, desk.weekly_lead
    )
    return min((one.due for one in rounds if one.due > desk.now()), default=None)


def _term(desk: Desk, kind: str, at: datetime | date) -> Term:
    now = desk.now()
    day = beijing(at).date() if isinstance(at, datetime) else at
    today = beijing(now).date()
    passed = now >= at if isinstance(at, datetime) else today > day
    try:
        left = between(today, day, desk.extra_working_days)
    except YearWithoutData:
        left = None
    return Term(kind, at, passed, left, today=day == today)
