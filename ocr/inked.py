"""Where on a page there is nothing at all, so that nobody need look for lines there; whether a page
lies apart in its picture."""

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
_APART = 0.95
"""Of the picture's longer side: what is light reaches less far where a page lies on a table. (Of
80 photos of forms and screens it was 0.74 to 0.91, of 60 scans all of it.)"""


def thumbnail(image: Picture) -> Picture:
    """The picture with `_SIDE` pixels on its longer side; a smaller one as it is."""
    scale = _SIDE / max(image.shape[:2])
    if scale >= 1:
        return image
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def lies_apart(small: Picture) -> bool:
    """Whether a thumbnail's largest light area is a good deal smaller than the picture, as a page
    on a table is. It may err: only the order of looks hangs on it."""
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    light = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1]
    _, _, stats, _ = cv2.connectedComponentsWithStats(light)
    largest = max(stats[1:], key=lambda one: int(one[cv2.CC_STAT_AREA]), default=None)
    return largest is not None and max(largest[2:4]) < _APART * max(grey.shape)


def inked_box(image: Picture, small: Picture | None = None) -> Rect:
    """Around all that is not bare paper, to a single speck, with some paper; the whole picture
    where nothing is bare, or all. ``small``: its thumbnail, where that is known."""
    height, width = image.shape[:2]
    scale = min(1.0, _SIDE / max(height, width))
    columns, rows = _marked(thumbnail(image) if small is None else small)
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
