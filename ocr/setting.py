"""A line's print as a text in a face: where its characters stand, how like drawings they are.

Programs differ in how they draw a face. Some fit its outlines to the pixels, as FreeType does when
it is asked for a size; others draw smooth outlines at any size, or show a picture smaller or larger
than it was drawn: then outlines that are softened by part of a pixel are like it.
"""

import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocr.drawings import characters, is_chinese
from ocr.faces import LARGE, Face
from ocr.shapes import resembling

Ink = NDArray[np.float32]
"""How far each pixel is from the paper's colour: 1 where it is farthest."""
_Columns = tuple[Ink, int]

_SHIFTS = (0.0, 0.25, 0.5, 0.75)
"""Of a pixel: browsers place characters between them."""
_COARSE = (0.0, 0.5)
_FITTED, _SMOOTH = (-0.5, -0.25, 0.0, 0.25, 0.5), (-0.3, 0.0, 0.3)
"""Pixels round the em size that the line's width tells: 12.8 is drawn nearly as 12.75."""
_FAINT = 12
"""Of 255: what is paler belongs to no character's box."""
_LEAST_EM, _MOST_EM = 8, 40
_INKED, _BEARINGS, _AROUND = 0.25, 0.06, 0.3
"""Share of the darkest ink from which a column has print; paper at a line's ends, and what is
searched beside a character's place, both in ems."""
_LEFT_OVER = 0.06
"""Share of the darkest ink from which a column has print that belongs to some character: a figure
that is paler than the others is one too."""
_RULE = 0.8
"""How even a rule's ink is."""
_PAD, _BESIDE = 3, 2
"""Columns: paper round what is searched, and how far from a character its rivals may stand."""
_TOLD = string.digits + string.ascii_letters + "-"
"""What else than Chinese characters has rivals, or none: other figures (②, Ⅲ) do not."""
_OLD = {"市": "巿", "柿": "杮"}
"""Characters that no name has today, drawn as those that names have: whoever prints the one means
the other."""
_BARS = "=~+"
"""What else than a hyphen has a bar in the middle of its height."""
_OFF_MIDDLE = 0.15
"""Ems by which a hyphen may stand off the middle of other characters: an underscore is 0.4 off."""
_OFF = 0.1
"""Likeness that a place at the edge of what is searched is held to be less."""
_GRAIN, _SEED = 0.002, 1
"""Noise on the paper: a patch of one colour is like everything to the formula of likeness."""
_POINT = (0.75, 1.25)
"""How much ink is a point's, in parts of what the face draws: a comma has a third more."""
_POINT_OFF = 0.15
"""Ems by which a point may stand off its height: one at half height is 0.25 off."""
_AS_WIDE = 0.8
"""Of a character's width: what is narrower (l) may be a stroke of it, and is no rival."""
_JUDGES, _FEWEST = 6, 3
"""Characters by which a face is chosen."""
_LEAD, _ROUGH = 0.02, 0.1
"""Any other character is at least this much and twice as far from the place; how much nearer it may
be when it is looked at closely."""


@dataclass(frozen=True)
class _Match:
    """Where a character's drawing is most like the ink: columns of the line's ink."""

    likeness: float = 0.0
    left: int = 0
    right: int = 0
    row: float = 0.0
    """Middle of its height."""

    @property
    def width(self) -> int:
        return self.right - self.left


