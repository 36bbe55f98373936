"""Characters with their places as a sheet: cells of a page's table, and lines outside of it.

Points are counted from the top left of the page as it is shown.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import Any, NamedTuple

from pdfplumber.utils.clustering import cluster_objects

from ocr.sheet import Block, Line, Rect, Sheet, centre, inside, overlap, union
from ocr.spills import spills
from procedure.radicals import as_written

_MIN_CHARS = 30
_NARROW, _WIDE = 0.3, 1.5
"""Gaps that are a space, and that part two texts; of the size of type."""
_OVER = 0.4
"""Of the size of type, by how much a character stands over the next one where two texts do."""
_SHARED = 2.0
"""Points between two cells that have a rule in common."""
_TWICE = 1.0
"""Points between the places of one character that is printed twice."""
_STRANGE = frozenset(("Co", "Cn", "Cc", "Cs"))
"""Private use, characters that there are not, control characters and halves of some."""


class Letter(NamedTuple):
    """One character of a text layer."""

    text: str
    box: Rect
    """From where it begins to where the next one would, as high as the type."""
    size: float
    """Points of the type."""
    font: str = ""


_Row = tuple[Line, list[Letter]]


def is_text(letters: Sequence[Letter]) -> bool:
    """Whether these are enough to be a page's text, and are Chinese text at all."""
    return len(letters) >= _MIN_CHARS and not is_garbled("".join(one.text for one in letters))


def is_garbled(text: str) -> bool:
    """Unmapped glyphs, private-use characters, or a wrong encoding's letters."""
    if "(cid:" in text or "�" in text:
        return True
    strange = any(unicodedata.category(char) in _STRANGE for char in text)
    chinese = len(re.findall(r"[㐀-鿿]", text))
    return strange or chinese < 0.15 * len(text)


def once(letters: Sequence[Letter]) -> list[Letter]:
    """Each character once, as `pdfplumber.page.Page.dedupe_chars` finds them (bold is often faked
    by printing twice), which takes the square of their number.
    """
    order = {id(one): place for place, one in enumerate(letters)}
    same: defaultdict[tuple[str, str, float], list[Letter]] = defaultdict(list)
    for one in letters:
        same[one.text, one.font, one.size].append(one)
    kept = [group[0] for group in same.values() if len(group) == 1]
    kept += [
        min(spot, key=lambda one: (one.box[1], one.box[0]))
        for group in same.values()
        if len(group) > 1
        for row in _clusters(group, _top)
        for spot in _clusters(row, _left)
    ]
    return sorted(kept, key=lambda one: order[id(one)])


def _clusters(letters: Any, at: Callable[[Letter], float]) -> list[list[Letter]]:
    found: Any = cluster_objects(letters, at, _TWICE)
    return list(found)


def _top(letter: Letter) -> float:
    return letter.box[1]


def _left(letter: Letter) -> float:
    return letter.box[0]


def sheet_of(
    letters: Sequence[Letter], cells: Sequence[Rect], size: tuple[float, float], index: int
) -> Sheet:
    """Page ``index`` (from 0), ``size`` points wide and high, as cells and lines outside of them.

    A character is the smallest cell's that it stands in.
    """
    homes, pairs = _spilled(letters, cells)
    placed: defaultdict[int | None, list[Letter]] = defaultdict(list)
    for one, home in zip(letters, homes, strict=True):
        placed[home].append(one)
    lines = [list(_lines(_rows(placed[number]))) for number in range(len(cells))]
    blocks = [
        Block(tuple(line for line, _ in inner), box, ruled=True)
        for box, inner in zip(cells, lines, strict=True)
    ]
    loose = list(_lines(_parts(_rows(placed[None]))))
    blocks += [Block((line,), line.box) for line, _ in loose]
    places = {id(one): line.box for line, row in (*chain(*lines), *loose) for one in row}
    cut = {(places[id(a)], places[id(b)]) for a, b in pairs}
    across = {box for pair in cut for box in pair}
    cut |= {(line.box, line.box) for at in _tangled(lines, cells, across) for line, _ in lines[at]}
    return Sheet(tuple(blocks), *size, index + 1, native=True, cut=frozenset(cut))


