"""A PDF page's own text as a sheet by pdfplumber, where the page has one that may be believed.

Whether it agrees with the picture is looked at later, value by value (`ocr.agree`). Pages of plain
print are read quicker by `ocr.pdfsheet`.
"""

import io
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any

import pdfplumber
from pdfminer.layout import LTChar, LTItem
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException
from pdfplumber.utils.pdfinternals import resolve_all

from ocr.sheet import Rect, Sheet, centre, inside
from ocr.textsheet import Letter, is_text, once, sheet_of

SCAN_SHARE = 0.5
"""A picture over more than half of the page is a scan: text on it is some engine's guess."""
LEAST_SIZE = 2
"""Points of type that a person could read."""
_Char = dict[str, Any]
# Damaged files lead pdfminer to nearly anything; a machine out of memory is another matter.
FAULTS = (PSException, PdfminerException, MalformedPDFException, ArithmeticError, LookupError,
           ValueError, TypeError, AssertionError, AttributeError, RuntimeError, OSError, EOFError,
           zlib.error, struct.error)  # fmt: skip


class TextPdf:
    """A PDF for its text, opened when it is asked for the first time."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    @cached_property
    def opened(self) -> Any:
        """None where pdfminer cannot open it (the picture is read then)."""
        try:
            return pdfplumber.open(io.BytesIO(self._data))
        except FAULTS:
            return None


@contextmanager
def open_text(data: bytes) -> Iterator[TextPdf]:
    """The PDF for its text."""
    text = TextPdf(data)
    try:
        yield text
    finally:
        # Closing looks at every page again, and so meets what is damaged again.
        with suppress(*FAULTS):
            if "opened" in vars(text) and text.opened is not None:
                text.opened.close()


def page_sheet(text: TextPdf, index: int) -> Sheet | None:
    """Page ``index`` (from 0) as native text; None where its text is missing or doubtful."""
    if text.opened is None:
        return None
    try:
        page = text.opened.pages[index]
        spare_characters(page)
        if _is_scan(page):
            return None
        letters = once([_letter(char, page) for char in page.chars if char["upright"]])
        letters = [one for one in letters if _is_shown(one, page)]
        if not is_text(letters):
            return None
        cells = [_shown(cell, page) for table in page.find_tables() for cell in table.cells]
        return sheet_of(letters, cells, _size(page), index)
    except FAULTS:
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
    return any(share > SCAN_SHARE for share in shares)


def _letter(char: _Char, page: Any) -> Letter:
    box = (char["x0"], char["top"], char["x1"], char["bottom"])
    return Letter(char["text"], _shown(box, page), char["size"], char["fontname"])


def _shown(box: Rect, page: Any) -> Rect:
    """A box of the page, from the corner of what is shown of it."""
    x0, top = page.cropbox[:2]
    return (box[0] - x0, box[1] - top, box[2] - x0, box[3] - top)


def _is_shown(letter: Letter, page: Any) -> bool:
    return letter.size > LEAST_SIZE and inside(centre(letter.box), (0.0, 0.0, *_size(page)))


def _size(page: Any) -> tuple[float, float]:
    x0, top, x1, bottom = page.cropbox
    return float(x1 - x0), float(bottom - top)
