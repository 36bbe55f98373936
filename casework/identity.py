"""Which entity a document speaks of, and which case that is.

Keys in order of trust: account number, credit code, normalised name. A value that was read with
doubt but equals a registry record is as good as an accepted one: the record is independent of it.
"""

from dataclasses import dataclass, replace

from casework.desk import Desk
from procedure import names, uscc
from procedure.cycle import Cycle
from procedure.provinces import Province
from procedure.readings import DocumentReading, Reading
from procedure.registry import Entity
from store import Tx
from store.rows import CaseRow

BY_NAME = "name:"
"""Begins the key of an entity whose credit code is not known."""


@dataclass(frozen=True)
class Identity:
    """An entity as far as it is known. ``key`` finds its case."""

    key: str
    name: str
    province: str
    """Prefix of the province that serves it here; "" where none does."""
    entity: Entity | None = None
    year: int | None = None
    """Of the case that is meant, where the cycle's cap is per year."""
    elsewhere: Province | None = None
    """The province that the registry or the form names, where it is not served here."""

    def of(self, year: int | None) -> "Identity":
        """The same entity, meant for the case of this year."""
        return replace(self, year=year)


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
    named = _named(desk, entity, reading)
    province = _province(desk, named, code)
    elsewhere = named if named and not province else None
    return Identity(key, entity.name if entity else name, province, entity, elsewhere=elsewhere)


def _registered(tx: Tx, code: str, name: str) -> Entity | None:
    """By code first: a code's check character cannot turn into another entity's by one slip."""
    found = tx.registry.entity_by_uscc(code) if uscc.is_valid(code) else None
    if found is None and name:
        found = tx.registry.entity_by_name(names.normalise(name))
    return found


def entity_key(entity: Entity | None, code: str, name: str) -> str:
    """The credit code where it is known, else the normalised name."""
    if entity is not None:
        return entity.uscc or f"{BY_NAME}{names.normalise(entity.name)}"
    if uscc.is_valid(code):
        return code
    return f"{BY_NAME}{names.normalise(name)}" if names.normalise(name) else ""


def _named(desk: Desk, entity: Entity | None, reading: DocumentReading) -> Province | None:
    """The registry's province, else the form's."""
    listed = desk.provinces.by_prefix(entity.province) if entity else None
    return listed or desk.provinces.find(text_of(reading.fields.get("province")))


def _province(desk: Desk, named: Province | None, code: str) -> str:
    """The named one, else what the code's area digits hint at.

    An installation of one province takes the forms of strangers too: its staff return them
    (finding ``entity-province``). One of several cannot tell whose desk it would be.
    """
    known = named or desk.provinces.by_prefix(code[2:4])
    if known is not None and known.prefix in desk.served:
        return known.prefix
    return next(iter(desk.served)) if len(desk.served) == 1 else ""


def case_of(tx: Tx, cycle: Cycle, identity: Identity) -> CaseRow | None:
    """The entity's case: by its key, else by its name where one of the two knows no code.

    A form that names no code and a later one that does speak of one entity: two cases would have
    a cap each (trap 4).
    """
    year = year_of(cycle, identity)
    if found := tx.cases.by_entity(cycle.id, year, identity.key):
        return found
    named = [row for row in tx.cases.by_name(cycle.id, identity.name) if row.year == year]
    if identity.key.startswith(BY_NAME):
        return named[0] if len(named) == 1 else None
    return next((row for row in named if row.entity_key.startswith(BY_NAME)), None)


def open_case(tx: Tx, cycle: Cycle, identity: Identity) -> str:
    """Number of the entity's case, opened where there is none; it takes the better key."""
    found = case_of(tx, cycle, identity)
    if found is None:
        year = year_of(cycle, identity)
        return tx.cases.open(cycle.id, year, identity.key, identity.name, identity.province)
    if found.entity_key.startswith(BY_NAME) and identity.key != found.entity_key:
        tx.cases.rekey(found.case_no, identity.key, identity.name)
    return found.case_no


def year_of(cycle: Cycle, identity: Identity) -> int | None:
    """The year that the case is of, where the cap is per year (trap 7)."""
    return identity.year if cycle.cap_per_year else None


def of_entity(entity: Entity) -> Identity:
    """A registered entity."""
    return Identity(entity_key(entity, "", ""), entity.name, entity.province, entity)


def owner_of(tx: Tx, account: str) -> Entity | None:
    """The registered entity that the registry says owns the account."""
    record = tx.registry.account(account) if account else None
    if record is None:
        return tx.registry.entity_of_account(account)
    return tx.registry.entity_by_uscc(record.owner_uscc) or tx.registry.entity_by_name(
        record.owner_name
    )
