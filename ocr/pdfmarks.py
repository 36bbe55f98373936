"""What a PDF says by the way of its text: that it means something else than it draws.

Browsers say so of each character that their fonts share with a radical (PDF 32000-1, 14.9.4).
"""

import ctypes
from collections.abc import Iterable
from typing import Any

import pypdfium2.raw as pdfium

_KEY = b"ActualText"
_MOST = 64
"""Bytes of such a text that are looked at: those of browsers have four."""
_LIGATURES = ("ff", "fi", "fl", "ffi", "ffl", "ft", "st", "tt")
_LONG = "long"


def is_plainly_said(objects: Iterable[Any]) -> bool:
    """Whether each such text is of one character, for one piece of the page.

    PDFium tells a text once for all pieces that it is said of, and nothing of what those draw: a
    figure beside it would be lost. ``objects``: the page's, in their order.
    """
    before = ""
    for one in objects:
        if one.type != pdfium.FPDF_PAGEOBJ_TEXT:
            continue
        said = _said(one.raw)
        if said is not None and (len(said) != 1 or said == before) and not _is_harmless(said):
            return False
        before = said or ""
    return True


def _is_harmless(said: str) -> bool:
    """Blanks, and letters that are drawn as one (fi)."""
    return said.isspace() or (said in _LIGATURES)


def _said(raw: Any) -> str | None:
    """The text that a piece is said to mean; None where nothing is said of it."""
    for number in range(pdfium.FPDFPageObj_CountMarks(raw)):
        mark = pdfium.FPDFPageObj_GetMark(raw, number)
        data, size = (ctypes.c_ubyte * _MOST)(), ctypes.c_ulong()
        if pdfium.FPDFPageObjMark_GetParamBlobValue(mark, _KEY, data, _MOST, size):
            return _text(bytes(data)[: size.value]) if size.value <= _MOST else _LONG
    return None


def _text(data: bytes) -> str:
    """PDF 32000-1, 7.9.2.2."""
    utf_16 = data.startswith(b"\xfe\xff")
    return data[2:].decode("utf-16-be", "replace") if utf_16 else data.decode("latin-1")
