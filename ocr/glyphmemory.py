"""Glyphs that were recognised by themselves, known again wherever the same drawing stands.

Where a document is set in a face of this machine, the face draws what was not met before: that need
not be recognised (`ocr.glyphfaces`). What a drawing *is* holds in every document; what engines
alone told, though, only as long as no such face draws it for another character. That a drawing was
*not* recognised may be one document's fault (a damaged file, unlucky neighbours on a strip), so
only a few such strikes count for good.
"""

import itertools
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

import cv2
import numpy as np

from ocr import inks
from ocr.engines.port import Picture, Recogniser
from ocr.faces import Face, faces
from ocr.glyph import EM, Glyph
from ocr.glyphfaces import DocumentFaces
from ocr.nearfaces import NearFaces

_MOST_NEW = 400
_MOST_KNOWN = 50_000
_STRIKES = 3
"""Documents in which a glyph was not recognised before it is no longer tried."""
_STRIPS = (14, 8, 1)
"""Glyphs on a strip: those of a strip that is not read one for one are tried in shorter ones."""
_NARROW = 0.57
"""Of their width, what glyphs on a strip are squeezed to: 14 take the time of the narrowest strip
that engines read, and are read as well (of 858 new ones 853 at 0.55, 851 as they are)."""
_BESIDE = 2
_THIN = "〇一"
_ROUND = str.maketrans("O〇", "00")
"""One drawing, to a reader and to engines: what it means, what stands beside it tells."""


