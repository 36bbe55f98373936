""".docx, .xlsx and .xls as sheets of native text: places are steps of the table, not of a page."""

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import docx
import openpyxl
from docx.oxml.ns import qn
from lxml import etree

from ocr import limits
from ocr.problems import Unreadable
from ocr.sheet import Block, Line, Rect, Sheet
from ocr.xls import workbook
from ocr.xlsbook import shown
from procedure.language import _

_STEP_X, _STEP_Y, _WIDTH = 100.0, 30.0, 1000.0
_GAP = 10.0
_P, _TBL, _TR, _TC = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_T, _TAB, _BR, _CR = qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Deleted and moved-away text is no longer said; field codes never were.
_UNSAID = {qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), _FALLBACK}
_HIDING = (qn("w:vanish"), qn("w:strike"), qn("w:dstrike"))
_BOX = qn("w:txbxContent")
_Place = tuple[int, int]
_MAX_CELLS = 20_000
_FAULTS = (
    KeyError, ValueError, TypeError, IndexError, AttributeError, OSError, EOFError,
    NotImplementedError, zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError,
)  # fmt: skip


def read_docx(data: bytes) -> tuple[Sheet, tuple[bytes, ...]]:
    """Text of a .docx with its tables' grid, and its pictures in the order of the file.

    Raises `Unreadable` (damaged, encrypted, too-large).
    """
    limits.check_zip(data)
    try:
        body = docx.Document(io.BytesIO(data)).element.body
    except _FAULTS as error:
        raise Unreadable("damaged", f"docx: {error}") from error
    blocks: list[Block] = []
    _walk(body, blocks, 0.0)
    height = max((block.box[3] for block in blocks), default=1.0)
    return Sheet(tuple(blocks), _WIDTH, height, native=True), _pictures(data)


def _walk(parent: Any, blocks: list[Block], y: float) -> float:
    for child in parent.iterchildren():
        if child.tag == _P:
            y = _paragraph(child, blocks, y)
        elif child.tag == _TBL:
            y = _table(child, blocks, y)
        elif child.tag not in _UNSAID:
            y = _walk(child, blocks, y)
    return y


def _paragraph(paragraph: Any, blocks: list[Block], y: float) -> float:
    for text in _texts(paragraph):
        blocks += _columns(text, y)
        y += _STEP_Y
    for inner in _boxes(paragraph):
        y = _walk(inner, blocks, y)
    return y


def _columns(text: str, y: float) -> Iterator[Block]:
    """What tabulators set apart stands side by side, as in a table without rules."""
    parts = [part.strip() for part in text.split("\t") if part.strip()]
    for number, part in enumerate(parts):
        right = _WIDTH if number + 1 == len(parts) else (number + 1) * _STEP_X - _GAP
        box = (number * _STEP_X, y, max(right, (number + 1) * _STEP_X - _GAP), y + _STEP_Y)
        yield Block((Line(part, box),), box)


def _texts(paragraph: Any) -> list[str]:
    text = "".join(_pieces(paragraph))
    return [line.strip() for line in text.split("\n") if line.strip()]


def _pieces(node: Any) -> Iterator[str]:
    for child in node.iterchildren():
        if child.tag in _UNSAID or child.tag in (_BOX, _TBL):
            continue
        if child.tag == qn("w:r") and _hidden(child):
            continue
        if child.tag == _T:
            yield child.text or ""
        elif child.tag == _TAB:
            yield "\t"
        elif child.tag in (_BR, _CR):
            yield "\n"
        else:
            yield from _pieces(child)


def _hidden(run: Any) -> bool:
    """Hidden and struck-out text is not what the form says."""
    properties = run.find(qn("w:rPr"))
    if properties is None:
        return False
    marks = [properties.find(tag) for tag in _HIDING]
    return any(m is not None and m.get(qn("w:val")) not in ("0", "false", "off") for m in marks)


def _boxes(paragraph: Any) -> list[Any]:
    """Text boxes anchored in a paragraph, each once."""
    found = list(paragraph.iter(_BOX))
    return [b for b in found if not any(a.tag in _UNSAID for a in b.iterancestors())]


def _table(table: Any, blocks: list[Block], y: float) -> float:
    open_cells: dict[int, int] = {}
    nested: list[Any] = []
    for row in _children(table, _TR):
        column = _skipped(row, "w:gridBefore")
        for cell in _children(row, _TC):
            span = _number(cell.find(qn("w:tcPr")), "w:gridSpan", 1)
            _cell(cell, column, span, y, blocks, open_cells)
            nested += _children_deep(cell)
            column += span
        y += _STEP_Y
        if len(blocks) > _MAX_CELLS:
            raise Unreadable("too-large", "docx: too many cells", _("单元格过多").said())
    for inner in nested:
        y = _table(inner, blocks, y)
    return y


