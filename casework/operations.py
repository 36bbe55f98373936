"""Operations of the registries find their case: cancellations, credits, surrenders."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from casework.changes import Change
from casework.desk import Desk
from casework.following import match_again
from casework.identity import entity_key
from casework.labels import shown
from procedure import names
from procedure.events import (
    Actor,
    CancellationRecorded,
    Credited,
    Evidence,
    Payload,
    SurrenderRecorded,
)
from procedure.registry import CancellationRecord, Credit, Entity, RegistryRow, Surrender
from store import Tx
from store.rows import CaseRow


@dataclass
class Placed:
    """What became of an import's rows."""

    cases: set[str] = field(default_factory=set)
    new: int = 0
    unplaced: list[str] = field(default_factory=list)


def place(desk: Desk, tx: Tx, rows: Iterable[tuple[str, RegistryRow]], actor: Actor) -> Placed:
    """Each row becomes an event of its entity's case, once; then the cases are matched again."""
    placed = Placed()
    changes: dict[str, Change] = {}
    for row_id, row in rows:
        case_no = _case_of(desk, tx, row)
        if case_no is None:
            placed.unplaced.append(_said(row))
            continue
        change = changes.setdefault(case_no, Change(desk, tx, case_no))
        payload = _payload(row_id, row)
        if payload not in change.payloads():
            change.add(payload, actor, Evidence(registry_row=row_id))
            placed.new += 1
            placed.cases.add(case_no)
    for case_no in sorted(placed.cases):
        match_again(changes[case_no], actor)
    return placed


def _case_of(desk: Desk, tx: Tx, row: RegistryRow) -> str | None:
    """The entity's case; a cancellation of a known entity without one opens it.

    The daily records name every cancellation of a province, applied for or not.
    """
    cycle = desk.cycle_at(desk.now())
    account, code, name = _keys(tx, row)
    for text in (account, code, name):
        found = [one for one in _found(tx, text) if one.cycle == cycle.id]
        if len(found) == 1:
            return found[0].case_no
    entity = _entity(tx, code, name)
    if entity is None or entity.province not in desk.served:
        return None
    key = entity_key(entity, entity.uscc, entity.name)
    year = entity.year if cycle.cap_per_year else None
    return tx.cases.open(cycle.id, year, key, entity.name, entity.province)


def _keys(tx: Tx, row: RegistryRow) -> tuple[str, str, str]:
    """Account number, credit code and name, in order of trust."""
    account = getattr(row, "account_no", "")
    name = getattr(row, "account_name", "") or getattr(row, "entity_name", "")
    code = getattr(row, "uscc", "")
    owner = tx.registry.account(account)
    return account, code or (owner.owner_uscc if owner else ""), name


def _found(tx: Tx, text: str) -> list[CaseRow]:
    if not text:
        return []
    wanted = names.normalise(text)
    return [
        row
        for row in tx.cases.find(text, None, 50)
        if text in (row.account_no, row.uscc) or names.normalise(row.entity_name) == wanted
    ]


def _entity(tx: Tx, code: str, name: str) -> Entity | None:
    return tx.registry.entity_by_uscc(code) or tx.registry.entity_by_name(name)


def _payload(row_id: str, row: RegistryRow) -> Payload:
    if isinstance(row, CancellationRecord):
        return CancellationRecorded(
            row=row_id,
            account_no=row.account_no,
            account_name=row.account_name,
            project_code=row.project_code,
            project_name=row.project_name,
            quantity_t=row.quantity_t,
            operation=row.operation,
            status=row.status,
            time=row.time,
            serial=row.serial,
        )
    if isinstance(row, Credit):
        return Credited(row_id, row.quantity_t, row.time, row.account_no)
    if isinstance(row, Surrender):
        return SurrenderRecorded(row_id, row.quantity_t, row.status, row.time)
    raise TypeError(f"{type(row).__name__} is no operation")


def _said(row: RegistryRow) -> str:
    _account = getattr(row, "account_no", "")
    name = getattr(row, "account_name", "") or getattr(row, "entity_name", "")
    quantity = shown("quantity_t", getattr(row, "quantity_t", 0))
    return f"登记数据中的记录找不到对应单位或不属本系统服务省份：{name} {_account} {quantity}"
