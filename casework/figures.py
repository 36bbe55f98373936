"""What only the rules can count: digests that are due or late, readings that were wrong."""

from dataclasses import dataclass
from datetime import datetime

from casework.desk import Desk
from casework.rounds import slots
from procedure.events import ApplicationFiled, Event, FieldCorrected
from procedure.readings import DocumentReading, Reading
from store import Store


@dataclass(frozen=True)
class Owed:
    """Digests whose time has come and that are not there."""

    due: int
    late: int
    """Of these, those past the margin: held for want of an import, or nothing makes them."""


def owed(desk: Desk, now: datetime) -> Owed:
    """Digests that are due and not there yet. Nil reports that are not wanted do not count."""
    with desk.store.read() as tx:
        there = tx.digests.made()
        held = {one.message_id for one in tx.tray.open_items() if one.reason == "digest-held"}
    missing = [slot for slot in slots(desk, now) if slot.key not in there]
    fresh = [slot for slot in missing if not desk.is_late(slot.round.due, now)]
    # What is past its time and held by nothing was found empty, and no nil report was wanted.
    return Owed(due=len(fresh) + len(held), late=len(held))


def corrected_after_acceptance(store: Store) -> int:
    """Readings that were accepted and that a person later found wrong: the worst bug there is."""
    with store.read() as tx:
        cases = tx.cases.cases_with("field-corrected")
        return sum(_wrong(tx.cases.events(case_no)) for case_no in cases)


def _wrong(events: list[Event]) -> int:
    papers: dict[int, DocumentReading] = {}
    wrong: set[tuple[int, int, str, int | None]] = set()
    for event in events:
        match event.payload:
            case ApplicationFiled(application=number, reading=reading):
                papers[number] = reading
            case FieldCorrected(application=number, field=field, row=row, old=old, new=new):
                paper = papers.get(number)
                if paper and old != new and (one := _reading(paper, field, row)) and one.accepted:
                    wrong.add((number, id(paper), field, row))
    return len(wrong)


def _reading(paper: DocumentReading, field: str, row: int | None) -> Reading | None:
    if row is None:
        return paper.fields.get(field)
    if not 0 <= row < len(paper.projects):
        return None
    found: Reading | None = getattr(paper.projects[row], field, None)
    return found
