"""Text of a page that goes on over a rule: what is too long for its cell.

A sheet prints such a text over what is beside it, where that is free, and cuts it off where it is
not; its layer has all of it. Cell by cell it would be two texts, each of which looks whole.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ocr.sheet import Rect

_TOUCH, _LEVEL = 0.12, 0.25
"""Of the size of type: the room between two characters of one text beyond that which the text has
between all of them, and how far their middles are from one level. Cells have padding on both sides,
of LibreOffice 0.18 of common type together."""
_SPACED = 0.6
"""Of the size of type, the most room between characters of a text that is set wide."""
_OVER, _BEYOND = 0.25, 0.25
"""Of the size of type, by how much characters stand one over another, and over their cell's upper
or lower rule."""
_Floats = NDArray[np.float64]
Home = int | None
"""Number of a cell; None outside of all."""


class Spills(NamedTuple):
    """What goes on over rules."""

    homes: list[Home]
    """Of each character the cell that its text begins in, where it goes on outside of all cells."""
    cut: frozenset[tuple[int, int]]
    """Pairs of characters of two cells that touch or lie one over another; a character that reaches
    over a rule above or below it makes a pair with itself."""


def spills(
    boxes: Sequence[Rect], sizes: Sequence[float], homes: Sequence[Home], cells: Sequence[Rect]
) -> Spills:
    """Which characters belong to another cell than they stand in, and which are cut off there.

    ``boxes``, ``sizes`` and ``homes``: place, size of type and cell of each character.
    """
    page = _Page(boxes, sizes, homes)
    found, cut = list(homes), set[tuple[int, int]]()
    for number, home in enumerate(homes):
        if home is None:
            continue
        if _is_high(boxes[number], cells[home], _BEYOND * sizes[number]):
            cut.add((number, number))
        if _reaches(boxes[number], cells[home], (_SPACED + _TOUCH) * sizes[number]):
            cut |= set(page.meeting(number))
    for left, right in sorted(cut):
        if homes[right] is None and page.gap(left, right) > -_OVER * sizes[left]:
            cut.discard((left, right))
            for one in page.going_on(left, right):
                found[one] = homes[left]
    return Spills(found, frozenset(cut))


def _reaches(box: Rect, cell: Rect, near: float) -> bool:
    """Whether a character reaches to a side of its cell, or over it."""
    return box[0] <= cell[0] + near or box[2] >= cell[2] - near


def _is_high(box: Rect, cell: Rect, beyond: float) -> bool:
    """Whether a character reaches over its cell's upper or lower rule."""
    return box[1] < cell[1] - beyond or box[3] > cell[3] + beyond


class _Page:
    """A page's characters, of which one is asked for at a time: a page may have thousands."""

    def __init__(
        self, boxes: Sequence[Rect], sizes: Sequence[float], homes: Sequence[Home]
    ) -> None:
        self._places = np.array(boxes, np.float64).reshape(-1, 4)
        self._middle = (self._places[:, 1] + self._places[:, 3]) / 2
        self._home = np.array([-1 if one is None else one for one in homes], np.int64)
        self._sizes = sizes

    def gap(self, left: int, right: int) -> float:
        """Points between two characters; less than 0 where one stands over the other."""
        return float(self._places[right, 0] - self._places[left, 2])

    def meeting(self, number: int) -> list[tuple[int, int]]:
        """A character and that of another cell which it touches or lies over, on either side."""
        others = self._level(number) & (self._home != self._home[number])
        beside = ((self._last(number, others), number), (number, self._next(number, others)))
        return [
            (left, right)
            for left, right in beside
            if left is not None and right is not None and self._touch(left, right)
        ]

    def going_on(self, left: int, first: int) -> list[int]:
        """Characters outside of cells that follow one another from the first, which follows the
        left one."""
        run, before = [first], left
        while True:
            outside = self._level(first) & (self._home == -1)
            after = self._next(run[-1], outside)
            if after is None or self.gap(run[-1], after) > self._room(before, run[-1]):
                return run
            before = run[-1]
            run.append(after)

    def _level(self, number: int) -> NDArray[np.bool_]:
        away = np.abs(self._middle - self._middle[number])
        return np.asarray(away < _LEVEL * self._sizes[number])

    def _next(self, number: int, among: NDArray[np.bool_]) -> int | None:
        left = self._places[:, 0]
        there = np.flatnonzero(among & (left > left[number]))
        return int(there[left[there].argmin()]) if there.size else None

    def _last(self, number: int, among: NDArray[np.bool_]) -> int | None:
        left = self._places[:, 0]
        there = np.flatnonzero(among & (left < left[number]))
        return int(there[left[there].argmax()]) if there.size else None

    def _touch(self, left: int, right: int) -> bool:
        own = self._level(left) & (self._home == self._home[left])
        before = self._last(left, own)
        return self.gap(left, right) <= self._room(before, left)

    def _room(self, before: int | None, left: int) -> float:
        """Points behind a character within which its text goes on, as it is set before that."""
        size = self._sizes[left]
        spaced = 0.0 if before is None else self.gap(before, left)
        return _TOUCH * size + (spaced if 0 < spaced <= _SPACED * size else 0.0)
