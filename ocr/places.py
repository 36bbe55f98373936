"""Where a page's lines stand: they are looked for where the paper is not bare, and from near.

Looking for lines costs by the area, a fifth of a scan's time; two fifths of a clean one are bare.
"""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from ocr.engines import Shelf
from ocr.engines.neural import DETECTION_LIMIT
from ocr.engines.port import Picture
from ocr.inked import inked_box
from ocr.sheet import Line, Rect, moved, union

_MOST = 0.85
"""Of the picture's area: where more is printed, nothing is won by leaving the rest out."""
_LARGE = 2200
"""Pixels of the longer side: smaller ones, screens above all, have less to save, and their small
print is read otherwise in boxes that differ by half a pixel."""
_NEARER, _AROUND = 0.75, 0.1
"""Of the picture's longer side, what a page is smaller than that is looked at from near; of the
page's, the paper that is left round it."""
_FEWEST, _KEPT = 3, 0.8
"""Lines that make a page, and of these what must be found from near."""
_MOST_SEEN = 2_000_000
"""Pixels looked at from near, so a square at 1,414 a side: a look takes 150 bytes for each, and one
at 1,600 a side made the peak of the process. Parts of sides that differ more than 1.28 to 1 are
seen at 1,600 as others are."""
_STRIDE = 32
"""Pixels that the engine's network looks at in one step: sides are rounded to it."""


def places(picture: Picture, shelf: Shelf) -> list[Line]:
    """Lines without their text."""
    if max(picture.shape[:2]) < _LARGE:
        return shelf.primary.places(picture)
    box = inked_box(picture)
    share = (box[2] - box[0]) * (box[3] - box[1]) / float(picture.shape[0] * picture.shape[1])
    if share > _MOST:
        return shelf.primary.places(picture)
    # In the picture's own scale, as if the whole of it were looked at.
    scale = min(1.0, DETECTION_LIMIT / max(picture.shape[:2]))
    return _in_part(picture, box, shelf, scale)


def from_near(picture: Picture, lines: Sequence[Line], shelf: Shelf) -> list[Line]:
    """``lines``; of a small page in a large picture those that are found when it alone is looked
    at, since detection shrinks pictures."""
    height, width = picture.shape[:2]
    if max(height, width) <= DETECTION_LIMIT or len(lines) < _FEWEST:
        return list(lines)
    x0, y0, x1, y1 = union(line.box for line in lines)
    pad = _AROUND * max(x1 - x0, y1 - y0)
    x0, y0 = max(0, int(x0 - pad)), max(0, int(y0 - pad))
    x1, y1 = min(width, int(x1 + pad)), min(height, int(y1 + pad))
    if max(x1 - x0, y1 - y0) > _NEARER * max(height, width):
        return list(lines)
    part = np.ascontiguousarray(picture[y0:y1, x0:x1])
    near = [moved(line, x0, y0) for line in shelf.primary.places(part, _longest(part))]
    return near if len(near) >= _KEPT * len(lines) else list(lines)


def _longest(part: Picture) -> int:
    """To how many pixels its longer side is shrunk, for no more than `_MOST_SEEN` of all."""
    high, wide = part.shape[:2]
    return min(DETECTION_LIMIT, int((_MOST_SEEN * max(high, wide) / min(high, wide)) ** 0.5))


def _in_part(picture: Picture, box: Rect, shelf: Shelf, scale: float) -> list[Line]:
    """Lines of a part of the picture, shrunk as the whole of it would be."""
    x0, y0, x1, y1 = (int(value) for value in box)
    part = np.ascontiguousarray(picture[y0 : y1 + 1, x0 : x1 + 1])
    # Sides of whole strides at once, as the engine makes them of a whole picture.
    sides = [max(1, round(side * scale / _STRIDE)) * _STRIDE for side in part.shape[:2]]
    seen = np.asarray(cv2.resize(part, (sides[1], sides[0])), np.uint8)
    across, down = part.shape[1] / sides[1], part.shape[0] / sides[0]
    return [moved(_stretched(one, across, down), x0, y0) for one in shelf.primary.places(seen)]


def _stretched(line: Line, across: float, down: float) -> Line:
    x0, y0, x1, y1 = line.box
    box = (x0 * across, y0 * down, x1 * across, y1 * down)
    return replace(line, box=box, quad=tuple((x * across, y * down) for x, y in line.quad))
