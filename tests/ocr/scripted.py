"""Engines that say what a test tells them, behind the port that the real ones stand behind.

What becomes of several opinions hangs on what the engines read; a real one cannot be made to
misread one character of one line in one of its looks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from ocr.crops import crop
from ocr.engines import Recognised, Shelf
from ocr.engines.neural import DETECTION_LIMIT, Orientation, PpOcrV6
from ocr.engines.port import Family, Picture
from ocr.sheet import Line, Rect

NEAR = 1.5
"""Times its line's height from which a crop is one that was enlarged."""
Said = Mapping[tuple[int, str], tuple[str, float]]
"""By shade of the line's paper, and its look ("raw", "near"): text and confidence."""
NOTHING = Recognised("", 0.0)


class Told:
    """Reads crops by the shade of their paper; of each look what it is told, else nothing."""

    def __init__(self, family: Family, said: Said, height: float = 40.0) -> None:
        self.family: Family = family
        self._said, self._height = said, height

    def read_lines(self, crops: Sequence[Picture]) -> list[Recognised]:
        """What was told of each."""
        return [self._one(strip) for strip in crops]

    def _one(self, strip: Picture) -> Recognised:
        look = "near" if strip.shape[0] > NEAR * self._height else "raw"
        # Print that is drawn in the picture has no shade of its own.
        found = self._said.get((int(np.median(strip)), look)) or self._said.get((0, look))
        if found is None:
            return NOTHING
        return Recognised(found[0], found[1], (found[1],) * len(found[0]))


class First(Told, PpOcrV6):
    """The primary engine, which also finds lines: ``places`` are told too."""

    def __init__(self, said: Said, places: Sequence[Line] = (), height: float = 40.0) -> None:
        super().__init__("ppocr-v6", said, height)
        self._places = list(places)

    def places(self, _image: Picture, longest: int = DETECTION_LIMIT) -> list[Line]:
        """As told, whatever the picture."""
        return list(self._places)

    def fill(self, image: Picture, lines: Sequence[Line]) -> list[Line]:
        """The lines in which something is told, with it."""
        found = self.read_lines([crop(image, one) for one in lines])
        return [
            replace(line, text=one.text, confidence=one.confidence)
            for line, one in zip(lines, found, strict=True)
            if one.text
        ]

    def upside_down(self, _crops: Sequence[Picture]) -> int:
        """All stands upright."""
        return 0


class Upright(Orientation):
    """A model that takes every page for one that stands upright."""

    def turn(self, _image: Picture) -> int:
        """Nothing to turn back."""
        return 0


def shelf(
    first: First,
    second: Said | None = None,
    digits: Said | None = None,
    words: Said | None = None,
    height: float = 40.0,
) -> Shelf:
    """These voices; no Tesseract where nothing is told of it."""
    return Shelf(
        primary=first,
        second=Told("ppocr-v4", second or {}, height),
        digits=None if digits is None else Told("tesseract", digits, height),
        words=None if words is None else Told("tesseract", words, height),
        orientation=Upright(),
    )


def line(text: str, box: Rect, confidence: float = 0.99, source: str = "raw") -> Line:
    """A level line with its corners."""
    x0, y0, x1, y1 = box
    return Line(text, box, confidence, ((x0, y0), (x1, y0), (x1, y1), (x0, y1)), source)
