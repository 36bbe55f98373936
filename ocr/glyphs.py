"""Lines of a text layer that are proven by how their characters are drawn, one by one.

A character that a font draws the same way is recognised once: whole lines need not be read again
in every document. A line is proven when (1) what stands there is drawn by its characters and by
nothing else, (2) each of them was recognised by itself as the character that the layer names.
What is not proven is no fault yet: `ocr.agree` looks at it as a person would.
"""

import itertools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from ocr import drawn, inks
from ocr.drawn import Char, Views
from ocr.engines.port import Picture, Recogniser
from ocr.sheet import Line, Rect, centre, inside, union

EM = 26
"""Pixels of the em square: every size of type is drawn alike, so that glyphs are known again."""
_MOST_SIZES = 4
_MOST_NEW = 400
_MOST_KNOWN = 50_000
_STRIPS = (14, 5, 1)
"""Glyphs on a strip: those of a strip that is not read one for one are tried in shorter ones."""
_DARKER, _UNDER_RED = 40, 110
"""How much darker than the text alone the page may be, where it is not red and where it is."""
_RED = 24
_SPECKS = 4
_SAME = 28
"""By how much of 255 a pixel of one drawing may differ."""
_SEALED = 0.2
"""The part of a line's ink over which a seal's strokes may lie."""
_UNLIKE = frozenset(":;()'、，：；（）-—–－")
"""Marks that the comparison of lines folds away as well."""


@dataclass(frozen=True)
class Glyph:
    """One character as it is drawn: its cell, and what it is known by."""

    text: str
    cell: inks.Mask
    above: int
    """Pixels from its upper edge down to the baseline: a point is no raised dot."""

    @property
    def key(self) -> tuple[str, int, int, int]:
        return (self.text, *self.cell.shape, self.above)

    def looks_like(self, other: "Glyph") -> bool:
        """Whether both are the same drawing, but for rounding at their edges."""
        apart = cv2.absdiff(self.cell, other.cell)
        return int(apart.max()) <= _SAME


_Group = list[tuple[Line, list[Char]]]
_KNOWN: dict[tuple[str, int, int, int], list[tuple[Glyph, bool]]] = {}
"""Glyphs that were recognised before, and whether as what their layers say."""


def proven(pdf: Any, index: int, lines: Sequence[Line], recogniser: Recogniser) -> frozenset[Rect]:
    """Boxes of those lines of page ``index`` that are drawn as the layer says."""
    chars = drawn.page_chars(pdf, index)
    glyphs: dict[Rect, list[Glyph]] = {}
    for group in _by_size(lines, chars):
        em = group[0][1][0].em
        seen = drawn.views(pdf, index, EM / em, _around(group, em))
        if seen is not None:
            glyphs |= _glyphs_of(group, chars, seen)
    _learn([one for found in glyphs.values() for one in found], recogniser)
    return frozenset(box for box, found in glyphs.items() if all(_verdict(one) for one in found))


def _verdict(glyph: Glyph) -> bool | None:
    """Whether the glyph is what the layer says; None where it was not met before."""
    met = _KNOWN.get(glyph.key, ())
    return next((right for other, right in met if glyph.looks_like(other)), None)


def _keep(glyph: Glyph, right: bool) -> None:
    _KNOWN.setdefault(glyph.key, []).append((glyph, right))


def _by_size(lines: Sequence[Line], chars: Sequence[Char]) -> list[_Group]:
    """Lines with their characters by size of type, where both parsers see the same ones."""
    groups: dict[float, _Group] = {}
    for line in lines:
        own = sorted(
            (char for char in chars if inside(centre(char.box), line.box)),
            key=lambda char: char.box[0],
        )
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


def _overlapping(chars: Sequence[Char]) -> bool:
    """Characters over one another: neither of them may be what a person sees."""
    return any(
        after.box[0] < (before.box[0] + before.box[2]) / 2
        for before, after in itertools.pairwise(chars)
    )


def _glyphs_of(group: _Group, chars: Sequence[Char], seen: Views) -> dict[Rect, list[Glyph]]:
    """The glyphs of each line that shows nothing but characters of the layer."""
    bare = seen.text.copy()
    for char in chars:
        x0, y0, x1, y1 = seen.pixels(char.box)
        bare[y0:y1, x0:x1] = 255
    found: dict[Rect, list[Glyph]] = {}
    for line, own in group:
        near = own + [char for char in chars if _touches(char, own)]
        glyphs = [_glyph(char, seen) for char in near if char.text not in _UNLIKE]
        if None not in glyphs and _nothing_else(own, seen, bare):
            found[line.box] = [one for one in glyphs if one is not None]
    return found


def _touches(char: Char, own: Sequence[Char]) -> bool:
    """Whether a character of another line stands so near that it reads on with this one."""
    em, first, last = own[0].em, own[0].box, own[-1].box
    beside = 0 <= first[0] - char.box[2] < 0.5 * em or 0 <= char.box[0] - last[2] < 0.5 * em
    return beside and abs(char.baseline - own[0].baseline) < 0.5 * em and char not in own


