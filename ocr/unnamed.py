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
from ocr.drawn import Char, Views
from ocr.near import most_common
from ocr.sheet import Line, Rect, union

_SCALE = 26.0
"""Pixels of an em."""
_LEAST_EM, _MOST_SIZES = 4.0, 8
_OVERHANG = 0.35
"""Ems by which outlines may reach beyond the place that a layer gives them: slanted ones do."""
_BESIDE = 1.0
"""Ems beside a value in which print reads on with it."""
_INK, _RED, _THROUGH = 24, 24, 110
"""Of 255: what differs so from the paper is ink, is a seal's; what differs so from the text alone
is a stroke through it."""
_THIN = 0.25
"""Ems of width that a table's rule has at most."""
_WALL = 100
"""How much darker than the paper each pixel of the wall between two cells is: what stands behind it
is another cell's."""
_EVEN = 12
"""By how much of 255 a rule's colour varies along it."""
_TALL, _WIDE = 0.3, 0.2
"""Ems: a figure is taller; a minus, which stands in the middle of the height, wider."""
_MIDDLE = (0.25, 0.7)
_MOST_THROUGH = 6
"""Pixels of such strokes that may be rims."""


def drawn_at(pdf: Any, index: int, lines: Sequence[Line]) -> frozenset[Rect]:
    """Boxes of those lines of page ``index`` at which more is drawn than the layer names, and of
    those in so many sizes of type that nobody looks."""
    chars = drawn.page_chars(pdf, index) if lines else ()
    sizes: dict[float, list[tuple[Line, list[Char]]]] = {}
    for line in lines:
        own = [char for char in chars if _is_in(char, line)]
        em = round(max((char.em for char in own), default=0.0), 3)
        # Of turned, slanted or tiny type, and of none, recognition alone tells.
        if em > _LEAST_EM:
            sizes.setdefault(em, []).append((line, own))
    looked = list(sizes.items())[:_MOST_SIZES]
    found = [line.box for _, some in list(sizes.items())[_MOST_SIZES:] for line, _ in some]
    for em, some in looked:
        found += _more_at(pdf, index, em, some, chars)
    return frozenset(found)


def _more_at(
    pdf: Any, index: int, em: float, some: Sequence[tuple[Line, list[Char]]], chars: Sequence[Char]
) -> list[Rect]:
    x0, y0, x1, y1 = union(line.box for line, _ in some)
    part = (x0 - _BESIDE * em, y0, x1 + _BESIDE * em, y1)
    page = drawn.views(pdf, index, _SCALE / em, part)
    return [line.box for line, own in some if page is None or _has_more(page, em, line, own, chars)]


def _has_more(
    page: Views, em: float, line: Line, own: Sequence[Char], chars: Sequence[Char]
) -> bool:
    if any(_reaches_out(char, line) for char in own):
        return True
    x0, y0, x1, y1 = line.box
    seen = page.part((x0 - _BESIDE * em, y0, x1 + _BESIDE * em, y1))
    # What is off the page shows nothing at all: `ocr.agree` tells.
    if not seen.text.size:
        return False
    return _is_beside(seen, line, own, chars) or _is_through(seen, own)


def _is_in(char: Char, line: Line) -> bool:
    x0, y0, x1, y1 = line.box
    left, top, right, bottom = char.box
    return left < x1 and right > x0 and top < (y0 + y1) / 2 < bottom


def _reaches_out(char: Char, line: Line) -> bool:
    x0, y0, x1, y1 = line.box
    left, top, right, bottom = char.box
    return max(x0 - left, right - x1, y0 - top, bottom - y1) > _OVERHANG * char.em


def _is_beside(seen: Views, line: Line, own: Sequence[Char], chars: Sequence[Char]) -> bool:
    """Whether something like a figure or sign stands in the em before or behind a line."""
    ink = _ink(seen)
    for char in chars:
        if abs(char.baseline - own[0].baseline) < 0.5 * char.em:
            x0, y0, x1, y1 = seen.pixels(char.box)
            ink[max(0, y0 - 1) : y1 + 1, x0:x1] = 0
    first, _, last, _ = seen.pixels(line.box)
    grey = seen.whole[:, :, 2]
    walls = np.flatnonzero((_paper(grey) - grey.astype(np.int16)).min(axis=0) > _WALL)
    begin = max((int(wall) + 1 for wall in walls if wall < first), default=0)
    end = min((int(wall) for wall in walls if wall >= last), default=grey.shape[1])
    sides = (slice(begin, first), slice(last, end))
    return any(_has_figure(ink[:, side], grey[:, side]) for side in sides)


def _paper(grey: inks.Mask) -> int:
    return int(np.bincount(grey.ravel(), minlength=256).argmax())


def _ink(seen: Views) -> inks.Mask:
    """What is no paper, without a seal's red: 1 or 0."""
    whole = seen.whole.astype(np.int16)
    away = np.abs(whole - most_common(seen.whole)).max(axis=2)
    red = whole[:, :, 2] - np.maximum(whole[:, :, 0], whole[:, :, 1]) > _RED
    return np.asarray((away > _INK) & ~red, np.uint8)


def _has_figure(ink: inks.Mask, grey: inks.Mask) -> bool:
    if not ink.size:
        return False
    count, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(ink))
    marks = [tuple(int(one) for one in stats[number][:4]) for number in range(1, count)]
    return any(_is_like_one(mark, ink) and not _is_rule(mark, grey) for mark in marks)


def _is_rule(mark: tuple[int, ...], grey: inks.Mask) -> bool:
    """A side of a table's cell, or the ground of the next one: as high as the line, and each of its
    columns of one colour, but where others cross it."""
    x, _, wide, high = mark
    at_edge = x == 0 or x + wide == grey.shape[1]
    if high < grey.shape[0] or not (at_edge or wide <= _THIN * _SCALE):
        return False
    dark, light = np.percentile(grey[:, x : x + wide], (10, 90), axis=0)
    return bool((light - dark).max() <= _EVEN)


def _is_like_one(mark: tuple[int, ...], ink: inks.Mask) -> bool:
    _, y, wide, high = mark
    if high > _TALL * _SCALE:
        return True
    above, below = _MIDDLE
    in_middle = above < (y + high / 2) / ink.shape[0] < below
    return bool(in_middle and _WIDE * _SCALE < wide < ink.shape[1])


def _is_through(seen: Views, own: Sequence[Char]) -> bool:
    """Whether strokes that are no text go through a line's characters."""
    boxes = [seen.pixels(char.box) for char in own]
    x0, x1 = min(box[0] for box in boxes), max(box[2] for box in boxes)
    y0, y1 = min(box[1] for box in boxes), max(box[3] for box in boxes)
    edge = (y1 - y0) // 6
    part = (slice(y0 + edge, y1 - edge), slice(x0, x1))
    whole, text = seen.whole[part].astype(np.int16), seen.text[part].astype(np.int16)
    red = whole[:, :, 2] - np.maximum(whole[:, :, 0], whole[:, :, 1]) > _RED
    return int(np.count_nonzero((text - whole[:, :, 2] > _THROUGH) & ~red)) > _MOST_THROUGH
