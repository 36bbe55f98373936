"""One character as a page draws it, and whether two drawings are the same."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr import inks

EM = 26
"""Pixels of the em square: every size of type is drawn alike, so that glyphs are known again."""
_WINDOW = EM + 14
"""Pixels that are compared: a glyph whose ink goes beyond is none (`Glyph.is_seen`)."""
_SAME, _SAME_HEIGHT = 24, 1.2
"""By how much of 255 a pixel, and by how many pixels the height of one drawing may differ.
Drawn at another third of a pixel a glyph differs by 20 at most; the likest two characters
of one font (l and 1 of a Kai) by 31."""


@dataclass(frozen=True)
class Glyph:
    """One character as it is drawn: its ink's cell, and what its layer calls it."""

    text: str
    cell: inks.Mask
    """Height x width, black on white, as tight as its ink."""
    above: int
    """Pixels from its upper edge down to the baseline: a point is no raised dot."""

    @cached_property
    def _middle(self) -> tuple[float, float]:
        weights = cv2.moments(255 - self.cell)
        mass = weights["m00"] or 1.0
        return (weights["m10"] / mass, weights["m01"] / mass)

    @cached_property
    def _centred(self) -> inks.Mask:
        """The cell with its ink's middle in the window's: PDFium draws at thirds of pixels."""
        edge = _WINDOW // 2
        paper = cv2.copyMakeBorder(
            self.cell, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=255
        )
        middle = (self._middle[0] + edge, self._middle[1] + edge)
        window = cv2.getRectSubPix(paper, (_WINDOW, _WINDOW), middle)
        return np.asarray(cv2.GaussianBlur(window, (0, 0), 0.7), np.uint8)

    @cached_property
    def mark(self) -> bytes:
        """The same for drawings that are the same to each pixel, on the same line, and for no
        others (a digest of 16 bytes)."""
        return hashlib.blake2b(
            self.cell.tobytes(), digest_size=16, key=f"{self.cell.shape}{self.above}".encode()
        ).digest()

    @property
    def ink(self) -> NDArray[np.float32]:
        """Its ink in the window that is compared: height x width, 0 for paper to 255."""
        return np.asarray(255 - self._centred, np.float32)

    def looks_like(self, other: "Glyph") -> bool:
        """Whether both are the same drawing, wherever on the pixels' grid it stands."""
        return abs(self.rise - other.rise) <= _SAME_HEIGHT and self.differs(other) <= _SAME

    @property
    def is_seen(self) -> bool:
        """Whether all its ink is among the pixels that are compared."""
        (x, y), (high, wide) = self._middle, self.cell.shape
        return bool(max(x, wide - x, y, high - y) < _WINDOW / 2)

    @property
    def rise(self) -> float:
        """Pixels from the middle of its ink down to the baseline."""
        return self.above - self._middle[1]

    def differs(self, other: "Glyph") -> int:
        """The most by which a pixel of one drawing differs from the other's, of 255."""
        return int(cv2.absdiff(self._centred, other._centred).max())