def _glyph(char: Char, seen: Views) -> Glyph | None:
    """A character's cell of the text alone; None where no ink is there."""
    x0, y0, x1, y1 = seen.pixels(char.box)
    y0, y1 = max(0, y0 - 1), y1 + 1
    ink = 255 - seen.text[y0:y1, x0:x1]
    if ink.size == 0 or int(ink.max()) < 100:
        return None
    rows, columns = np.nonzero(ink > 40)
    top, bottom = y0 + int(rows.min()), y0 + int(rows.max()) + 1
    left, right = x0 + int(columns.min()), x0 + int(columns.max()) + 1
    text = unicodedata.normalize("NFKC", char.text).upper()
    above = round((char.baseline - seen.top) * seen.scale) - top
    return Glyph(text, seen.text[top:bottom, left:right].copy(), above)


def _on_line(glyph: Glyph) -> inks.Mask:
    """The glyph on a strip of paper of the line's height, at its place above the baseline."""
    high, wide = glyph.cell.shape
    paper = np.full((round(EM * 1.4), wide), 255, np.uint8)
    top = min(max(0, round(EM * 1.05) - glyph.above), max(0, paper.shape[0] - high))
    part = glyph.cell[: paper.shape[0]]
    paper[top : top + part.shape[0]] = part
    return paper


def _nothing_else(own: Sequence[Char], seen: Views, bare: inks.Mask) -> bool:
    """Whether a line's place, and an em on both sides, shows only what the layer names."""
    em = own[0].em
    x0, y0, x1, y1 = seen.pixels(
        (
            own[0].box[0] - em,
            min(char.box[1] for char in own) - 0.1 * em,
            own[-1].box[2] + em,
            max(char.box[3] for char in own) + 0.1 * em,
        )
    )
    place = (slice(y0, y1), slice(x0, x1))
    if np.count_nonzero(bare[place] < 200) > _SPECKS:
        return False
    text, whole = seen.text[place].astype(np.int16), seen.whole[place].astype(np.int16)
    red, ink = whole[:, :, 2] - whole[:, :, :2].max(axis=2) > _RED, text < 128
    if np.count_nonzero(red & ink) > _SEALED * np.count_nonzero(ink):
        return False
    most = np.where(red, np.where(ink, 255, _UNDER_RED), _DARKER)
    return _only_rules(np.abs(text - whole[:, :, 2]) > most)


def _only_rules(strange: Any) -> bool:
    """Whether all that differs are rules of the table around a value, none of them through it."""
    high, _ = strange.shape
    rows, columns = strange.mean(axis=1) > 0.95, strange.mean(axis=0) > 0.95
    edge = max(1, high // 6)
    if rows[edge : high - edge].any():
        return False
    # A rule runs the whole height and is thin; a bar of a digit's width is none.
    if _widest(columns) > EM // 6:
        return False
    rest = strange[~rows][:, ~columns]
    return int(np.count_nonzero(rest)) <= _SPECKS


def _widest(marks: Any) -> int:
    """The longest run of true values."""
    best = run = 0
    for mark in marks:
        run = run + 1 if mark else 0
        best = max(best, run)
    return best


def _learn(glyphs: Sequence[Glyph], recogniser: Recogniser) -> None:
    """Recognises glyphs that were not met before, in strips, each at its own place in its strip."""
    if len(_KNOWN) > _MOST_KNOWN:
        _KNOWN.clear()
    new: list[Glyph] = []
    for one in sorted(glyphs, key=lambda one: one.key):
        met = _verdict(one) is not None or (
            new and one.key == new[-1].key and one.looks_like(new[-1])
        )
        if not met:
            new.append(one)
    left = new[:_MOST_NEW]
    for size in _STRIPS:
        left = _read(_strips(left, size), recogniser)
    for one in left:
        _keep(one, right=False)


def _strips(glyphs: Sequence[Glyph], size: int) -> list[list[Glyph]]:
    """Latin and Chinese apart; points and commas stand between other characters."""
    latin = [one for one in glyphs if one.text <= "\x7f" and one.text.isalnum()]
    marks = [one for one in glyphs if one.text <= "\x7f" and not one.text.isalnum()]
    for number, mark in enumerate(marks):
        latin.insert(min(len(latin), 2 + 3 * number), mark)
    other = [one for one in glyphs if one.text > "\x7f"]
    return [
        list(part[start : start + size])
        for part in (latin, other)
        for start in range(0, len(part), size)
    ]


def _read(strips: Sequence[list[Glyph]], recogniser: Recogniser) -> list[Glyph]:
    """Keeps what was recognised rightly; the glyphs of strips that were not read one for one."""
    left: list[Glyph] = []
    for strip, read in zip(
        strips, recogniser.read_lines([_picture(strip) for strip in strips]), strict=True
    ):
        said = unicodedata.normalize("NFKC", "".join(read.text.split())).upper()
        if len(said) != sum(len(one.text) for one in strip) or len(said) != len(strip):
            left += strip
            continue
        for one, char in zip(strip, said, strict=True):
            if one.text == char:
                _keep(one, right=True)
            else:
                left.append(one)
    return left


def _picture(strip: Sequence[Glyph]) -> Picture:
    gap = np.full((round(EM * 1.4), EM // 6), 255, np.uint8)
    parts = [gap, gap]
    for one in strip:
        parts += [_on_line(one), gap]
    return np.asarray(cv2.cvtColor(np.hstack([*parts, gap]), cv2.COLOR_GRAY2BGR), np.uint8)
