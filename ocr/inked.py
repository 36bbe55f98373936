"""Where on a page anything is printed, which costs a hundredth of looking for its lines."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.engines.port import Picture
from ocr.sheet import Line, Rect

_SIDE = 1000
"""Pixels of the longer side that print is looked for at."""
_WIDEST = 11
"""Pixels of the widest stroke: what is narrow and darker or lighter than both its sides is print,
whatever the light on the paper and the colour beneath it."""
_LEAST_CONTRAST = 16
_LEAST_SIDE = 3
_LEAST_AREA = 12
"""Pixels of the smallest print: specks of dust are less, rules thinner."""
_PAD = 20
_REACH = 16
"""Pixels of paper between two lines of one page; the grain of a table lies beyond its margin."""


class Inked:
    """The printed pieces of a picture."""

    def __init__(self, image: Picture) -> None:
        self._height, self._width = image.shape[:2]
        self._scale = min(1.0, _SIDE / max(image.shape[:2]))
        small = cv2.resize(
            image, None, fx=self._scale, fy=self._scale, interpolation=cv2.INTER_AREA
        )
        self._print = _printed(np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8))

    def box(self) -> Rect:
        """Around all that is printed, with some paper; errs towards too much."""
        return self._padded(self._print)

    def around(self, lines: Sequence[Line]) -> Rect:
        """Around the lines and all print that hangs together with them from line to line."""
        seeds = np.zeros_like(self._print)
        for line in lines:
            x0, y0, x1, y1 = (int(value * self._scale) for value in line.box)
            seeds[max(0, y0) : y1 + 1, max(0, x0) : x1 + 1] = 1
        grown = cv2.dilate(self._print | seeds, np.ones((_REACH + 1, _REACH + 1), np.uint8))
        count, labels = cv2.connectedComponents(grown, connectivity=8)
        wanted = np.zeros(count, np.uint8)
        wanted[labels[seeds > 0]] = 1
        return self._padded(wanted[labels] & (self._print | seeds))

    def _padded(self, marks: NDArray[Any]) -> Rect:
        columns, rows = np.flatnonzero(marks.any(axis=0)), np.flatnonzero(marks.any(axis=1))
        if not columns.size:
            return 0.0, 0.0, float(self._width), float(self._height)
        x0, y0 = (float(edge[0] - _PAD) / self._scale for edge in (columns, rows))
        x1, y1 = (float(edge[-1] + 1 + _PAD) / self._scale for edge in (columns, rows))
        return max(0.0, x0), max(0.0, y0), min(self._width, x1), min(self._height, y1)


def _printed(grey: Picture) -> NDArray[np.uint8]:
    """1 in the boxes of all pieces that may be print."""
    kernel = np.ones((_WIDEST, _WIDEST), np.uint8)
    dark = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, kernel)
    light = cv2.morphologyEx(grey, cv2.MORPH_TOPHAT, kernel)
    marks = (cv2.max(dark, light) > _LEAST_CONTRAST).astype(np.uint8)
    pieces = cv2.connectedComponentsWithStats(marks, connectivity=8)[2][1:]
    found = np.zeros(grey.shape, np.uint8)
    for x, y, width, height, area in pieces.tolist():
        if min(width, height) >= _LEAST_SIDE and area >= _LEAST_AREA:
            found[y : y + height, x : x + width] = 1
    return found
