"""Figures of a cycle: by province and stage, cap use, what was sent back, how long it took."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from casework.desk import Desk
from casework.progress import VERIFIED, cancelled_t, confirmed_t, obligation_t
from casework.rights import provinces_of, require
from procedure.case import STAGE_NAMES, ApplicationState, CaseState
from procedure.cycle import Cycle
from procedure.events import Event, Returned
from procedure.figures import CycleReport, ProvinceFigures, RuleCount
from store import Tx
from store.rows import CaseRow, Person

BY_HAND = ""
"""In a rule's place: staff sent it back for a reason of their own."""
HOUR = 3600


@dataclass(frozen=True)
class _Case:
    row: CaseRow
    state: CaseState


def report(desk: Desk, person: Person, cycle_id: str, now: datetime) -> CycleReport:
    """The cycle as it stands, of the provinces that the person sees.

    `WrongUse` for a cycle that is not known here, `NotAllowed` for who may not look.
    """
    require(person, "look")
    cycle = desk.cycle(cycle_id)
    with desk.store.read() as tx:
        cases = [*_cases(tx, provinces_of(person), cycle)]
        sent_back = _sent_back(tx, cases)
    waits = sorted(hours for one in cases for hours in _hours(one.state))
    return CycleReport(
        cycle=cycle.id,
        cycle_title=cycle.title,
        made_at=now,
        provinces=tuple(_provinces(desk, cycle, cases)),
        stages=tuple((name, _at_stage(cases, stage)) for stage, name in STAGE_NAMES.items()),
        returned=sent_back,
        hours_median=_quantile(waits, Decimal("0.5")),
        hours_p90=_quantile(waits, Decimal("0.9")),
        hours_max=waits[-1] if waits else None,
        confirmed=len(waits),
    )


def _cases(tx: Tx, provinces: frozenset[str] | None, cycle: Cycle) -> Iterator[_Case]:
    for row in tx.cases.list(provinces, cycle=cycle.id):
        yield _Case(row, tx.cases.state(row.case_no) or CaseState())


def _provinces(desk: Desk, cycle: Cycle, cases: list[_Case]) -> Iterator[ProvinceFigures]:
    for prefix in sorted({one.row.province for one in cases}):
        own = [one.state for one in cases if one.row.province == prefix]
        apps = [app for state in own for app in state.applications]
        capped = [(obligation_t(state), confirmed_t(state)) for state in own]
        yield ProvinceFigures(
            province=desk.province_name(prefix),
            cases=len(own),
            applications=len(apps),
            stages=dict(Counter(STAGE_NAMES[app.stage] for app in apps)),
            obligation_t=sum(t for t, _ in capped),
            cap_t=sum(cycle.cap(t) for t, _ in capped),
            applied_t=sum(app.amount_t or 0 for app in apps if app.counts),
            confirmed_t=sum(t for _, t in capped),
            cancelled_t=sum(cancelled_t(state) for state in own),
            verified_t=sum(app.amount_t or 0 for app in apps if app.stage in VERIFIED),
        )


def _at_stage(cases: list[_Case], stage: str) -> int:
    return sum(app.stage == stage for one in cases for app in one.state.applications)


def _sent_back(tx: Tx, cases: list[_Case]) -> tuple[RuleCount, ...]:
    """How often an application was returned under each rule, most often first.

    A return under several rules counts for each; one under none is staff's own reason.
    """
    counted: Counter[str] = Counter()
    for one in cases:
        for event in tx.cases.events(one.row.case_no):
            counted.update(_rules(event))
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(RuleCount(rule, number) for rule, number in ordered)


def _rules(event: Event) -> Iterable[str]:
    if not isinstance(event.payload, Returned):
        return ()
    return sorted(set(event.payload.rules)) or (BY_HAND,)


def _hours(state: CaseState) -> Iterator[Decimal]:
    """From the receipt of the confirmed version to its confirmation, standing ones only."""
    for app in state.applications:
        if (taken := _taken(app)) is not None:
            yield taken


def _taken(app: ApplicationState) -> Decimal | None:
    if app.confirmed is None:
        return None
    seconds = int((app.confirmed.at - app.received_at).total_seconds())
    return (Decimal(max(0, seconds)) / HOUR).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _quantile(ordered: list[Decimal], share: Decimal) -> Decimal | None:
    """The value that this share of all does not exceed (nearest rank)."""
    if not ordered:
        return None
    rank = int((len(ordered) * share).to_integral_value(ROUND_CEILING))
    return ordered[max(1, rank) - 1]
