"""A table that goes on on the next page, where nobody printed its heading again."""

from collections.abc import Mapping, Sequence

from ocr.convert import convert
from ocr.hits import Row
from ocr.sheet import Sheet, rows_overlap
from ocr.tables import AMOUNT, has_label
from procedure.forms import FormTemplate

Span = tuple[float, float]
"""Left and right edge, in widths of the page."""
Cells = Sequence[tuple[Span, str]]
_BANDS = 3
"""Rows of cells that are looked at: the first may be the rest of a row that the page's end cut."""
_SLACK = 0.15
"""Of a column's width, how far a cell's edges stand off its heading's."""


def columns_of(rows: Sequence[Row], width: float) -> dict[str, Span]:
    """Where the columns of a table stand on a page of a ``width``."""
    labels = {name: hit.label for row in rows for name, hit in row.items() if hit.ruled}
    return {
        name: (label.box[0] / width, label.box[2] / width)
        for name, label in labels.items()
        if label
    }


def first_rows(sheet: Sheet, template: FormTemplate) -> list[Cells]:
    """The first rows of cells on a page, up to one with a label, or a total."""
    bands: list[Cells] = []
    cells = sorted((b for b in sheet.blocks if b.ruled), key=lambda b: b.box[1])
    while cells and len(bands) < _BANDS:
        band = [b for b in cells if rows_overlap(b.box, cells[0].box) > 0.5]
        texts = [b.text for b in band]
        if has_label(texts, template, "application") or any(map(template.is_total, texts)):
            break
        bands.append([((b.box[0] / sheet.width, b.box[2] / sheet.width), b.text) for b in band])
        cells = [b for b in cells if all(b is not other for other in band)]
    return bands


def goes_on(columns: Mapping[str, Span], bands: Sequence[Cells]) -> bool:
    """Whether one of these is a row of a table with these ``columns``."""
    return any(_is_row(columns, band) for band in bands)


def _is_row(columns: Mapping[str, Span], band: Cells) -> bool:
    found = {
        name: text
        for name, span in columns.items()
        for cell, text in band
        if _same(cell, span) and text
    }
    amounts = [found[name] for name in AMOUNT.values() if name in found]
    valued = any(convert("total", text) is not None for text in amounts)
    return valued and len(found) > 1 and len(found) >= len(columns) - 1


def _same(cell: Span, column: Span) -> bool:
    slack = _SLACK * (column[1] - column[0])
    return all(abs(a - b) < slack for a, b in zip(cell, column, strict=True))
