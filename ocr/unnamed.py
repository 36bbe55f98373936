"""What a page draws at a value that its text layer does not name.

Whether a line is drawn as its layer says (`ocr.agree`) is told from its own place alone. Print that
the layer has elsewhere or not at all (a figure drawn as a line, in a picture, in a blank, by the
outline of another character) may stand just beside it, or through it, and makes another number.
"""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np

from ocr import drawn, inks
from ocr.drawings import is_chinese
from ocr.drawn import Views
from ocr.glyph import EM
from ocr.near import most_common
from ocr.pdfchars import Char, page_chars
from ocr.pdfpages import Pdf
from ocr.sheet import Line, Rect, centre, union

_LEAST_EM, _MOST_SIZES = 4.0, 8
_OVERHANG = 0.35
"""Ems by which outlines may reach beyond the place that a layer gives them: slanted ones do."""
_RING = 90.0
"""Points round values in which a seal that lies at them shows most of its ring."""
_BESIDE = 1.0
"""Ems beside a value in which print reads on with it."""
_INK, _THROUGH = 24, 110
"""Of 255: what differs so from the paper is ink, and a stroke where no text is."""
_THIN, _BROAD, _EDGE = 0.15, 0.25, 3
"""Ems of width that a table's rule has at most; pixels at the edges that it reaches."""
_BARE, _POINT, _MOST_POINTS = 200, 8, 3
"""How pale the text alone is where it is none; pixels of a point's width; points that are no line
of them."""
_BLACK, _REDDER = 60, 60
"""How dark black text is at least, in red light; by how much of 255 a stroke is redder than what it
is drawn on (the ink of very pale seals is by less)."""
_WALL = 100
"""How much darker than the paper each pixel of the wall between two cells is: what stands behind it
is another cell's."""
_EVEN = 12
"""By how much of 255 a rule's colour varies along it."""
_TALL, _WIDE = 0.3, 0.2
"""Ems: a figure is taller; a minus, which stands in the middle of the height, wider."""
_MIDDLE = (0.25, 0.62)
_MOST_THROUGH = 6
"""Pixels of such strokes that may be rims."""


def drawn_at(pdf: Pdf, index: int, lines: Sequence[Line]) -> frozenset[Rect]:
    """Boxes of those lines of page ``index`` at which more is drawn than the layer names, and of
    those in so many sizes of type that nobody looks."""
    chars = page_chars(pdf, index) if lines else ()
    sizes: dict[float, list[tuple[Line, list[Char]]]] = {}
    for line in lines:
        own = [char for char in chars if _is_in(char, line)]
        # Slanted type has no em of its own.
        em = round(max((char.em for char in own), default=0.0), 3) or line.box[3] - line.box[1]
        # Of tiny type, and where PDFium sees none (turned pages), recognition alone tells.
        if own and em > _LEAST_EM:
            sizes.setdefault(em, []).append((line, own))
    found = [line.box for _, some in list(sizes.items())[_MOST_SIZES:] for line, _ in some]
    for em, some in list(sizes.items())[:_MOST_SIZES]:
        found += _more_at(pdf, index, em, some, chars)
    return frozenset(found)


def _is_in(char: Char, line: Line) -> bool:
    x0, y0, x1, y1 = line.box
    left, top, right, bottom = char.box
    return left < x1 and right > x0 and top < (y0 + y1) / 2 < bottom


def _more_at(
    pdf: Pdf, index: int, em: float, some: Sequence[tuple[Line, list[Char]]], chars: Sequence[Char]
) -> list[Rect]:
    x0, y0, x1, y1 = union(line.box for line, _ in some)
    # Wide enough to tell a seal by its ring.
    wide, high = _BESIDE * em + _RING, _RING
    part = (x0 - wide, y0 - high, x1 + wide, y1 + high)
    page = drawn.views(pdf, index, EM / em, part)
    return [line.box for line, own in some if page is None or _has_more(page, em, line, own, chars)]


def _has_more(
    page: Views, em: float, line: Line, own: Sequence[Char], chars: Sequence[Char]
) -> bool:
    if any(_reaches_out(char, line, em) for char in own):
        return True
    if any(_is_raised_to(char, line, own[0].baseline, em) for char in chars):
        return True
    x0, y0, x1, y1 = line.box
    place = (x0 - _BESIDE * em, y0, x1 + _BESIDE * em, y1)
    seen = page.part(place)
    # What is off the page shows nothing at all: `ocr.agree` tells.
    if not seen.text.size:
        return False
    level = [char for char in chars if abs(char.baseline - own[0].baseline) < 0.5 * em]
    left, top, right, bottom = page.pixels(place)
    seal = page.seal(slice(top, bottom), slice(left, right))
    return _is_beside(seen, seal, line, level) or _is_through(seen, seal, own)


def _reaches_out(char: Char, line: Line, em: float) -> bool:
    x0, y0, x1, y1 = line.box
    left, top, right, bottom = char.box
    return max(x0 - left, right - x1, y0 - top, bottom - y1) > _OVERHANG * em


