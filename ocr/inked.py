"""Where on a page there is nothing at all, so that nobody need look for lines there."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.engines.port import Picture
from ocr.sheet import Rect

_SIDE = 1000
"""Pixels of the longer side that print is looked for at."""
_WIDEST = 11
"""Pixels of the widest stroke: what is narrow and darker or lighter than both its sides may be
print, whatever the light on the paper and the colour beneath it."""
_BARE = 6
"""Of 255, by how much bare paper differs from itself at most. What is printed paler than that is
found by no engine either."""
_PAD = 20


def inked_box(image: Picture) -> Rect:
    """Around all that is not bare paper, to a single speck, with some paper; the whole picture
    where nothing is bare, or all."""
    height, width = image.shape[:2]
    scale = min(1.0, _SIDE / max(height, width))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    columns, rows = _marked(np.asarray(small, np.uint8))
    if not columns.size:
        return 0.0, 0.0, float(width), float(height)
    x0, y0 = (float(edge[0] - _PAD) / scale for edge in (columns, rows))
    x1, y1 = (float(edge[-1] + 1 + _PAD) / scale for edge in (columns, rows))
    return max(0.0, x0), max(0.0, y0), min(float(width), x1), min(float(height), y1)


def _marked(small: Picture) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Columns and rows in which any colour differs from what is on both its sides."""
    kernel = np.ones((_WIDEST, _WIDEST), np.uint8)
    marks = np.zeros(small.shape[:2], bool)
    for colour in cv2.split(small):
        dark = cv2.morphologyEx(colour, cv2.MORPH_BLACKHAT, kernel)
        light = cv2.morphologyEx(colour, cv2.MORPH_TOPHAT, kernel)
        marks |= cv2.max(dark, light) > _BARE
        if marks[0].any() and marks[-1].any() and marks[:, 0].any() and marks[:, -1].any():
            break  # A photo, or noise up to all four edges: nothing is bare.
    return np.flatnonzero(marks.any(axis=0)), np.flatnonzero(marks.any(axis=1))
