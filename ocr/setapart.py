"""Figures set far apart, as full-width ones are (２７，６７０): moved together, engines read them.

They take wide gaps for blanks, and so for two numbers, and their confidence is split between a
figure and its full-width form. Only figures that stand evenly are moved (a gap between two numbers
is wider than those within them), and only where the gaps hold nothing, however pale.
"""

import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.engines.port import Picture
from ocr.inks import Mask

_FEWEST, _MOST = 4, 20
"""Figures of a number; of more, no amount, nothing is looked for."""
_APART = 1.0
"""Least distance from figure to figure, of their height: of full-width ones 1.3, of others 0.7."""
_EVEN, _WITH_MARK = (0.8, 1.2), 2.4
"""From figure to figure, of the median: usually, and at most with a mark of thousands between."""
_WIDE_FROM, _WITH_WIDE = 2.2, 3.3
"""The same with a full-width comma between usual figures (27，670): with a usual one it is 1.5."""
_TALL, _LOW, _WIDEST = 0.75, 0.5, 1.0
"""Of the tallest run: least height of figures, most height of marks; most width of either."""
_UPRIGHT, _COMMA = 1.5, 0.25
"""How much higher than wide a comma is, and a point is not; its least height, of the figures'."""
_LEAST_MARK, _LEVEL = 0.1, 0.2
"""Of the figures' height: least height and width of a mark; how far from their feet it may end."""
_GAP = 0.16
"""Between figures that were moved together, of their height."""
_RIM, _PALE, _DEVIATIONS = 3, 8.0, 6.0
"""Columns beside a figure that its own rim reaches; by how much of 255, and of the paper's own
unevenness, ink is darker than paper, each pixel with its neighbours."""


@dataclass(frozen=True)
class _Run:
    """Columns with ink: one figure or mark."""

    left: int
    right: int
    top: int
    bottom: int

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def height(self) -> int:
        return self.bottom - self.top


_Parts = tuple[Sequence[_Run], Sequence[_Run], Sequence[_Run]]
"""What stands before figures that are moved together, these, and what stands behind them."""


def closed_up(strip: Picture, text: str, value: str | None = None) -> Picture | None:
    """The strip of a line with its figures moved together; None where they do not stand evenly.

    ``text``: what was read there. It tells how many figures stand before a unit, which stays where
    it is. ``value``: its part behind a label, which stays too.
    """
    count = len(_figures(text if value is None else value))
    runs = _runs(strip) if _FEWEST <= count <= _MOST else []
    starts = range(min(1, len(runs))) if value is None else range(len(runs))
    found = [parts for start in starts if (parts := _parted(runs, start, count))]
    if not found:
        return None
    # Part of a full-width character beside them (the left one of 吨) may pass for a figure.
    parts = found[-1] if text.rstrip()[-1:].isdigit() else found[0]
    return _joined(strip, parts) if _nothing_between(strip, parts) else None


def _parted(runs: Sequence[_Run], start: int, count: int) -> _Parts | None:
    """So many figures from a run on, evenly set, with the marks between them; what stands before
    and behind them."""
    for end in range(start + count, min(len(runs), start + 2 * count) + 1):
        own = runs[start:end]
        figures = _figures_of(own)
        if figures is None or len(figures) != count:
            continue
        if start and figures[0] is not own[0]:
            return None
        even = _evenly_set(figures, [run for run in own if run not in figures])
        return (runs[:start], own, runs[end:]) if even else None
    return None


def _figures_of(runs: Sequence[_Run]) -> list[_Run] | None:
    """The figures among figures and marks; None where anything else stands there."""
    tallest = max(run.height for run in runs)
    figures = [run for run in runs if run.height >= _TALL * tallest]
    marks = [run for run in runs if run.height <= _LOW * tallest]
    narrow = all(run.right - run.left <= _WIDEST * tallest for run in runs)
    return figures if narrow and len(figures) + len(marks) == len(runs) else None


