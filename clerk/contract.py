"""Documents as the JSON that others rely on (docs/cli.md): keys and types never change."""

import re
from datetime import datetime
from typing import Any

from procedure.clock import beijing
from procedure.findings import Finding
from procedure.readings import DocumentReading, ProjectRow, Reading, RecordRow, SealReading

PROJECT = ("name", "code", "amount_t")
RECORD = (
    "project_name",
    "project_code",
    "quantity_t",
    "operation",
    "status",
    "time",
    "serial",
)


def document(
    file: str, sha256: str, doc: DocumentReading, findings: tuple[Finding, ...]
) -> dict[str, Any]:
    """One object of `clerk read --json`."""
    return {
        "file": file,
        "sha256": sha256,
        "kind": doc.kind,
        "first_page": doc.first_page,
        "pages": doc.pages,
        "seconds": round(doc.seconds, 3),
        "fields": {name: reading(one) for name, one in doc.fields.items()},
        "projects": [_row(row, PROJECT) for row in doc.projects],
        "records": [_row(row, RECORD) for row in doc.records],
        "seals": [_seal(seal) for seal in doc.seals],
        "findings": [finding(one) for one in findings],
        "problem": _problem(doc),
    }


def reading(one: Reading) -> dict[str, Any]:
    """One reading: value, text as printed, confidence 0…1, accepted, page, box."""
    return {
        "value": one.value,
        "text": one.text,
        "confidence": round(one.confidence, 4),
        "accepted": one.accepted,
        "page": one.page,
        "box": _box(one.box),
    }


def finding(one: Finding) -> dict[str, Any]:
    """One finding."""
    return {
        "rule": one.rule,
        "clause": one.clause,
        "severity": one.severity,
        "message": one.message,
        "field": one.field,
    }


def moment(at: datetime) -> str:
    """ISO 8601 in +08:00."""
    return beijing(at).isoformat()


def in_beijing(value: Any) -> Any:
    """JSON with every moment (`procedure.jsonable` gives UTC) in +08:00."""
    if isinstance(value, dict):
        return {name: in_beijing(one) for name, one in value.items()}
    if isinstance(value, list):
        return [in_beijing(one) for one in value]
    if isinstance(value, str) and _UTC.fullmatch(value):
        return moment(datetime.fromisoformat(value))
    return value


_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")


def _row(row: ProjectRow | RecordRow, names: tuple[str, ...]) -> dict[str, Any]:
    """A cell that the paper lacks is left out, as a field is."""
    cells = ((name, getattr(row, name)) for name in names)
    return {name: reading(cell) for name, cell in cells if cell is not None}


def _seal(seal: SealReading) -> dict[str, Any]:
    return {
        "page": seal.page,
        "box": _box(seal.box),
        "shape": seal.shape,
        "text": seal.text,
        "confidence": round(seal.confidence, 4),
        "matches_name": seal.matches_name,
    }


def _box(box: tuple[float, ...] | None) -> list[float] | None:
    return None if box is None else [round(edge, 5) for edge in box]


def _problem(doc: DocumentReading) -> dict[str, str] | None:
    if doc.problem is None:
        return None
    return {"code": doc.problem.code, "message": doc.problem.message}
