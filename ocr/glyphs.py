"""Lines of a text layer that are proven by how their characters are drawn, one by one.

A character that a font draws the same way is recognised once (`ocr.glyphmemory`): whole lines
need not be read again in every document. A line is proven when (1) what stands there is drawn by
its characters and by nothing else, (2) each of them was recognised by itself as the character that
the layer names. What is not proven is no fault yet: `ocr.agree` looks at it as a person would.
"""

import itertools
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from ocr import drawn, inks
from ocr.drawings import is_chinese
from ocr.drawn import Views
from ocr.engines.port import Recogniser
from ocr.glyph import EM, Glyph
from ocr.glyphmemory import Memory
from ocr.pdfchars import Char, page_chars
from ocr.pdfpages import Pdf
from ocr.sheet import Line, Rect, centre, overlap, union

_MOST_SIZES = 4
_DARKER, _UNDER_RED, _OVER_INK = 40, 80, 185
"""How much darker than the text alone the page may be, where it is not red and where it is; and how
much paler ink may be under red, in red light. Under seals as they are drawn it is 41 and 147 at
most: what is darker is a figure in a darker red, and what hides ink changes a figure."""
_SPECKS = 4
_FAINT = 8
"""Ink that counts at all."""
_SEAL_PICTURE = 220.0
"""Points of a seal's picture at most: rings are up to 50 mm across, with some paper round them."""
_SEALED = 0.2
"""The part of a line's ink over which a seal's strokes may lie."""
_MOST_OF = 0.95
"""The part of a rule that must be there."""
_BEYOND, _ONE_COLOUR = round(0.3 * EM), 12
"""Pixels by which a cell's side goes on above and below a value, as no figure does; by how much of
255 a rule's colour may vary along it."""
_STROKES = frozenset("、-—–－")
"""Marks that engines and faces draw and read in many ways: they are told by their size."""
_LOW_STROKE, _NO_INK = round(0.4 * EM), 245
"""Pixels of height that such a mark has at most; how pale paper is."""
_Group = list[tuple[Line, list[Char]]]
_Cell = tuple[slice, slice]
_MET = Memory()


@dataclass(frozen=True)
class Compared:
    """Boxes of lines that are drawn as the layer says, and of those that are not: of these a face
    draws just so what no engine tells from what the layer says (曰 for 日)."""

    proven: frozenset[Rect] = frozenset()
    refuted: frozenset[Rect] = frozenset()


def compared(
    pdf: Pdf,
    index: int,
    lines: Sequence[Line],
    recogniser: Recogniser,
    memory: Memory | None = None,
    pictures: Sequence[Rect] = (),
) -> Compared:
    """Whether the lines of page ``index`` are drawn as the layer says, glyph by glyph.

    ``memory``: of glyphs met before; by default this process's, of all documents. ``pictures``:
    places of pictures on the page, in points: one that lies over lines may be a seal, of which all
    must be seen.
    """
    chars = page_chars(pdf, index)
    glyphs: dict[Rect, list[Glyph]] = {}
    for group in _by_size(lines, chars):
        em = group[0][1][0].em
        seen = drawn.views(pdf, index, EM / em, _with_seals(_around(group, em), pictures))
        if seen is not None:
            glyphs |= _glyphs_of(group, chars, seen)
    memory = memory or _MET
    left = {box: [one for one in found if not memory.settles(one)] for box, found in glyphs.items()}
    new, every = (list(itertools.chain(*some.values())) for some in (left, glyphs))
    memory.learn(new, recogniser, every)
    return Compared(
        frozenset(box for box, new in left.items() if all(map(memory.knows, new))),
        frozenset(box for box, new in left.items() if any(map(memory.refutes, new))),
    )


def _by_size(lines: Sequence[Line], chars: Sequence[Char]) -> list[_Group]:
    """Lines with their characters by size of type, where both parsers see the same ones."""
    groups: dict[float, _Group] = {}
    middles = np.array([centre(char.box) for char in chars]).reshape(-1, 2)
    for line in lines:
        beyond = (middles < line.box[:2]) | (middles > line.box[2:])
        within = ~np.any(beyond, axis=1)
        own = sorted(itertools.compress(chars, within), key=lambda char: char.box[0])
        sizes = {round(char.em, 3) for char in own}
        said = unicodedata.normalize("NFKC", "".join(line.text.split()))
        drawn_text = unicodedata.normalize("NFKC", "".join(char.text for char in own))
        if len(sizes) == 1 and min(sizes) > 4 and said == drawn_text and not _overlapping(own):
            groups.setdefault(sizes.pop(), []).append((line, own))
    return sorted(groups.values(), key=len, reverse=True)[:_MOST_SIZES]


