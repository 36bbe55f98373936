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
_Floats = NDArray[np.float64]
_Numbers = NDArray[np.int64]
Home = int | None
"""Number of a cell; None outside of all."""


class Spills(NamedTuple):
    """What goes on over rules."""

    homes: list[Home]
    """Of each character the cell that its text begins in, where it goes on outside of all cells."""
    cut: frozenset[int]
    """Characters at rules that part a text, or that lie under another cell's."""


def spills(
    boxes: Sequence[Rect], sizes: Sequence[float], homes: Sequence[Home], cells: Sequence[Rect]
) -> Spills:
    """Which characters belong to another cell than they stand in, and which are cut off there.

    ``boxes``, ``sizes`` and ``homes``: place, size of type and cell of each character.
    """
    found, cut = list(homes), set[int]()
    for left, right in _meeting(boxes, sizes, homes, cells):
        if homes[right] is None and boxes[left][0] < boxes[right][0]:
            for one in _going_on(boxes, sizes, homes, right):
                found[one] = homes[left]
        else:
            cut |= {left, right}
    return Spills(found, frozenset(cut))


def _meeting(
    boxes: Sequence[Rect], sizes: Sequence[float], homes: Sequence[Home], cells: Sequence[Rect]
) -> list[tuple[int, int]]:
    """Pairs of characters of two cells, left and right, that touch or lie one over another."""
    at_rules = [
        number
        for number, home in enumerate(homes)
        if home is not None and _reaches(boxes[number], cells[home], _TOUCH * sizes[number])
    ]
    if not at_rules:
        return []
    places, em = np.array(boxes), np.array(sizes)
    home = np.array([-1 if one is None else one for one in homes])
    every = np.arange(len(boxes))
    pairs = set[tuple[int, int]]()
    for left, right in ((np.array(at_rules), every), (every, np.array(at_rules))):
        met = _met(places, em, left, right) & (home[left][:, None] != home[right][None, :])
        pairs |= {(int(left[a]), int(right[b])) for a, b in np.argwhere(met)}
    return sorted(pairs)


def _reaches(box: Rect, cell: Rect, near: float) -> bool:
    """Whether a character reaches to a side of its cell, or over it."""
    return box[0] <= cell[0] + near or box[2] >= cell[2] - near


def _met(places: _Floats, em: _Floats, left: _Numbers, right: _Numbers) -> NDArray[np.bool_]:
    """Whether of two characters on one level the right one begins where the left one ends, or
    clearly before that."""
    size = em[left][:, None]
    gap = places[right][None, :, 0] - places[left][:, None, 2]
    behind = places[right][None, :, 0] < places[left][:, None, 0]
    middle = (places[:, 1] + places[:, 3]) / 2
    level = np.abs(middle[right][None, :] - middle[left][:, None]) < _LEVEL * size
    met = (np.abs(gap) <= _TOUCH * size) | (gap < -_OVER * size)
    return np.asarray(met & level & ~behind)


def _going_on(
    boxes: Sequence[Rect], sizes: Sequence[float], homes: Sequence[Home], first: int
) -> list[int]:
    """Characters outside of cells that follow one another from the first."""
    outside = [number for number, home in enumerate(homes) if home is None]
    places, em = np.array(boxes), np.array(sizes)
    run = [first]
    while True:
        met = _met(places, em, np.array(run[-1:]), np.array(outside))[0]
        after = [outside[at] for at in np.flatnonzero(met) if outside[at] not in run]
        if not after:
            return run
        run.append(after[0])
