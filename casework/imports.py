"""Registry records come in: xlsx or csv, Chinese or English headings, all or nothing."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from casework.changes import Change
from casework.desk import Desk
from casework.identity import BY_NAME
from casework.operations import Placed, place, said
from casework.rowparse import RowProblem, parse
from casework.world import RECHECKED, recheck
from procedure.events import Actor
from procedure.language import _
from procedure.registry import RegistryKind, RegistryRow
from store import Tx

UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)
"""Kept where nobody says up to when an import is complete: it covers no day."""
OPERATIONS = frozenset({"cancellations", "credits", "surrenders"})
TWO_CASES = "two-cases"
UNPLACED = "registry-row-unplaced"


@dataclass(frozen=True)
class ImportReport:
    """What an import did; nothing at all where ``problems`` is not empty."""

    kind: str
    file: str
    rows: int = 0
    new: int = 0
    """Rows that were not there before, or changed."""
    problems: tuple[RowProblem, ...] = ()
    cases: tuple[str, ...] = ()
    """Cases that changed by it."""
    unplaced: tuple[str, ...] = ()
    """Rows of no case and no province we serve, said in Chinese; they wait in the tray."""
    complete_until: datetime | None = None
    import_id: str = ""

    @property
    def ok(self) -> bool:
        """Whether it was taken."""
        return not self.problems


def import_registry(
    desk: Desk,
    kind: RegistryKind,
    data: bytes,
    name: str,
    complete_until: datetime | None,
    actor: str,
) -> ImportReport:
    """Take a file of registry rows, then check, match and tell what follows from it.

    ``complete_until``: the moment up to which the registry was asked (aware), None where it is
    not known: then no nil report rests on it. The same file twice changes nothing.
    """
    parsed = parse(kind, data, name, desk.provinces)
    problems = parsed.problems + _from_the_future(desk, complete_until)
    if problems:
        return ImportReport(kind, name, problems=problems)
    sha256 = hashlib.sha256(data).hexdigest()
    until = complete_until or UNKNOWN
    with desk.store.write() as tx:
        # Its events are not later than the import itself: the digest that waited for it, and
        # takes what was there when it came, must hold them.
        desk = desk.still()
        same = tx.registry.imported(kind, sha256)
        if same and same.complete_until == until:
            return ImportReport(
                kind, name, same.rows, complete_until=complete_until, import_id=same.id
            )
        rows = _not_older(tx, kind, tx.registry.identified(kind, parsed.rows), complete_until)
        tx.documents.keep(data, "application/octet-stream")
        import_id = tx.registry.begin_import(kind, sha256, until, actor)
        tx.registry.replace(kind, rows, import_id)
        placed = _follow(desk, tx, kind, rows, import_id)
    return ImportReport(
        kind=kind,
        file=name,
        rows=len(parsed.rows),
        new=placed.new,
        cases=tuple(sorted(placed.cases)),
        unplaced=tuple(placed.unplaced),
        complete_until=complete_until,
        import_id=import_id,
    )


AHEAD = timedelta(minutes=10)
"""Clocks of two machines may differ by this much."""


def _from_the_future(desk: Desk, until: datetime | None) -> tuple[RowProblem, ...]:
    """A year mistyped would cover every day to come: nil reports of days nobody asked for."""
    if until is None or until <= desk.now() + AHEAD:
        return ()
    said = _("数据截至时间 {until} 晚于当前时间，请核对后重新导入。").said(until=until.isoformat())
    return (RowProblem(0, "", said),)


def _not_older(
    tx: Tx, kind: RegistryKind, rows: list[tuple[str, RegistryRow]], until: datetime | None
) -> list[tuple[str, RegistryRow]]:
    """Without what is known already, where the file says that it is older than the last one.

    A day's file that comes late brings its own rows and takes no status back.
    """
    before = tx.registry.complete_until(kind)
    if kind not in OPERATIONS or until is None or before is None or until >= before:
        return rows
    known = tx.registry.row_ids(kind)
    return [(row_id, row) for row_id, row in rows if row_id not in known]


def _follow(
    desk: Desk, tx: Tx, kind: RegistryKind, rows: list[tuple[str, RegistryRow]], import_id: str
) -> Placed:
    actor = Actor("registry", import_id)
    if kind in OPERATIONS:
        placed = place(desk, tx, rows, actor)
        _told(desk, tx, kind, rows, placed)
        return placed
    return _recheck_all(desk, tx, actor)


def _told(
    desk: Desk, tx: Tx, kind: str, rows: list[tuple[str, RegistryRow]], placed: Placed
) -> None:
    """A tray item for each row of nobody; one that found its case since is settled."""
    # One item a row: the same row unplaced again is the same item.
    waiting = {hashlib.sha256(text.encode()).hexdigest(): text for text in placed.unplaced}
    for key, text in waiting.items():
        tx.tray.put(f"import:{kind}", key, UNPLACED, text, desk.now())
    found = {hashlib.sha256(said(row).encode()).hexdigest() for _, row in rows} - set(waiting)
    for item in tx.tray.of_message(f"import:{kind}"):
        if item.closed_at is None and item.document in found:
            tx.tray.close(item.id, "registry", "placed", _("记录已归入案件").said(), desk.now())


def _known_better(tx: Tx, change: Change) -> None:
    """A case that was opened by name takes its entity's code, once the list names it."""
    row = change.row
    entity = tx.registry.entity_by_name(row.entity_name)
    if not row.entity_key.startswith(BY_NAME) or entity is None or not entity.uscc:
        return
    other = tx.cases.by_entity(row.cycle, row.year, entity.uscc)
    if other is None:
        tx.cases.rekey(row.case_no, entity.uscc, entity.name)
        return
    text = _("“{name}”有两个案件 {case_no} 和 {other}，抵销上限须合并核对。").said(
        name=entity.name, case_no=row.case_no, other=other.case_no
    )
    tx.tray.put(f"case:{row.case_no}", "", TWO_CASES, text, change.desk.now())


def _recheck_all(desk: Desk, tx: Tx, actor: Actor) -> Placed:
    """New lists may change what was found on every undecided application."""
    placed = Placed()
    for row in tx.cases.list(desk.served):
        # The case's stage is its least advanced application's: beyond these none waits.
        if row.stage not in RECHECKED and not row.entity_key.startswith(BY_NAME):
            continue
        change = Change(desk, tx, row.case_no)
        before = len(change.events)
        _known_better(tx, change)
        recheck(change, actor)
        if len(change.events) > before:
            placed.cases.add(row.case_no)
    return placed
