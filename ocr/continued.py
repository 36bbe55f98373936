"""A table that goes on on the next page, where nobody printed its heading again."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ocr.convert import convert
from ocr.engines.port import Picture
from ocr.hits import Row
from ocr.rules import blocks_of
from ocr.sheet import Sheet, rows_overlap
from ocr.tables import AMOUNT, PROJECT_CODES, are_headings, has_label
from ocr.whole import below_table
from procedure.forms import FormTemplate

Span = tuple[float, float]
"""Left and right edge, in widths of the page."""
Cells = Sequence[tuple[Span, str]]
_BANDS = 3
"""Rows of cells with text that are looked at: the first may be the rest of a row that was cut."""
_SLACK = 0.15
"""Of a column's width, how far a cell's edges stand off its heading's."""
_EDGE = 0.01
"""Of the page's width, how far a cell may reach into the next column."""
_NUMBERED = re.compile(r"[（(]?(?:[\dA-Za-z]{1,3}|[一二三四五六七八九十]{1,3}|[①-⑳])[)）.．、]?")
"""What a row has before its first column, where what is signed has a word."""

_COUNTED = re.compile(r"[\d一二两三四五六七八九十]\s*(?:[份页张件个套本人台次项家年月日号户]|%)")
"""A count of other things than tonnes, or a date."""
_NUMERALS = re.compile(
    r"[lIOo,.]{2,}|[〇零一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]+"
)
"""Letters that engines take figures for, or a number in Chinese."""


def columns_of(rows: Sequence[Row], width: float) -> dict[str, Span]:
    """Where the columns of a table stand on a page of a ``width``."""
    labels = {name: hit.label for row in rows for name, hit in row.items() if hit.ruled}
    return {
        name: (label.box[0] / width, label.box[2] / width)
        for name, label in labels.items()
        if label
    }


def first_rows(sheet: Sheet, template: FormTemplate, picture: Picture | None = None) -> list[Cells]:
    """The first rows of cells on a page, below a heading that is printed again and up to one with a
    label, or a total.

    ``picture``: of the page, where its cells were looked for on it. One row may be all that is left
    of the last page's table, and is no table by itself.
    """
    bands: list[Cells] = []
    cells = sorted((b for b in sheet.blocks if b.ruled), key=lambda b: b.box[1])
    if picture is not None and not cells:
        return first_rows(replace(sheet, blocks=blocks_of(picture, sheet.lines(), 1)), template)
    while cells and len(bands) < _BANDS:
        band = [b for b in cells if rows_overlap(b.box, cells[0].box) > 0.5]
        cells = [b for b in cells if all(b is not other for other in band)]
        texts = [b.text for b in band]
        if not any(texts) or (not bands and _heads(texts, template)):
            continue
        if has_label(texts, template, "application") or any(map(template.is_total, texts)):
            break
        bands.append([((b.box[0] / sheet.width, b.box[2] / sheet.width), b.text) for b in band])
    return bands


def _heads(texts: Iterable[str], template: FormTemplate) -> bool:
    return sum(bool(template.match_column(text, fuzzy=False)) for text in texts) > 1


def goes_on(columns: Mapping[str, Span], bands: Sequence[Cells]) -> bool:
    """Whether one of these is a row of a table with these ``columns``, and not of another one whose
    heading stands above it."""
    for band in bands:
        if _is_heading(columns, band):
            return False
        if _is_row(columns, band):
            return True
    return False


def rest_of_row(columns: Mapping[str, Span], bands: Sequence[Cells]) -> frozenset[str]:
    """The columns in which the rest of a row stands, that the end of the page above parted."""
    band: Cells = next((one for one in bands if any(text for _, text in one)), ())
    found = _found(columns, band)
    # A row of its own has a number and an amount; what is signed or noted below goes on no name.
    numbered = bool(_before(columns, band)) and not found.keys().isdisjoint(AMOUNT.values())
    noted = any(below_table(text) for _, text in band)
    if numbered or noted or _is_labelled(found) or _is_heading(columns, band):
        return frozenset()
    return frozenset(found)


def _is_heading(columns: Mapping[str, Span], band: Cells) -> bool:
    found = _found(columns, band)
    return len(found) > 1 and are_headings(found.values())


def _found(columns: Mapping[str, Span], band: Cells) -> dict[str, str]:
    """What stands in the columns, where anything does."""
    return {
        name: text
        for name, span in columns.items()
        for cell, text in band
        if _same(cell, span) and text
    }


def _is_row(columns: Mapping[str, Span], band: Cells) -> bool:
    found = _found(columns, band)
    amounts = [found[name] for name in AMOUNT.values() if name in found]
    if any(map(_NUMBERED.fullmatch, _before(columns, band))) and any(
        _may_be_amount(text) or (_is_coded(found) and not _COUNTED.search(text)) for text in amounts
    ):
        return True
    valued = any(convert("total", text) is not None for text in amounts) and len(found) > 1
    return valued and len(found) >= len(columns) - 1 and not _is_labelled(found)


def _may_be_amount(text: str) -> bool:
    """Whether a text says tonnes, or a bare number: 五百吨, 500 and 5OO, but not 2份 or 同意."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if "吨" in plain or re.search(r"\dt", plain):
        return True
    figures = any(map(str.isdigit, plain)) and not _COUNTED.search(plain)
    return figures or bool(_NUMERALS.fullmatch(plain))


def _is_coded(found: Mapping[str, str]) -> bool:
    """Whether a code stands in its column: a project's amount may be a word (全部)."""
    return any(convert("code", found[name]) is not None for name in PROJECT_CODES if name in found)


def _is_labelled(found: Mapping[str, str]) -> bool:
    """Whether a label stands where a code would: 签字时间 before 20211126."""
    return any(are_headings([found[name]]) for name in PROJECT_CODES if name in found)


def _before(columns: Mapping[str, Span], band: Cells) -> list[str]:
    """What stands before the first column: a row's number."""
    left = min((span[0] for span in columns.values()), default=0.0)
    return [text for cell, text in band if text and cell[1] < left + _EDGE]


def _same(cell: Span, column: Span) -> bool:
    slack = _SLACK * (column[1] - column[0])
    return all(abs(a - b) < slack for a, b in zip(cell, column, strict=True))
