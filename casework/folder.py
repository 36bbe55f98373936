"""A folder of registry files for `clerk read --registry DIR`: no store, the same checks."""

from pathlib import Path

from casework.rowparse import RowProblem, parse
from procedure.errors import BadInput
from procedure.language import THEN, Said, _, joined, n_, told
from procedure.provinces import Provinces
from procedure.registry import ROWS, RegistryKind, RegistryRow
from procedure.registryview import RegistryTables

TYPES = (".xlsx", ".csv")
SHOWN = 5
"""Bad rows named in the error; their count is told too."""


def registry_folder(path: Path, provinces: Provinces) -> RegistryTables:
    """The rows of files named by kind (``entities.xlsx``, ``projects.csv``, …), read once.

    `BadInput` for a folder that is missing, holds no such file, two files of one kind, or a bad
    row: all or nothing, as in an import.
    """
    if not path.is_dir():
        raise BadInput(f"registry folder {path} is not there: name a folder of registry files")
    found = {kind: _rows(path, kind, provinces) for kind in ROWS}
    if all(rows is None for rows in found.values()):
        raise BadInput(f"registry folder {path} holds none of {', '.join(ROWS)} (.xlsx or .csv)")
    return RegistryTables(
        entities=found["entities"],  # type: ignore[arg-type]
        accounts=found["accounts"],  # type: ignore[arg-type]
        holding_rows=found["holdings"],  # type: ignore[arg-type]
        projects=found["projects"],  # type: ignore[arg-type]
        cancellation_rows=found["cancellations"],  # type: ignore[arg-type]
    )


def _rows(
    folder: Path, kind: RegistryKind | str, provinces: Provinces
) -> tuple[RegistryRow, ...] | None:
    files = [
        folder / f"{kind}{ending}" for ending in TYPES if (folder / f"{kind}{ending}").is_file()
    ]
    if not files:
        return None
    if len(files) > 1:
        raise BadInput(f"{folder}: {kind} is there as .xlsx and .csv: keep one of them")
    parsed = parse(kind, files[0].read_bytes(), files[0].name, provinces)  # type: ignore[arg-type]
    if parsed.problems:
        raise BadInput(f"{files[0]}: {told(_named(parsed.problems))}")
    return parsed.rows


def _named(problems: tuple[RowProblem, ...]) -> Said:
    parts = [
        _("第 {line} 行 {column} {message}").said(line=p.line, column=p.column, message=p.message)
        for p in problems[:SHOWN]
    ]
    more = len(problems) - SHOWN
    return joined([*parts, *([n_("另有 {count} 处").said(count=more)] if more > 0 else [])], THEN)
