"""A digest's files: xlsx and csv, the same bytes whenever they are made."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from letters.blocks import plain
from procedure.clock import beijing, utc
from procedure.language import _

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

T = TypeVar("T")
Cell = str | int | float | datetime | None
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DANGEROUS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def defused(value: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    clean = plain(value)
    return f"'{clean}" if value.startswith(_DANGEROUS) or clean.startswith(_DANGEROUS) else clean


class Rows(Protocol):
    """A table's rows, to be walked through more than once."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Sequence[Cell]]: ...


class Shown(Generic[T]):
    """Rows of facts as ``cells`` shows each: made one by one, whenever they are walked through."""

    def __init__(self, rows: Sequence[T], cells: Callable[[T], Sequence[Cell]]) -> None:
        self._rows = rows
        self._cells = cells

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        return map(self._cells, self._rows)


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook; ``totals`` is its last row."""

    title: str
    head: Sequence[str]
    rows: Rows
    totals: Sequence[Cell] = ()


def workbook(
    title: str,
    head: Sequence[str],
    rows: Rows,
    totals: Sequence[Cell],
    notes: Sequence[Sequence[Cell]],
    made: datetime,
) -> bytes:
    """An xlsx: sheet ``title`` with a total row, and a sheet 说明."""
    return workbook_of([Sheet(title, head, rows, totals)], notes, made)


def workbook_of(sheets: Sequence[Sheet], notes: Sequence[Sequence[Cell]], made: datetime) -> bytes:
    """An xlsx of several tables, and a sheet 说明."""
    # Loaded by those who make a workbook.
    from xlsxwriter import Workbook

    out = io.BytesIO()
    # Rows of a large table go to the disk one by one; a text stays a text, whatever it looks like.
    large = sum(len(one.rows) for one in sheets) > LARGE
    options = {"constant_memory": large, "in_memory": not large} | dict.fromkeys(TEXTS, False)
    with Workbook(out, options) as book:
        # The snapshot's moment in place of the present one: the same bytes whenever it is made.
        book.set_properties({"author": "ccer-clerk", "created": utc(made).replace(tzinfo=None)})
        looks = _Looks.of(book)
        for one in sheets:
            _fill(book.add_worksheet(one.title[:31]), one, looks)
        _explain(book.add_worksheet(str(EXPLAINED)), notes, looks)
    return out.getvalue()


EXPLAINED, ITEM, CONTENT = _("说明"), _("项目"), _("内容")
NARROWEST, WIDEST = 7, 26
"""Columns, in characters."""
LINE = 15
"""Height of a row of one line, in points."""
LARGE = 100
"""Rows from which on a workbook is made on the disk."""
TEXTS = ("strings_to_formulas", "strings_to_numbers", "strings_to_urls")
_HEADED = {"bold": True, "bg_color": "#EEF2F5"}
_TEXT = {"num_format": "@", "text_wrap": True, "valign": "top", "align": "left", "indent": 1}
"""The indent parts it from a number that ends at the same line."""
_FORMATS = {datetime: "yyyy-mm-dd hh:mm:ss", int: "#,##0", float: "0.00"}
_NUMBER = {"valign": "top"}


@dataclass(frozen=True)
class _Looks:
    """How cells look, by what they hold; headings and totals beside the others."""

    plain: Mapping[type, "Format"]
    headed: Mapping[type, "Format"]
    note: Mapping[type, "Format"]

    @classmethod
    def of(cls, book: "Workbook") -> "_Looks":
        left = {"valign": "top", "align": "left", "text_wrap": True}
        return cls(*(_looks(book, more) for more in ({}, _HEADED, left)))


def _looks(book: "Workbook", more: Mapping[str, object]) -> Mapping[type, "Format"]:
    numbers = {
        kind: book.add_format({"num_format": n, **_NUMBER, **more}) for kind, n in _FORMATS.items()
    }
    return {**numbers, str: book.add_format({**_TEXT, **more})}


def _write(
    sheet: "Worksheet", at: int, row: Sequence[Cell], looks: Mapping[type, "Format"], first: int = 0
) -> None:
    for column, cell in enumerate(row, first):
        value = _value(cell)
        look = looks.get(type(value), looks[str])
        if value is None or value == "":
            sheet.write_blank(at, column, None, look)
        elif isinstance(value, str):
            sheet.write_string(at, column, value, look)
        elif isinstance(value, datetime):
            sheet.write_datetime(at, column, value, look)
        else:
            sheet.write_number(at, column, value, look)


def _value(cell: Cell) -> Cell:
    if isinstance(cell, datetime):
        return beijing(cell).replace(tzinfo=None)
    return defused(cell) if isinstance(cell, str) else cell


def _explain(sheet: "Worksheet", notes: Sequence[Sequence[Cell]], looks: _Looks) -> None:
    _write(sheet, 0, (str(ITEM), str(CONTENT)), looks.headed)
    for at, row in enumerate(notes, 1):
        _write(sheet, at, row[:1], looks.plain)
        _write(sheet, at, row[1:], looks.note, 1)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 70)
    sheet.set_portrait()
    _on_paper(sheet)


def _fill(sheet: "Worksheet", one: Sheet, looks: _Looks) -> None:
    sheet.set_row(0, 2 * LINE)
    _write(sheet, 0, one.head, looks.headed)
    # A heading may take two lines, a long text several: a page across shows what can be read.
    widths = [
        max(_width(name) // 2 + 4, _width(sum_)) for name, sum_ in zip_longest(one.head, one.totals)
    ]
    for at, row in enumerate(one.rows, 1):
        if (lines := max(map(_lines, row))) > 1:
            sheet.set_row(at, lines * LINE)
        _write(sheet, at, row, looks.plain)
        widths = list(map(max, widths, map(_width, row)))
    if one.totals:
        _write(sheet, len(one.rows) + 1, one.totals, looks.headed)
    sheet.autofilter(0, 0, len(one.rows), len(one.head) - 1)
    for column, width in enumerate(widths):
        # As wide as what stands in it, within bounds.
        sheet.set_column(column, column, min(WIDEST, max(NARROWEST, 2 + width)))
    sheet.set_landscape()
    _on_paper(sheet)


def _on_paper(sheet: "Worksheet") -> None:
    """A4, as wide as the page, the heading on each of them, pages numbered."""
    sheet.freeze_panes(1, 0)
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&C&A　&P / &N")


A4 = 9
"""ECMA-376 §18.3.1.63."""


def _width(value: Cell) -> int:
    if isinstance(value, datetime):
        return len("yyyy-mm-dd hh:mm:ss")
    text = str(value or "")
    return len(text) if text.isascii() else sum(2 if ord(char) > 0x2E80 else 1 for char in text)


def _lines(value: Cell) -> int:
    """That a text takes in the widest column. Not every program finds that out by itself."""
    return -(-_width(value) // (WIDEST - 2)) if isinstance(value, str) and value else 1


def table(head: Sequence[str], rows: Rows) -> bytes:
    """The same rows as csv: UTF-8 with a mark, so that Excel reads it right."""
    return written(head, (map(_csv, row) for row in rows), "utf-8-sig")


def written(head: Sequence[str], rows: Iterable[Iterable[str]], encoding: str) -> bytes:
    """A csv (RFC 4180), encoded row by row: its text is never there as a whole."""
    return b"".join(streamed(head, rows, encoding))


def streamed(head: Sequence[str], rows: Iterable[Iterable[str]], encoding: str) -> Iterator[bytes]:
    """The same, piece by piece."""
    out = io.BytesIO()
    with io.TextIOWrapper(out, encoding, newline="", write_through=True) as text:
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(head)
        for row in rows:
            writer.writerow(row)
            if out.tell() >= PIECE:
                yield out.getvalue()
                out.seek(0)
                out.truncate()
        yield out.getvalue()


PIECE = 1 << 16
"""Bytes from which on a piece is handed on."""


def _csv(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return f"{beijing(cell):%Y-%m-%d %H:%M:%S}"
    return "" if cell is None else defused(cell) if isinstance(cell, str) else str(cell)