def _is_raised_to(char: Char, line: Line, baseline: float, em: float) -> bool:
    """Whether a character of another line is drawn at this one: outlines may be raised."""
    x0, y0, x1, y1 = line.box
    near = char.box[0] < x1 + _BESIDE * em and char.box[2] > x0 - _BESIDE * em
    there = abs(centre(char.box)[1] - (y0 + y1) / 2) < 0.5 * em
    return near and there and abs(char.baseline - baseline) >= 0.5 * em and is_chinese(char.text)


def _is_beside(seen: Views, seal: Any, line: Line, level: Sequence[Char]) -> bool:
    """Whether something like a figure or sign stands in the em before or behind a line."""
    away = np.abs(seen.whole.astype(np.int16) - most_common(seen.whole)).max(axis=2)
    ink = np.asarray((away > _INK) & ~seal, np.uint8)
    for char in level:
        x0, y0, x1, y1 = seen.pixels(char.box)
        ink[max(0, y0 - 1) : y1 + 1, x0:x1] = 0
    first, _, last, _ = seen.pixels(line.box)
    grey = seen.whole[:, :, 2]
    walls = np.flatnonzero((_ground(grey) - grey.astype(np.int16)).min(axis=0) > _WALL)
    begin = max((int(wall) + 1 for wall in walls if wall < first), default=0)
    end = min((int(wall) for wall in walls if wall >= last), default=grey.shape[1])
    sides = (slice(begin, first), slice(last, end))
    return any(_has_figure(ink[:, side], grey[:, side], seal[:, side]) for side in sides)


def _ground(grey: inks.Mask) -> int:
    """The most common grey."""
    return int(np.bincount(grey.ravel(), minlength=256).argmax())


def _has_figure(ink: inks.Mask, grey: inks.Mask, red: Any) -> bool:
    if not ink.size:
        return False
    count, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(ink))
    marks = [tuple(int(one) for one in stats[number][:4]) for number in range(1, count)]
    solid = (ink > 0) | red
    return any(_is_like_one(mark, ink) and not _is_rule(mark, grey, solid) for mark in marks)


def _is_rule(mark: tuple[int, ...], grey: inks.Mask, solid: Any) -> bool:
    """A side of a table's cell (dashed, or cut by a seal), or the ground of the next one: as high
    as the line, and each column of a wide one of one colour, but where others cross it."""
    x, _, wide, high = mark
    if wide <= _THIN * EM:
        rows = solid[:, x : x + wide].any(axis=1)
        return bool(rows[:_EDGE].any() and rows[-_EDGE:].any())
    at_edge = x == 0 or x + wide == grey.shape[1]
    if high < grey.shape[0] or not (at_edge or wide <= _BROAD * EM):
        return False
    dark, light = np.percentile(grey[:, x : x + wide], (10, 90), axis=0)
    return bool((light - dark).max() <= _EVEN)


def _is_like_one(mark: tuple[int, ...], ink: inks.Mask) -> bool:
    _, y, wide, high = mark
    if high > _TALL * EM:
        return True
    above, below = _MIDDLE
    in_middle = above < (y + high / 2) / ink.shape[0] < below
    return bool(in_middle and _WIDE * EM < wide < ink.shape[1])


def _is_through(seen: Views, seal: Any, own: Sequence[Char]) -> bool:
    """Whether strokes or a point that are no text stand among a line's characters."""
    boxes = [seen.pixels(char.box) for char in own]
    x0, x1 = min(box[0] for box in boxes), max(box[2] for box in boxes)
    y0, y1 = min(box[1] for box in boxes), max(box[3] for box in boxes)
    part = (slice(y0, y1), slice(x0, x1))
    shown = seen.whole[part]
    if not shown.size:
        return False
    away = np.abs(shown.astype(np.int16) - most_common(shown)).max(axis=2)
    # Of black text what is redder than the ground and no seal's is a stroke, pale as it may be.
    redder = _redness(shown) - _redness(most_common(shown).reshape(1, 1, 3)) > _REDDER
    drawn_too = (away > _THROUGH) | (redder & bool(seen.text[part].min() < _BLACK))
    strokes = drawn_too & (seen.text[part] > _BARE) & ~seal[part]
    edge = (y1 - y0) // 6
    if np.count_nonzero(strokes[edge : y1 - y0 - edge]) > _MOST_THROUGH:
        return True
    count, _, stats, _ = cv2.connectedComponentsWithStats(strokes.astype(np.uint8))
    points = [one for one in range(1, count) if stats[one][2] <= _POINT and stats[one][4] > 3]
    # Many in a row are a dotted line under it.
    return 0 < len(points) <= _MOST_POINTS


def _redness(shown: Any) -> Any:
    """How much more red there is than green or blue."""
    parts = shown.astype(np.int16)
    return parts[:, :, 2] - parts[:, :, :2].max(axis=2)