def same_text(one: str, other: str) -> bool:
    """Whether two texts are the same but for blanks, marks of thousands and full-width forms."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return re.sub(r"[\s,、'’′]", "", unicodedata.normalize("NFKC", text))


def _figures(text: str) -> str:
    return "".join(filter(str.isdigit, unicodedata.normalize("NFKC", text)))


def _runs(strip: Picture) -> list[_Run]:
    ink = _ink(strip)
    columns = np.concatenate([[0], ink.any(axis=0).astype(np.int8), [0]])
    edges = np.flatnonzero(np.diff(columns))
    runs = []
    for left, right in edges.reshape(-1, 2).tolist():
        rows = np.flatnonzero(ink[:, left:right].any(axis=1))
        runs.append(_Run(left, right, int(rows[0]), int(rows[-1]) + 1))
    return runs


def _ink(strip: Picture) -> Mask:
    grey = np.asarray(cv2.cvtColor(strip, cv2.COLOR_BGR2GRAY), np.uint8)
    _, ink = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    return np.asarray(ink, np.uint8)


def _evenly_set(figures: Sequence[_Run], marks: Sequence[_Run]) -> bool:
    """Whether they stand as figures of one number do, further off only with a mark between."""
    pairs = list(itertools.pairwise(figures))
    steps = np.array([other.middle - one.middle for one, other in pairs])
    found = [[mark for mark in marks if _between(mark, *pair)] for pair in pairs]
    marked = np.array([bool(one) for one in found])
    if np.count_nonzero(~marked) < 2:
        return False
    usual = float(np.median(steps[~marked]))
    apart = usual > _APART * max(run.height for run in figures)
    grouped = _at_thousands(marked)
    low = all(_is_low(mark, figures[0]) for one in found for mark in one)
    most = _WITH_WIDE if grouped else _WITH_MARK
    return bool(
        (low or grouped)
        and (apart or (grouped and steps[marked].min() > _WIDE_FROM * usual))
        and steps.min() >= _EVEN[0] * usual
        and steps.max() <= most * usual
        and steps[~marked].max() <= _EVEN[1] * usual
    )


def _between(mark: _Run, one: _Run, other: _Run) -> bool:
    """Whether a mark stands between two figures."""
    return one.right <= mark.left < other.left and _is_mark(mark, one)


def _at_thousands(marked: NDArray[np.bool_]) -> bool:
    """Whether marks stand before every third figure from the right and nowhere else."""
    thousands = np.arange(1, len(marked) + 1) % 3 == 0
    return bool(marked.any() and np.array_equal(marked[::-1], thousands))


def _is_mark(run: _Run, figure: _Run) -> bool:
    """A point or comma at the figures' feet, or a comma in the middle, as faces of Taiwan and Hong
    Kong have it; a point there may be a decimal one. Specks are smaller or stand anywhere."""
    wide, least = run.right - run.left, _LEAST_MARK * figure.height
    off = abs(run.top + run.bottom - figure.top - figure.bottom) / 2
    upright = run.height >= max(_COMMA * figure.height, _UPRIGHT * wide)
    upright = upright and off <= _LEVEL * figure.height
    return (upright or _is_low(run, figure)) and min(run.height, wide) >= least


def _is_low(run: _Run, figure: _Run) -> bool:
    return run.bottom >= figure.bottom - _LEVEL * figure.height


def _nothing_between(strip: Picture, parts: _Parts) -> bool:
    """Whether the columns that are left out are bare paper."""
    before, own, behind = parts
    grey = cv2.blur(cv2.cvtColor(strip, cv2.COLOR_BGR2GRAY).astype(np.float32), (3, 3))
    out = np.ones(strip.shape[1], bool)
    for run in own:
        out[max(0, run.left - _RIM) : run.right + _RIM] = False
    if before:
        out[: before[-1].right + _RIM] = False
    if behind:
        out[max(0, behind[0].left - _RIM) :] = False
    paper = grey[:, out]
    if paper.size == 0:
        return True
    level = float(np.median(paper))
    uneven = 1.4826 * float(np.median(np.abs(paper - level)))
    return float(paper.min()) >= level - max(_PALE, _DEVIATIONS * uneven)


def _joined(strip: Picture, parts: _Parts) -> Picture:
    before, own, behind = parts
    tone = np.median(strip.reshape(-1, 3), axis=0).astype(np.uint8)
    height = max(run.height for run in own)
    gap = np.full((strip.shape[0], max(2, round(_GAP * height)), 3), tone, np.uint8)
    pieces = [strip[:, : before[-1].right + 1]] if before else []
    pieces += [gap, gap]
    down = _falls(own)
    for run in own:
        piece = strip[:, max(0, run.left - 1) : run.right + 1]
        pieces += [_lowered(piece, down.get(run, 0), tone), gap]
    if behind:
        pieces.append(strip[:, max(0, behind[0].left - 1) :])
    return np.ascontiguousarray(np.hstack([*pieces, gap]))


def _falls(runs: Sequence[_Run]) -> dict[_Run, int]:
    """By how many pixels marks of thousands in the middle of their squares stand above the figures'
    feet, where engines would take them for points or colons; of specks, none."""
    figures = _figures_of(runs) or []
    pairs = list(itertools.pairwise(figures))
    marks = [run for run in runs if run not in figures]
    marked = np.array([any(_between(mark, *pair) for mark in marks) for pair in pairs])
    if not _at_thousands(marked):
        return {}
    found = (mark for pair in pairs for mark in marks if _between(mark, *pair))
    return {
        mark: figures[0].bottom - mark.bottom for mark in found if not _is_low(mark, figures[0])
    }


def _lowered(part: Picture, down: int, tone: Picture) -> Picture:
    if down <= 0:
        return part
    paper = np.broadcast_to(tone, (down, *part.shape[1:]))
    return np.asarray(np.vstack([paper, part[:-down]]), np.uint8)
