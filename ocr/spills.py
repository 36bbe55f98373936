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
"""Of the size of type: the room between two characters of one text, and how far their middles are
from one level. Cells have padding on both sides, of LibreOffice 0.18 of common type together."""
_OVER = 0.25
"""Of the size of type, by how much characters stand one over another."""
Home = int | None
"""Number of a cell; None outside of all."""


class Spills(NamedTuple):
    """What goes on over rules."""

    homes: list[Home]
    """Of each character the cell that its text begins in, where it goes on outside of all cells."""
    cut: frozenset[int]
    """Characters at rules that part a text, or that lie under another cell's."""


def spills(boxes: Sequence[Rect], sizes: Sequence[float], homes: Sequence[Home]) -> Spills:
    """Which characters belong to another cell than they stand in, and which are cut off there.

    ``boxes``, ``sizes`` and ``homes``: place, size of type and cell of each character.
    """
    found, cut = list(homes), set[int]()
    for left, right in _meeting(boxes, sizes, homes):
        if homes[right] is None and homes[left] is not None and not _over(boxes, left, right):
            for one in _going_on(boxes, sizes, homes, right):
                found[one] = homes[left]
        else:
            cut |= {left, right}
    return Spills(found, frozenset(cut))


def _over(boxes: Sequence[Rect], left: int, right: int) -> bool:
    return boxes[right][0] < boxes[left][0]


def _meeting(
    boxes: Sequence[Rect], sizes: Sequence[float], homes: Sequence[Home]
) -> list[tuple[int, int]]:
    """Pairs of characters of two cells, left and right, that touch or lie one over another."""
    if not boxes:
        return []
    places, em = np.array(boxes), np.array(sizes)
    home = np.array([-1 if one is None else one for one in homes])
    gap = places[None, :, 0] - places[:, None, 2]
    apart = gap > _TOUCH * em[:, None]
    behind = places[None, :, 0] < places[:, None, 0]
    same_home = home[None, :] == home[:, None]
    pairs = ~(apart | behind | same_home) & _level(places, em)
    touching = np.abs(gap) <= _TOUCH * em[:, None]
    over = gap < -_OVER * em[:, None]
    return [(int(a), int(b)) for a, b in np.argwhere(pairs & (touching | over))]


def _level(places: NDArray[np.float64], em: NDArray[np.float64]) -> NDArray[np.bool_]:
    middle = (places[:, 1] + places[:, 3]) / 2
    return np.asarray(np.abs(middle[None, :] - middle[:, None]) < _LEVEL * em[:, None])


def _going_on(
    boxes: Sequence[Rect], sizes: Sequence[float], homes: Sequence[Home], first: int
) -> list[int]:
    """Characters outside of cells that follow one another from the first."""
    run, places = [first], np.array(boxes)
    outside = np.array([one is None for one in homes])
    level = _level(places, np.array(sizes))[first] & outside
    while True:
        gap = places[:, 0] - boxes[run[-1]][2]
        after = np.flatnonzero(level & (np.abs(gap) <= _TOUCH * sizes[first]))
        if not after.size or int(after[0]) in run:
            return run
        run.append(int(after[0]))
