"""Operations of the registries find their case: cancellations, credits, surrenders."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from casework.changes import Change
from casework.desk import Desk
from casework.following import match_again
from casework.identity import of_entity, open_case, owner_of
from casework.labels import shown
from casework.years import cases_at, chosen
from procedure.events import (
    Actor,
    CancellationRecorded,
    Credited,
    Evidence,
    Payload,
    SurrenderRecorded,
)
from procedure.language import _
from procedure.registry import CancellationRecord, Credit, Entity, RegistryRow, Surrender
from store import Tx

OPERATIONS = (CancellationRecorded, Credited, SurrenderRecorded)


@dataclass
class Placed:
    """What became of an import's rows."""

    cases: set[str] = field(default_factory=set)
    new: int = 0
    unplaced: list[str] = field(default_factory=list)


def place(desk: Desk, tx: Tx, rows: Iterable[tuple[str, RegistryRow]], actor: Actor) -> Placed:
    """Each row becomes an event of its entity's case, once; then the cases are matched again.

    Of a row that came before only the latest word counts: a new event where it says another.
    """
    placed = Placed()
    changes: dict[str, Change] = {}
    for row_id, row in rows:
        case_no = _case_of(desk, tx, row_id, row)
        if case_no is None:
            placed.unplaced.append(said(row))
            continue
        change = changes.setdefault(case_no, Change(desk, tx, case_no))
        payload = _payload(row_id, row)
        if payload != _latest(change, row_id):
            change.add(payload, actor, Evidence(registry_row=row_id))
            placed.new += 1
            placed.cases.add(case_no)
    for case_no in sorted(placed.cases):
        match_again(changes[case_no], actor)
    return placed


def _latest(change: Change, row_id: str) -> Payload | None:
    """The last that was recorded of this row: a status may come back to what it was before."""
    found = (event.payload for event in reversed(change.events) if _row_of(event.payload) == row_id)
    return next(found, None)


def _row_of(payload: Payload) -> str:
    return str(getattr(payload, "row", "")) if isinstance(payload, OPERATIONS) else ""


def _case_of(desk: Desk, tx: Tx, row_id: str, row: RegistryRow) -> str | None:
    """The entity's case; an operation of a known entity without one opens it.

    The daily records name every cancellation of a province, applied for or not. Where the cap is
    per year no year is named by an operation: it waits for a person until there is a case.
    """
    moment = getattr(row, "time", None) or desk.now()
    entity = _entity(tx, row)
    if entity is None:
        return _claimed(desk, tx, moment, row)
    identity, cycle = of_entity(entity), desk.cycle_at(moment)
    found = cases_at(desk, tx, identity, moment)
    known = [one for one in found if _holds(tx, one.case_no, row_id)]
    one = chosen(tx, known or found, getattr(row, "quantity_t", None))
    if one is not None or found:
        return one.case_no if one else None
    if entity.province in desk.served and not cycle.cap_per_year:
        return open_case(tx, cycle, identity)
    return None


def _holds(tx: Tx, case_no: str, row_id: str) -> bool:
    """Whether a row was placed there before: it stays there, whatever came after it."""
    return any(_row_of(event.payload) == row_id for event in tx.cases.events(case_no))


def _entity(tx: Tx, row: RegistryRow) -> Entity | None:
    """By the row's own code, the registry's owner of its account, its name: in order of trust."""
    code = getattr(row, "uscc", "")
    found = tx.registry.entity_by_uscc(code) or owner_of(tx, getattr(row, "account_no", ""))
    return found or tx.registry.entity_by_name(_name(row))


def _claimed(desk: Desk, tx: Tx, moment: datetime, row: RegistryRow) -> str | None:
    """Of an entity that no list has: by name, by the form's code, by its account.

    An account that a form claims is no proof: anybody can write another firm's. It decides only
    for a row that names nobody.
    """
    account, code, name = getattr(row, "account_no", ""), getattr(row, "uscc", ""), _name(row)
    ids = [cycle.id for cycle in desk.cycles_at(moment)]
    found = [one for cycle in ids for one in tx.cases.by_name(cycle, name)]
    found = found or [one for cycle in ids for one in tx.cases.by_uscc(cycle, code)]
    if not found and not name:
        found = [one for cycle in ids for one in tx.cases.by_account(cycle, account)]
    return found[0].case_no if len(found) == 1 else None


def _name(row: RegistryRow) -> str:
    return str(getattr(row, "account_name", "") or getattr(row, "entity_name", ""))


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


def said(row: RegistryRow) -> str:
    """A row that found no case, for people."""
    quantity = shown("quantity_t", getattr(row, "quantity_t", 0))
    who = f"{_name(row)} {getattr(row, 'account_no', '')}"
    return _("登记数据中的记录找不到对应单位或不属本系统服务省份：{who} {quantity}").said(
        who=who, quantity=quantity
    )
