"""The daily records: what the registry cancelled for a province's entities (附件3 §2 step 6)."""

from datetime import datetime

from casework.desk import Desk
from casework.progress import Tally, finished
from casework.rounds import Cases, Numbers, Slot, numbers, waiting
from procedure.events import CancellationRecorded, Event
from procedure.facts import DailyRecords, DailyRow
from procedure.language import THEN, joined
from procedure.packed import Packed
from procedure.timetable import daily_rounds
from store import Tx

KINDS = ("cancellation-recorded",)


def selected(tx: Tx, slot: Slot, cutoff: datetime) -> Numbers:
    """Records that no digest holds; those later than the day's query belong to the next day."""
    found = tx.cases.numbered(waiting(tx, slot, KINDS, cutoff))
    return numbers(event.seq for event in found if _in_time(event, slot))


def _in_time(event: Event, slot: Slot) -> bool:
    moment = _record(event).time
    return moment is None or moment <= slot.round.due


def _record(event: Event) -> CancellationRecorded:
    if not isinstance(event.payload, CancellationRecorded):
        raise TypeError(f"{event.kind} is no cancellation record")
    return event.payload


def records(
    desk: Desk, tx: Tx, slot: Slot, events: Numbers, cutoff: datetime, late: bool
) -> DailyRecords:
    """The snapshot at ``cutoff``, whenever it is made."""
    cases = Cases(tx, cutoff, events)
    tally = Tally(cases.states(slot))
    rows = rows_of(desk, slot, cases)
    return DailyRecords(
        office=desk.office,
        period=slot.period(),
        province=desk.province_name(slot.province),
        authority=desk.province(slot.province).authority,
        rows=rows,
        total_t=sum(row.quantity_t for row in rows if finished(row.operation, row.status)),
        complete_until=complete_until(tx, slot, cutoff),
        snapshot_at=cutoff,
        late=late,
        deadline=slot.cycle.cancel_before,
        cumulative_t=tally.cancelled,
        waiting=tally.waiting,
        waiting_more=tally.waiting_more,
        progress=tally.progress(slot.cycle, cutoff),
    )


def complete_until(tx: Tx, slot: Slot, cutoff: datetime) -> datetime:
    """Up to when the imports before ``cutoff`` say that they are complete."""
    known = [
        row.complete_until
        for row in tx.registry.imports()
        if row.kind == "cancellations" and row.at <= cutoff
    ]
    return max(known, default=slot.round.due)


def rows_of(desk: Desk, slot: Slot, cases: Cases) -> Packed[DailyRow]:
    """A row for each record, in the order in which they came to be known."""
    rows = (_row(desk, slot, cases, event) for some in cases.windows() for event in some)
    return Packed.of(DailyRow, rows)


def _row(desk: Desk, slot: Slot, cases: Cases, event: Event) -> DailyRow:
    record = _record(event)
    history = cases.history(event.case_no)
    return DailyRow(
        event_seq=event.seq,
        change=_change(slot, history, event),
        account_name=record.account_name,
        account_no=record.account_no,
        project_code=record.project_code,
        project_name=record.project_name,
        quantity_t=record.quantity_t,
        operation=record.operation,
        status=record.status,
        time=record.time,
        serial=record.serial,
        case_no=event.case_no,
        province=desk.province_name(_province(slot, cases, event)),
        findings=_findings(cases, event),
        record=record.row,
    )


def _province(slot: Slot, cases: Cases, event: Event) -> str:
    """The case's own, where the digest tells of several."""
    row = cases.row(event.case_no) if slot.all else None
    return row.province if row else slot.province


def _change(slot: Slot, history: list[Event], event: Event) -> str:
    """新增; 更正 of a record told before; 补充 for a day whose digest went out without it."""
    record = _record(event)
    if any(
        isinstance(one.payload, CancellationRecorded) and one.payload.row == record.row
        for one in history
        if one.seq < event.seq
    ):
        return "更正"
    rounds = daily_rounds(slot.cycle)
    before = [one.due for one in rounds if one.due < slot.round.due]
    late = record.time is not None and bool(before) and record.time <= before[-1]
    return "补充" if late else "新增"


def _findings(cases: Cases, event: Event) -> str:
    """What the matching says of this record; of the applications with the case's last one."""
    state, row = cases.told(event.case_no), _record(event).row
    rows = {one.row for one in state.cancellations}
    last = _is_last(cases, event)
    messages = [
        one.message
        for one in state.match_findings
        if one.found == row or (last and one.found not in rows)
    ]
    return joined(messages, THEN) if messages else ""


def _is_last(cases: Cases, event: Event) -> bool:
    """Whether the digest tells of no later record of the case."""
    history = cases.history(event.case_no)
    return not any(one.seq > event.seq and cases.tells(one.seq) for one in history)
