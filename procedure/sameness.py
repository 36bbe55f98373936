"""One operation in two exports of a registry, of which one lacks a column that the other has."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import time

from procedure.registry import CancellationRecord, Credit, RegistryRow, Surrender

_CORE: Mapping[type[RegistryRow], tuple[str, ...]] = {
    CancellationRecord: ("account_no", "project_code", "quantity_t", "operation", "time"),
    Credit: ("entity_name", "quantity_t", "time"),
    Surrender: ("entity_name", "quantity_t", "time"),
}
"""Cells that every export of these operations has, and that never change."""
_CHANGES = {"status"}
_TELLING = ("reference", "serial")
"""Cells of which no two operations have the same."""


def recognised(
    rows: Sequence[tuple[str, RegistryRow]], known: Mapping[str, RegistryRow]
) -> list[tuple[str, RegistryRow]]:
    """Rows of one file, each with its id, under the ids by which their operations are known.

    A row is given the id of a known one that is the same operation and is not in the file itself;
    cells that it lacks are taken from there. ``known``: by id, all that was imported before.
    """
    here = {row_id for row_id, _ in rows}
    free = {row_id: row for row_id, row in known.items() if row_id not in here}
    by_core: dict[tuple[object, ...], list[str]] = {}
    for row_id, row in free.items():
        by_core.setdefault(_core(row), []).append(row_id)
    found = []
    for row_id, row in rows:
        alike = [] if row_id in known else by_core.get(_core(row), [])
        own = next((one for one in alike if same_operation(row, free[one])), row_id)
        if own != row_id:
            alike.remove(own)
        found.append((own, completed(row, known[own]) if own in known else row))
    return found


def same_operation(one: RegistryRow, other: RegistryRow) -> bool:
    """Whether two rows may be one operation: all cells that both have are alike.

    A day without its time of day is too little to tell by: then both must bear the same number.
    """
    if type(one) not in _CORE or _core(one) != _core(other):
        return False
    cells = [(getattr(one, name), getattr(other, name)) for name in _optional(one)]
    told = any(getattr(one, name, "") and getattr(other, name, "") for name in _TELLING)
    return all(a == b or not a or not b for a, b in cells) and (told or _is_to_the_second(one))


def completed(row: RegistryRow, known: RegistryRow) -> RegistryRow:
    """``row`` with the cells that it lacks and ``known``, the same operation, has."""
    if type(row) not in _CORE:
        return row
    missing = {name: getattr(known, name) for name in _optional(row) if not getattr(row, name)}
    return replace(row, **missing)


def _core(row: RegistryRow) -> tuple[object, ...]:
    return (type(row), *(getattr(row, name) for name in _CORE.get(type(row), ())))


def _optional(row: RegistryRow) -> list[str]:
    core = {*_CORE[type(row)], *_CHANGES}
    return [one.name for one in fields(row) if one.name not in core]


def _is_to_the_second(row: RegistryRow) -> bool:
    at = getattr(row, "time", None)
    return at is not None and at.time() != time()
