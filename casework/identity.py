"""Which entity a document speaks of, and which case that is.

Keys in order of trust: account number, credit code, normalised name. A value that was read with
doubt but equals a registry record is as good as an accepted one: the record is independent of it.
"""

from dataclasses import dataclass

from casework.desk import Desk
from procedure import names, uscc
from procedure.cycle import Cycle
from procedure.readings import DocumentReading, Reading
from procedure.registry import Entity
from store import Tx
from store.rows import CaseRow


@dataclass(frozen=True)
class Identity:
    """An entity as far as it is known. ``key`` finds its case."""

    key: str
    name: str
    province: str
    """Prefix of the province that serves it here; "" where none does."""
    entity: Entity | None = None


def text_of(reading: Reading | None) -> str:
    """The value of a text field, "" where it is absent or was not read."""
    return str(reading.value) if reading is not None and reading.value is not None else ""


def identify(desk: Desk, tx: Tx, reading: DocumentReading) -> Identity | None:
    """The entity of an application form; None where neither code nor name could be read."""
    code = uscc.normalise(text_of(reading.fields.get("uscc")))
    name = text_of(reading.fields.get("enterprise_name"))
    entity = _registered(tx, code, name)
    key = entity_key(entity, code, name)
    if not key:
        return None
    province = _province(desk, entity, reading, code)
    return Identity(key, entity.name if entity else name, province, entity)


def _registered(tx: Tx, code: str, name: str) -> Entity | None:
    """By code first: a code's check character cannot turn into another entity's by one slip."""
    found = tx.registry.entity_by_uscc(code) if uscc.is_valid(code) else None
    if found is None and name:
        found = tx.registry.entity_by_name(names.normalise(name))
    return found


def entity_key(entity: Entity | None, code: str, name: str) -> str:
    """The credit code where it is known, else the normalised name."""
    if entity is not None:
        return entity.uscc or f"name:{names.normalise(entity.name)}"
    if uscc.is_valid(code):
        return code
    return f"name:{names.normalise(name)}" if names.normalise(name) else ""


def _province(desk: Desk, entity: Entity | None, reading: DocumentReading, code: str) -> str:
    """The registry's, else the form's, else what the code's area digits hint at.

    An installation of one province takes the forms of strangers too: its staff return them
    (finding ``entity-province``). One of several cannot tell whose desk it would be.
    """
    named = desk.provinces.find(text_of(reading.fields.get("province")))
    candidates = [entity.province if entity else "", named.prefix if named else "", code[2:4]]
    known = next((p for p in candidates if p and desk.provinces.by_prefix(p)), "")
    if known in desk.served:
        return known
    return next(iter(desk.served)) if len(desk.served) == 1 else ""


def case_of_proof(
    desk: Desk, tx: Tx, cycle: Cycle, reading: DocumentReading, own: str
) -> CaseRow | None:
    """The case a cancellation proof belongs to, None where it is not beyond doubt.

    ``own`` is the address the mail came from: where the paper itself could not be read, the only
    case of that address will do.
    """
    account = text_of(reading.fields.get("account_no"))
    name = text_of(reading.fields.get("account_name"))
    for text in (account, *_codes(tx, account, name), name):
        found = _exact(tx, text, cycle) if text else []
        if len(found) == 1:
            return found[0]
    return _of_address(tx, cycle, own) if not account and not name else None


def _codes(tx: Tx, account: str, name: str) -> tuple[str, ...]:
    """Credit codes that the registry has for the account or the name."""
    found = tx.registry.account(account) if account else None
    entity = tx.registry.entity_by_name(names.normalise(name)) if name else None
    codes = (found.owner_uscc if found else "", entity.uscc if entity else "")
    return tuple(code for code in codes if code)


def _exact(tx: Tx, text: str, cycle: Cycle) -> list[CaseRow]:
    """Cases of the cycle with exactly this account, credit code or normalised name."""
    wanted = names.normalise(text)
    return [
        row
        for row in tx.cases.find(text, None, 50)
        if row.cycle == cycle.id
        and (text in (row.account_no, row.uscc) or names.normalise(row.entity_name) == wanted)
    ]


def _of_address(tx: Tx, cycle: Cycle, address: str) -> CaseRow | None:
    found = [
        row
        for entity in tx.registry.entities()
        if address in entity.emails
        for row in _exact(tx, entity.uscc, cycle)
    ]
    return found[0] if len(found) == 1 else None
