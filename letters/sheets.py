"""A digest's files: xlsx and csv, the same bytes whenever they are made."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from letters.blocks import plain
from procedure.clock import beijing, utc

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Cell = str | int | datetime | None
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DANGEROUS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def defused(value: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    clean = plain(value)
    return f"'{clean}" if value.startswith(_DANGEROUS) or clean.startswith(_DANGEROUS) else clean


def workbook(
    title: str,
    head: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    totals: Sequence[Cell],
    notes: Sequence[Sequence[Cell]],
    made: datetime,
) -> bytes:
    """An xlsx: sheet ``title`` with a total row, and a sheet 说明."""
    # Here and below: loaded by those who make a workbook, for it brings numpy with it.
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101 - a new workbook has one
    sheet.title = title[:31]
    _fill(sheet, head, rows, totals)
    _print_setup(sheet, len(head), len(rows))
    explained = book.create_sheet("说明")
    for row in notes:
        explained.append([_value(cell) for cell in row])
    explained.column_dimensions["A"].width, explained.column_dimensions["B"].width = 28, 70
    book.properties.creator = "ccer-clerk"
    out = io.BytesIO()
    book.save(out)
    return _steady(out.getvalue(), made)


def _value(cell: Cell) -> Cell:
    if isinstance(cell, datetime):
        return beijing(cell).replace(tzinfo=None)
    return defused(cell) if isinstance(cell, str) else cell


def _fill(
    sheet: "Worksheet", head: Sequence[str], rows: Sequence[Sequence[Cell]], totals: Sequence[Cell]
) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    for row in (head, *rows, totals):
        sheet.append([_value(cell) for cell in row])
    for cells in (sheet[1], sheet[len(rows) + 2]):
        for cell in cells:
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="EEF2F5")
    for column in sheet.iter_cols(min_row=2):
        for cell in column:
            if isinstance(cell.value, datetime):
                cell.number_format = "yyyy-mm-dd hh:mm:ss"
            elif isinstance(cell.value, int):
                cell.number_format = "#,##0"
            else:
                cell.number_format = "@"
                cell.alignment = Alignment(wrap_text=True, vertical="top")


def _print_setup(sheet: "Worksheet", columns: int, rows: int) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(columns)}{rows + 1}"
    for number in range(1, columns + 1):
        letter = get_column_letter(number)
        longest = max((_width(cell.value) for cell in sheet[letter]), default=8)
        sheet.column_dimensions[letter].width = min(48, max(9, longest + 2))
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


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
