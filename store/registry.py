"""Registry records as imported. Lists replace each other; operations only ever add up."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, delete, func, insert, or_, select

from procedure import names
from procedure.clock import Clock
from procedure.jsonable import dump, load
from procedure.registry import (
    ROWS,
    Account,
    CancellationRecord,
    Entity,
    Holding,
    Project,
    RegistryKind,
    RegistryRow,
)
from procedure.registryview import owns
from procedure.sameness import Operation, recognised
from store import tables as t
from store.dialect import upsert
from store.rows import ImportRow

R = TypeVar("R")
LISTS = frozenset({"entities", "accounts", "holdings", "projects"})
"""Kinds whose import is the whole truth of its moment; the others are operations."""
_r = t.registry_row.c


class Registry:
    """Registry records within one transaction. Fits `procedure.registryview.RegistryView`."""

    def __init__(
        self, connection: Connection, clock: Clock, years: frozenset[int] | None = None
    ) -> None:
        self._c = connection
        self._clock = clock
        self._years = years

    def of_years(self, years: Iterable[int]) -> "Registry":
        """The same records, of entities only the rows of these years or of none.

        Without it a list with a row a year gives an entity's first row.
        """
        return Registry(self._c, self._clock, frozenset(years))

    def begin_import(
        self, kind: RegistryKind, sha256: str, complete_until: datetime, actor: str
    ) -> str:
        """Id of a new import of a file."""
        order = int(
            self._c.execute(select(func.count()).select_from(t.registry_import)).scalar_one()
        )
        import_id = f"i{order + 1:06d}"
        row = {
            "id": import_id, "kind": kind, "sha256": sha256, "complete_until": complete_until,
            "at": self._clock.now(), "actor": actor, "rows": 0,
        }  # fmt: skip
        self._c.execute(insert(t.registry_import).values(**row))
        return import_id

    def replace(
        self, kind: RegistryKind, rows: Sequence[tuple[str, RegistryRow]], import_id: str
    ) -> None:
        """Keep the rows of an import, as `identified` gave them.

        Lists (entities, accounts, holdings, projects) replace what was there. Operations
        (cancellations, credits, surrenders) are added or brought up to date; none is deleted.
        """
        if kind in LISTS:
            self._c.execute(delete(t.registry_row).where(_r.kind == kind))
        kept = [
            {
                "kind": kind, "row_id": row_id, "import_id": import_id, "ordinal": ordinal,
                "data": dump(row), **_keys(row),
            }
            for ordinal, (row_id, row) in enumerate(rows)
        ]  # fmt: skip
        upsert(self._c, t.registry_row, *kept)
        table = t.registry_import
        self._c.execute(table.update().where(table.c.id == import_id).values(rows=len(rows)))

    def identified(
        self, kind: RegistryKind, rows: Sequence[RegistryRow]
    ) -> list[tuple[str, RegistryRow]]:
        """Rows of a file with their ids, the same at every import of the same operation.

        The registry's own number where it gives one, else all cells but the status, which
        changes; two operations alike in every cell are told apart by their order. An operation
        that was imported from a file with other columns keeps the id that it has.
        """
        own = list(zip(_row_ids(kind, rows), rows, strict=True))
        if kind in LISTS:
            return own
        known = cast("dict[str, Operation]", dict(self._with_ids(kind, ROWS[kind])))
        return list(recognised(cast("list[tuple[str, Operation]]", own), known))

    def row_ids(self, kind: RegistryKind) -> set[str]:
        """Ids of all rows of a kind."""
        return set(self._c.execute(select(_r.row_id).where(_r.kind == kind)).scalars())

    def has(self, kind: RegistryKind) -> bool:
        """Whether this kind was ever imported."""
        query = select(t.registry_import.c.id).where(t.registry_import.c.kind == kind).limit(1)
        return self._c.execute(query).first() is not None

    def complete_until(self, kind: RegistryKind) -> datetime | None:
        """Up to which moment the records of this kind are complete; None before any import."""
        i = t.registry_import.c
        query = select(i.complete_until).where(i.kind == kind)
        return self._c.execute(query.order_by(i.complete_until.desc()).limit(1)).scalar()

    def imports(self) -> list[ImportRow]:
        """All imports, in their order."""
        query = select(t.registry_import).order_by(t.registry_import.c.id)
        return [ImportRow(**row) for row in self._c.execute(query).mappings()]

    def imported(self, kind: RegistryKind, sha256: str) -> ImportRow | None:
        """The latest import of this kind where it was this very file, else None."""
        latest = [row for row in self.imports() if row.kind == kind][-1:]
        return latest[0] if latest and latest[0].sha256 == sha256 else None

    def entities(self) -> list[Entity]:
        """All entities."""
        return self._rows("entities", Entity)

    def provinces(self) -> dict[str, str]:
        """Mail address, lower case → province of the entity that the list names it of.

        Of thousands, and often: nothing else of the rows is made into objects.
        """
        rows = self._c.execute(select(_r.data).where(_r.kind == "entities")).scalars()
        return {
            str(address).lower(): str(row["province"]) for row in rows for address in row["emails"]
        }

    def entity_by_uscc(self, uscc: str) -> Entity | None:
        """An entity by its credit code."""
        return self._entity(_r.code == uscc) if uscc else None

    def entity_by_name(self, name: str) -> Entity | None:
        """An entity by its name, normalised or as printed."""
        wanted = names.normalise(name)[:300]
        return self._entity(_r.name == wanted) if wanted else None

    def entities_like(self, entity: Entity) -> list[Entity]:
        """All rows of an entity, one a year where the list has them."""
        name = names.normalise(entity.name)[:300]
        same = _r.code == entity.uscc if entity.uscc else _r.name == name
        return self._rows("entities", Entity, same)

    def _entity(self, where: Any) -> Entity | None:
        """Of the years asked for, else of no year; a row of another year only where none are."""
        found = self._rows("entities", Entity, where)
        if self._years is None:
            return next(iter(found), None)
        fits = [one for one in found if one.year is None or one.year in self._years]
        return min(fits, key=lambda one: one.year is None, default=None)

    def entities_of_address(self, address: str) -> list[Entity]:
        """Entities that the list names this mail address of (lower case)."""
        wanted = _r.data["emails"].as_string().icontains(json.dumps(address), autoescape=True)
        found = self._rows("entities", Entity, wanted) if address else []
        return [entity for entity in found if address in entity.emails]

    def entity_of_account(self, account_no: str) -> Entity | None:
        """The entity that the list names this account of."""
        if not account_no:
            return None
        return self._entity(_r.account_no == account_no)

    def serials_used(self, serials: Sequence[str], but_account: str) -> tuple[str, ...]:
        """Those of the serial texts that operations on other accounts have."""
        if not serials:
            return ()
        serial = _r.data["serial"].as_string()
        query = select(serial).where(
            _r.kind == "cancellations", _r.account_no != but_account, serial.in_(sorted(serials))
        )
        return tuple(sorted(set(self._c.execute(query).scalars())))

    def account(self, account_no: str) -> Account | None:
        """An account by its number."""
        return self._first("accounts", Account, _r.account_no == account_no) if account_no else None

    def accounts_of(self, entity: Entity) -> tuple[Account, ...]:
        """Accounts that belong to the entity, by number, credit code or name."""
        same = [_r.name == names.normalise(entity.name)[:300]]
        same += [_r.account_no == entity.account_no] if entity.account_no else []
        same += [_r.code == entity.uscc] if entity.uscc else []
        found = self._rows("accounts", Account, or_(*same))
        return tuple(row for row in found if owns(entity, row))

    def holdings(self, account_no: str) -> tuple[Holding, ...]:
        """What an account holds."""
        return tuple(self._rows("holdings", Holding, _r.account_no == account_no))

    def project(self, code: str) -> Project | None:
        """A project by its number."""
        return self._first("projects", Project, _r.code == code) if code else None

    def cancellations(self, account_no: str) -> tuple[CancellationRecord, ...]:
        """Operations on an account."""
        found = self._rows("cancellations", CancellationRecord, _r.account_no == account_no)
        return tuple(found)

    def all_cancellations(self) -> list[tuple[str, CancellationRecord]]:
        """Every operation with its row id."""
        return self._with_ids("cancellations", CancellationRecord)

    def _rows(self, kind: RegistryKind, cls: type[R], *where: Any) -> list[R]:
        query = select(_r.data).where(_r.kind == kind, *where).order_by(_r.ordinal, _r.row_id)
        return [load(cls, data) for data in self._c.execute(query).scalars()]

    def _first(self, kind: RegistryKind, cls: type[R], *where: Any) -> R | None:
        query = select(_r.data).where(_r.kind == kind, *where).order_by(_r.ordinal).limit(1)
        data = self._c.execute(query).scalar()
        return None if data is None else load(cls, data)

    def _with_ids(self, kind: RegistryKind, cls: type[R]) -> list[tuple[str, R]]:
        query = select(_r.row_id, _r.data).where(_r.kind == kind).order_by(_r.ordinal, _r.row_id)
        return [(row_id, load(cls, data)) for row_id, data in self._c.execute(query)]


def _row_ids(kind: RegistryKind, rows: Sequence[RegistryRow]) -> list[str]:
    seen: dict[str, int] = {}
    ids = []
    for row in rows:
        key = _identity(kind, row)
        seen[key] = seen.get(key, 0) + 1
        ids.append(hashlib.sha256(f"{kind}\n{key}\n{seen[key]}".encode()).hexdigest()[:24])
    return ids


def _identity(kind: RegistryKind, row: RegistryRow) -> str:
    data = dump(row)
    if reference := data.get("reference"):
        return str(reference)
    if kind not in LISTS:
        data.pop("status", None)
    return json.dumps(data, sort_keys=True, ensure_ascii=False)


def _keys(row: RegistryRow) -> dict[str, str]:
    code = getattr(row, "uscc", "") or getattr(row, "code", "") or getattr(row, "owner_uscc", "")
    name = next((getattr(row, f) for f in _NAMES if hasattr(row, f)), "")
    account = getattr(row, "account_no", "")
    return {"code": code[:80], "name": names.normalise(name)[:300], "account_no": account[:80]}


_NAMES = ("name", "entity_name", "account_name", "owner_name")
assert set(ROWS) >= LISTS  # noqa: S101 - the kinds are spelt in two places
