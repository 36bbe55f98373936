"""Which case a cancellation screenshot belongs to."""

from dataclasses import dataclass
from datetime import datetime

from casework.desk import Desk
from casework.identity import of_entity, owner_of, text_of
from casework.years import cases_in, chosen, total_shown
from procedure import names
from procedure.cycle import Cycle
from procedure.matching import rows_shown
from procedure.readings import DocumentReading
from procedure.registry import Entity
from store import Tx
from store.rows import CaseRow


def case_of_proof(
    desk: Desk, tx: Tx, moment: datetime, reading: DocumentReading, own: str
) -> CaseRow | None:
    """The case a cancellation proof belongs to, None where it is not beyond doubt.

    Account and name must not speak of two firms: an account misread is another firm's. ``own`` is
    the address the mail came from: where the paper itself could not be read, the only case of
    that address will do. ``moment``: when the mail came.
    """
    asked = _Asked(desk, tx, desk.cycles_at(moment), reading)
    account = text_of(reading.fields.get("account_no"))
    name = text_of(reading.fields.get("account_name"))
    if not account and not name:
        return _of_address(asked, own)
    by_name = _only(asked, _by_name(asked, name)) if name else None
    by_account = _only(asked, _by_account(asked, account)) if account else None
    if by_name and by_account:
        return by_name if by_name.case_no == by_account.case_no else None
    if by_account and name and names.similarity(name, by_account.entity_name) < ALIKE:
        return None
    return by_name or by_account


ALIKE = 0.6
"""Least likeness of a name as read to the case's for the account to decide."""


@dataclass(frozen=True)
class _Asked:
    """Where a screenshot's case is looked for, and what it shows."""

    desk: Desk
    tx: Tx
    cycles: list[Cycle]
    reading: DocumentReading


def _by_name(asked: _Asked, name: str) -> list[CaseRow]:
    entity = asked.tx.registry.entity_by_name(name)
    found = _of_entity(asked, entity) if entity else []
    return found or [row for c in asked.cycles for row in asked.tx.cases.by_name(c.id, name)]


def _by_account(asked: _Asked, account: str) -> list[CaseRow]:
    """By the registry's owner of the account; by what forms claim only where it knows none."""
    cases, registry = asked.tx.cases, asked.tx.registry
    owner = owner_of(asked.tx, account)
    if owner is not None:
        return _of_entity(asked, owner)
    record = registry.account(account)
    if record is None:
        return [row for c in asked.cycles for row in cases.by_account(c.id, account)]
    found = [row for c in asked.cycles for row in cases.by_uscc(c.id, record.owner_uscc)]
    return found or [row for c in asked.cycles for row in cases.by_name(c.id, record.owner_name)]


def _of_entity(asked: _Asked, entity: Entity) -> list[CaseRow]:
    return [row for c in asked.cycles for row in cases_in(asked.tx, c, of_entity(entity))]


def _of_address(asked: _Asked, address: str) -> CaseRow | None:
    entities = asked.tx.registry.entities_of_address(address)
    each = {one.uscc or one.name: one for one in entities}
    return _only(asked, [row for one in each.values() for row in _of_entity(asked, one)])


def _only(asked: _Asked, rows: list[CaseRow]) -> CaseRow | None:
    """The only one; of one entity's several cases that whose records it shows, or that waits."""
    if len({(row.entity_key, row.entity_name) for row in rows}) > 1:
        return None
    shown = [row for row in rows if _shows(asked, row)] if len(rows) > 1 else []
    return shown[0] if len(shown) == 1 else chosen(asked.tx, rows, total_shown(asked.reading))


def _shows(asked: _Asked, row: CaseRow) -> bool:
    state = asked.tx.cases.state(row.case_no)
    return bool(state and rows_shown(asked.reading, state.cancellations))
