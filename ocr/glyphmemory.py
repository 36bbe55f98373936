"""Glyphs that were recognised by themselves, known again wherever the same drawing stands.

What a drawing *is* holds in every document; that it was *not* recognised may be one document's
fault (a damaged file, unlucky neighbours on a strip), so only a few such strikes count for good.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from ocr import inks
from ocr.engines.port import Picture, Recogniser

EM = 26
"""Pixels of the em square: every size of type is drawn alike, so that glyphs are known again."""
_WINDOW = EM + 10
_MOST_NEW = 400
_MOST_KNOWN = 50_000
_STRIKES = 3
"""Documents in which a glyph was not recognised before it is no longer tried."""
_STRIPS = (14, 8, 1)
"""Glyphs on a strip: those of a strip that is not read one for one are tried in shorter ones.
Engines read strips of fewer than eight in the time of eight."""
_BESIDE = 2
_SAME, _SAME_HEIGHT = 24, 1.2
"""By how much of 255 a pixel, and by how many pixels the height of one drawing may differ.
Drawn at another third of a pixel a glyph differs by 20 at most; the likest two characters
of one font (l and 1 of a Kai) by 31."""


@dataclass(frozen=True)
class Glyph:
    """One character as it is drawn: its ink's cell, and what its layer calls it."""

    text: str
    cell: inks.Mask
    """Height x width, black on white, as tight as its ink."""
    above: int
    """Pixels from its upper edge down to the baseline: a point is no raised dot."""

    @cached_property
    def _middle(self) -> tuple[float, float]:
        weights = cv2.moments(255 - self.cell)
        mass = weights["m00"] or 1.0
        return (weights["m10"] / mass, weights["m01"] / mass)

    @cached_property
    def _centred(self) -> inks.Mask:
        """The cell with its ink's middle in the window's: PDFium draws at thirds of pixels."""
        edge = _WINDOW // 2
        paper = cv2.copyMakeBorder(
            self.cell, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=255
        )
        middle = (self._middle[0] + edge, self._middle[1] + edge)
        window = cv2.getRectSubPix(paper, (_WINDOW, _WINDOW), middle)
        return np.asarray(cv2.GaussianBlur(window, (0, 0), 0.7), np.uint8)

    def looks_like(self, other: "Glyph") -> bool:
        """Whether both are the same drawing, wherever on the pixels' grid it stands."""
        heights = (self.above - self._middle[1], other.above - other._middle[1])
        if abs(heights[0] - heights[1]) > _SAME_HEIGHT:
            return False
        return int(cv2.absdiff(self._centred, other._centred).max()) <= _SAME


class Memory:
    """Glyphs by what layers call them: those recognised as that, and those that were not."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._right: defaultdict[str, list[Glyph]] = defaultdict(list)
        self._struck: defaultdict[str, list[Glyph]] = defaultdict(list)
        self._count = 0

    def knows(self, glyph: Glyph) -> bool:
        """Whether this drawing was recognised as what its layer says."""
        met = self._right[glyph.text]
        for place, one in enumerate(met):
            if one.looks_like(glyph):
                # A document repeats its own fonts: what was seen last is compared first.
                self._right[glyph.text] = [one, *met[:place], *met[place + 1 :]]
                return True
        return False

    def learn(self, glyphs: Iterable[Glyph], recogniser: Recogniser) -> None:
        """Has one document's glyphs recognised that were not met before, in strips."""
        if self._count > _MOST_KNOWN:
            self._forget()
        left = self._new(glyphs)
        for size in _STRIPS:
            left = self._read(_strips(left, size), recogniser)
        for one in left:
            self._keep(self._struck, one)

    def _new(self, glyphs: Iterable[Glyph]) -> list[Glyph]:
        new: defaultdict[str, list[Glyph]] = defaultdict(list)
        for one in glyphs:
            if not (self.knows(one) or self._is_hopeless(one) or _among(one, new[one.text])):
                new[one.text].append(one)
        return [one for text in sorted(new) for one in new[text]][:_MOST_NEW]

    def _is_hopeless(self, glyph: Glyph) -> bool:
        return sum(one.looks_like(glyph) for one in self._struck[glyph.text]) >= _STRIKES

    def _keep(self, where: defaultdict[str, list[Glyph]], glyph: Glyph) -> None:
        where[glyph.text].append(glyph)
        self._count += 1

    def _read(self, strips: Sequence[list[Glyph]], recogniser: Recogniser) -> list[Glyph]:
        """Keeps what was recognised rightly; the glyphs of strips not read one for one."""
        left: list[Glyph] = []
        found = recogniser.read_lines([_picture(strip) for strip in strips])
        for strip, read in zip(strips, found, strict=True):
            said = unicodedata.normalize("NFKC", "".join(read.text.split())).upper()
            right = _right_places("".join(one.text for one in strip), said, len(strip))
            for place, one in enumerate(strip):
                if place in right:
                    self._keep(self._right, one)
                else:
                    left.append(one)
        return left


def _right_places(wanted: str, said: str, count: int) -> set[int]:
    """The glyphs of a strip that were read as wanted.

    Where one was lost or doubled, only those well before and well behind it: beside it, it is
    not certain which was read as which, and of a run of one character not which was lost.
    """
    if len(wanted) != count:
        return set()
    same = [a == b for a, b in zip(wanted, said, strict=False)]
    if len(said) == count:
        return {place for place, alike in enumerate(same) if alike}
    before = next((place for place, alike in enumerate(same) if not alike), len(same))
    back = [a == b for a, b in zip(reversed(wanted), reversed(said), strict=False)]
    behind = next((place for place, alike in enumerate(back) if not alike), len(back))
    first = min(before, count - behind, len(said) - behind) - _BESIDE
    last = max(before, count - behind, before + count - len(said)) + _BESIDE
    while 0 < first < count and wanted[first - 1] == wanted[first]:
        first -= 1
    while 0 < last < count and wanted[last - 1] == wanted[last]:
        last += 1
    return {*range(first), *range(last, count)}


def _among(glyph: Glyph, others: Iterable[Glyph]) -> bool:
    return any(one.looks_like(glyph) for one in others)


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


def _picture(strip: Sequence[Glyph]) -> Picture:
    gap = np.full((round(EM * 1.4), EM // 6), 255, np.uint8)
    parts = [gap, gap]
    for one in strip:
        parts += [_on_line(one), gap]
    return np.asarray(cv2.cvtColor(np.hstack([*parts, gap]), cv2.COLOR_GRAY2BGR), np.uint8)


def _on_line(glyph: Glyph) -> inks.Mask:
    """The glyph on a strip of paper of the line's height, at its place above the baseline."""
    high, wide = glyph.cell.shape
    paper = np.full((round(EM * 1.4), wide), 255, np.uint8)
    top = min(max(0, round(EM * 1.05) - glyph.above), max(0, paper.shape[0] - high))
    part = glyph.cell[: paper.shape[0]]
    paper[top : top + part.shape[0]] = part
    return paper
