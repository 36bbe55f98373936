"""A character of a screen, proven by drawing it: pixel by pixel in the face that the screen is in.

What a computer drew and nothing has touched since can be drawn again. Of the machine's faces
(`ocr.faces`) the one is taken that draws the line's characters as they stand; in it 昊 and 吴
differ at 12 pixels as well, where engines, and other faces, cannot tell them apart.
"""

import string
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocr.engines.port import Picture
from ocr.faces import Face, faces
from ocr.near import most_common
from ocr.shapes import is_chinese, resembling
from ocr.sheet import Line

_Ink = NDArray[np.float32]
_Columns = tuple[_Ink, int]

_SHIFTS = (0.0, 0.25, 0.5, 0.75)
"""Of a pixel: browsers place characters between them."""
_SIZES = (-0.5, -0.25, 0.0, 0.25, 0.5)
"""Pixels round the em size that the line's width tells: 12.8 is drawn nearly as 12.75."""
_COARSE = (0.0, 0.5)
_LEAST_EM = 8
_INKED, _BEARINGS, _AROUND = 0.25, 0.06, 0.3
"""Share of the darkest ink from which a column has print; paper at a line's ends, and what is
searched beside a character's place, both in ems."""
_PAD, _BESIDE = 3, 2
"""Columns: paper round what is searched, and how far from a character its rivals may stand."""
_GRAIN, _SEED = 0.002, 1
"""Noise on the paper: a patch of one colour is like everything to the formula of likeness."""
_AS_WIDE = 0.8
"""Of a character's width: what is narrower (l) may be a stroke of it, and is no rival."""
_NARROW = str.maketrans("（）：，；", "():,;")
_WIDE = str.maketrans("():,;", "（）：，；")
_JUDGES, _FEWEST = 8, 3
"""Characters by which a face is chosen."""
_LIKELIEST = 3
_FACE, _OWN = 0.93, 0.92
"""Least likeness of a line to its face and of a character to its place."""
_LEAD, _ROUGH = 0.02, 0.1
"""Any other character is at least this much and twice as far from the place; how much nearer it may
be when it is looked at closely."""


def proves(picture: Picture, line: Line, text: str, places: Sequence[int]) -> bool:
    """Whether a face of this machine draws each of these characters of ``text`` just as it stands
    there, and no other character so.

    ``text``: the whole line as printed. Only for lines that nothing has touched (`ocr.near`).
    """
    found = _set(_ink_of(picture, line), text)
    return found is not None and all(map(found.has, places))


def proves_whole(picture: Picture, line: Line, text: str, places: Sequence[int]) -> bool:
    """The same, and that nothing is printed on the line beside its characters: what engines drop
    leaves ink that no character covers."""
    found = _set(_ink_of(picture, line), text)
    return found is not None and found.covers() and all(map(found.has, places))


def _set(ink: _Ink, text: str) -> "_Set | None":
    """The text in the face that the line is in, marks of the width that they have there."""
    texts = sorted({text, text.translate(_NARROW), text.translate(_WIDE)})
    fits = [_Set(ink, each, face) for each in texts for face in faces()]
    likeliest = sorted(fits, key=_Set.glance, reverse=True)[:_LIKELIEST]
    best = max(likeliest, key=_Set.fit, default=None)
    return best if best is not None and best.fit() >= _FACE else None


@dataclass(frozen=True)
class _Match:
    """Where a character's drawing is most like the ink: columns of the line's ink."""

    likeness: float = 0.0
    left: int = 0
    right: int = 0

    @property
    def width(self) -> int:
        return self.right - self.left


