"""A digest's files: xlsx and csv, the same bytes whenever they are made."""

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from letters.blocks import plain
from procedure.clock import beijing, utc

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as OneCell
    from openpyxl.cell.cell import MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

Cell = str | int | float | datetime | None
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DANGEROUS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def defused(value: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    clean = plain(value)
    return f"'{clean}" if value.startswith(_DANGEROUS) or clean.startswith(_DANGEROUS) else clean


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook; ``totals`` is its last row."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    totals: Sequence[Cell] = ()


def workbook(
    title: str,
    head: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    totals: Sequence[Cell],
    notes: Sequence[Sequence[Cell]],
    made: datetime,
) -> bytes:
    """An xlsx: sheet ``title`` with a total row, and a sheet 说明."""
    return workbook_of([Sheet(title, head, rows, totals)], notes, made)


def workbook_of(sheets: Sequence[Sheet], notes: Sequence[Sequence[Cell]], made: datetime) -> bytes:
    """An xlsx of several tables, and a sheet 说明."""
    # Here and below: loaded by those who make a workbook, for it brings numpy with it.
    from openpyxl import Workbook

    book = Workbook()
    del book[book.sheetnames[0]]
    for one in sheets:
        sheet = book.create_sheet(one.title[:31])
        _fill(sheet, one)
        _print_setup(sheet, len(one.head), len(one.rows))
    _explain(book.create_sheet("说明"), notes)
    book.properties.creator = "ccer-clerk"
    out = io.BytesIO()
    book.save(out)
    return _steady(out.getvalue(), made)


def _value(cell: Cell) -> Cell:
    if isinstance(cell, datetime):
        return beijing(cell).replace(tzinfo=None)
    return defused(cell) if isinstance(cell, str) else cell


def _explain(sheet: "Worksheet", notes: Sequence[Sequence[Cell]]) -> None:
    from openpyxl.styles import Alignment

    for row in (("项目", "内容"), *notes):
        sheet.append([_value(cell) for cell in row])
    for cell in sheet[1]:
        _head(cell)
    for (cell,) in sheet.iter_rows(min_row=2, min_col=2, max_col=2):
        _format(cell)
        cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 28, 70
    _on_paper(sheet, "portrait")


def _fill(sheet: "Worksheet", one: Sheet) -> None:
    totals = [one.totals] if one.totals else []
    for row in (one.head, *one.rows, *totals):
        sheet.append([_value(cell) for cell in row])
    for cells in (sheet[1], *([sheet[len(one.rows) + 2]] if totals else [])):
        for cell in cells:
            _head(cell)
    for column in sheet.iter_cols(min_row=2):
        for cell in column:
            _format(cell)


def _head(cell: "OneCell | MergedCell") -> None:
    from openpyxl.styles import Font, PatternFill

    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="EEF2F5")


def _format(cell: "OneCell | MergedCell") -> None:
    from openpyxl.styles import Alignment

    if isinstance(cell.value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm:ss"
    elif isinstance(cell.value, int | float):
        cell.number_format = "#,##0" if isinstance(cell.value, int) else "0.00"
    else:
        cell.number_format = "@"
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _print_setup(sheet: "Worksheet", columns: int, rows: int) -> None:
    from openpyxl.utils import get_column_letter

    sheet.auto_filter.ref = f"A1:{get_column_letter(columns)}{rows + 1}"
    for number in range(1, columns + 1):
        letter = get_column_letter(number)
        longest = max((_width(cell.value) for cell in sheet[letter]), default=8)
        sheet.column_dimensions[letter].width = min(48, max(9, longest + 2))
    _on_paper(sheet, "landscape")


def _on_paper(sheet: "Worksheet", orientation: Literal["landscape", "portrait"]) -> None:
    """A4, as wide as the page, the heading on each of them, pages numbered."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = orientation, A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    if sheet.oddFooter is not None:
        sheet.oddFooter.center.text = "&A　&P / &N"


A4 = 9
"""ECMA-376 §18.3.1.63."""


def _width(value: object) -> int:
    text = "yyyy-mm-dd hh:mm:ss" if isinstance(value, datetime) else str(value or "")
    return sum(2 if ord(char) > 0x2E80 else 1 for char in text)


def _steady(data: bytes, made: datetime) -> bytes:
    """openpyxl writes the present moment into the file: put the snapshot's in its place."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == "docProps/core.xml":
                content = _stamped(content, made)
            entry = zipfile.ZipInfo(info.filename, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return out.getvalue()


def _stamped(core: bytes, made: datetime) -> bytes:
    stamp = f"{utc(made):%Y-%m-%dT%H:%M:%SZ}".encode()
    for tag in (b"dcterms:created", b"dcterms:modified"):
        start = core.index(b">", core.index(b"<" + tag)) + 1
        core = core[:start] + stamp + core[core.index(b"</" + tag) :]
    return core


def table(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """The same rows as csv: UTF-8 with a mark, so that Excel reads it right."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([_csv(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _csv(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return f"{beijing(cell):%Y-%m-%d %H:%M:%S}"
    return "" if cell is None else defused(cell) if isinstance(cell, str) else str(cell)
