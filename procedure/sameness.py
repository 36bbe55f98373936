"""One operation in two exports of a registry, of which one lacks a column that the other has."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace

from procedure.registry import CancellationRecord, Credit, Surrender

Operation = CancellationRecord | Credit | Surrender
_CORE: Mapping[type[Operation], tuple[str, ...]] = {
    CancellationRecord: ("account_no", "project_code", "quantity_t", "operation", "time"),
    Credit: ("entity_name", "quantity_t", "time"),
    Surrender: ("entity_name", "quantity_t", "time"),
}
"""Cells that every export of these operations has, and that never change."""
_CHANGES = {"status"}
_Rows = Sequence[tuple[str, Operation]]
_Key = tuple[object, ...]


def recognised(rows: _Rows, known: Mapping[str, Operation]) -> list[tuple[str, Operation]]:
    """Rows of one file, each with an id of its own, under the ids by which they are known.

    A row keeps the id of the known one that is the same operation, and is given the cells that it
    lacks and that one has. No two rows of a file are the same. ``known``: by id, what was imported
    before.
    """
    found = _Found(rows, known)
    found.take(found.by_all)
    # What bears a number next: a bare row's id may be that of an operation which has one by now.
    found.take(found.by_reference)
    found.take(found.by_correction)
    found.take(found.by_serial)
    found.take(found.by_own_id)
    found.take(found.by_cells)
    return [found.named(place) for place in range(len(rows))]


class _Found:
    """Which known operation each row of a file is; ``free`` are those that none is yet."""

    def __init__(self, rows: _Rows, known: Mapping[str, Operation]) -> None:
        self._rows, self._known, self._free = rows, known, dict(known)
        self._ids: dict[int, str] = {}
        self._references: dict[_Key, list[str]] = {}
        for one, row in known.items():
            self._references.setdefault(_reference(row), []).append(one)
        self._serials = {_serial(row): one for one, row in known.items()}
        self._cores: dict[_Key, list[str]] = {}
        for one, row in known.items():
            self._cores.setdefault(_core(row), []).append(one)

    def take(self, way: Callable[[str, Operation], str | None]) -> None:
        """Each row that is nothing yet, in the file's order."""
        for place, (own, row) in enumerate(self._rows):
            if place not in self._ids and (one := way(own, row)) in self._free:
                del self._free[one]
                self._ids[place] = one

    def by_all(self, own: str, row: Operation) -> str | None:
        """The same row again: several lines may bear one number, and are told by their order."""
        one = self._free.get(own)
        same = (
            one is not None and _reference(one) == _reference(row) and _serial(one) == _serial(row)
        )
        return own if same and self.by_own_id(own, row) else None

    def by_reference(self, _own: str, row: Operation) -> str | None:
        return next((one for one in self._of(row) if _fits(row, self._known[one])), None)

    def by_correction(self, _own: str, row: Operation) -> str | None:
        """The one operation of its number that is left, whatever else of it was corrected."""
        known = self._of(row)
        # Most rows have none: the file is gone through for the others alone.
        if len(known) != 1:
            return None
        left = (one for place, (_, one) in enumerate(self._rows) if place not in self._ids)
        alone = sum(_reference(one) == _reference(row) for one in left) == 1
        return known[0] if alone else None

    def _of(self, row: Operation) -> list[str]:
        """Free ones of the row's number."""
        alike = self._references.get(_reference(row), [])
        return [one for one in alike if row.reference and one in self._free]

    def by_serial(self, _own: str, row: Operation) -> str | None:
        one = self._serials.get(key) if (key := _serial(row)) else None
        return one if one is not None and _fits(row, self._known[one]) else None

    def by_own_id(self, own: str, row: Operation) -> str | None:
        return own if own in self._free and _fits(row, self._free[own]) else None

    def by_cells(self, _own: str, row: Operation) -> str | None:
        """One that may be it; of several the first, as many as there are rows for them."""
        alike = self._cores.get(_core(row), [])
        free = [one for one in alike if one in self._free]
        return next((one for one in free if same_operation(row, self._free[one])), None)

    def named(self, place: int) -> tuple[str, Operation]:
        own, row = self._rows[place]
        if place in self._ids:
            return self._ids[place], completed(row, self._known[self._ids[place]])
        # Its id is another's by now, whose cells were its own ones when it came.
        while own in self._known:
            own = hashlib.sha256(own.encode()).hexdigest()[:24]
        return own, row


def same_operation(one: Operation, other: Operation) -> bool:
    """Whether two rows of two files may be one operation: all cells that both have are alike.

    A day or an hour is too little to tell by: then both must bear the same number.
    """
    return _fits(one, other) and (_told(one, other) or _has_minutes(one))


def completed(row: Operation, known: Operation) -> Operation:
    """``row`` with the cells that it lacks and ``known``, if it is the same operation, has."""
    if not _fits(row, known):
        return row
    missing = {name: getattr(known, name) for name in _optional(row) if not getattr(row, name)}
    return replace(row, **missing)


def _fits(one: Operation, other: Operation) -> bool:
    if _core(one) != _core(other):
        return False
    cells = ((getattr(one, name), getattr(other, name)) for name in _optional(one))
    return all(a == b or not a or not b for a, b in cells)


def _told(one: Operation, other: Operation) -> bool:
    """Both have the registry's number or serial numbers; that these are alike is known."""
    by_number = bool(one.reference) and bool(other.reference)
    return by_number or (bool(_serial(one)) and bool(_serial(other)))


def _reference(row: Operation) -> _Key:
    """The registry's own number; nothing where it gives none."""
    return (type(row), row.reference) if row.reference else ()


def _serial(row: Operation) -> _Key:
    """The serial numbers with the core; nothing where there are none."""
    has_any = isinstance(row, CancellationRecord) and row.serial
    return (*_core(row), has_any) if has_any else ()


def _core(row: Operation) -> _Key:
    return (type(row), *(getattr(row, name) for name in _CORE[type(row)]))


def _optional(row: Operation) -> list[str]:
    core = {*_CORE[type(row)], *_CHANGES}
    return [one.name for one in fields(row) if one.name not in core]


def _has_minutes(row: Operation) -> bool:
    return row.time is not None and bool(row.time.minute or row.time.second)