def _cell(
    cell: Any, column: int, span: int, y: float, blocks: list[Block], open_cells: dict[int, int]
) -> None:
    properties = cell.find(qn("w:tcPr"))
    merge = None if properties is None else properties.find(qn("w:vMerge"))
    box = (column * _STEP_X, y, (column + span) * _STEP_X, y + _STEP_Y)
    if merge is not None and merge.get(qn("w:val")) != "restart" and column in open_cells:
        index = open_cells[column]
        above = blocks[index]
        blocks[index] = Block(above.lines, (*above.box[:3], box[3]), ruled=True)
        return
    open_cells.pop(column, None)
    if merge is not None:
        open_cells[column] = len(blocks)
    blocks.append(Block(tuple(_cell_lines(cell, box)), box, ruled=True))


def _cell_lines(cell: Any, box: Rect) -> Iterator[Line]:
    for paragraph in _children(cell, _P):
        for text in _texts(paragraph):
            yield Line(text.replace("\t", "  "), box)
        for inner in _boxes(paragraph):
            for deep in inner.iter(_P):
                yield from (Line(text.replace("\t", "  "), box) for text in _texts(deep))


def _children(parent: Any, tag: str) -> Iterator[Any]:
    """Children of one kind, through content controls and insertions around them."""
    for child in parent.iterchildren():
        if child.tag == tag:
            yield child
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")):
            yield from _children(child, tag)


def _children_deep(cell: Any) -> list[Any]:
    return list(_children(cell, _TBL))


def _skipped(row: Any, name: str) -> int:
    return _number(row.find(qn("w:trPr")), name, 0)


def _number(properties: Any, name: str, default: int) -> int:
    found = None if properties is None else properties.find(qn(name))
    value = "" if found is None else found.get(qn("w:val")) or ""
    return min(int(value), 200) if value.isdigit() else default


def _pictures(data: bytes) -> tuple[bytes, ...]:
    """Embedded pictures in the order of their names; a broken one is left out."""
    found = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = sorted(n for n in archive.namelist() if n.startswith("word/media/"))
        for name in names[: limits.MAX_PAGES]:
            try:
                found.append(archive.read(name))
            except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError):
                # The text is whole: what the form says does not hang on its picture.
                continue
    return tuple(found)


def read_xlsx(data: bytes) -> tuple[Sheet, ...]:
    """Each worksheet as a sheet of cells; raises `Unreadable` (damaged, encrypted, too-large)."""
    limits.check_zip(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except _FAULTS as error:
        raise Unreadable("damaged", f"xlsx: {error}") from error
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    return tuple(_worksheet(sheet) for sheet in shown[: limits.MAX_PAGES])


def read_xls(data: bytes) -> tuple[Sheet, ...]:
    """Each visible sheet of an old .xls; raises `Unreadable` (damaged, encrypted, too-large)."""
    return tuple(map(_grid, workbook(data, _MAX_CELLS)))


def _grid(sheet: Mapping[str, Any]) -> Sheet:
    spans = {
        (top + 1, left + 1): (bottom + 1, right + 1) for top, left, bottom, right in sheet["merged"]
    }
    inner = _inner(spans)
    blocks = []
    for row, cells in enumerate(sheet["rows"], start=1):
        for column, text in enumerate(cells, start=1):
            place = (row, column)
            if place not in inner:
                blocks.append(_grid_cell(text, place, spans.get(place, place)))
    return Sheet(tuple(blocks), _WIDTH, sheet["height"] * _STEP_Y, native=True)


def _worksheet(sheet: Any) -> Sheet:
    if sheet.max_row * sheet.max_column > _MAX_CELLS:
        raise Unreadable("too-large", "xlsx: too many cells", _("单元格过多").said())
    spans = {(r.min_row, r.min_col): (r.max_row, r.max_col) for r in sheet.merged_cells.ranges}
    inner = _inner(spans)
    blocks = []
    for cells in sheet.iter_rows():
        for cell in cells:
            place = (cell.row, cell.column)
            if place not in inner:
                blocks.append(_grid_cell(shown(cell.value), place, spans.get(place, place)))
    return Sheet(tuple(blocks), _WIDTH, sheet.max_row * _STEP_Y, native=True)


def _inner(spans: Mapping[_Place, _Place]) -> set[_Place]:
    """Places that a merged cell covers, but for its first."""
    return {
        (row, column)
        for (top, left), (bottom, right) in spans.items()
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }


def _grid_cell(text: str, start: _Place, end: _Place) -> Block:
    box = (
        start[1] * _STEP_X,
        start[0] * _STEP_Y,
        (end[1] + 1) * _STEP_X,
        (end[0] + 1) * _STEP_Y,
    )
    lines = [line.strip() for line in text.split("\n")]
    return Block(tuple(Line(line, box) for line in lines if line), box, ruled=True)
