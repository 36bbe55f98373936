"""Figures set far apart, as full-width ones are (２７，６７０): moved together, engines read them.

They take wide gaps for blanks, and so for two numbers, and their confidence is split between a
figure and its full-width form. Only figures that stand evenly are moved: a gap between two numbers
is wider than those within them.
"""

import itertools
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
_EVEN, _WITH_MARK = (0.8, 1.2), (0.8, 2.4)
"""From figure to figure, of the median: with nothing, and with a mark of thousands or a speck
between them."""
_TALL, _LOW, _WIDEST = 0.75, 0.5, 1.0
"""Of the tallest run: least height of figures, most height of marks; most width of either."""
_GAP = 0.16
"""Between figures that were moved together, of their height."""


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


def closed_up(strip: Picture) -> Picture | None:
    """The strip of a line with its figures moved together; None where it is not made of figures and
    marks alone, evenly set apart."""
    runs = _runs(strip)
    tallest = max((run.height for run in runs), default=0)
    figures = [run for run in runs if run.height >= _TALL * tallest]
    marks = [run for run in runs if run.height <= _LOW * tallest]
    if len(figures) + len(marks) != len(runs) or len(figures) < _FEWEST:
        return None
    if any(run.right - run.left > _WIDEST * tallest for run in runs):
        return None
    return _joined(strip, runs, tallest) if _evenly_set(figures, marks, tallest) else None


def same_figures(one: str, other: str) -> bool:
    """Whether two texts have the same figures in the same order, full-width or not."""
    return _figures(one) == _figures(other)


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


def _evenly_set(figures: Sequence[_Run], marks: Sequence[_Run], tallest: int) -> bool:
    steps: dict[bool, list[float]] = {True: [], False: []}
    for one, other in itertools.pairwise(figures):
        between = any(one.middle < mark.middle < other.middle for mark in marks)
        steps[between].append(other.middle - one.middle)
    if len(steps[False]) < 2:
        return False
    usual = float(np.median(steps[False]))
    plain, marked = ([step / usual for step in steps[kind]] for kind in (False, True))
    return (
        usual > _APART * tallest
        and all(_EVEN[0] <= step <= _EVEN[1] for step in plain)
        and all(_WITH_MARK[0] <= step <= _WITH_MARK[1] for step in marked)
    )


def _joined(strip: Picture, runs: Sequence[_Run], tallest: int) -> Picture:
    tone = np.median(strip.reshape(-1, 3), axis=0).astype(np.uint8)
    gap = np.full((strip.shape[0], max(2, round(_GAP * tallest)), 3), tone, np.uint8)
    parts = [gap, gap]
    for run in runs:
        parts += [strip[:, max(0, run.left - 1) : run.right + 1], gap]
    return np.ascontiguousarray(np.hstack([*parts, gap]))
