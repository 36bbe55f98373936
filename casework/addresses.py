"""Whose address is it: a case's data goes to the entity's own addresses only (trap 9)."""

from collections.abc import Iterable
from dataclasses import dataclass

from casework.changes import Change
from casework.desk import Desk
from procedure.case import Version
from procedure.events import ApplicationFiled, Confirmed, Event, ProofFiled, Reassigned
from procedure.facts import Thread
from procedure.registry import Entity
from store import Tx
from store.rows import CaseRow


@dataclass(frozen=True)
class Applicant:
    """Where an application came from, and the mail to thread answers on."""

    address: str
    thread: Thread


def own_of(registered: Iterable[str], events: Iterable[Event]) -> frozenset[str]:
    """The addresses known to be the entity's own, lower case.

    The registered ones; the senders of applications that the province confirmed; and, where the
    registry names no address, whoever applied first. Anyone can send a form in another's name, so
    sending one proves nothing where the registry knows better.
    """
    known = {address.lower() for address in registered}
    filed: dict[tuple[int, int], str] = {}
    for event in events:
        payload = event.payload
        if isinstance(payload, ApplicationFiled):
            filed[payload.application, payload.version] = payload.reply_to.lower()
            if not known and payload.reply_to:
                known.add(payload.reply_to.lower())
        elif isinstance(payload, Reassigned):
            moved = max((one for one in filed if one[0] == payload.application), default=(0, 0))
            filed[payload.to_application, payload.to_version] = filed.pop(moved, "")
        elif isinstance(payload, Confirmed):
            known.add(filed.get((payload.application, payload.version), ""))
    return frozenset(known - {""})


def entity_of(tx: Tx, row: CaseRow) -> Entity | None:
    """The registry's record of a case's entity."""
    return tx.registry.entity_by_uscc(row.uscc or row.entity_key) or tx.registry.entity_by_name(
        row.entity_key.removeprefix("name:")
    )


def own_addresses(tx: Tx, row: CaseRow, events: Iterable[Event]) -> frozenset[str]:
    """`own_of` with the case's registered addresses."""
    entity = entity_of(tx, row)
    return own_of(entity.emails if entity else (), events)


def cases_of_address(desk: Desk, tx: Tx, address: str) -> list[CaseRow]:
    """The active cases whose own address this is, by number."""
    entities = tx.registry.entities_of_address(address)
    codes = (row for one in entities for cycle in desk.active for row in _cases(tx, cycle, one))
    candidates = {row.case_no: row for row in (*codes, *tx.cases.naming(address))}
    return [
        row
        for _, row in sorted(candidates.items())
        if row.cycle in desk.active
        and row.province in desk.served
        and address in own_addresses(tx, row, tx.cases.events(row.case_no))
    ]


def _cases(tx: Tx, cycle: str, entity: Entity) -> list[CaseRow]:
    return tx.cases.by_uscc(cycle, entity.uscc) or tx.cases.by_name(cycle, entity.name)


def applicant_of(change: Change, application: int) -> Applicant:
    """Who sent the application's latest version, also where staff made it of another one."""
    app = change.state.application(application)
    if app is None:
        return Applicant("", Thread())
    return Applicant(app.current.reply_to.lower(), thread_of(app.current))


def thread_of(sent: Version | ProofFiled) -> Thread:
    """An answer to the applicant's mail."""
    if not sent.rfc_message_id:
        return Thread(subject=sent.subject)
    return Thread(sent.rfc_message_id, (sent.rfc_message_id,), sent.subject)


def writable(desk: Desk, addresses: Iterable[str]) -> tuple[str, ...]:
    """Addresses that a letter may go to, each once, in a fixed order; never our own."""
    return tuple(sorted({a for a in addresses if a and not desk.is_own(a)}))
