"""A PDF page's own text as a sheet by PDFium, which takes a quarter of pdfplumber's time.

Only pages of plain print: text, straight lines and pictures. What PDFium may tell otherwise than
pdfplumber (drawings in drawings, turned pages, fields, odd characters) is left to `ocr.pdftext`.
"""

from collections.abc import Iterable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from pdfplumber.table import TableFinder

from ocr import pdftext
from ocr.pdfchars import MOST_CHARS, Char, corner, page_text
from ocr.pdfmarks import is_plainly_said
from ocr.pdfpages import Pdf
from ocr.pdfpaths import Path, Point, Side, page_paths
from ocr.pdftext import FAULTS, LEAST_SIZE, SCAN_SHARE, TextPdf
from ocr.sheet import Rect, Sheet, centre, inside
from ocr.textsheet import Letter, is_text, once, sheet_of

_PLAIN = (pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE)
_STRAIGHT = 0.01
"""Points by which a rule's ends may stand off its line."""


def native(pdf: Pdf, text: TextPdf, index: int) -> Sheet | None:
    """Page ``index`` (from 0) as native text; None where its text is missing or doubtful."""
    return page_sheet(pdf, index) or pdftext.page_sheet(text, index)


def page_sheet(pdf: Pdf, index: int) -> Sheet | None:
    """Page ``index`` (from 0) as native text; None where it is not that plain."""
    try:
        page = pdf.page(index)
        at = corner(page)
        objects = pdf.objects(index, 1)
        if at is None or any(one.type not in _PLAIN for one in objects):
            return None
        if not is_plainly_said(objects):
            return None
        size, paths = page.get_size(), page_paths(pdf, index)
        if paths is None or any(_is_scan(one, size) for one in objects):
            return None
        letters = _letters(page_text(pdf, index), size)
        return sheet_of(letters, _cells(paths, at), size, index) if is_text(letters) else None
    except (pypdfium2.PdfiumError, *FAULTS):
        return None


def _letters(chars: Sequence[Char], size: tuple[float, float]) -> list[Letter]:
    """What stands on the page in type that a person could read; nothing where some is slanted or
    turned, which PDFium tells no size of, or where there is more than it was asked for."""
    if len(chars) >= MOST_CHARS or not all(char.em > 0 for char in chars):
        return []
    large = (char for char in chars if char.em > LEAST_SIZE)
    letters = once([Letter(char.text, char.room, char.em) for char in large])
    return [one for one in letters if inside(centre(one.box), (0.0, 0.0, *size))]


def _is_scan(one: Any, size: tuple[float, float]) -> bool:
    if one.type != pdfium.FPDF_PAGEOBJ_IMAGE:
        return False
    x0, y0, x1, y1 = one.get_bounds()
    return bool((x1 - x0) * (y1 - y0) > SCAN_SHARE * size[0] * size[1])


def _cells(paths: Iterable[Path], at: Point) -> list[Rect]:
    """Cells of the page's tables, as pdfplumber finds them among its rules."""
    edges = [edge for path in paths for side in path.sides for edge in _edges(side, at)]
    tables = TableFinder(SimpleNamespace(edges=edges)).tables  # type: ignore[arg-type]
    return [cell for table in tables for cell in table.cells]


def _edges(side: Side, at: Point) -> Iterator[dict[str, Any]]:
    """A level or upright side of a path, as pdfplumber has it; of others none."""
    (left, right), (bottom, top) = (sorted(ends) for ends in zip(*side, strict=True))
    across, down = right - left, top - bottom
    if min(across, down) <= _STRAIGHT:
        yield {
            "object_type": "line", "orientation": "h" if across > down else "v",
            "x0": left - at[0], "x1": right - at[0], "width": across,
            "top": at[1] - top, "bottom": at[1] - bottom, "height": down,
        }  # fmt: skip
