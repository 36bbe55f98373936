"""A character of print, proven by drawing it in the face that it is in.

What a computer drew can be drawn again. Of the machine's faces (`ocr.faces`) the one is taken that
draws the line's characters as they stand; in it 昊 and 吴 differ at 12 pixels as well, where
engines, and other faces, cannot tell them apart.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from itertools import product

import cv2
import numpy as np

from ocr.crops import crop
from ocr.engines.port import Picture
from ocr.faces import Face, faces
from ocr.near import most_common
from ocr.setting import Ink, Setting
from ocr.shapes import NARROW, WIDE
from ocr.sheet import Line, Rect

log = logging.getLogger(__name__)

Places = Mapping[int, str]
"""Of a text's characters those that are in question, each with what else it was read as."""
_LIKELIEST = 5
_GLANCES = (None, 0.5)
"""How faces are drawn that are but glanced at: some have bitmaps for small sizes."""
_FACE, _OWN = 0.93, 0.92
"""Least likeness of a line to its face and of a character to its place."""
_EXACT, _MOST_WRONG, _MOST_MENDED = 0.97, 2, 4
"""Likeness of a line in which characters were misread by all, how many of it were, and lines of a
page: to hold one place against all common characters takes half a second."""
_SOFT = (None, 0.4, 0.6)
"""How screens are drawn: fitted to their pixels, or smooth and perhaps shown in another size."""
_WORN_FACE, _WORN_OWN = 0.85, 0.8
_WORN_SOFT = (0.5, 0.8, 1.1)
_WORN_HIGH = 26.0
"""Pixels of height that a line of a scan or photo is made for this."""
_MOST_LINES, _MOST_CHARACTERS = 30, 50
"""Comparisons of a page's lines, and characters of a line: the first of a face takes some seconds,
others up to one, and a page of more doubtful values is a person's."""


class Typefaces:
    """One page's lines, compared with the machine's faces; a face that one line was in is the first
    that the next ones are compared with."""

    def __init__(self, picture: Picture) -> None:
        self._picture, self._looked, self._mended = picture, 0, 0
        self._known: dict[tuple[Rect, str], Setting | None] = {}
        self._last: tuple[Face, float | None] | None = None

    def proves(self, line: Line, text: str, places: Places) -> bool:
        """Whether a face draws each of these characters of ``text`` just as it stands there, and no
        other character so.

        ``text``: the whole line as printed. Only for lines that nothing has touched (`ocr.near`).
        """
        found = self._untouched(line, text)
        return found is not None and _has(found, places, _OWN)

    def proves_whole(self, line: Line, text: str, places: Places) -> bool:
        """The same, and that nothing is printed on the line beside its characters: what engines
        drop leaves ink that no character covers."""
        found = self._untouched(line, text)
        return found is not None and found.covers() and _has(found, places, _OWN)

    def proves_capacity(
        self, line: Line, text: str, places: Sequence[int], others: Sequence[int]
    ) -> bool:
        """The same of the figures, points and letters of a capacity, one behind the other as the
        face sets them; of the ``others`` that the face has no other character for them."""
        found = self._untouched(line, text)
        if found is None or not found.covers():
            return False
        told = {at: "" for at in places if text[at] != "."}
        return (
            _has(found, told, _OWN)
            and found.is_set(places)
            and all(found.prefers(at, _OWN) for at in others)
        )

    def mended(self, line: Line, text: str, places: Sequence[int]) -> str:
        """The text with those characters that stand at one or two of its ``places``, where the face
        that it is in does not draw what was read. It is as it was where no face draws the rest just
        so, and where more is drawn otherwise. Proves nothing: `proves_whole` does."""
        found = self._untouched(line, text)
        if found is None or self._mended >= _MOST_MENDED or found.fit() < _EXACT:
            return text
        wrong = [at for at in places if text[at].isalnum() and found.likeness(at) < _OWN]
        if not 0 < len(wrong) <= _MOST_WRONG:
            return text
        self._mended += 1
        said = list(text)
        for at in wrong:
            said[at] = found.likest(at)
        return "".join(said)

    def resembles(self, line: Line, text: str, places: Places) -> bool:
        """Whether the print of a scan or photo is like these characters as a face draws them, and
        like no other."""
        found = self._set(_worn_ink, line, text, _WORN_SOFT, _WORN_FACE)
        return found is not None and _has(found, places, _WORN_OWN)

    def _untouched(self, line: Line, text: str) -> Setting | None:
        """The text in its face; each line and text is compared once."""
        key = line.box, text
        if key not in self._known:
            self._known[key] = _in_width(self._set(_ink_of, line, text, _SOFT, _FACE), text)
        return self._known[key]

    def _set(
        self, ink_of: Callable[[Picture, Line], Ink], line: Line, text: str,
        softness: Sequence[float | None], least: float,
    ) -> Setting | None:  # fmt: skip
        """The text in the face that the line is in, marks of the width that they have there."""
        self._looked += 1
        if self._looked > _MOST_LINES or len(text) > _MOST_CHARACTERS:
            log.info("a line is not compared with the typefaces: too many, or too long")
            return None
        try:
            ink = ink_of(self._picture, line)
            texts = _widths(text)
            again = [Setting(ink, one, *self._last) for one in texts] if self._last else []
            found = _best(again, least) or _best(_likeliest(ink, texts, softness), least)
        except (OSError, ValueError, cv2.error) as error:
            # A font that was taken away while the program runs, or has odd outlines.
            log.warning("a line is not compared with the typefaces: %s", error)
            return None
        if found is not None:
            self._last = found.drawn_in
        return found