class _Set:
    """A line's ink, and where its characters stand if it is a text in a face."""

    def __init__(self, ink: _Ink, text: str, face: Face) -> None:
        self._ink, self._text, self._face = ink, text, face
        self._inked = ink.max(axis=0, initial=0.0) > _INKED
        columns = np.flatnonzero(self._inked)
        self._start = int(columns[0]) if columns.size else 0
        width = int(columns[-1]) + 1 - self._start if columns.size else 0
        self._em = width / max(0.5, face.width(text) - _BEARINGS)
        self._judges = [at for at, char in enumerate(text) if char.isalnum()][:_JUDGES]
        self._is_line = _LEAST_EM <= self._em <= 2 * ink.shape[0]

    def glance(self) -> float:
        """How like a few characters are, not looked at closely: most faces are none of these."""
        judges = self._judges[:_FEWEST]
        return self._median(judges, _COARSE) if len(judges) == _FEWEST else 0.0

    def fit(self) -> float:
        """Likeness of the middle one of the characters that judge."""
        return self._median(self._judges, _SHIFTS) if len(self._judges) >= _FEWEST else 0.0

    def has(self, at: int) -> bool:
        """Whether one place looks just like the text's character and clearly less like all others
        that resemble it."""
        own = self._match(at, self._text[at])
        if own.likeness < _OWN:
            return False
        place = self._columns(own.left - _BESIDE, own.right + _BESIDE)
        away = 2 * (1 - own.likeness) + _LEAD
        return not any(self._rivals(place, one, own, away) for one in _rivals(self._text[at]))

    def covers(self) -> bool:
        """Whether all ink belongs to the text's characters."""
        bare = self._inked.copy()
        for at, char in enumerate(self._text):
            found = self._match(at, char)
            # An edge's grey is a column more.
            bare[max(0, found.left - 1) : found.right + 1] = False
        return not bare.any()

    def _rivals(self, place: _Columns, other: str, own: _Match, away: float) -> bool:
        """Whether another character as wide is like the place too."""
        for shifts, nearer in ((_COARSE, _ROUGH), (_SHIFTS, 0.0)):
            found = self._in(place, other, shifts)
            if found.width < _AS_WIDE * own.width or 1 - found.likeness >= away + nearer:
                return False
        return True

    def _median(self, judges: Sequence[int], shifts: Sequence[float]) -> float:
        found = [self._match(at, self._text[at], shifts).likeness for at in judges]
        return float(np.median(found))

    def _match(self, at: int, char: str, shifts: Sequence[float] = _SHIFTS) -> _Match:
        """A character round the place where the text has one."""
        em, width = self._em, self._face.width
        left = self._start + (width(self._text[:at]) - _AROUND) * em
        right = left + (width(self._text[at]) + 2 * _AROUND) * em
        return self._in(self._columns(int(left), int(right) + 1), char, shifts)

    def _in(self, columns: _Columns, char: str, shifts: Sequence[float]) -> _Match:
        if not self._is_line:
            return _Match()
        nearest = round(self._em * 4) / 4
        drawn = (
            _glyph(self._face, nearest + step, char, dx, dy)
            for step, dx, dy in product(_SIZES, shifts, shifts)
        )
        found = [_matched(columns, one) for one in drawn if one is not None]
        return max(found, key=lambda one: one.likeness, default=_Match())

    def _columns(self, left: int, right: int) -> _Columns:
        """The ink of some columns with paper round it, and where it begins."""
        begin = max(0, left)
        part = self._ink[:, begin : max(begin, right)]
        framed = cv2.copyMakeBorder(part, _PAD, _PAD, _PAD, _PAD, cv2.BORDER_CONSTANT, value=0)
        return np.asarray(framed + _grain(framed.shape), np.float32), begin - _PAD


def _rivals(char: str) -> Sequence[str]:
    """What else might stand there: figures for figures, letters for letters, whatever their case
    (an O for a 0 is read as the 0 that is meant)."""
    if is_chinese(char):
        return resembling(char)
    kind = string.digits if char.isdecimal() else string.ascii_letters
    return [other for other in kind if other.lower() != char.lower()]


@lru_cache(maxsize=256)
def _grain(shape: tuple[int, ...]) -> _Ink:
    return np.asarray(_GRAIN * np.random.default_rng(_SEED).random(shape), np.float32)


def _ink_of(picture: Picture, line: Line) -> _Ink:
    """How far each pixel is from the paper's colour: 1 where it is farthest."""
    xs, ys = [x for x, _ in line.quad], [y for _, y in line.quad]
    rows = slice(max(0, round(min(ys)) - 2), round(max(ys)) + 3)
    part = picture[rows, max(0, round(min(xs)) - 3) : round(max(xs)) + 4]
    if part.size == 0:
        return np.zeros((1, 1), np.float32)
    away = np.abs(part.astype(np.float32) - most_common(part)).max(axis=2)
    return np.asarray(away / max(1.0, float(away.max())), np.float32)


def _matched(columns: _Columns, drawn: _Ink) -> _Match:
    window, begin = columns
    if any(a > b for a, b in zip(drawn.shape, window.shape, strict=True)):
        return _Match()
    like = cv2.matchTemplate(window, drawn, cv2.TM_CCOEFF_NORMED)
    _, most, _, (x, _y) = cv2.minMaxLoc(like)
    return _Match(float(most), begin + x, begin + x + drawn.shape[1])


@lru_cache(maxsize=20_000)
def _glyph(face: Face, size: float, char: str, dx: float, dy: float) -> _Ink | None:
    """A character as the face draws it, moved by parts of a pixel, with paper round it."""
    font = face.at(size)
    left, top, right, foot = font.getbbox(char)
    image = Image.new("L", (round(right - left) + 4, round(foot - top) + 4))
    ImageDraw.Draw(image).text((1 - left + dx, 1 - top + dy), char, font=font, fill=255)
    pixels = np.asarray(image, dtype=np.float32)
    ys, xs = np.nonzero(pixels)
    if not ys.size or not face.has(char):
        return None
    inked = pixels[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
    # Figures may touch each other.
    beside = 1 if is_chinese(char) else 0
    framed = cv2.copyMakeBorder(inked, 1, 1, beside, beside, cv2.BORDER_CONSTANT, value=0)
    return np.asarray(framed, np.float32)
