"""Rows of cells out of xlsx and csv, with the line each stands on. No meaning yet."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from procedure.clock import BEIJING
from procedure.errors import BadInput
from procedure.language import _

MAX_ROWS = 2_000_000
MAX_UNPACKED = 1 << 30
"""Bytes: a workbook is a zip, and a small one may unpack to anything."""
CSV_ENCODINGS = ("utf-8-sig", "gb18030")
"""Excel in China saves csv as GBK unless told otherwise."""


@dataclass(frozen=True)
class SheetRow:
    """Cells as text, trimmed, by position; ``line`` counts from 1 in the file."""

    line: int
    cells: tuple[str, ...]


def rows(data: bytes, name: str) -> Iterator[SheetRow]:
    """Every row with anything in it. `BadInput` for a file that is no table or is damaged."""
    if data.startswith(b"PK\x03\x04"):
        yield from _xlsx(data, name)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadInput(
            f"{name}: old .xls workbook",
            code="unsupported",
            user_message=_("{name} 是旧版 .xls 文件，请另存为 .xlsx 或 .csv 后重新导入。").said(
                name=name
            ),
        )
    else:
        yield from _csv(data, name)


def _csv(data: bytes, name: str) -> Iterator[SheetRow]:
    text = _decoded(data, name)
    head = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            # A quoted cell may hold line breaks: the row is named by the line it begins on.
            if any(cell.strip() for cell in cells):
                yield SheetRow(start, tuple(cell.strip() for cell in cells))
            start = reader.line_num + 1
    except csv.Error as problem:
        raise BadInput(
            f"{name}: line {start}: {problem}",
            code="damaged",
            user_message=_(
                "{name} 第 {line} 行不是有效的 CSV，请检查引号与分隔符后重新导入。"
            ).said(name=name, line=start),
        ) from problem


def _decoded(data: bytes, name: str) -> str:
    for encoding in CSV_ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise BadInput(
        f"{name}: neither xlsx nor text in UTF-8 or GB 18030",
        code="unsupported",
        user_message=_(
            "{name} 不是 .xlsx，也不是 UTF-8 或 GBK 编码的 .csv，请转换后重新导入。"
        ).said(name=name),
    )


def _xlsx(data: bytes, name: str) -> Iterator[SheetRow]:
    # Loaded by those who read a workbook: it brings numpy with it.
    from openpyxl import load_workbook

    try:
        _refuse_bomb(data, name)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book[_first_visible(book)]
        for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            row = SheetRow(line, tuple(_text(cell) for cell in cells))
            if any(row.cells):
                yield row
            if line > MAX_ROWS:
                raise _too_large(name, f"more than {MAX_ROWS} rows")
        book.close()
    except BadInput:
        raise
    except Exception as problem:
        # openpyxl raises KeyError, ValueError, BadZipFile, ParseError … on damaged workbooks.
        raise BadInput(
            f"{name}: damaged workbook: {problem}",
            code="damaged",
            user_message=_("{name} 无法打开，文件可能已损坏，请重新导出后再导入。").said(name=name),
        ) from problem


def _refuse_bomb(data: bytes, name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED:
            raise _too_large(name, f"unpacks to more than {MAX_UNPACKED} bytes")


def _too_large(name: str, why: str) -> BadInput:
    return BadInput(
        f"{name}: {why}",
        code="too-large",
        user_message=_("{name} 过大，请拆分为多个文件后重新导入。").said(name=name),
    )


def _first_visible(book: Any) -> str:
    """The first sheet that people see; a workbook may hide helper sheets before it."""
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            return str(sheet.title)
    return str(book.sheetnames[0])


def _text(cell: object) -> str:
    """A cell as a person reads it. Excel keeps codes typed as numbers as floats: 1.0 is "1"."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, datetime):
        return _moment(cell)
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell).strip()


def _number(cell: int | float) -> str:
    """Codes beyond 15 digits were cut by Excel itself: left in its notation, to be refused."""
    if abs(cell) >= 1e15:
        return f"{cell:.14E}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _moment(cell: datetime) -> str:
    """Excel knows no time zone: its moments are Beijing time."""
    if (cell.hour, cell.minute, cell.second) == (0, 0, 0):
        return cell.date().isoformat()
    return cell.replace(tzinfo=BEIJING, microsecond=0).isoformat(sep=" ")
