"""A letter that engines misread, told by another one of the same word that is drawn just alike.

Faces with bitmaps of their own set the Cs of CCER without a gap, and all engines read the first one
as an O. On a picture that a computer drew, letters of the same pixels are the same letter.
"""

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ocr.engines.port import Picture
from ocr.near import most_common
from ocr.sheet import Line

_INK = 48
"""Levels by which ink differs from the paper: less is an edge's grey."""
_LOST = re.compile(r"\d+-\d")
"""What stands behind the letters of a number of several parts where their hyphen was lost."""
_Glyph = NDArray[np.uint8]


def with_twin(picture: Picture, line: Line, value: str, known: Iterable[str]) -> str:
    """``value``, of letters and a number, with ``known`` letters for its own where these differ in
    one place, and what is drawn there is just what is drawn where the known letter was read.

    Only of an undamaged picture (`ocr.near`), where characters stand apart or are equally wide.
    """
    letters = value.partition("-")[0]
    meant = [one for one in known if _differs_once(one, letters)]
    if len(meant) != 1:
        return value
    glyphs = _glyphs(picture, line, len(value))
    if len(glyphs) != len(value):
        return value
    (at,) = _places(meant[0], letters)
    twins = [n for n, char in enumerate(letters) if char == meant[0][at]]
    if not any(np.array_equal(glyphs[at], glyphs[twin]) for twin in twins):
        return value
    return meant[0] + value[len(letters) :]


def mended(value: str, known: Iterable[str]) -> list[str]:
    """A value, of letters and a number, as it may be meant: with each of the ``known`` letters that
    it has all but one of, or with the hyphen that was lost behind them where another one was
    read (CN100-5153907)."""
    letters = value.partition("-")[0]
    other = [one + value[len(letters) :] for one in known if _differs_once(one, letters)]
    return other + [
        f"{one}-{value.removeprefix(one)}"
        for one in known
        if value.startswith(one) and _LOST.match(value, len(one))
    ]


def _places(one: str, other: str) -> list[int]:
    return [n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]


def _differs_once(one: str, other: str) -> bool:
    return len(one) == len(other) and len(_places(one, other)) == 1


def _glyphs(picture: Picture, line: Line, count: int) -> Sequence[_Glyph]:
    """The ``count`` characters of a line, from left to right: its height x their own widths.

    What touches is parted evenly. Another number of them where that does not come out.
    """
    xs, ys = [x for x, _ in line.quad], [y for _, y in line.quad]
    rows = slice(max(0, round(min(ys))), round(max(ys)) + 1)
    part = picture[rows, max(0, round(min(xs))) : round(max(xs)) + 1]
    if part.size == 0:
        return []
    away = np.abs(part.astype(np.int16) - most_common(part)).max(axis=2)
    inked = np.concatenate(([False], (away > _INK).any(axis=0), [False]))
    edges = np.flatnonzero(inked[1:] != inked[:-1])
    pitch = (edges[-1] - edges[0]) / count if edges.size else 1.0
    ink = away.astype(np.uint8)
    return [
        glyph
        for start, end in zip(edges[::2], edges[1::2], strict=True)
        for glyph in _parted(ink[:, start:end], max(1, round((end - start) / pitch)))
    ]


def _parted(run: _Glyph, count: int) -> Sequence[_Glyph]:
    return np.hsplit(run, count) if run.shape[1] % count == 0 else [run]
