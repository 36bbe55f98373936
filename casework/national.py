"""The day's cancellation records of all provinces in one file, for the registration body.

附件3 §2 step 6 copies each province's mail to CRC; this is the same in the form that its machines
read, a digest of its own: each record once, whatever the copies told.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from casework.daily import complete_until, rows_of
from casework.desk import Desk
from casework.progress import cancelled_t, finished
from casework.rounds import Cases, Numbers, Slot
from procedure.facts import DailyRow, NationalRecords, ProvinceSum
from store import Tx


def records(
    desk: Desk, tx: Tx, slot: Slot, events: Numbers, cutoff: datetime, late: bool
) -> NationalRecords:
    """The snapshot at ``cutoff``, whenever it is made."""
    cases = Cases(tx, cutoff, events)
    rows = rows_of(desk, slot, cases)
    sums = _sums(desk, slot, rows)
    return NationalRecords(
        office=desk.office,
        period=slot.period(),
        rows=rows,
        provinces=sums,
        total_t=sum(one.total_t for one in sums),
        complete_until=complete_until(tx, slot, cutoff),
        snapshot_at=cutoff,
        late=late,
        deadline=slot.cycle.cancel_before,
        cumulative_t=sum(cancelled_t(state) for _, state in cases.states(slot)),
    )


def _sums(desk: Desk, slot: Slot, rows: Iterable[DailyRow]) -> tuple[ProvinceSum, ...]:
    records: Counter[str] = Counter()
    tonnes: Counter[str] = Counter()
    for row in rows:
        records[row.province] += 1
        tonnes[row.province] += row.quantity_t if finished(row.operation, row.status) else 0
    names = [desk.province_name(one) for one in sorted(slot.provinces)]
    return tuple(ProvinceSum(name, records[name], tonnes[name]) for name in names)
