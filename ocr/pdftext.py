"""A PDF page's own text as a sheet, where the page has one that may be believed at all.

Whether it agrees with the picture is looked at later, value by value (`ocr.agree`).
"""

import io
import itertools
import re
import struct
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pdfplumber
from pdfminer.layout import LTChar, LTItem
from pdfminer.psexceptions import PSException
from pdfplumber.utils.clustering import cluster_objects
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException
from pdfplumber.utils.pdfinternals import resolve_all

from ocr.sheet import Block, Line, Rect, Sheet, centre, inside, union

_MIN_CHARS = 30
_SCAN_SHARE = 0.5
"""A picture over more than half of the page is a scan: text on it is some engine's guess."""
_NARROW, _WIDE = 0.3, 1.5
"""Gaps that are a space, and that part two texts; of the size of type."""
_TWICE = 1.0
"""Points between the places of one character that is printed twice."""
_Char = dict[str, Any]
# Damaged files lead pdfminer to nearly anything; a machine out of memory is another matter.
_FAULTS = (PSException, PdfminerException, MalformedPDFException, ArithmeticError, LookupError,
           ValueError, TypeError, AssertionError, AttributeError, RuntimeError, OSError, EOFError,
           zlib.error, struct.error)  # fmt: skip


@contextmanager
def open_text(data: bytes) -> Iterator[Any]:
    """The PDF for its text; None where pdfminer cannot open it (the picture is read then)."""
    try:
        pdf = pdfplumber.open(io.BytesIO(data))
    except _FAULTS:
        yield None
        return
    try:
        yield pdf
    finally:
        # Closing looks at every page again, and so meets what is damaged again.
        with suppress(*_FAULTS):
            pdf.close()


def page_sheet(pdf: Any, index: int) -> Sheet | None:
    """Page ``index`` (from 0) as native text; None where its text is missing or doubtful."""
    if pdf is None:
        return None
    try:
        page = pdf.pages[index]
        spare_characters(page)
        if _is_scan(page):
            return None
        chars = [c for c in _once(page.chars) if _on_page(c, page)]
        if len(chars) < _MIN_CHARS or _garbled(chars):
            return None
        cells = [cell for table in page.find_tables() for cell in table.cells]
        return _sheet(page, index, chars, cells)
    except _FAULTS:
        return None


def spare_characters(page: Any) -> None:
    """Has a page of pdfplumber tell of its characters only what is used here: of each one it
    follows thirty attributes, a quarter of the time that a page takes."""
    every = page.process_object

    def process(item: LTItem) -> _Char:
        told: _Char = _plain(item, page) if isinstance(item, LTChar) else every(item)
        return told

    page.process_object = process


def _plain(char: LTChar, page: Any) -> _Char:
    """A character as `pdfplumber.page.Page.process_object` has it."""
    left, over = page.mediabox[:2]
    top = page.height - char.y1 + over
    return {
        "object_type": "char", "text": char.get_text(), "fontname": resolve_all(char.fontname),
        "size": char.size, "upright": char.upright, "x0": char.x0 + left, "x1": char.x1 + left,
        "top": top, "bottom": page.height - char.y0 + over, "doctop": page.initial_doctop + top,
    }  # fmt: skip


def _is_scan(page: Any) -> bool:
    area = float(page.width * page.height) or 1.0
    shares = (
        max(0.0, i["x1"] - i["x0"]) * max(0.0, i["bottom"] - i["top"]) / area for i in page.images
    )
    return any(share > _SCAN_SHARE for share in shares)


def _on_page(char: _Char, page: Any) -> bool:
    x, y = centre((char["x0"], char["top"], char["x1"], char["bottom"]))
    x0, top, x1, bottom = page.cropbox
    return bool(x0 <= x <= x1 and top <= y <= bottom and char["size"] > 2 and char["upright"])


