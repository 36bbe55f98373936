"""What the rules may ask of the registries' records, and the plain tables that answer it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from procedure import names
from procedure.registry import (
    Account,
    CancellationRecord,
    Entity,
    Holding,
    Project,
    RegistryKind,
)


class RegistryView(Protocol):
    """The imported records, whoever keeps them. None or empty where a record is not there."""

    def has(self, kind: RegistryKind) -> bool:
        """Whether this kind was ever imported: without it its checks do not run."""
        ...

    def complete_until(self, kind: RegistryKind) -> datetime | None:
        """Up to which moment (aware) its records are complete; None where nobody said."""
        ...

    def entity_by_uscc(self, uscc: str) -> Entity | None:
        """None for an empty code, whatever the records have."""
        ...

    def entity_by_name(self, name: str) -> Entity | None:
        """``name`` as printed; compared as `procedure.names` does; None for ""."""
        ...

    def account(self, account_no: str) -> Account | None: ...

    def accounts_of(self, entity: Entity) -> tuple[Account, ...]:
        """General holding accounts that belong to the entity, by credit code or name."""
        ...

    def holdings(self, account_no: str) -> tuple[Holding, ...]: ...

    def project(self, code: str) -> Project | None: ...

    def cancellations(self, account_no: str) -> tuple[CancellationRecord, ...]: ...


@dataclass(frozen=True)
class RegistryTables:
    """A `RegistryView` over plain rows; a kind that is None was never imported."""

    entities: Sequence[Entity] | None = None
    accounts: Sequence[Account] | None = None
    holding_rows: Sequence[Holding] | None = None
    projects: Sequence[Project] | None = None
    cancellation_rows: Sequence[CancellationRecord] | None = None
    cancellations_until: datetime | None = None
    """Up to which moment ``cancellation_rows`` are complete; None where nobody said."""

    def has(self, kind: RegistryKind) -> bool:
        rows = {
            "entities": self.entities,
            "accounts": self.accounts,
            "holdings": self.holding_rows,
            "projects": self.projects,
            "cancellations": self.cancellation_rows,
        }
        return rows.get(kind) is not None

    def complete_until(self, kind: RegistryKind) -> datetime | None:
        return self.cancellations_until if kind == "cancellations" else None

    def entity_by_uscc(self, uscc: str) -> Entity | None:
        return next((row for row in self.entities or () if uscc and row.uscc == uscc), None)

    def entity_by_name(self, name: str) -> Entity | None:
        return next((row for row in self.entities or () if names.same(row.name, name)), None)

    def account(self, account_no: str) -> Account | None:
        return next((row for row in self.accounts or () if row.account_no == account_no), None)

    def accounts_of(self, entity: Entity) -> tuple[Account, ...]:
        return tuple(row for row in self.accounts or () if owns(entity, row))

    def holdings(self, account_no: str) -> tuple[Holding, ...]:
        return tuple(row for row in self.holding_rows or () if row.account_no == account_no)

    def project(self, code: str) -> Project | None:
        return next((row for row in self.projects or () if row.code == code), None)

    def cancellations(self, account_no: str) -> tuple[CancellationRecord, ...]:
        rows = self.cancellation_rows or ()
        return tuple(row for row in rows if row.account_no == account_no)


def owns(entity: Entity, account: Account) -> bool:
    """Whether an account is the entity's: by number, credit code, or normalised name."""
    if entity.account_no and entity.account_no == account.account_no:
        return True
    if entity.uscc and account.owner_uscc:
        return entity.uscc == account.owner_uscc
    return names.same(entity.name, account.owner_name)
