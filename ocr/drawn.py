"""What a PDF page draws, by PDFium: as it is, and its text alone.

Points are counted from the top left of the page as it is shown, as `ocr.pdftext` counts them.
"""

import ctypes
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import cv2
import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from ocr import inks, limits
from ocr.pdfchars import corner
from ocr.pdfpages import Pdf, nothing_but
from ocr.pdfpaths import page_paths
from ocr.problems import Unreadable
from ocr.sheet import Rect

_MOST_NESTED = 8
_TEXT = (pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_FORM)
"""Drawings within drawings too: what was typed into a form's field is one."""
_RED, _SEAL = 24, 40.0
"""By how much of 255 red light exceeds green and blue; points that a seal measures at least."""
_PAPER, _DARK, _MOST_OF = 245, 150, 90
"""How pale the text alone is where it is none; how dark other print is in red light, but no seal;
the part in 100 of a seal that its ink is as deep as."""
_MUCH = {1: 45.0, 2: 30.0}
"""Levels by which other ink is deeper in green and in red light; of 58 seals as they are drawn the
deepest spot was so by 22 and 5."""
_OWN = 0.85
"""Of all that is a seal's by what stands round it, what the seals' pictures draw at least: marks
beside them are less, another seal is more."""
_GREY = 8
"""By how much of 255 the parts of a grey differ."""
_PRINT = (pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH)


@dataclass(frozen=True)
class Views:
    """A part of a page as it is, and the same with nothing but its text."""

    whole: NDArray[np.uint8]
    """Height x width x 3, blue-green-red."""
    text: inks.Mask
    """Height x width, in red light."""
    scale: float
    """Pixels a point."""
    left: float
    """Of the part, in points, as ``top``."""
    top: float
    seals: Callable[[], inks.Mask | None] | None = None
    """Draws what is red in the pictures that may be seals: height x width, 1 or 0; None where no
    picture is one."""

    def pixels(self, box: Rect) -> tuple[int, int, int, int]:
        """A box of the page as pixels of the part, not beyond its edges."""
        high, wide = self.text.shape
        return (
            min(wide, max(0, int((box[0] - self.left) * self.scale) - 1)),
            min(high, max(0, int((box[1] - self.top) * self.scale) - 1)),
            min(wide, max(0, math.ceil((box[2] - self.left) * self.scale) + 1)),
            min(high, max(0, math.ceil((box[3] - self.top) * self.scale) + 1)),
        )

    def seal(self, rows: slice, columns: slice) -> NDArray[np.bool_]:
        """Where a seal's red is in a part (pixels), told by what stands round it. Print may be red
        too, in a ring as well: what is clearly deeper than the seal's own ink is none of it, nor is
        what the page draws there beside the seal's picture."""
        size = _SEAL * self.scale
        top = max(0, rows.start - round(size))
        near = slice(top, rows.stop + round(size))
        found = inks.within_marks(self.red[near], size)
        if found.any():
            inked = self.text[near] <= _PAPER
            for channel, deepest in self._seal_ink.items():
                found &= (255 - self.whole[near][:, :, channel] <= deepest) | inked
            if self._of_seals is not None:
                found &= self._of_seals[near] > 0
        return found[rows.start - top : rows.stop - top, columns]

    @cached_property
    def red(self) -> inks.Mask:
        """Where it is redder than print is: 1, else 0."""
        return _red_in(self.whole)

    @cached_property
    def _of_seals(self) -> inks.Mask | None:
        found = self.seals() if self.seals else None
        marks = inks.within_marks(self.red, _SEAL * self.scale)
        # Another seal may be drawn in lines or strips: of it nothing is told.
        if found is None or np.count_nonzero(marks & (found > 0)) < _OWN * np.count_nonzero(marks):
            return None
        return found

    @cached_property
    def _seal_ink(self) -> dict[int, float]:
        """How deep the ink of this part's seals is at most in green and in red light, where neither
        text nor rules, which red light shows, lie under it."""
        marks = inks.within_marks(self.red, _SEAL * self.scale)
        left, top, wide, high = cv2.boundingRect(marks.view(np.uint8))
        part = (slice(top, top + high), slice(left, left + wide))
        whole = self.whole[part]
        seals = marks[part] & (self.text[part] > _PAPER) & (whole[:, :, 2] > _DARK)
        deep = {channel: 255 - whole[:, :, channel][seals] for channel in _MUCH}
        return {
            channel: float(np.percentile(depth, _MOST_OF)) + _MUCH[channel] if depth.size else 255.0
            for channel, depth in deep.items()
        }

    def part(self, box: Rect) -> "Views":
        """A smaller part, as far as it is on this one."""
        x0, y0, x1, y1 = self.pixels(box)
        place = (slice(y0, y1), slice(x0, x1))
        left, top = self.left + x0 / self.scale, self.top + y0 / self.scale

        def seals() -> inks.Mask | None:
            return None if self._of_seals is None else self._of_seals[place]

        return Views(self.whole[place], self.text[place], self.scale, left, top, seals)


