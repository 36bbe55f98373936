"""Where a page's lines stand: they are looked for where the paper is not bare, and from near.

Looking for lines costs by the area, a fifth of a scan's time; two fifths of a clean one are bare.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

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
_HIGH = 44
"""Pixels of a line's height at which it is looked at from near: with all that there are, up to 70,
no more is found (1,388 values of 96 documents), in twice the time."""
_STRIDE = 32
"""Pixels that the engine's network looks at in one step: sides are rounded to it."""
_ROUGHLY = 800
"""Pixels of the longer side at which lines are found well enough to tell their page by them."""
_ENOUGH, _LEGIBLE, _FILLED = 12, 12, 0.4
"""Lines that make a page, if found so; pixels of their height there (17 to 24 on forms), and of the
picture's longer side what they fill."""
_LEFT = 0.05
"""Of the page's longer side, what must be left of the paper round it."""

Part = tuple[int, int, int, int]
"""Left, top, right and bottom of a part of a picture, in its pixels."""


@dataclass(frozen=True)
class Places:
    """Where the lines of a picture stand, as far as it was looked at."""

    lines: tuple[Line, ...]
    roughly: bool = False


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


def at_first(picture: Picture, shelf: Shelf) -> Places:
    """Lines without their text, of a large upright sheet roughly: that tells how it stands and
    where it lies, for a sixth of the work. Screens are wide, fill their pictures and are looked at
    once."""
    height, width = picture.shape[:2]
    if max(height, width) <= DETECTION_LIMIT or width > height:
        return Places(tuple(places(picture, shelf)))
    return Places(tuple(shelf.primary.places(picture, _ROUGHLY)), roughly=True)


def closely(picture: Picture, found: Places, shelf: Shelf) -> list[Line]:
    """Lines without their text, as well as they can be found: those of a small page in a large
    picture when it alone is looked at, since detection shrinks pictures."""
    lines: Sequence[Line] = found.lines
    if found.roughly:
        near = _from_near(picture, lines, shelf, all_of=False) if _is_page(picture, lines) else None
        if near is not None:
            return near
        lines = places(picture, shelf)
    near = _from_near(picture, lines, shelf, all_of=True)
    return list(lines) if near is None else near


def _from_near(
    picture: Picture, lines: Sequence[Line], shelf: Shelf, *, all_of: bool
) -> list[Line] | None:
    """Lines of the page that ``lines`` tell, looked at by itself; None where it is nearly all of
    the picture, where fewer are found so, and where ``lines`` may not be ``all_of`` it and it goes
    on beyond them."""
    part = _page(picture, lines)
    if part is None:
        return None
    near = _near(picture, part, lines, shelf)
    lost = len(near) < _KEPT * len(lines) or (not all_of and _goes_on(near, part, picture))
    return None if lost else near


def _is_page(picture: Picture, lines: Sequence[Line]) -> bool:
    """Whether lines found roughly are a page's: so many and so large that none of the others is too
    small to be seen so, near enough that they are not the title of one far off."""
    if len(lines) < _ENOUGH:
        return False
    longest = float(max(picture.shape[:2]))
    x0, y0, x1, y1 = union(line.box for line in lines)
    legible = _height(lines) * _ROUGHLY >= _LEGIBLE * longest
    return legible and max(x1 - x0, y1 - y0) >= _FILLED * longest


def _page(picture: Picture, lines: Sequence[Line]) -> Part | None:
    """The part of a large picture in which lines stand, with some paper round it; None where that
    is nearly all of it."""
    height, width = picture.shape[:2]
    if max(height, width) <= DETECTION_LIMIT or len(lines) < _FEWEST:
        return None
    x0, y0, x1, y1 = union(line.box for line in lines)
    pad = _AROUND * max(x1 - x0, y1 - y0)
    x0, y0 = max(0, int(x0 - pad)), max(0, int(y0 - pad))
    x1, y1 = min(width, int(x1 + pad)), min(height, int(y1 + pad))
    return None if max(x1 - x0, y1 - y0) > _NEARER * max(height, width) else (x0, y0, x1, y1)


def _near(picture: Picture, part: Part, lines: Sequence[Line], shelf: Shelf) -> list[Line]:
    x0, y0, x1, y1 = part
    cut = np.ascontiguousarray(picture[y0:y1, x0:x1])
    longest = min(_longest(cut), round(max(cut.shape[:2]) * _HIGH / _height(lines)))
    return [moved(line, x0, y0) for line in shelf.primary.places(cut, longest)]


def _height(lines: Sequence[Line]) -> float:
    """Pixels of the height that most lines have."""
    return float(np.median([math.dist(line.quad[0], line.quad[3]) for line in lines]))


def _goes_on(lines: Sequence[Line], part: Part, picture: Picture) -> bool:
    """Whether lines stand so far out that the page may reach beyond the part of the picture."""
    height, width = picture.shape[:2]
    x0, y0, x1, y1 = union(line.box for line in lines)
    least = _LEFT * max(x1 - x0, y1 - y0)
    left, top, right, bottom = part
    paper = ((x0 - left, left), (y0 - top, top), (right - x1, width - right))
    return any(
        inside < least < beyond for inside, beyond in (*paper, (bottom - y1, height - bottom))
    )


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