def _once(chars: list[_Char]) -> list[_Char]:
    """Each character once, as `pdfplumber.page.Page.dedupe_chars` finds them (bold is often faked
    by printing twice), which takes the square of their number.
    """
    order = {id(char): place for place, char in enumerate(chars)}
    same: defaultdict[tuple[Any, ...], list[_Char]] = defaultdict(list)
    for char in chars:
        same[tuple(char[key] for key in ("upright", "text", "fontname", "size"))].append(char)
    once = [group[0] for group in same.values() if len(group) == 1]
    once += [
        min(spot, key=lambda char: (char["doctop"], char["x0"]))
        for group in same.values()
        if len(group) > 1
        for row in cluster_objects(group, "doctop", _TWICE)
        for spot in cluster_objects(row, "x0", _TWICE)
    ]
    return sorted(once, key=lambda char: order[id(char)])


def _garbled(chars: list[_Char]) -> bool:
    """Unmapped glyphs, private-use characters, or a wrong encoding's letters."""
    text = "".join(char["text"] for char in chars)
    if "(cid:" in text or "�" in text:
        return True
    strange = sum(unicodedata.category(c) in ("Co", "Cn", "Cc") for c in text)
    chinese = len(re.findall(r"[㐀-鿿]", text))
    return strange > 0 or chinese < 0.15 * len(text)


def _sheet(page: Any, index: int, chars: list[_Char], cells: list[Rect]) -> Sheet:
    x0, top, x1, bottom = page.cropbox
    boxes = [_shift(cell, x0, top) for cell in cells]
    placed: list[list[_Char]] = [[] for _ in boxes]
    loose: list[_Char] = []
    order = sorted(range(len(boxes)), key=lambda i: _area(boxes[i]))
    for char in chars:
        point = centre(_shift((char["x0"], char["top"], char["x1"], char["bottom"]), x0, top))
        home = next((i for i in order if inside(point, boxes[i])), None)
        (loose if home is None else placed[home]).append(char)
    blocks = [
        Block(tuple(_lines(inner, x0, top)), box, ruled=True)
        for box, inner in zip(boxes, placed, strict=True)
    ]
    blocks += [Block((line,), line.box) for line in _loose(loose, x0, top)]
    return Sheet(tuple(blocks), float(x1 - x0), float(bottom - top), index + 1, native=True)


def _area(box: Rect) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _shift(box: Rect, x0: float, top: float) -> Rect:
    return (box[0] - x0, box[1] - top, box[2] - x0, box[3] - top)


def _lines(chars: list[_Char], x0: float, top: float) -> Iterator[Line]:
    for row in _rows(chars):
        yield from _line(row, _row_text(row), x0, top)


def _loose(chars: list[_Char], x0: float, top: float) -> Iterator[Line]:
    """Outside of cells a wide gap parts two texts."""
    for row in _rows(chars):
        start = 0
        for index in range(1, len(row) + 1):
            if index == len(row) or _gap(row[index - 1], row[index]) > _WIDE:
                part = row[start:index]
                yield from _line(part, _row_text(part), x0, top)
                start = index


def _rows(chars: list[_Char]) -> list[list[_Char]]:
    rows: list[list[_Char]] = []
    for char in sorted(chars, key=lambda c: (c["top"] + c["bottom"]) / 2):
        middle = (char["top"] + char["bottom"]) / 2
        if rows and middle - _row_middle(rows[-1]) < 0.5 * char["size"]:
            rows[-1].append(char)
        else:
            rows.append([char])
    for row in rows:
        row.sort(key=lambda c: c["x0"])
    return rows


def _row_middle(row: list[_Char]) -> float:
    return float(sum((c["top"] + c["bottom"]) / 2 for c in row) / len(row))


def _line(row: list[_Char], text: str, x0: float, top: float) -> Iterator[Line]:
    if text.strip():
        boxes = ((c["x0"], c["top"], c["x1"], c["bottom"]) for c in row if c["text"].strip())
        yield Line(text.strip(), _shift(union(boxes), x0, top))


def _row_text(row: list[_Char]) -> str:
    """Characters of a row; a gap of a third of a character is a space."""
    text = str(row[0]["text"])
    for before, char in itertools.pairwise(row):
        text += (" " if _gap(before, char) > _NARROW else "") + char["text"]
    return text


def _gap(before: _Char, char: _Char) -> float:
    """Room between two characters, of the size of type."""
    return float((char["x0"] - before["x1"]) / max(char["size"], 1))