def views(pdf: Pdf, index: int, scale: float, part: Rect) -> Views | None:
    """A part of the page drawn twice at ``scale`` pixels a point; None where PDFium cannot, and
    where it would be too large."""
    try:
        page = pdf.page(index)
        left, top = max(0.0, math.floor(part[0])), max(0.0, math.floor(part[1]))
        right, bottom = min(page.get_width(), part[2]), min(page.get_height(), part[3])
        limits.check_pixels((right - left) * scale, (bottom - top) * scale)
        where = (left, top, right, bottom)
        whole = _drawn(page, scale, where, pdfium.FPDF_ANNOT)
        with nothing_but(pdf, index, _is_text, _MOST_NESTED):
            text = np.asarray(cv2.extractChannel(_drawn(page, scale, where, 0), 2), np.uint8)
    except (pypdfium2.PdfiumError, Unreadable):
        return None
    seals = partial(_red_of_seals, pdf, index, scale, where)
    return Views(whole, text, scale, left, top, seals)


def _is_text(one: Any) -> bool:
    return one.type in _TEXT


def _red_of_seals(pdf: Pdf, index: int, scale: float, part: Rect) -> inks.Mask | None:
    """Where those pictures are red that are as large as a seal, and a pixel round it: 1, else 0;
    None where none of them is a seal (one may be drawn in lines, or in strips), and where nothing
    else on the page is red."""
    page = pdf.page(index)
    if all(_is_seal(one) or _is_grey(one) for one in pdf.objects(index, 1)):
        return None
    with nothing_but(pdf, index, _is_seal, 1):
        red = _red_in(_drawn(page, scale, part, 0))
    if not inks.within_marks(red, _SEAL * scale).any():
        return None
    return np.asarray(cv2.dilate(red, np.ones((3, 3), np.uint8)), np.uint8)


def _is_seal(one: Any) -> bool:
    """Whether it is a picture as large as a seal."""
    if one.type != pdfium.FPDF_PAGEOBJ_IMAGE:
        return False
    x0, y0, x1, y1 = one.get_bounds()
    return bool(min(x1 - x0, y1 - y0) >= _SEAL)


def _is_grey(one: Any) -> bool:
    """Whether it is text or a path in grey or black."""
    if one.type not in (pdfium.FPDF_PAGEOBJ_TEXT, pdfium.FPDF_PAGEOBJ_PATH):
        return False
    for colour in (pdfium.FPDFPageObj_GetFillColor, pdfium.FPDFPageObj_GetStrokeColor):
        parts = [ctypes.c_uint() for _ in range(4)]
        tones = [part.value for part in parts[:3]] if colour(one.raw, *parts) else [0, 255]
        if max(tones) - min(tones) > _GREY:
            return False
    return True


def _red_in(whole: NDArray[np.uint8]) -> inks.Mask:
    more = inks.more_red(whole)
    return np.asarray(cv2.threshold(more, _RED, 1, cv2.THRESH_BINARY)[1], np.uint8)


def _drawn(page: Any, scale: float, part: Rect, flags: int) -> NDArray[np.uint8]:
    """At exactly this scale, which drawing a whole page rounds: a glyph always looks the same."""
    width, height = page.get_size()
    wide = max(1, math.ceil((part[2] - part[0]) * scale))
    high = max(1, math.ceil((part[3] - part[1]) * scale))
    # PDFium maps the page to whole points first.
    across, down = scale * width / max(1, int(width)), scale * height / max(1, int(height))
    matrix = pdfium.FS_MATRIX(across, 0, 0, down, -part[0] * scale, -part[1] * scale)
    # PDFium draws on paper of ours: a bitmap of its own would have to be copied.
    paper = np.full((high, wide, 3), 255, np.uint8)
    bitmap = pdfium.FPDFBitmap_CreateEx(
        wide, high, pdfium.FPDFBitmap_BGR, ctypes.c_void_p(paper.ctypes.data), paper.strides[0]
    )
    if not bitmap:
        raise pypdfium2.PdfiumError("no bitmap")
    try:
        clip = pdfium.FS_RECTF(0, 0, wide, high)
        pdfium.FPDF_RenderPageBitmapWithMatrix(bitmap, page.raw, matrix, clip, flags)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    return paper


def seal_places(pdf: Pdf, index: int) -> tuple[Rect, ...] | None:
    """Where a seal may be: the page's pictures. () where nothing on it can be one; None where
    anything may, since curves, nested drawings or stamps laid on it may be one too."""
    try:
        page = pdf.page(index)
        at = corner(page)
        if at is None or pdfium.FPDFPage_GetAnnotCount(page.raw):
            return None
        paths = page_paths(pdf, index)
        if paths is None or not all(path.is_rule for path in paths):
            return None
        others = [one for one in pdf.objects(index, 1) if one.type not in _PRINT]
        if any(one.type != pdfium.FPDF_PAGEOBJ_IMAGE for one in others):
            return None
        return tuple(_place(one, *at) for one in others)
    except pypdfium2.PdfiumError:
        return None


def _place(one: Any, left: float, top: float) -> Rect:
    x0, y0, x1, y1 = one.get_bounds()
    return (x0 - left, top - y1, x1 - left, top - y0)
