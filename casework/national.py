"""The day's cancellation records of all provinces in one file, for the registration body.

附件3 §2 step 6 copies each province's mail to CRC; this is the same in the form that its machines
read, a digest of its own: each record once, whatever the copies told.
"""

from datetime import datetime

from casework.daily import complete_until, rows_of
from casework.desk import Desk
from casework.progress import cancelled_t, finished
from casework.rounds import Cases, Slot
from procedure.events import Event
from procedure.facts import DailyRow, NationalRecords, ProvinceSum
from store import Tx


def records(
    desk: Desk, tx: Tx, slot: Slot, events: list[Event], cutoff: datetime, late: bool
) -> NationalRecords:
    """The snapshot at ``cutoff``, whenever it is made."""
    cases = Cases(tx, cutoff, events)
    rows = rows_of(desk, slot, cases)
    return NationalRecords(
        office=desk.office,
        period=slot.period(),
        rows=rows,
        provinces=tuple(_sum(desk, one, rows) for one in sorted(slot.provinces)),
        total_t=_total(rows),
        complete_until=complete_until(tx, slot, cutoff),
        snapshot_at=cutoff,
        late=late,
        deadline=slot.cycle.cancel_before,
        cumulative_t=sum(cancelled_t(state) for _, state in cases.states(slot)),
    )


def _sum(desk: Desk, prefix: str, rows: tuple[DailyRow, ...]) -> ProvinceSum:
    name = desk.province_name(prefix)
    own = tuple(row for row in rows if row.province == name)
    return ProvinceSum(name, len(own), _total(own))


def _total(rows: tuple[DailyRow, ...]) -> int:
    return sum(row.quantity_t for row in rows if finished(row.operation, row.status))