def _widths(text: str) -> list[str]:
    """The text as it is, and with its marks as narrow and as wide as they may be printed."""
    return sorted({text, text.translate(NARROW), text.translate(WIDE)})


def _in_width(found: Setting | None, text: str) -> Setting | None:
    """A text with its marks as wide as leaves nothing over: the characters that a face is chosen by
    may all stand before them."""
    if found is None or found.covers():
        return found
    others = (found.saying(one) for one in _widths(text) if one != found.text)
    return next((one for one in others if one.fit() >= _FACE and one.covers()), found)


def _best(settings: Sequence[Setting], least: float) -> Setting | None:
    best = max(settings, key=Setting.nearly, default=None)
    return best if best is not None and best.fit() >= least else None


def _likeliest(ink: Ink, texts: Sequence[str], softness: Sequence[float | None]) -> list[Setting]:
    """The text in the few faces that it may be in, drawn in each way."""
    glanced = [Setting(ink, *one) for one in product(texts, faces(), _GLANCES)]
    nearest = sorted(glanced, key=Setting.glance, reverse=True)[:_LIKELIEST]
    ways = [one.softened(soft) for one in nearest for soft in softness]
    return list({(one.text, one.drawn_in): one for one in ways}.values())


def _has(found: Setting, places: Places, least: float) -> bool:
    return all(found.has(at, least, also) for at, also in places.items())


def _ink_of(picture: Picture, line: Line) -> Ink:
    """How far each pixel is from the paper's colour: 1 where it is farthest."""
    xs, ys = [x for x, _ in line.quad], [y for _, y in line.quad]
    rows = slice(max(0, round(min(ys)) - 2), round(max(ys)) + 3)
    part = picture[rows, max(0, round(min(xs)) - 3) : round(max(xs)) + 4]
    if part.size == 0:
        return np.zeros((1, 1), np.float32)
    away = np.abs(part.astype(np.float32) - most_common(part)).max(axis=2)
    return np.asarray(away / max(1.0, float(away.max())), np.float32)


def _worn_ink(picture: Picture, line: Line) -> Ink:
    """How much darker each pixel of a straightened line is than its paper."""
    strip = crop(picture, line, taller=0.1)
    scale = min(1.0, _WORN_HIGH / max(1, strip.shape[0]))
    small = cv2.resize(strip, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(np.asarray(small, np.uint8), cv2.COLOR_BGR2GRAY).astype(np.float32)
    dark = np.clip(np.percentile(grey, 85) - grey, 0, None)
    return np.asarray(dark / max(1.0, float(dark.max())), np.float32)
