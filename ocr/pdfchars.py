"""The characters that a PDF page's text layer names, by PDFium.

Points are counted from the top left of the page as it is shown, as `ocr.pdftext` counts them.
"""

import ctypes
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from ocr.drawings import is_chinese
from ocr.pdfpages import Pdf
from ocr.sheet import NO_RECT, Rect

MOST_CHARS = 20_000
"""Of a page that are told: later ones are not."""
_SAME = 0.01
"""Points by which two places differ that are one."""
_OVER, _UNDER = 0.88, 0.12
"""Ems of type over and under the baseline: of Chinese faces by their design. What a file says of
its fonts' heights may be anything: LibreOffice has them an em lower."""


@dataclass(frozen=True)
class Char:
    """One character that the page's text layer names. ``box`` is around its outline."""

    text: str
    box: Rect
    baseline: float
    em: float
    """Height of its em square in points; 0 where it is turned or slanted."""
    room: Rect = NO_RECT
    """From where it begins to where the next one would, as high as the type."""


def page_chars(pdf: Pdf, index: int) -> tuple[Char, ...]:
    """Characters that are drawn, without spaces."""
    return tuple(char for char in page_text(pdf, index) if char.text.strip())


def page_text(pdf: Pdf, index: int) -> tuple[Char, ...]:
    """Characters and spaces of the layer, without those that PDFium only adds (spaces, ends of
    lines).

    Nothing for a page that is turned or scaled: its places would have to be turned as well.
    """
    return pdf.once(index, _page_text)


def _page_text(pdf: Pdf, index: int) -> tuple[Char, ...]:
    try:
        page = pdf.page(index)
        at = corner(page)
        if at is None:
            return ()
        with closing(page.get_textpage()) as text:
            return tuple(islice(_chars(text.raw, *at), MOST_CHARS))
    except pypdfium2.PdfiumError:
        return ()


def corner(page: Any) -> tuple[float, float] | None:
    """Left and top edge of what is shown, in the page's own units; None where that is turned or
    scaled."""
    x0, y0, x1, y1 = page.get_cropbox()
    shown = abs(x1 - x0 - page.get_width()) < 0.1 and abs(y1 - y0 - page.get_height()) < 0.1
    return (x0, y1) if shown and page.get_rotation() == 0 else None


def _chars(text: Any, left: float, top: float) -> Iterator[Char]:
    x0, x1, y0, y1, x, y = (ctypes.c_double() for _ in range(6))
    matrix, room = pdfium.FS_MATRIX(), pdfium.FS_RECTF()
    for index in range(pdfium.FPDFText_CountChars(text)):
        if pdfium.FPDFText_IsGenerated(text, index) == 1:
            continue
        pdfium.FPDFText_GetCharBox(text, index, x0, x1, y0, y1)
        pdfium.FPDFText_GetLooseCharBox(text, index, room)
        pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        pdfium.FPDFText_GetMatrix(text, index, matrix)
        level = abs(matrix.b) + abs(matrix.c) < 0.01 * abs(matrix.d)
        upright = level and min(matrix.a, matrix.d) > 0
        em = pdfium.FPDFText_GetFontSize(text, index) * matrix.d if upright else 0.0
        box = (x0.value - left, top - y1.value, x1.value - left, top - y0.value)
        line = top - y.value
        char, across = chr(pdfium.FPDFText_GetUnicode(text, index)), (room.left, room.right)
        if is_chinese(char) and abs(room.left - x0.value) + abs(room.right - x1.value) < _SAME:
            across = _across(room.left, room.right, em)
        high = (across[0] - left, line - _OVER * em, across[1] - left, line + _UNDER * em)
        yield Char(char, box, line, em, high)


def _across(begin: float, end: float, em: float) -> tuple[float, float]:
    """From where a character begins to where the next one would: of one that stands for another
    text (`ocr.pdfmarks`) PDFium tells the outline alone, which in Chinese type is in the middle."""
    beyond = max(0.0, em - (end - begin)) / 2
    return begin - beyond, end + beyond
