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

from ocr.engines.port import Picture
from ocr.inks import Mask

_FEWEST = 4
_APART = 1.0
"""Least distance from figure to figure, of their height: of full-width ones 1.3, of others 0.7."""
_EVEN, _WITH_MARK = (0.8, 1.2), 2.4
"""From figure to figure, of the median: usually, and at most with a mark of thousands between."""
_TALL, _LOW, _WIDEST = 0.75, 0.5, 1.0
"""Of the tallest run: least height of figures, most height of marks; most width of either."""
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


def closed_up(strip: Picture, text: str) -> Picture | None:
    """The strip of a line with its figures moved together; None where they do not stand evenly.

    ``text``: what was read there. It tells how many figures stand before a unit, which stays where
    it is.
    """
    count = len(_figures(text))
    runs = _runs(strip)
    for end in range(count, len(runs) + 1 if count >= _FEWEST else 0):
        figures = _figures_of(runs[:end])
        if figures is None or len(figures) != count:
            continue
        even = _evenly_set(figures, [run for run in runs[:end] if run not in figures])
        bare = even and _nothing_between(strip, runs[:end], runs[end:])
        return _joined(strip, runs[:end], runs[end:]) if bare else None
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
    return re.sub(r"[\s,、'’]", "", unicodedata.normalize("NFKC", text))


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
    marked = np.array(
        [any(one.right <= mark.left < other.left and _is_mark(mark, one) for mark in marks)
         for one, other in pairs]
    )  # fmt: skip
    if np.count_nonzero(~marked) < 2:
        return False
    usual = float(np.median(steps[~marked]))
    return bool(
        usual > _APART * max(run.height for run in figures)
        and steps.min() >= _EVEN[0] * usual
        and steps.max() <= _WITH_MARK * usual
        and steps[~marked].max() <= _EVEN[1] * usual
    )


def _is_mark(run: _Run, figure: _Run) -> bool:
    """A point or comma at the figures' feet; specks are smaller or stand anywhere."""
    least = _LEAST_MARK * figure.height
    low = run.bottom >= figure.bottom - _LEVEL * figure.height
    return low and min(run.height, run.right - run.left) >= least


def _nothing_between(strip: Picture, runs: Sequence[_Run], rest: Sequence[_Run]) -> bool:
    """Whether the columns that are left out are bare paper."""
    grey = cv2.blur(cv2.cvtColor(strip, cv2.COLOR_BGR2GRAY).astype(np.float32), (3, 3))
    out = np.ones(strip.shape[1], bool)
    for run in runs:
        out[max(0, run.left - _RIM) : run.right + _RIM] = False
    if rest:
        out[max(0, rest[0].left - _RIM) :] = False
    paper = grey[:, out]
    if paper.size == 0:
        return True
    level = float(np.median(paper))
    uneven = 1.4826 * float(np.median(np.abs(paper - level)))
    return float(paper.min()) >= level - max(_PALE, _DEVIATIONS * uneven)


def _joined(strip: Picture, runs: Sequence[_Run], rest: Sequence[_Run]) -> Picture:
    tone = np.median(strip.reshape(-1, 3), axis=0).astype(np.uint8)
    height = max(run.height for run in runs)
    gap = np.full((strip.shape[0], max(2, round(_GAP * height)), 3), tone, np.uint8)
    parts = [gap, gap]
    for run in runs:
        parts += [strip[:, max(0, run.left - 1) : run.right + 1], gap]
    if rest:
        parts.append(strip[:, max(0, rest[0].left - 1) :])
    return np.ascontiguousarray(np.hstack([*parts, gap]))