def _around(group: _Group, em: float) -> Rect:
    """The part of the page that holds the lines of a group, and what stands beside them."""
    x0, y0, x1, y1 = union(char.box for _, own in group for char in own)
    return (x0 - 2 * em, y0 - em, x1 + 2 * em, y1 + em)


def _with_seals(part: Rect, pictures: Sequence[Rect]) -> Rect:
    """The part and those pictures of a seal's size that lie over it."""
    over = (
        one
        for one in pictures
        if max(one[2] - one[0], one[3] - one[1]) <= _SEAL_PICTURE
        and overlap(part[0], part[2], one[0], one[2]) > 0
        and overlap(part[1], part[3], one[1], one[3]) > 0
    )
    return union((part, *over))


def _overlapping(chars: Sequence[Char]) -> bool:
    """Characters over one another: neither of them may be what a person sees."""
    return any(
        after.box[0] < (before.box[0] + before.box[2]) / 2
        for before, after in itertools.pairwise(chars)
    )


def _glyphs_of(group: _Group, chars: Sequence[Char], seen: Views) -> dict[Rect, list[Glyph]]:
    """The glyphs of each line that shows nothing but characters of the layer."""
    boxes = np.array([char.box for char in chars]).reshape(-1, 4)
    found: dict[Rect, list[Glyph]] = {}
    for line, own in group:
        place = _place(own)
        apart = (boxes[:, :2] >= place[2:]) | (boxes[:, 2:] <= place[:2])
        near = list(itertools.compress(chars, ~np.any(apart, axis=1)))
        if any(_may_be_read_with(char, own) for char in near):
            continue
        cells = dict(_cells(near, seen))
        glyphs = _told(cells, seen)
        if glyphs is not None and _nothing_else(own, seen, _bare(place, cells, seen)):
            found[line.box] = glyphs
    return found


def _may_be_read_with(char: Char, own: Sequence[Char]) -> bool:
    """Whether a character on another level than a line's may be read with it.

    A Chinese one beside the line whose outline stands half an em higher or lower is not: a label of
    two rows in the next cell. Its glyph is told, too. A baseline alone says nothing: outlines may
    be raised.
    """
    em = own[0].em
    beside = char.box[2] <= own[0].box[0] or char.box[0] >= own[-1].box[2]
    level = abs(char.baseline - own[0].baseline) < 0.5 * em
    away = abs(centre(char.box)[1] - centre(union(one.box for one in own))[1]) >= 0.5 * em
    return not (level or (beside and away and is_chinese(char.text)))


def _place(own: Sequence[Char]) -> Rect:
    """A line's place and an em on both sides."""
    em = own[0].em
    top, bottom = min(char.box[1] for char in own), max(char.box[3] for char in own)
    return (own[0].box[0] - em, top - 0.1 * em, own[-1].box[2] + em, bottom + 0.1 * em)


def _told(cells: Mapping[Char, _Cell], seen: Views) -> list[Glyph] | None:
    """The glyphs by which characters are told; None where one has none, or is no such mark."""
    glyphs = [_glyph(char, cell, seen) for char, cell in cells.items() if char.text not in _STROKES]
    strokes = (cell for char, cell in cells.items() if char.text in _STROKES)
    if None in glyphs or not all(_is_stroke(255 - seen.text[cell]) for cell in strokes):
        return None
    return [one for one in glyphs if one is not None]


def _is_stroke(ink: inks.Mask) -> bool:
    """Whether ink may be a dash or a comma, and is no figure or letter, nor a point."""
    rows, columns = np.nonzero(ink > _FAINT)
    if not rows.size:
        return False
    high, wide = int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
    return high <= _LOW_STROKE and wide >= high / 2


def _bare(place: Rect, cells: Mapping[Char, _Cell], seen: Views) -> inks.Mask:
    """A line's place of the text alone, without the characters that are told."""
    x0, y0, x1, y1 = seen.pixels(place)
    bare = seen.text[y0:y1, x0:x1].copy()
    for rows, columns in cells.values():
        down, across = (
            slice(max(0, rows.start - y0), max(0, rows.stop - y0)),
            slice(max(0, columns.start - x0), max(0, columns.stop - x0)),
        )
        bare[down, across] = 255
    return bare


def _cells(chars: Sequence[Char], seen: Views) -> Iterator[tuple[Char, _Cell]]:
    """Rows and columns of a line's characters, each up to the middle of the gaps beside it: what
    lies beyond is its neighbour's.

    PDFium sets baselines on whole pixels, so that ink may reach a row beyond its outline.
    """
    ordered = sorted(chars, key=lambda char: char.box[0])
    for before, char, after in zip([None, *ordered], ordered, [*ordered[1:], None], strict=False):
        x0, y0, x1, y1 = seen.pixels(char.box)
        if before is not None:
            x0 = max(x0, _between(before, char, seen, x0))
        if after is not None:
            x1 = max(x0, min(x1, _between(char, after, seen, x1)))
        yield char, (slice(max(0, y0 - 1), y1 + 1), slice(x0, x1))