class Setting:
    """A line's ink, and where its characters stand if it is a text in a face.

    ``soft``: by how many pixels its outlines are softened, None where they are fitted to pixels.
    """

    def __init__(self, ink: Ink, text: str, face: Face, soft: float | None) -> None:
        self._ink, self.text, self._face, self._soft = ink, text, face, soft
        self._inked = ink.max(axis=0, initial=0.0) > _INKED
        columns = np.flatnonzero(self._inked)
        self._start = int(columns[0]) if columns.size else 0
        width = int(columns[-1]) + 1 - self._start if columns.size else 0
        self._em = width / max(0.5, face.width(text) - _BEARINGS)
        self._judges = [at for at, char in enumerate(text) if char.isalnum()][:_JUDGES]
        self._is_line = _LEAST_EM <= self._em <= min(_MOST_EM, 2 * ink.shape[0])

    @property
    def drawn_in(self) -> tuple[Face, float | None]:
        """Its face, and how that is drawn."""
        return self._face, self._soft

    def softened(self, soft: float | None) -> "Setting":
        """The same text in the same face, drawn in another way."""
        return Setting(self._ink, self.text, self._face, soft)

    def saying(self, text: str) -> "Setting":
        """Another text in the same face, drawn in the same way."""
        return Setting(self._ink, text, self._face, self._soft)

    def glance(self) -> float:
        """How like a few characters are, not looked at closely: most faces are none of these."""
        return self._median(self._judges[:_FEWEST], _COARSE)

    def nearly(self) -> float:
        """How like its characters are, not looked at closely."""
        return self._median(self._judges, _COARSE)

    def fit(self) -> float:
        """Likeness of the middle one of the characters that judge."""
        return self._median(self._judges, _SHIFTS)

    def has(self, at: int, least: float, also: str = "") -> bool:
        """Whether one place looks just like the text's character (``least`` likeness), and clearly
        less like all others that resemble it, and less than like any of ``also``."""
        char = self.text[at]
        own = self._match(at, char)
        if own.likeness < least or not (is_chinese(char) or char in _TOLD):
            return False
        if char == "-" and not self._is_level(own):
            return False
        place = self._columns(own.left - _BESIDE, own.right + _BESIDE)
        away = 2 * (1 - own.likeness) + _LEAD
        others = [*also, *_rivals(char)]
        return not any(self._rivals(place, one, own, away) for one in others)

    def prefers(self, at: int, least: float) -> bool:
        """Whether one place looks like the text's character (``least`` likeness), and no character
        that resembles it is more like it: where the face cannot tell them, both are."""
        char = self.text[at]
        own = self._match(at, char)
        place = self._columns(own.left - _BESIDE, own.right + _BESIDE)
        return own.likeness >= least and not any(
            self._rivals(place, one, own, 1 - own.likeness) for one in _rivals(char)
        )

    def is_set(self, places: Sequence[int]) -> bool:
        """Whether the characters at ``places``, figures and points, stand behind one another as the
        face sets them. A point that was not printed, or not read, moves what follows it."""
        around = sorted({max(0, places[0] - 1), *places, min(len(self.text) - 1, places[-1] + 1)})
        solid = [at for at in around if self.text[at] != "."]
        return all(self._follows(*pair) for pair in pairwise(solid))

    def _follows(self, first: int, second: int) -> bool:
        """Whether the second character stands where the face has it behind the first one, and
        between them is the ink of the points that the text has there."""
        one, other = (self._match(at, self.text[at]) for at in (first, second))
        begins = self._face.begins
        wanted = self._face.width(self.text[first:second])
        wanted += begins(self.text[second]) - begins(self.text[first])
        off = abs(other.left - one.left - wanted * self._em)
        if off >= self._face.width(".") * self._em / 2:
            return False
        # The foot of a 1 that is drawn a little too small reaches a column into the gap.
        beside = 1 if second == first + 1 else 0
        between = slice(one.right + beside, max(one.right + beside, other.left - beside))
        inked = self._ink[:, between].sum(axis=1)
        least, most = (share * self._point_ink() for share in _POINT)
        is_mark = bool(inked.sum() >= least) and self._is_low(inked, one, first)
        if beside:
            return not is_mark
        return second == first + 2 and is_mark and bool(inked.sum() <= most)

    def _point_ink(self) -> float:
        """How much ink the face's point has; endless where it has none."""
        drawn = self._once(self._way()[0], ".", 0.0, 0.0)
        return float("inf") if drawn is None else float(drawn.sum()) / 255

    def _is_low(self, inked: Ink, figure: _Match, at: int) -> bool:
        """Whether ink stands as high as a point beside a figure."""
        row = float(np.average(np.arange(inked.size) + 0.5, weights=inked))
        middle = self._face.middle
        wanted = figure.row - _PAD + (middle(".") - middle(self.text[at])) * self._em
        return abs(row - wanted) <= _POINT_OFF * self._em

    def _is_level(self, hyphen: _Match) -> bool:
        """Whether a bar stands at the middle of the other characters' height, as no underscore and
        no overline does."""
        rows = [self._match(at, self.text[at]).row for at in self._judges]
        return bool(rows) and abs(hyphen.row - float(np.median(rows))) <= _OFF_MIDDLE * self._em

    def likest(self, at: int) -> str:
        """The character that stands at a place, if it is one: of figures, letters or common Chinese
        characters, as the text has there, the one most like it. What is narrower than others that
        are nearly so may be a stroke of them (丨)."""
        size, dx, dy = self._way()
        columns, char = self._columns_at(at), self.text[at]
        found = {
            other: _matched(columns, drawn)
            for other in (characters()[0] if is_chinese(char) else _kin(char))
            if (drawn := self._once(size, other, dx, dy)) is not None
        }
        best = max((one.likeness for one in found.values()), default=0.0)
        nearly = {other: one for other, one in found.items() if one.likeness > best - _LEAD}
        wide = _AS_WIDE * max((one.width for one in nearly.values()), default=0)
        whole = {other: one.likeness for other, one in nearly.items() if one.width >= wide}
        return max(whole, key=whole.__getitem__, default=char)

    def likeness(self, at: int) -> float:
        """How like the text's character a place is."""
        return self._match(at, self.text[at]).likeness

    def _way(self) -> tuple[float, float, float]:
        """The size and the parts of a pixel by which the first of the characters that judge is
        drawn most alike."""
        at = self._judges[0]
        columns = self._columns_at(at)
        down = (0.0,) if self._soft is None else _COARSE

        def like(way: tuple[float, float, float]) -> float:
            drawn = self._once(way[0], self.text[at], *way[1:])
            return 0.0 if drawn is None else _matched(columns, drawn).likeness

        return max(product(self._sizes(), _COARSE, down), key=like)

    def _once(self, size: float, char: str, dx: float, dy: float) -> Ink | None:
        """A character's drawing that is not kept: thousands are made, each for one look."""
        return _drawn.__wrapped__(self._face, size, char, dx, dy, self._soft)

    def covers(self) -> bool:
        """Whether all ink belongs to the text's characters, which stand one behind the other."""
        bare, least = self._printed(), 0.0
        for at, char in enumerate(self.text):
            if char.isspace():
                continue
            found = self._match(at, char)
            # Two of a text's characters are never the same one of the print.
            if found.left < least:
                return False
            least = found.left + found.width / 2
            # An edge's grey is a column more.
            bare[max(0, found.left - 1) : max(0, found.right + 1)] = False
        return not bare.any()

    def _printed(self) -> NDArray[np.bool_]:
        """Columns with print, however pale. What goes from top to bottom, beyond the height of any
        character, is a table's rule."""
        most, least = self._ink.max(axis=0, initial=0.0), self._ink.min(axis=0, initial=1.0)
        return np.asarray((most > _LEFT_OVER) & (least < _RULE * most), np.bool_)

    def _rivals(self, place: _Columns, other: str, own: _Match, away: float) -> bool:
        """Whether another character as wide is like the place too."""
        for shifts, nearer in ((_COARSE, _ROUGH), (_SHIFTS, 0.0)):
            found = self._in(place, other, shifts)
            if found.width < _AS_WIDE * own.width or 1 - found.likeness >= away + nearer:
                return False
        return True

    def _median(self, judges: Sequence[int], shifts: Sequence[float]) -> float:
        if len(judges) < _FEWEST:
            return 0.0
        found = [self._match(at, self.text[at], shifts).likeness for at in judges]
        return float(np.median(found))

    def _match(self, at: int, char: str, shifts: Sequence[float] = _SHIFTS) -> _Match:
        """A character round the place where the text has one."""
        return self._in(self._columns_at(at), char, shifts)

    def _columns_at(self, at: int) -> _Columns:
        """Round the place where the text has a character."""
        em, width = self._em, self._face.width
        left = self._start + (width(self.text[:at]) - _AROUND) * em
        right = left + (width(self.text[at]) + 2 * _AROUND) * em
        return self._columns(int(left), int(right) + 1)

    def _in(self, columns: _Columns, char: str, shifts: Sequence[float]) -> _Match:
        if not self._is_line:
            return _Match()
        # What is fitted to pixels stands on one, whatever its line's height.
        down = (0.0,) if self._soft is None else shifts
        drawn = (
            _drawn(self._face, size, char, dx, dy, self._soft)
            for size, dx, dy in product(self._sizes(), shifts, down)
        )
        found = [_matched(columns, one) for one in drawn if one is not None]
        return max(found, key=lambda one: one.likeness, default=_Match())

    def _sizes(self) -> Iterator[float]:
        if self._soft is None:
            return (round(self._em * 4) / 4 + step for step in _FITTED)
        return (round(self._em, 1) + step for step in _SMOOTH)

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
        return [other for other in resembling(char) if other != _OLD.get(char)]
    if char == "-":
        return _BARS
    return [other for other in _kin(char) if other.lower() != char.lower()]