def _spilled(
    letters: Sequence[Letter], cells: Sequence[Rect]
) -> tuple[list[int | None], list[tuple[Letter, Letter]]]:
    """The cell of each character, and those that touch over a rule."""
    homes = _homes(letters, cells)
    seen = [number for number, one in enumerate(letters) if one.text.strip()]
    boxes, sizes = [letters[at].box for at in seen], [letters[at].size for at in seen]
    found = spills(boxes, sizes, [homes[at] for at in seen], cells)
    for at, home in zip(seen, found.homes, strict=True):
        homes[at] = home
    return homes, [(letters[seen[a]], letters[seen[b]]) for a, b in found.cut]


def _tangled(
    lines: Sequence[Sequence[_Row]], cells: Sequence[Rect], across: Container[Rect]
) -> set[int]:
    """Cells in which one text stands over another, and those above and below: a text that is too
    high for its cell is printed there. ``across``: boxes of lines that reach over rules beside
    them."""
    over = [
        number
        for number, inner in enumerate(lines)
        if any(_is_over(row) and line.box not in across for line, row in inner)
    ]
    beside = {
        number
        for number, cell in enumerate(cells)
        if any(_above(cell, cells[one]) or _above(cells[one], cell) for one in over)
    }
    return {*over, *beside}


def _is_over(row: Sequence[Letter]) -> bool:
    return any(_gap(before, one) < -_OVER for before, one in pairwise(row) if one.text.strip())


def _above(upper: Rect, lower: Rect) -> bool:
    shared = overlap(upper[0], upper[2], lower[0], lower[2]) > 0
    return shared and abs(upper[3] - lower[1]) < _SHARED


def _homes(letters: Sequence[Letter], cells: Sequence[Rect]) -> list[int | None]:
    order = sorted(range(len(cells)), key=lambda number: _area(cells[number]))
    middles = (centre(one.box) for one in letters)
    return [next((i for i in order if inside(middle, cells[i])), None) for middle in middles]


def _area(box: Rect) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _parts(rows: Iterable[list[Letter]]) -> Iterator[list[Letter]]:
    """Outside of cells a wide gap parts two texts."""
    for row in rows:
        start = 0
        for index in range(1, len(row) + 1):
            if index == len(row) or _gap(row[index - 1], row[index]) > _WIDE:
                yield row[start:index]
                start = index


def _rows(letters: Sequence[Letter]) -> list[list[Letter]]:
    rows: list[list[Letter]] = []
    for one in sorted(letters, key=_middle):
        if rows and _middle(one) - _row_middle(rows[-1]) < 0.5 * one.size:
            rows[-1].append(one)
        else:
            rows.append([one])
    return [sorted(row, key=_left) for row in rows]


def _middle(letter: Letter) -> float:
    return (letter.box[1] + letter.box[3]) / 2


def _row_middle(row: Sequence[Letter]) -> float:
    return sum(map(_middle, row)) / len(row)


def _lines(rows: Iterable[list[Letter]]) -> Iterator[_Row]:
    for row in rows:
        text = as_written(_row_text(row)).strip()
        if text:
            yield Line(text, union(one.box for one in row if one.text.strip())), row


def _row_text(row: Sequence[Letter]) -> str:
    """Characters of a row; a gap of a third of a character is a space."""
    text = row[0].text
    for before, one in pairwise(row):
        text += (" " if _gap(before, one) > _NARROW else "") + one.text
    return text


def _gap(before: Letter, after: Letter) -> float:
    """Room between two characters, of the size of type."""
    return (after.box[0] - before.box[2]) / max(after.size, 1)
