"""Which of two characters that engines take for one a glyph is, where the machine lacks its face.

Both are drawn in those faces of the machine that are most like the document's, and the glyph is
held against them. Of 4,935 lies with such characters (曰 for 日) in seven Song and Hei faces, each
time without all of its maker's, 2,971 look so; of 4,305 honest ones one does. Documents in a Kai of
which the machine has but others are not asked: of 330 honest characters there up to ten looked so.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ocr.faces import Face
from ocr.glyph import Glyph
from ocr.glyphfaces import drawing, judges_of
from ocr.seenas import SEEN_AS

_NEAREST = 9
"""Faces that must all say so; fewer on the machine tell nothing."""
_LIKE = 0.86
"""How like a document's characters a face draws them at least. Of Song and Hei faces the ninth one
of other makers does at 0.80 to 0.91, of Kai faces, whose strokes stand elsewhere, at 0.85 at
most."""
_PLAIN = 0.15
"""Of what two characters differ by: 0.5 is the other one as drawn, 0 the middle between them."""
_LEAST_APART = 1e-3


class NearFaces:
    """The faces of the machine that are most like those of a document that is in none of them.

    ``document``: all its glyphs, those first that were met most often.
    """

    def __init__(self, document: Sequence[Glyph], typefaces: Sequence[Face]) -> None:
        self._judges, self._typefaces = judges_of(document), typefaces

    def draw_rather_another(self, glyph: Glyph) -> bool:
        """Whether the glyph plainly looks like a character that engines take for its own."""
        rivals = [one for one in SEEN_AS.get(glyph.text, "") if _is_common(one)]
        if not rivals or not _is_common(glyph.text) or len(self._nearest) < _NEAREST:
            return False
        seen = _row(glyph)
        return any(self._is_rather(seen, glyph.text, rival) for rival in rivals)

    def _is_rather(self, seen: NDArray[np.float32], own: str, rival: str) -> bool:
        # Most glyphs are their own in the first face: no other draws them then.
        return all(
            _lean(seen, drawing(face, own), drawing(face, rival)) > _PLAIN for face in self._nearest
        )

    @cached_property
    def _nearest(self) -> list[Face]:
        found = [(self._likeness(face), number) for number, face in enumerate(self._typefaces)]
        best = sorted((-like, number) for like, number in found if like >= _LIKE)
        return [self._typefaces[number] for _, number in best[:_NEAREST]]

    def _likeness(self, face: Face) -> float:
        """How like its drawings are to the document's; 0 where it has not all of them."""
        drawn = [drawing(face, one.text) for one in self._judges]
        pairs = zip(self._judges, drawn, strict=True)
        likes = [float(_row(one) @ _row(own)) for one, own in pairs if own is not None]
        return sum(likes) / len(likes) if likes and len(likes) == len(self._judges) else 0.0


def _lean(seen: NDArray[np.float32], own: Glyph | None, rival: Glyph | None) -> float:
    """How far what is seen leans from its own character to another one: -0.5 to 0.5, 0 in between;
    no lean where a face lacks one of them."""
    if own is None or rival is None:
        return 0.0
    first, second = _row(own), _row(rival)
    apart = max(_LEAST_APART, 2 - 2 * float(first @ second))
    return float(seen @ second - seen @ first) / apart


def _row(glyph: Glyph) -> NDArray[np.float32]:
    """Its ink as a row of unit length."""
    ink = glyph.ink.ravel()
    return np.asarray(ink / (float(np.linalg.norm(ink)) or 1.0), np.float32)


def _is_common(char: str) -> bool:
    """Whether GB 2312 has it: older forms of a character are drawn like it, and mean the same."""
    return bool(char.encode("gb2312", "ignore"))
