"""A doubtful line of an undamaged picture, looked at again from near.

Screens print small: at 13 pixels a stroke is one grey pixel, and engines that read crops of 48
pixels' height are unsure of what is plain to see in the same crop enlarged beforehand. On worn
paper this proves nothing, since whoever misreads it misreads it enlarged as well; so only lines
count that a computer drew and nothing has touched since.
"""

from collections.abc import Sequence
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.crops import crop
from ocr.engines import Shelf
from ocr.engines.port import Picture, Recognised
from ocr.sheet import Line

_AROUND = 0.35
"""Of a line's height, what is looked at above and below it."""
_FAINT = 6
"""Levels by which ringing and noise differ from the paper: an edge's grey is seldom so pale."""
_FEW = 0.18
_RUN = 32
_FLAT = 0.0005
_COLOURS = 2
_TIMES = 2.0
_WIDEN, _TALLER = 0.3, 0.1

Looks = dict[tuple[str, str], list[Recognised]]
"""By family and how the lines were looked at: as they are (``again``) or enlarged (``near``)."""


class Near:
    """One page's lines, looked at again."""

    def __init__(self, picture: Picture, shelf: Shelf) -> None:
        self._picture, self._shelf = picture, shelf

    def looks(self, lines: Sequence[Line]) -> Looks:
        """The lines read once more by the first engine, and enlarged by both; {} where the page is
        no drawing, or the picture of any line is damaged."""
        picture, shelf = self._picture, self._shelf
        if not lines or not all(undamaged(picture, line) for line in lines) or not self.is_drawn:
            return {}
        again = [crop(picture, line) for line in lines]
        near = [enlarged(picture, line) for line in lines]
        return {
            ("ppocr-v6", "again"): shelf.primary.read_lines(again),
            ("ppocr-v6", "near"): shelf.primary.read_lines(near),
            ("ppocr-v4", "near"): shelf.second.read_lines(near),
        }

    def untouched(self, line: Line) -> bool:
        """Whether a computer drew the page and the line, and nothing has touched them since."""
        return undamaged(self._picture, line) and self.is_drawn

    @cached_property
    def is_drawn(self) -> bool:
        """Whether a computer drew the page."""
        return is_drawn(self._picture)


def enlarged(picture: Picture, line: Line) -> Picture:
    """The line twice as large, with more of the paper round it than `crops.crop` leaves."""
    return crop(picture, line, _WIDEN, taller=_TALLER, times=_TIMES, flags=cv2.INTER_LANCZOS4)


def undamaged(picture: Picture, line: Line) -> bool:
    """Whether the paper round a line's ink is of one colour up to its edges: scanners, cameras and
    JPEG leave noise or ringing there."""
    xs, ys = [x for x, _ in line.quad], [y for _, y in line.quad]
    by = _AROUND * (max(ys) - min(ys))
    top, left = max(0, round(min(ys) - by)), max(0, round(min(xs) - by))
    part = picture[top : round(max(ys) + by) + 1, left : round(max(xs) + by) + 1]
    if part.size == 0:
        return False
    away = np.abs(part.astype(np.int16) - most_common(part)).max(axis=2)
    ink = away[away > 0]
    return bool(ink.size) and bool((ink <= _FAINT).mean() <= _FEW)


def is_drawn(picture: Picture) -> bool:
    """Whether a page has rules or areas of several colours, beside its paper's, each exactly the
    same all along.

    A scan whose paper was whitened has none, its rules are as uneven as its print; a copy in black
    and white has but one.
    """
    same = (picture[:, 1:] == picture[:, :-1]).all(axis=2).astype(np.uint8)
    runs = picture[:, 1:][cv2.erode(same, np.ones((1, _RUN), np.uint8)) > 0]
    _, counts = _colours(runs)
    return int((counts > _FLAT * same.size).sum()) > _COLOURS


def most_common(part: Picture) -> Picture:
    """The colour that most pixels have: the paper's."""
    packed, counts = _colours(part)
    colour = int(packed[counts.argmax()])
    return np.array([colour >> shift & 255 for shift in (0, 8, 16)], np.uint8)


def _colours(pixels: Picture) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Each colour, blue-green-red in one number, and how many of the pixels have it."""
    packed = pixels.reshape(-1, 3).astype(np.uint32) @ np.array([1, 256, 65536], np.uint32)
    found, counts = np.unique(packed, return_counts=True)
    return found, counts
