"""Where a page's lines stand: they are looked for where the paper is not bare, and from near.

Looking for lines costs by the area, a fifth of a scan's time; two fifths of a clean one are bare.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ocr.engines import Shelf
from ocr.engines.neural import DETECTION_LIMIT
from ocr.engines.port import Picture
from ocr.inked import inked_box, lies_apart, thumbnail
from ocr.sheet import Line, Rect, columns_overlap, moved, rows_overlap, union

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
_AGAIN, _WITHIN = 1 / 3, 0.6
"""Of a line's area, how much is covered from near where it was found again; how much of a piece's
is covered where it is a piece."""
_ROUGH = 1024
"""Pixels of the longer side at which an upright page that lies apart is looked at first: from near
its lines are looked for again anyway. At 800 what stands small or pale beyond a gap below the page
was not seen."""
_TALL = 1.8
"""Of the usual height of a page's lines, from which what only the first look saw is none."""
_MOST_SEEN = 2_000_000
"""Pixels looked at from near, so a square at 1,414 a side: a look takes up to 240 bytes for each,
and one at 1,600 a side made the peak of the process. Parts of sides that differ more than 1.28 to 1
are seen at 1,600 as others are."""
_HIGH, _LEAST_HIGH = 34, 36
"""Pixels of a line's height, as the first look saw it, at which it is looked at from near, and from
which it need not be. Of 28 photos of forms one value fewer was told at 34, after a rough look, than
at 38 after a full one; at 30 one form in nine was left to a person. Up to 70 no more is found, in
twice the time; without a look from near where lines were seen 26 to 36 high, 8 fewer of 382."""
_STRIDE = 32
"""Pixels that the engine's network looks at in one step: sides are rounded to it."""


@dataclass(frozen=True)
class Look:
    """Lines of a picture without their text, and whether it was only looked at roughly."""

    lines: list[Line]
    rough: bool = False


def places(picture: Picture, shelf: Shelf, small: Picture | None = None) -> Look:
    """The first look at a whole picture. ``small``: its thumbnail, where that is known."""
    if max(picture.shape[:2]) < _LARGE:
        return Look(shelf.primary.places(picture))
    small = thumbnail(picture) if small is None else small
    box = inked_box(picture, small)
    share = (box[2] - box[0]) * (box[3] - box[1]) / float(picture.shape[0] * picture.shape[1])
    if share > _MOST:
        rough = picture.shape[0] > picture.shape[1] and lies_apart(small)
        return Look(shelf.primary.places(picture, _ROUGH if rough else DETECTION_LIMIT), rough)
    # In the picture's own scale, as if the whole of it were looked at.
    scale = min(1.0, DETECTION_LIMIT / max(picture.shape[:2]))
    return Look(_in_part(picture, box, shelf, scale))


def from_near(picture: Picture, look: Look, shelf: Shelf) -> list[Line]:
    """The look's lines; of a small page in a large picture those that are found when it alone is
    looked at, since detection shrinks pictures and its lines were seen small, and those that only
    the first look saw. A picture that was looked at roughly without need is looked at again."""
    part = _page(picture, look.lines)
    near = _near(picture, part, look.lines, shelf) if part else []
    if near and len(near) >= _KEPT * len(look.lines):
        return _together(look.lines, near)
    return shelf.primary.places(picture) if look.rough else look.lines


def _near(
    picture: Picture, part: tuple[int, int, int, int], lines: Sequence[Line], shelf: Shelf
) -> list[Line]:
    x0, y0, x1, y1 = part
    cut = np.ascontiguousarray(picture[y0:y1, x0:x1])
    longest = min(_longest(cut), round(max(cut.shape[:2]) * _HIGH / _height(lines)))
    return [moved(line, x0, y0) for line in shelf.primary.places(cut, longest)]


def _together(lines: Sequence[Line], near: Sequence[Line]) -> list[Line]:
    """``near``, and of ``lines`` those that were not found again, but a seal or two lines in one;
    for these a piece that lies in one of them goes, or its text would be read twice."""
    high = _TALL * _height(near)
    seen = [line for line in lines if line.height < high]
    lost = [line for line in seen if sum(_common(line, other) for other in near) < _AGAIN]
    return [line for line in near if all(_common(line, one) < _WITHIN for one in lost)] + lost


def _common(line: Line, other: Line) -> float:
    """The part of a line's own area that another one covers, both as they lean."""
    if not (columns_overlap(line.box, other.box) and rows_overlap(line.box, other.box)):
        return 0.0
    corners = np.array(line.quad, np.float32), np.array(other.quad, np.float32)
    area = cv2.intersectConvexConvex(*corners)[0]
    return float(area) / max(1.0, cv2.contourArea(corners[0]))


def _page(picture: Picture, lines: Sequence[Line]) -> tuple[int, int, int, int] | None:
    """The part of a large picture in which lines stand, with some paper round it; None where that
    is nearly all of it, or the lines were seen large enough."""
    height, width = picture.shape[:2]
    seen = DETECTION_LIMIT / max(height, width)
    if seen >= 1 or len(lines) < _FEWEST or _height(lines) * seen >= _LEAST_HIGH:
        return None
    x0, y0, x1, y1 = union(line.box for line in lines)
    pad = _AROUND * max(x1 - x0, y1 - y0)
    x0, y0 = max(0, int(x0 - pad)), max(0, int(y0 - pad))
    x1, y1 = min(width, int(x1 + pad)), min(height, int(y1 + pad))
    return None if max(x1 - x0, y1 - y0) > _NEARER * max(height, width) else (x0, y0, x1, y1)


def _height(lines: Sequence[Line]) -> float:
    """Pixels of the height that most lines have, at least one."""
    return max(1.0, float(np.median([line.height for line in lines])))


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