class Memory:
    """Glyphs by what layers call them: those recognised as that, and those that were not.

    ``typefaces``: that glyphs are held against before they are recognised; the machine's.
    """

    def __init__(self, typefaces: Callable[[], Sequence[Face]] = faces) -> None:
        self._typefaces = typefaces
        self._forget()

    def _forget(self) -> None:
        self._right: defaultdict[str, list[Glyph]] = defaultdict(list)
        self._heard: defaultdict[str, list[Glyph]] = defaultdict(list)
        self._struck: defaultdict[str, list[Glyph]] = defaultdict(list)
        self._refuted: defaultdict[str, list[Glyph]] = defaultdict(list)
        self._settled: set[tuple[str, bytes]] = set()
        self._documents: Counter[str] = Counter()
        self._count = 0

    def knows(self, glyph: Glyph) -> bool:
        """Whether this drawing was recognised as what its layer says."""
        return self.settles(glyph) or (self._was_heard(glyph) and not self.refutes(glyph))

    def settles(self, glyph: Glyph) -> bool:
        """Whether it was, and no document need ask its faces again."""
        if (glyph.text, glyph.mark) in self._settled:
            return True
        met = self._right[glyph.text]
        for place, one in enumerate(met):
            if one.looks_like(glyph):
                # A document repeats its own fonts: what was seen last is compared first.
                self._right[glyph.text] = [one, *met[:place], *met[place + 1 :]]
                self._note(glyph)
                return True
        return False

    def _note(self, glyph: Glyph) -> None:
        """Pages draw a character at few places of the pixels' grid: what was compared once need
        not be compared again."""
        if len(self._settled) >= _MOST_KNOWN:
            self._settled.clear()
        self._settled.add((glyph.text, glyph.mark))

    def _was_heard(self, glyph: Glyph) -> bool:
        """Whether engines alone told it, of a document in none of the machine's faces."""
        return _among(glyph, self._heard[glyph.text])

    def refutes(self, glyph: Glyph) -> bool:
        """Whether this drawing is a face's own of another character than its layer says."""
        return _among(glyph, self._refuted[glyph.text])

    def learn(
        self, glyphs: Iterable[Glyph], recogniser: Recogniser, document: Sequence[Glyph] = ()
    ) -> None:
        """Has one document's glyphs recognised that were not met before: by the face that it is in,
        else in strips.

        ``document``: all its glyphs, that tell its faces.
        """
        if self._count > _MOST_KNOWN:
            self._forget()
        self._documents.update({one.text for one in document})
        new = self._new(glyphs)
        drawn_by = self._faces_of(document) if new else None
        left = self._not_drawn(new, drawn_by) if drawn_by else new
        # Where no face was asked, that of another document may tell better.
        told = self._right if drawn_by else self._heard
        unheard = [one for one in left if not self._was_heard(one)]
        self._hear(self._not_another(unheard, document), recogniser, told)
        if drawn_by:
            for one in filter(self._was_heard, left):
                self._keep(self._right, one)

    def _not_another(self, glyphs: Sequence[Glyph], document: Sequence[Glyph]) -> list[Glyph]:
        """Keeps what faces like the document's draw for another character that engines take for
        it; the others."""
        near = NearFaces(self._often(document), self._typefaces())
        return self._parted(glyphs, list(map(near.draw_rather_another, glyphs)), self._refuted)

    def _hear(
        self, left: list[Glyph], recogniser: Recogniser, told: defaultdict[str, list[Glyph]]
    ) -> None:
        lengths: list[int] = []
        for size in _STRIPS:
            strips = _strips(left, size)
            # What was not read is not read better when it is asked for once more just so.
            if lengths != (lengths := [len(strip) for strip in strips]):
                left = self._read(strips, recogniser, told)
        for one in left:
            self._keep(self._struck, one)

    def _new(self, glyphs: Iterable[Glyph]) -> list[Glyph]:
        new: defaultdict[str, list[Glyph]] = defaultdict(list)
        for one in glyphs:
            met = self.settles(one) or self.refutes(one) or self._is_hopeless(one)
            if not (met or _among(one, new[one.text])):
                new[one.text].append(one)
        return [one for text in sorted(new) for one in new[text]][:_MOST_NEW]

    def _faces_of(self, document: Sequence[Glyph]) -> DocumentFaces:
        return DocumentFaces(self._often(document), self._typefaces())

    def _often(self, document: Sequence[Glyph]) -> list[Glyph]:
        """Those first that most documents have: drawings of them were made before."""
        return sorted(document, key=lambda one: (-self._documents[one.text], one.text))

    def _not_drawn(self, new: Sequence[Glyph], drawn_by: DocumentFaces) -> list[Glyph]:
        """Keeps what a face that the document is in draws just so, and what it draws just so for
        another character; the others."""
        left = self._parted(new, drawn_by.draw(new), self._right)
        return self._parted(left, drawn_by.draw_otherwise(left), self._refuted)

    def _parted(
        self, glyphs: Sequence[Glyph], so: Sequence[bool], where: defaultdict[str, list[Glyph]]
    ) -> list[Glyph]:
        """Keeps those that are so; the others."""
        for one in itertools.compress(glyphs, so):
            self._keep(where, one)
        return [one for one, kept in zip(glyphs, so, strict=True) if not kept]

    def _is_hopeless(self, glyph: Glyph) -> bool:
        return sum(one.looks_like(glyph) for one in self._struck[glyph.text]) >= _STRIKES

    def _keep(self, where: defaultdict[str, list[Glyph]], glyph: Glyph) -> None:
        where[glyph.text].append(glyph)
        self._count += 1

    def _read(
        self,
        strips: Sequence[list[Glyph]],
        recogniser: Recogniser,
        told: defaultdict[str, list[Glyph]],
    ) -> list[Glyph]:
        """Keeps what was recognised rightly; the glyphs of strips not read one for one."""
        left: list[Glyph] = []
        found = recogniser.read_lines([_picture(strip) for strip in strips])
        for strip, read in zip(strips, found, strict=True):
            said = unicodedata.normalize("NFKC", "".join(read.text.split())).upper()
            wanted = "".join(one.text for one in strip)
            right = _right_places(wanted.translate(_ROUND), said.translate(_ROUND), len(strip))
            for place, one in enumerate(strip):
                if place in right:
                    self._keep(told, one)
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
    """At first all together; then Latin and Chinese apart. Points and commas stand between other
    characters, and so do 〇 and 一, which engines lose at a strip's beginning."""
    latin = [one for one in glyphs if one.text <= "\x7f" and one.text.isalnum()]
    marks = [one for one in glyphs if one.text <= "\x7f" and not one.text.isalnum()]
    for number, mark in enumerate(marks):
        latin.insert(min(len(latin), 2 + 3 * number), mark)
    other = [one for one in glyphs if one.text > "\x7f" and one.text not in _THIN]
    other[2:2] = [one for one in glyphs if one.text in _THIN]
    parts = [[*latin, *other]] if size == _STRIPS[0] else [latin, other]
    return [
        list(part[start : start + size]) for part in parts for start in range(0, len(part), size)
    ]


def _picture(strip: Sequence[Glyph]) -> Picture:
    gap = np.full((round(EM * 1.4), EM // 6), 255, np.uint8)
    parts = [gap, gap]
    for one in strip:
        parts += [_on_line(one), gap]
    whole = np.hstack([*parts, gap])
    small = cv2.resize(whole, None, fx=_NARROW, fy=1.0, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_GRAY2BGR), np.uint8)


def _on_line(glyph: Glyph) -> inks.Mask:
    """The glyph on a strip of paper of the line's height, at its place above the baseline."""
    high, wide = glyph.cell.shape
    paper = np.full((round(EM * 1.4), wide), 255, np.uint8)
    top = min(max(0, round(EM * 1.05) - glyph.above), max(0, paper.shape[0] - high))
    part = glyph.cell[: paper.shape[0]]
    paper[top : top + part.shape[0]] = part
    return paper
