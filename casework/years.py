"""Which cycle and year a form is for, and which of an entity's cases an operation belongs to.

Where the cap is per year an entity has a case, and a total, for each year (trap 7); several cycles
may take applications beside each other. What is not beyond doubt waits for a person: a form filed
under the wrong year would be held against another year's obligation.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from casework.desk import Desk
from casework.identity import Identity, case_of
from procedure.case import CaseState
from procedure.cycle import Cycle
from procedure.readings import YEAR, DocumentReading
from procedure.registry import Entity
from store import Tx
from store.rows import CaseRow


@dataclass(frozen=True)
class Under:
    """Where a form is filed; ``year`` None where the cycle has one case an entity."""

    cycle: Cycle
    year: int | None


def under(
    desk: Desk, tx: Tx, reading: DocumentReading, entity: Entity | None, received_at: datetime
) -> Under | None:
    """Cycle and year of a decided form; None where a person must say it."""
    default = desk.cycle_at(received_at)
    said = reading.fields.get(YEAR)
    year = int(str(said.value)) if said is not None and said.accepted else None
    doubtful = year is None and said is not None and said.value is not None
    if doubtful and said is not None:
        # The obligation of that very year confirms it; of another year it speaks against it.
        year = _by_obligation(tx, reading, entity, {int(str(said.value))})
        if year is None and (default.cap_per_year or int(str(said.value)) not in default.years):
            return None
    if year is None and default.cap_per_year:
        year = _by_obligation(tx, reading, entity, set(default.years))
    cycle = desk.cycle_of_year(year) if year is not None else default
    if cycle is None or (cycle.cap_per_year and year is None):
        return None
    return Under(cycle, year if cycle.cap_per_year else None)


def _by_obligation(
    tx: Tx, reading: DocumentReading, entity: Entity | None, years: set[int]
) -> int | None:
    """The one year in which the obligation on record is the form's: evidence of its own."""
    said = reading.fields.get("obligation_t")
    if entity is None or said is None or not isinstance(said.value, int):
        return None
    same = {
        row.year
        for row in tx.registry.entities_like(entity)
        if row.year in years and row.obligation_t == said.value
    }
    return same.pop() if len(same) == 1 else None


def cases_at(desk: Desk, tx: Tx, identity: Identity, moment: datetime) -> list[CaseRow]:
    """The entity's cases of all years in the cycles that are at work at ``moment``."""
    return [row for cycle in desk.cycles_at(moment) for row in cases_in(tx, cycle, identity)]


def cases_in(tx: Tx, cycle: Cycle, identity: Identity) -> list[CaseRow]:
    """The entity's cases in a cycle: one, or one a year."""
    years = cycle.years if cycle.cap_per_year else (None,)
    found = (case_of(tx, cycle, identity.of(year)) for year in years)
    return [row for row in found if row is not None]


def chosen(tx: Tx, rows: list[CaseRow], quantity_t: int | None) -> CaseRow | None:
    """The one of an entity's cases that an amount belongs to; None where that is not clear.

    The only one; else the only one with a confirmed amount that is still outstanding; else the only
    one of which exactly this much is.
    """
    if len(rows) == 1:
        return rows[0]
    due = [(row, left) for row in rows if (left := _outstanding(tx.cases.state(row.case_no))) > 0]
    if len(due) > 1:
        due = [(row, left) for row, left in due if left == quantity_t]
    return due[0][0] if len(due) == 1 else None


def _outstanding(state: CaseState | None) -> int:
    """Confirmed tonnes of which no cancellation is known yet."""
    apps = state.confirmed if state else ()
    return sum(max(0, (app.amount_t or 0) - app.allotted_t) for app in apps)


def total_shown(reading: DocumentReading) -> int | None:
    """Tonnes of a screenshot's rows; None where one is not read."""
    amounts = [*_amounts(reading)]
    return None if None in amounts else sum(one for one in amounts if one is not None)


def _amounts(reading: DocumentReading) -> Iterable[int | None]:
    for record in reading.records:
        value = record.quantity_t.value if record.quantity_t else None
        yield value if isinstance(value, int) else None


def typed(text: str) -> tuple[str, int | None]:
    """What staff type for a case to be opened: the entity, or entity/year."""
    name, slash, year = text.strip().rpartition("/")
    if slash and year.isdigit() and len(year) == 4:
        return name.strip(), int(year)
    return text.strip(), None