def _kin(char: str) -> str:
    return string.digits if char.isdecimal() else string.ascii_letters


@lru_cache(maxsize=256)
def _grain(shape: tuple[int, ...]) -> Ink:
    return np.asarray(_GRAIN * np.random.default_rng(_SEED).random(shape), np.float32)


def _matched(columns: _Columns, drawn: Ink) -> _Match:
    """Where the drawing is most like the ink; of places that are as like, the middlemost (a hyphen
    is like the bar of the letter before it)."""
    window, begin = columns
    if any(a > b for a, b in zip(drawn.shape, window.shape, strict=True)):
        return _Match()
    like = cv2.matchTemplate(window, drawn, cv2.TM_CCOEFF_NORMED)
    across = like.shape[1]
    away = np.abs(np.arange(across) - (across - 1) / 2) * (_OFF / max(1, across))
    y, x = np.unravel_index(int((like - away).argmax()), like.shape)
    left, row = begin + int(x), int(y) + drawn.shape[0] / 2
    return _Match(float(like[y, x]), left, left + drawn.shape[1], row)


@lru_cache(maxsize=8_000)
def _drawn(
    face: Face, size: float, char: str, dx: float, dy: float, soft: float | None
) -> Ink | None:
    """A character as the face draws it, moved by parts of a pixel, with paper round it; None where
    the face has it not."""
    if not face.has(char):
        return None
    pixels = (
        _fitted(face, size, char, dx, dy)
        if soft is None
        else _smooth(face, size, char, dx, dy, soft)
    )
    ys, xs = np.nonzero(pixels > _FAINT)
    # Some faces have empty places for characters.
    if not ys.size:
        return None
    inked = pixels[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
    # A hyphen that is one flat area would be like everything; at its sides a neighbour may touch.
    framed = cv2.copyMakeBorder(inked, 1, 1, 0, 0, cv2.BORDER_CONSTANT, value=0)
    return np.asarray(framed, np.float32)


def _fitted(face: Face, size: float, char: str, dx: float, dy: float) -> Ink:
    font = face.at(size)
    left, top, right, foot = font.getbbox(char)
    image = Image.new("L", (round(right - left) + 4, round(foot - top) + 4))
    ImageDraw.Draw(image).text((1 - left + dx, 1 - top + dy), char, font=font, fill=255)
    return np.asarray(image, dtype=np.float32)


def _smooth(face: Face, size: float, char: str, dx: float, dy: float, soft: float) -> Ink:
    large = _large(face, char)
    scale = size / LARGE
    if min(large.shape) * scale < 1:
        # An empty place, or what is thinner than a pixel.
        return np.zeros((1, 1), np.float32)
    right, down = round(dx / scale), round(dy / scale)
    moved = cv2.copyMakeBorder(large, down, 0, right, 0, cv2.BORDER_CONSTANT, value=0)
    small = cv2.resize(moved, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    edge = cv2.copyMakeBorder(
        np.asarray(small, np.float32), 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=0
    )
    return np.asarray(cv2.GaussianBlur(edge, (0, 0), soft), np.float32)


@lru_cache(maxsize=1_000)
def _large(face: Face, char: str) -> NDArray[np.uint8]:
    font = face.large()
    left, top, right, foot = font.getbbox(char)
    image = Image.new("L", (round(right - left) + 1, round(foot - top) + 1))
    ImageDraw.Draw(image).text((-left, -top), char, font=font, fill=255)
    return np.asarray(image, dtype=np.uint8)
