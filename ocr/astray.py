"""Pieces of a name in a table without rules that stand nearer to another column's heading.

A name with a blank in it is found as two lines. Its one half alone may look whole.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ocr.convert import CODES, convert
from ocr.hits import Row
from ocr.sheet import Line, Rect, centre
from ocr.tables import NAMES
from ocr.whole import doubted

_CHINESE = re.compile("[㐀-鿿]")
_LEVEL, _ALIKE = 0.35, 1.35
"""Of a line's height: how far apart the middles of one line's pieces stand at most; how many times
as high as the other the higher one of them is."""
_NEAR, _FAR = 3, 4
"""Heights of a line: the widest blank over which a piece is taken for a name's, and over which it
may be one."""
_RATHER = 1.5
"""How much farther from the name than from its column's value a piece may be, to be in doubt."""
_ALIGNED = 0.5
"""Of a line's height: how far a column's lines stand from one edge or one middle."""


@dataclass(frozen=True, eq=False)
class Column:
    """What stands under a heading; ``field`` is "" where it is none of ours."""

    box: Rect
    field: str
    lines: list[Line]


def settle(columns: Sequence[Column], is_label: Callable[[str], bool]) -> frozenset[int]:
    """Moves pieces of names to their column; ids of those lines to which, or away from which, one
    went or may have to go."""
    unsure: set[int] = set()
    for names in (column for column in columns if column.field in NAMES):
        for column in columns:
            if column.field in NAMES:
                continue
            side = 1 if centre(column.box)[0] > centre(names.box)[0] else -1
            for piece in sorted(column.lines, key=lambda line: side * line.box[0]):
                if not is_label(piece.text):
                    unsure |= _settled(piece, column, names, side)
    return frozenset(unsure)


def marked(row: Row, unsure: frozenset[int]) -> Row:
    """A row with a doubt at what has one of these lines."""
    return {
        name: doubted(hit) if any(id(line) in unsure for line in hit.lines) else hit
        for name, hit in row.items()
    }


def _settled(piece: Line, column: Column, names: Column, side: int) -> set[int]:
    """What is none of its column's values goes to the name beside it. Seals' words may stand so
    too, so the name is in doubt all the same."""
    name, before = _next(piece, names.lines, -side), _next(piece, column.lines, -side)
    blank = _gap(piece, name) if name else math.inf
    if name is None or blank > _FAR * _high(name) or (before and _gap(piece, before) < blank):
        return set()
    own = _next(piece, [line for line in column.lines if not _is_stray(line, column)], side)
    away = _gap(piece, own) if own else math.inf
    stray, alike = _is_stray(piece, column), _are_alike(piece, name)
    if not stray and (_is_value(piece, column, own) or blank > _RATHER * away):
        return set()
    if not alike and piece.source == "clean":
        return set()
    fits = own is not None or not _is_aligned(piece, column)
    if stray and alike and fits and blank < min(away, _NEAR * _high(name)):
        column.lines.remove(piece)
        names.lines.append(piece)
    return {id(piece), id(name)}


def _is_value(piece: Line, column: Column, own: Line | None) -> bool:
    """Whether it stands where the column's values stand, or is the only one of its level there."""
    return (own is None and column.field in CODES) or _is_aligned(piece, column)


def _is_stray(piece: Line, column: Column) -> bool:
    """Whether it can be no value of a column of figures."""
    worded = column.field in CODES and bool(_CHINESE.search(piece.text))
    return worded and convert(column.field, piece.text) is None


def _is_aligned(piece: Line, column: Column) -> bool:
    """Whether it begins where the heading or another line does, or has its middle there; figures
    may end there."""
    others = [line.box for line in column.lines if not _on_a_level(line, piece)]
    near, figures = _ALIGNED * _high(piece), not _CHINESE.search(piece.text)
    return any(
        abs(piece.box[0] - box[0]) < near
        or abs(centre(piece.box)[0] - centre(box)[0]) < near
        or (figures and abs(piece.box[2] - box[2]) < near)
        for box in (column.box, *others)
    )


def _next(piece: Line, lines: Sequence[Line], side: int) -> Line | None:
    """The nearest one of its level, to the right (1) or the left (-1) of it."""
    x = centre(piece.box)[0]
    found = (
        line for line in lines if side * (centre(line.box)[0] - x) > 0 and _on_a_level(line, piece)
    )
    return min(found, key=lambda line: _gap(line, piece), default=None)


def _on_a_level(one: Line, other: Line) -> bool:
    apart = abs(centre(one.box)[1] - centre(other.box)[1])
    return apart < _LEVEL * min(_high(one), _high(other))


def _are_alike(one: Line, other: Line) -> bool:
    low, high = sorted((_high(one), _high(other)))
    return high < _ALIKE * low


def _high(line: Line) -> float:
    return line.box[3] - line.box[1]


def _gap(one: Line, other: Line) -> float:
    """The blank between two lines of one level."""
    return max(one.box[0], other.box[0]) - min(one.box[2], other.box[2])
