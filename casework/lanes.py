"""In whose turn a mail is served: lanes, one a province, so that none waits for another's flood.

A mail is read only when its turn has come, so the lane is told by its envelope alone: the entity,
or the province's own mailbox, that the address is known to be. Who is nobody known shares one lane
with all others like him. It is a matter of order, never of rights.
"""

from casework.desk import Desk
from store import Tx

NOBODY_KNOWN = "00"
FEW = 2
"""With fewer waiting there is no order to keep."""


def sort_waiting(desk: Desk, limit: int = 1000) -> int:
    """Put mails that wait into their lanes, the oldest first; how many."""
    with desk.store.read() as tx:
        waiting = tx.messages.unsorted(limit)
        if not waiting or len(tx.messages.unfinished(desk.now(), FEW)) < FEW:
            return 0
        known = _provinces(desk, tx)
    lanes = {key: known.get(sender, NOBODY_KNOWN) for key, sender in waiting.items()}
    with desk.store.write(beside=True) as tx:
        tx.messages.sort(lanes)
    return len(lanes)


def _provinces(desk: Desk, tx: Tx) -> dict[str, str]:
    """Address, lower case → province."""
    own = {address.lower(): province for province, address in desk.province_mailboxes.items()}
    return tx.registry.provinces() | own