def _between(before: Char, after: Char, seen: Views, otherwise: int) -> int:
    """The column in the middle of the gap of two characters; those that overlap have none."""
    left, right = before.box[2], after.box[0]
    if right < left:
        return otherwise
    return round(((left + right) / 2 - seen.left) * seen.scale)


def _glyph(char: Char, cell: _Cell, seen: Views) -> Glyph | None:
    """A character's cell of the text alone; None where no ink is there."""
    y0, ink = cell[0].start, 255 - seen.text[cell]
    if ink.size == 0 or int(ink.max()) < 100:
        return None
    x, y, wide, high = cv2.boundingRect(cv2.threshold(ink, _FAINT, 255, cv2.THRESH_BINARY)[1])
    text = unicodedata.normalize("NFKC", char.text).upper()
    above = round((char.baseline - seen.top) * seen.scale) - (y0 + y)
    glyph = Glyph(text, 255 - ink[y : y + high, x : x + wide], above)
    return glyph if glyph.is_seen else None


def _nothing_else(own: Sequence[Char], seen: Views, bare: inks.Mask) -> bool:
    """Whether a line's place, and an em on both sides, shows only what the layer names."""
    x0, y0, x1, y1 = seen.pixels(_place(own))
    if np.count_nonzero(bare < _NO_INK) > _SPECKS:
        return False
    over = max(0, y0 - _BEYOND)
    beyond, line = (slice(over, y1 + _BEYOND), slice(x0, x1)), slice(y0 - over, y1 - over)
    whole, text = seen.whole[beyond], seen.text[beyond]
    redder, ink = seen.red[beyond] > 0, text < 128
    red = seen.seal(*beyond) if redder.any() else redder
    if np.count_nonzero(red[line] & ink[line]) > _SEALED * np.count_nonzero(ink[line]):
        return False
    # In red light, which shows print under a seal, a red figure is as pale as the paper.
    strange = _strange(whole, text, red, ink) | (redder & ~red & ~ink)
    within = slice(seen.pixels(own[0].box)[0] - x0, seen.pixels(own[-1].box)[2] - x0)
    return _only_rules(strange[line], whole[line], within) and _go_on(strange[line], strange)


def _go_on(strange: Any, beyond: Any) -> bool:
    """Whether the rules beside a value stand above and below it as well."""
    sides = strange.mean(axis=0) > _MOST_OF
    return bool((beyond[:, sides].mean(axis=0) > _MOST_OF).all())


def _strange(whole: Any, text: Any, red: Any, ink: Any) -> Any:
    """Where a part of the page is not as its text alone is drawn; a seal's red may lie over it."""
    most = np.where(red, np.where(ink, _OVER_INK, _UNDER_RED), _DARKER) if red.any() else _DARKER
    return cv2.absdiff(text, np.ascontiguousarray(whole[:, :, 2])) > most


def _only_rules(strange: Any, whole: Any, within: slice) -> bool:
    """Whether all that differs are rules of the table around a value, none of them through it.

    ``within``: columns from the value's first character to its last.
    """
    high, _ = strange.shape
    rows, columns = strange.mean(axis=1) > _MOST_OF, strange.mean(axis=0) > _MOST_OF
    edge = max(1, high // 6)
    if rows[edge : high - edge].any() or columns[within].any():
        return False
    # The side of a cell is a point and a half wide and has one colour: in a strip of two something
    # is drawn, and in a wider one there would be room for a figure.
    if _widest(columns) > EM // 4 or not _even(whole, strange, rows, columns):
        return False
    rest = strange[~rows][:, ~columns]
    return int(np.count_nonzero(rest)) <= _SPECKS


def _even(whole: Any, strange: Any, rows: Any, columns: Any) -> bool:
    """Whether each rule has one colour all along, but where others cross it."""
    sides = [whole[~rows, at] for at in np.nonzero(columns)[0]]
    lines = [whole[at, ~columns & strange[at]] for at in np.nonzero(rows)[0]]
    return all(
        one.size == 0 or int(np.ptp(one, axis=0).max()) <= _ONE_COLOUR for one in sides + lines
    )


def _widest(marks: Any) -> int:
    """The longest run of true values."""
    best = run = 0
    for mark in marks:
        run = run + 1 if mark else 0
        best = max(best, run)
    return best
