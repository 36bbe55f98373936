"""A PDF page as a picture of which only what is looked at is drawn."""

import math
from dataclasses import dataclass
from functools import cached_property

import pypdfium2

from ocr import pictures
from ocr.engines.port import Picture
from ocr.pdfpages import Pdf
from ocr.problems import Unreadable
from ocr.sheet import Rect

LOOK_DPI = 150
Place = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels."""


@dataclass(frozen=True)
class PageView:
    """Page ``index`` (from 0) of an open PDF at ``dpi``, or at less where it is very large."""

    pdf: Pdf
    index: int
    dpi: float = LOOK_DPI

    @cached_property
    def size(self) -> tuple[float, float]:
        """Width and height as it is shown, in points; `ocr.problems.Unreadable` where PDFium cannot
        open it."""
        try:
            wide, high = self.pdf.page(self.index).get_size()
        except pypdfium2.PdfiumError as error:
            raise Unreadable("damaged", f"pdf page {self.index + 1}: {error}") from error
        return float(wide), float(high)

    @property
    def scale(self) -> float:
        """Pixels a point."""
        return pictures.scale_of(self.size, self.dpi)

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of its picture."""
        wide, high = (math.ceil(side * self.scale) for side in self.size)
        return wide, high

    @cached_property
    def whole(self) -> Picture:
        """The page's picture; raises `ocr.problems.Unreadable` where it cannot be drawn."""
        return pictures.render(self.pdf, self.index, self.dpi)

    def part(self, box: Rect) -> tuple[Picture, Place]:
        """What a box (points from the top left) shows, and where that stands in the picture."""
        place = self._place(box)
        if "whole" in self.__dict__:
            return self.whole[place[1] : place[3], place[0] : place[2]].copy(), place
        return pictures.render(self.pdf, self.index, self.dpi, place), place

    def without_print(self, box: Rect) -> Picture:
        """What a box shows of the pictures that are laid on the page."""
        place = self._place(box)
        return pictures.render(self.pdf, self.index, self.dpi, place, print_too=False)

    def _place(self, box: Rect) -> Place:
        (wide, high), (across, down) = self.size, self.pixels
        margins = (box[0], high - box[3], wide - box[2], box[1])
        left, bottom, right, top = (math.ceil(max(0.0, one) * self.scale) for one in margins)
        left, top = min(left, across - 1), min(top, down - 1)
        return left, top, max(left + 1, across - right), max(top + 1, down - bottom)
