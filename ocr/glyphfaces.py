"""Glyphs that a typeface of this machine draws just so: nobody has to recognise them.

A page of text is drawn by PDFium from outlines; what a face's outlines give at the same size can be
computed (`_drawn`). Of 2,487 glyphs of 89 forms in nine faces 2,479 were told so; of 244,319 lies
with look-alikes that PDFium drew none passed. Within each of 15 faces any two of GBK's 20,902
Chinese characters differ by more than a glyph may from its own drawing, but for some, most of them
forms of one character (值 and 値), that a face draws alike: nobody could tell these.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

import cv2
import numpy as np
from PIL import Image, ImageDraw

from ocr import inks
from ocr.drawings import is_chinese
from ocr.faces import Face
from ocr.glyph import EM, Glyph
from ocr.seenas import SEEN_AS
from ocr.shapes import resembling

log = logging.getLogger(__name__)

_AS_DRAWN, _LATIN = 16, 12
"""By how much of 255 a pixel may differ from the face's own drawing; of figures, letters and marks,
which are more alike (1 and l of a Ming: 27)."""
_RISE, _LEVEL = -1.0, 1.3
"""Pixels by which PDFium's baselines stand off an outline's own, as places are counted here, and
how much more or less than that."""
_THIRDS = np.array([[1, 2, 3, 2, 1]], np.float32) / 9
"""PDFium covers thirds of pixels, and gives each pixel three times three of them."""
_DARKENED = np.asarray(255 * (np.arange(256) / 255) ** 0.92, np.uint8)
"""How dark it then draws what is covered by 0 to 255."""
_CHINESE, _OTHER = 9 * EM, 12 * EM
"""Pixels of the em at which a face draws, so large that its fitting to pixels, which FreeType does
at any size, hardly shows; figures and letters are more alike. Areas of whole pixels add up fast."""
_FAINT = 8
"""Ink that counts."""
_JUDGES, _AGREE = 5, 3
"""Characters of a document that tell its face, and how many of them the face must draw."""
_NEARLY = 40
"""By how much of 255 a pixel may differ from the face's own drawing where no other character's is
asked for: of 196,008 pairs of characters that may be taken for one another, in nine faces, one
differs by less than this and `_AS_DRAWN` together (开 and 幵 of a Ming)."""
_SAME = frozenset("Il|Ｉｌ｜")
"""Of figures, letters and marks those that are one drawing in some faces."""
_TO_WIDE = ord("！") - ord("!")


class DocumentFaces:
    """The faces of the machine that a document is in: none, one, or several of one family.

    ``document``: all its glyphs, those first that tell its faces.
    """

    def __init__(self, document: Sequence[Glyph], typefaces: Sequence[Face]) -> None:
        self._darkest = max((int((255 - one.cell).max()) for one in document), default=255)
        judges = [_blackened(one, self._darkest) for one in judges_of(document)]
        self._faces = _faces_of(judges, typefaces)

    def __bool__(self) -> bool:
        return bool(self._faces)

    def draw(self, glyphs: Sequence[Glyph]) -> list[bool]:
        """Which of these glyphs they draw just so."""
        left = list(enumerate(_blackened(one, self._darkest) for one in glyphs))
        for face in self._faces:
            # Faces for several regions, or of one family, have many drawings in common.
            if left:
                so = _drawn_in(face, [one for _, one in left])
                left = [one for one, now in zip(left, so, strict=True) if not now]
        undrawn = {place for place, _ in left}
        return [place not in undrawn for place in range(len(glyphs))]

    def draw_otherwise(self, glyphs: Sequence[Glyph]) -> list[bool]:
        """Which of these glyphs, that they do not draw as what they say, they draw just so for
        another character: one that engines read as they say (`ocr.seenas`), or one like it.

        Few honest ones are asked, which takes a tenth of a second each.
        """
        return [is_chinese(one.text) and self._draw_another(one) for one in glyphs]

    def _draw_another(self, glyph: Glyph) -> bool:
        black = _blackened(glyph, self._darkest)
        if any(any(_drawn_in(face, [black], _NEARLY)) for face in self._faces):
            return False
        return any(any(_drawn_in(face, _others(black))) for face in self._faces)


def _others(glyph: Glyph) -> list[Glyph]:
    """The glyph, called each of the characters that may be taken for its own."""
    others = dict.fromkeys((*SEEN_AS.get(glyph.text, ""), *resembling(glyph.text)))
    return [replace(glyph, text=other) for other in others]


def _faces_of(judges: Sequence[Glyph], typefaces: Sequence[Face]) -> list[Face]:
    """The faces that the document may be in, those first that draw most of its judges."""
    drawn_by = {face: _agreeing(face, judges) for face in typefaces}
    found = [face for face, count in drawn_by.items() if count >= _AGREE]
    return sorted(found, key=lambda face: -drawn_by[face])


def _agreeing(face: Face, judges: Sequence[Glyph]) -> int:
    """How many judges the face draws; it is not asked for more of them than can still matter."""
    count = 0
    for asked, judge in enumerate(judges):
        if count + len(judges) - asked < _AGREE:
            break
        count += sum(_drawn_in(face, [judge]))
    return count


def _drawn_in(face: Face, asked: Sequence[Glyph], most: int | None = None) -> list[bool]:
    try:
        return [draws(face, one, most) for one in asked]
    except (OSError, ValueError, cv2.error) as error:
        # A font that was taken away while the program runs, or has odd outlines.
        log.warning("glyphs are not compared with %s: %s", face.path, error)
        return [False] * len(asked)


def judges_of(document: Sequence[Glyph]) -> list[Glyph]:
    """Characters of a document that tell what face it is in: of those in front, each once."""
    first: dict[str, Glyph] = {}
    for one in document:
        if is_chinese(one.text) and len(first) < _JUDGES:
            first.setdefault(one.text, one)
    return list(first.values())


def _blackened(glyph: Glyph, darkest: int) -> Glyph:
    """A glyph as if its text were black: it may be of any grey."""
    ink = cv2.convertScaleAbs(255 - glyph.cell, alpha=255 / max(1, darkest))
    return Glyph(glyph.text, np.asarray(cv2.bitwise_not(ink), np.uint8), glyph.above)


def draws(face: Face, glyph: Glyph, most: int | None = None) -> bool:
    """Whether the face draws a glyph's character just as it stands there; ``most``: by how much of
    255 a pixel may differ."""
    if most is None:
        most = _AS_DRAWN if is_chinese(glyph.text) else _LATIN
    return any(
        abs(glyph.rise - own.rise - _RISE) <= _LEVEL and glyph.differs(own) <= most
        for text in _ways(glyph.text)
        for own in _drawn(face, text)
    )


def _ways(text: str) -> Iterator[str]:
    """What a character may be printed as: a glyph's text has no case and no width."""
    wide = chr(ord(text) + _TO_WIDE) if len(text) == 1 and "!" <= text <= "~" else text
    ways = dict.fromkeys((text, text.lower(), wide))
    return (way for way in ways if len(way) == 1 and way not in _SAME)


