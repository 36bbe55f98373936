"""Which readings of a document are accepted, as names: so that a later judgement can be kept.

``offset_t`` is a field, ``rows_total`` the 合计 cell, ``projects/0/amount_t`` a cell of a row.
"""

from collections.abc import Iterator
from dataclasses import replace

from procedure.readings import DocumentReading, ProjectRow, Reading

_CELLS = ("name", "code", "amount_t")


def accepted_names(doc: DocumentReading) -> tuple[str, ...]:
    """Names of the accepted readings of an application form, in a fixed order."""
    return tuple(sorted(name for name, reading in _named(doc) if reading.accepted))


def with_accepted(doc: DocumentReading, names: frozenset[str]) -> DocumentReading:
    """``doc`` with just these accepted, and what a person said."""

    def judge(name: str, reading: Reading | None) -> Reading | None:
        if reading is None:
            return None
        return replace(reading, accepted=name in names or "person" in reading.evidence)

    fields = {name: judge(name, reading) or reading for name, reading in doc.fields.items()}
    rows = tuple(
        ProjectRow(*(judge(f"projects/{n}/{cell}", getattr(row, cell)) for cell in _CELLS))
        for n, row in enumerate(doc.projects)
    )
    total = judge("rows_total", doc.rows_total)
    return replace(doc, fields=fields, projects=rows, rows_total=total)


def _named(doc: DocumentReading) -> Iterator[tuple[str, Reading]]:
    yield from doc.fields.items()
    if doc.rows_total:
        yield "rows_total", doc.rows_total
    for number, row in enumerate(doc.projects):
        for cell in _CELLS:
            if (reading := getattr(row, cell)) is not None:
                yield f"projects/{number}/{cell}", reading
