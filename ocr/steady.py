"""Whether a value is read alike however its line is drawn, on papers by hand or worn.

On such papers two engines misread alike now and then, and how sure they are tells little: a stroke
that is open, a figure that a speck has touched. Such a reading hangs on chance, and the same ink
slanted, stretched, paler or out of focus is read otherwise. What each engine reads in all of these
is worth more than what it read once. A pale figure, or one that touches its neighbour, is lost in
all of them: `procedure.acceptance` asks for numbers of the usual length.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np

from ocr.convert import AMOUNTS
from ocr.engines import Shelf
from ocr.engines.port import Picture
from ocr.heard import Heard
from ocr.hits import Hit
from ocr.voices import Spoken, spoken
from procedure.acceptance import families
from procedure.fieldrules import DISAGREES, FIGURE_UNSURE, STEADY
from procedure.readings import Reading, Value

_ASKED = AMOUNTS - {"quantity_t"} | {"uscc", "account_no", "phone", "code", "date"}
"""Names are too long to be read alike in every drawing, and of characters that are alike (演 and
滨) the engines read the commoner one in all of them."""
_SMALL = 27
"""Height of a line, in pixels, below which nothing is proven so: a worn stroke of one pixel is lost
in every drawing. Forms at 150 dpi have 30, screens 22; of 64 codes and account numbers of worn
screens that stood firm one was wrong (7946 as 7916, at 0.98), of 110 of forms none."""
_SLANT, _WIDER, _BLUR = 0.2, 1.25, 0.9
_BLACKER, _SPECK, _RULE = 0.35, 0.005, 0.95
"""By how much of the writing's own contrast a speck is darker, its least area in squares of the
line's height, and how high a rule is. Of 972 right readings 22 have one, and both wrong ones that
a speck had made."""
_PEN = np.ones((3, 3), np.uint8)

ValueOf = Callable[[Hit, Sequence[Spoken]], Value | None]


class Steady:
    """Of the values of one page."""

    def __init__(self, heard: Heard, shelf: Shelf) -> None:
        self._heard = heard
        self._engines = {"ppocr-v6": shelf.primary, "ppocr-v4": shelf.second}

    def marked(self, hit: Hit, reading: Reading, value_of: ValueOf) -> Reading:
        """``reading`` with `STEADY` in its evidence, and without the doubt of a figure that both
        engines were not quite sure of, where each engine that read its value reads it in every
        drawing; as it is where that would not help it. ``value_of`` tells what a hit's lines, read
        so, mean."""
        readers = [name for name in self._engines if name in families(reading.engines)]
        lost = set(reading.against) - {FIGURE_UNSURE}
        lost -= {DISAGREES} if hit.field == "uscc" else set()
        if hit.field not in _ASKED or not hit.lines or not readers or lost:
            return reading
        strips = [self._heard.bare(line) for line in hit.lines]
        if any(strip.shape[0] < _SMALL or _has_speck(strip) for strip in strips):
            return reading
        drawings = [list(_drawings(strip)) for strip in strips]
        looks = (value_of(hit, look) for name in readers for look in self._looks(name, drawings))
        if any(value != reading.value for value in looks):
            return reading
        against = tuple(one for one in reading.against if one != FIGURE_UNSURE)
        return replace(reading, evidence=(*reading.evidence, STEADY), against=against)

    def _looks(
        self, name: str, drawings: Sequence[Sequence[Picture]]
    ) -> Iterator[tuple[Spoken, ...]]:
        """What an engine reads of all lines in each drawing; ``drawings`` are every line's."""
        flat = [strip for of_line in drawings for strip in of_line]
        found = [spoken(one) for one in self._engines[name].read_lines(flat)]
        each = len(drawings[0])
        yield from zip(*(found[at : at + each] for at in range(0, len(found), each)), strict=True)


def _has_speck(strip: Picture) -> bool:
    """Whether ink much darker than the writing lies in its line: a 3 that a speck closes is read,
    and drawn otherwise still read, as an 8."""
    grey = cv2.cvtColor(strip, cv2.COLOR_BGR2GRAY)
    paper = float(np.percentile(grey, 85))
    between, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    ink = grey[grey < between]
    if not ink.size:
        return False
    written = float(np.percentile(ink, 15))
    black = (grey < written - _BLACKER * (paper - written)).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(black, connectivity=8)
    high = strip.shape[0]
    marks = (int(area) for _, _, _, tall, area in stats[1:] if tall < _RULE * high)
    return bool(max(marks, default=0) > _SPECK * high**2)


def _drawings(strip: Picture) -> Iterator[Picture]:
    """A line's strip slanted either way, stretched, out of focus and with thinner strokes."""
    high, wide = strip.shape[:2]
    yield _slanted(strip, _SLANT)
    yield _slanted(strip, -_SLANT)
    yield _resized(strip, round(_WIDER * wide), high)
    yield np.asarray(cv2.GaussianBlur(strip, (0, 0), _BLUR), np.uint8)
    thin = np.asarray(cv2.dilate(_resized(strip, 2 * wide, 2 * high), _PEN), np.uint8)
    yield _resized(thin, wide, high, cv2.INTER_AREA)


def _resized(strip: Picture, wide: int, high: int, how: int = cv2.INTER_CUBIC) -> Picture:
    return np.asarray(cv2.resize(strip, (wide, high), interpolation=how), np.uint8)


def _slanted(strip: Picture, by: float) -> Picture:
    """Sheared by ``by`` of its height, on paper of its commonest grey."""
    high, wide = strip.shape[:2]
    paper = tuple(float(level) for level in np.median(strip.reshape(-1, 3), axis=0))
    shear = np.array([[1, by, max(0.0, -by * high)], [0, 1, 0]], np.float32)
    size = (wide + round(abs(by) * high) + 1, high)
    return np.asarray(
        cv2.warpAffine(strip, shear, size, flags=cv2.INTER_CUBIC, borderValue=paper), np.uint8
    )