def drawing(face: Face, char: str) -> Glyph | None:
    """A character as the face draws it; None where it has it not or the file has gone."""
    try:
        found = _drawn(face, char)
    except (OSError, ValueError, cv2.error):
        return None
    return found[len(found) // 2] if found else None


@lru_cache(maxsize=3_000)
def _drawn(face: Face, text: str) -> tuple[Glyph, ...]:
    """The character at each third of a pixel; nothing where the face has it not."""
    if not face.has(text):
        return ()
    covered, top = _covered(face, text)
    ink = np.asarray(cv2.LUT(covered, _DARKENED), np.uint8)
    found = (_glyph(text, ink[:, third::3], top) for third in range(3))
    return tuple(one for one in found if one is not None)


def _covered(face: Face, text: str) -> tuple[inks.Mask, int]:
    """How far each third of a pixel is covered, of those around a character; the row of the em
    square that they begin with."""
    em = _CHINESE if is_chinese(text) else _OTHER
    font, pixel = face.at(em), em // EM
    left, top, right, bottom = font.getbbox(text, anchor="ls")
    # Whole pixels of the grid that has the baseline's beginning at (em // 4, em).
    x0, y0 = (em // 4 + left) // pixel - 1, (em + top) // pixel - 1
    x1, y1 = -(-(em // 4 + right) // pixel) + 1, -(-(em + bottom) // pixel) + 1
    image = Image.new("L", (int(x1 - x0) * pixel, int(y1 - y0) * pixel))
    place = (em // 4 - x0 * pixel, em - y0 * pixel)
    ImageDraw.Draw(image).text(place, text, font=font, fill=255, anchor="ls")
    size = (3 * int(x1 - x0), int(y1 - y0))
    parts = cv2.resize(np.asarray(image), size, interpolation=cv2.INTER_AREA)
    covered = cv2.filter2D(parts, -1, _THIRDS, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(covered, np.uint8), int(y0)


def _glyph(text: str, ink: inks.Mask, top: int) -> Glyph | None:
    x, y, wide, high = cv2.boundingRect(cv2.threshold(ink, _FAINT, 255, cv2.THRESH_BINARY)[1])
    if not wide:
        return None
    tight = cv2.bitwise_not(np.ascontiguousarray(ink[y : y + high, x : x + wide]))
    return Glyph(text, np.asarray(tight, np.uint8), EM - top - y)
