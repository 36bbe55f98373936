"""What the registries hold of a case's entity, beside what its form says."""

from casework.desk import Desk
from casework.identity import owner_of
from casework.rights import require_case
from procedure.readings import Value
from store.rows import Person


def registry_values(desk: Desk, person: Person, case_no: str) -> dict[str, Value]:
    """Field → what the lists say, for fields that they hold; {} for an entity of no list.

    `NotAllowed` alike for a foreign and a missing case.
    """
    with desk.store.read() as tx:
        row = require_case(person, "look", tx.cases.row(case_no), case_no)
        entity = tx.registry.entity_by_uscc(row.uscc) or tx.registry.entity_by_name(row.entity_name)
        if entity is None or entity.province != row.province:
            return {}
        account = row.account_no
        owner = owner_of(tx, account)
        owned = owner is not None and owner.uscc == entity.uscc
        found: dict[str, Value] = {
            "enterprise_name": entity.name,
            "uscc": entity.uscc,
            "province": desk.province_name(entity.province),
            "obligation_t": entity.obligation_t,
            "account_no": entity.account_no or (account if owned else ""),
        }
        return {name: value for name, value in found.items() if value != ""}
