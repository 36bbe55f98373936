"""Where a page's lines stand: they are looked for where something is printed, and from near.

Looking for lines costs by the area, a fifth of a scan's time, and the print of forms and photos
takes a third to two thirds of the picture.
"""

import math

import numpy as np

from ocr.engines import Shelf
from ocr.engines.neural import DETECTION_LIMIT
from ocr.engines.port import Picture
from ocr.inked import Inked
from ocr.sheet import Line, Rect, moved, union

_MOST = 0.85
"""Of the picture's area: where more is printed, nothing is won by leaving the rest out."""
_NEARER = 0.75
"""Of the picture's longer side: a page that takes less of it is looked at from near, as looking
shrinks pictures."""
_AREA = 1_300_000
"""Pixels that a page on a photo is looked at with: two thirds of what a whole picture takes."""
_GLANCE = 800
"""Pixels of the longer side: at a quarter of the cost this shows where on a photo the page lies."""


def places(picture: Picture, shelf: Shelf) -> list[Line]:
    """Lines without their text; all that is found where anything is printed."""
    inked = Inked(picture)
    box = inked.box()
    if _share(box, picture) <= _MOST:
        return _in_part(picture, box, shelf)
    if max(picture.shape[:2]) > _GLANCE:
        # A table's grain looks printed too: what hangs together with lines is the page.
        seen = shelf.primary.places(picture, _GLANCE)
        box = inked.around(seen) if len(seen) >= 3 else box
    if _share(box, picture) <= _MOST:
        return _in_part(picture, box, shelf, _nearer(picture, box))
    return _zoomed(picture, shelf.primary.places(picture), shelf)


def _share(box: Rect, picture: Picture) -> float:
    height, width = picture.shape[:2]
    return (box[2] - box[0]) * (box[3] - box[1]) / float(height * width)


def _in_part(picture: Picture, box: Rect, shelf: Shelf, nearer: float = 1.0) -> list[Line]:
    """Lines of a part of the picture, looked at in the picture's own scale or from nearer."""
    x0, y0, x1, y1 = (int(value) for value in box)
    part = np.ascontiguousarray(picture[y0 : y1 + 1, x0 : x1 + 1])
    scale = nearer * min(1.0, DETECTION_LIMIT / max(picture.shape[:2]))
    longest = round(min(1.0, scale) * max(part.shape[:2]))
    return [moved(line, x0, y0) for line in shelf.primary.places(part, longest)]


def _nearer(picture: Picture, box: Rect) -> float:
    """From how much nearer a page is looked at that takes only a part of its picture."""
    scale = min(1.0, DETECTION_LIMIT / max(picture.shape[:2]))
    width, height = scale * (box[2] - box[0]), scale * (box[3] - box[1])
    most = DETECTION_LIMIT / max(width, height)
    return max(1.0, min(math.sqrt(_AREA / float(width * height)), float(most)))


def _zoomed(picture: Picture, lines: list[Line], shelf: Shelf) -> list[Line]:
    """A small page in a large picture is looked at again from near."""
    height, width = picture.shape[:2]
    if max(height, width) <= DETECTION_LIMIT or len(lines) < 3:
        return lines
    x0, y0, x1, y1 = union(line.box for line in lines)
    pad = 0.1 * max(x1 - x0, y1 - y0)
    box = (max(0.0, x0 - pad), max(0.0, y0 - pad), min(width, x1 + pad), min(height, y1 + pad))
    if max(box[2] - box[0], box[3] - box[1]) > _NEARER * max(height, width):
        return lines
    near = _in_part(picture, box, shelf, _nearer(picture, box))
    return near if len(near) >= 0.8 * len(lines) else lines
