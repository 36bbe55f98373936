"""Which of two characters stands there? Both are drawn and held against the picture.

Where the engines differ in single characters (霁 and 雾) this needs no reading at all: the place
must look like the one more than like the other, and more than like any other character of GBK.
Measured on 300 lines each of names with characters that the engines confuse, in seven faces and
five grades of wear: the right character is told in 70 of 100 lines (81 but for a brush type), a
wrong one in none, whether the other engine was right or both were wrong. Of 250 lines that both
misread alike 3 passed (卞 as 下), of 250 read right 67 in 100. In the rest it cannot be told.
That was with the rivals of GB 2312 alone; those beyond it took none of 50 clear lines read right,
and let none of 11 such characters (洺 as 洛) pass for a common one, of which 4 had passed.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

import cv2
import numpy as np

from ocr.drawings import EM, Ink, all_drawn, draw, is_chinese, small
from ocr.engines.port import Picture
from ocr.fonts import chinese
from procedure.lookalikes import LOOKALIKES, RARER

_MARGIN = 0.2
"""Of what the two characters differ by: 1 is one of them as drawn, 0 the middle between them."""
_LEAD = 0.1
"""The same over any further character."""
_LEAST = 0.7
_NEAREST = 40
_SCALES = (0.88, 0.94, 1.0, 1.06)
_FINE = 18
"""Pixels of the picture's characters from which those that engines err towards are told from the
rarer ones: at 13 昊 looks more like 吴."""
_MOST = 3
"""Characters of one line that may be in dispute: of more, one engine misread the line."""
NARROW = str.maketrans("（）：，；", "():,;")
WIDE = str.maketrans("():,;", "（）：，；")
_HALF = "\N{EN SPACE}"
_FEW = 4
"""Chinese characters of which no gap among them is told."""
_SLACK = 0.2
"""Of a character's width, how far it may stand from its place."""
_IN_PLACE = 0.6
"""Likeness of a character that stands in its place for certain."""
_SAME = 0.01
_CLEARLY = 0.4
"""By how much the characters' likenesses must be better with a gap than without, in sum."""


def settles(crop: Picture, first: str, second: str) -> bool:
    """Whether the picture of a line has ``first``'s characters wherever ``second`` differs.

    False where it has not, where it cannot be told, and where more than characters one for one
    differ. ``first`` must be the whole line as printed: places are measured by it.
    """
    places = disputed(first, second)
    return places is not None and all(
        _prefers(crop, first, index, rival) for index, rival in places
    )


def shows(crop: Picture, text: str, places: Sequence[int]) -> bool:
    """Whether the picture of a line looks like each of these characters of ``text`` more than like
    any other. Not where one stands for rarer ones and the print is too small to tell, and at no
    size where it mostly stands for a certain one: WenQuanYi Zen Hei's 昊 is more like the 吴 of the
    face that is drawn here than like its 昊 (50 of 144 lines of 26 to 34 pixels)."""
    if any(text[at] in LOOKALIKES for at in places) and is_small(crop, text):
        return False
    if any(text[at] in RARER for at in places):
        return False
    return all(_prefers(crop, text, index, "") for index in places)


def skips(crop: Picture, text: str, begin: int = 0) -> bool:
    """Whether the picture of a line has a character or two that ``text`` has not: the others stand
    where they belong only with a gap left among, before or behind them, and the gap is inked.

    Engines of both families drop a character that they do not know (华飌电子 as 华电子), and the
    line's box covers it. False where it cannot be told: without a font, of few characters.
    ``begin``: where the value begins behind its label; blanks up to there are the label's, and
    specks in them no character.
    """
    ink = ink_of(crop)
    if not _is_line(ink, text) or sum(map(is_chinese, text)) < _FEW:
        return False
    widths = {text.translate(NARROW), text.translate(WIDE)}
    # Figures are half a character wide in most Chinese faces, and wider in others.
    layouts = sorted(widths | {re.sub("[0-9A-Za-z.]", _HALF, each) for each in widths})
    whole = [_fits(ink, each, 0.0)[0] for each in layouts]
    if any(_all_in_place(each, fits) for each, fits in zip(layouts, whole, strict=True)):
        return False
    found = [
        (total, filled and (at > begin or not begin))
        for each in layouts
        for gap in (1.0, 2.0)
        for at, (total, filled) in enumerate(_with_gap(ink, each, gap))
    ]
    best = max(total for total, _ in found)
    # Before and behind a bracket are as good: the character that was dropped stands in one of them.
    inked = any(filled for total, filled in found if total > best - _SAME)
    return best > max(map(sum, whole)) + _CLEARLY and inked


def _all_in_place(text: str, fits: list[float]) -> bool:
    found = [fit for char, fit in zip(text, fits, strict=True) if is_chinese(char)]
    return min(found, default=0.0) > _IN_PLACE


def _with_gap(ink: Ink, text: str, gap: float) -> list[tuple[float, bool]]:
    """For a gap before each character and behind the last: the characters' likenesses in sum, and
    whether there is print in the gap."""
    begun, ended = _fits(ink, text, gap)
    return [
        (sum(begun[:at]) + sum(ended[at:]), _inked(ink, text, at, gap))
        for at in range(len(text) + 1)
    ]


def _fits(ink: Ink, text: str, gap: float) -> tuple[list[float], list[float]]:
    """How well each character fits its place where a gap of so many characters' widths comes behind
    it, and where it came before it; 0 for what is no Chinese character."""
    start, width = extent(ink)
    scale = EM * (advance(text) + gap) / width
    big = cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    side, pad = round((0.5 + _SLACK) * EM), EM // 4 + round(_SLACK * EM)
    wide = cv2.copyMakeBorder(big, pad, pad, side, side, cv2.BORDER_CONSTANT, value=0)
    framed = np.asarray(cv2.GaussianBlur(wide, (0, 0), 0.03 * EM), dtype=np.float32)

    def fit(index: int, moved: float) -> float:
        if not is_chinese(text[index]):
            return 0.0
        left = round(start * scale + (advance(text[:index]) + 0.5 + moved) * EM)
        return max(0.0, likeness(framed[:, left : left + 2 * side], text[index]))

    places = range(len(text))
    begun = [fit(index, 0.0) for index in places]
    return begun, [fit(index, gap) for index in places] if gap else begun


def _inked(ink: Ink, text: str, at: int, gap: float) -> bool:
    """Whether a gap before a place holds more than a mark: ink in most columns of its middle."""
    start, width = extent(ink)
    em = width / (advance(text) + gap)
    left = start + (advance(text[:at]) + 0.15) * em
    part = ink[:, int(left) : int(left + (gap - 0.3) * em) + 1].max(axis=0, initial=0.0)
    return bool(part.size) and float((part > 0.25 * ink.max()).mean()) > 0.5


def disputed(first: str, second: str) -> list[tuple[int, str]] | None:
    """Index in ``first`` and the other's character there; None where more than that differs.

    Marks of both widths count as the same.
    """
    first, second = first.translate(NARROW), second.translate(NARROW)
    found: list[tuple[int, str]] = []
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal" or not (first[a:b] + second[c:d]).strip():
            continue
        if tag != "replace" or b - a != d - c:
            return None
        found += [(a + step, second[c + step]) for step in range(b - a)]
    chinese_only = all(is_chinese(first[at]) and is_chinese(rival) for at, rival in found)
    return found if chinese_only and len(found) <= _MOST else None


def _prefers(crop: Picture, text: str, index: int, rival: str) -> bool:
    """Whether the place looks like the text's own character: clearly more than like the rival's
    ("" for none), and more than like any other that resembles it (both engines may be wrong)."""
    window = _window(crop, text, index)
    if window is None:
        return False
    char = text[index]
    own, place = _matched(window, char)
    if own < _LEAST or place is None:
        return False
    if rival and own - likeness(window, rival) <= _MARGIN * _apart(char, rival):
        return False
    return all(
        own - likeness(window, other) > _LEAD * _apart(char, other)
        for other in alike(place)
        if other != char
    )


def _window(crop: Picture, text: str, index: int) -> Ink | None:
    """The line's ink around one character, scaled so that a character is `EM` pixels wide."""
    ink = ink_of(crop)
    start, width = extent(ink)
    if not _is_line(ink, text):
        return None
    scale = EM * advance(text) / width
    big = cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    middle = start * scale + (advance(text[:index]) + 0.5) * EM
    part = big[:, max(0, int(middle - EM)) : max(0, int(middle + EM))]
    if part.size == 0:
        return None
    pad = EM // 4
    framed = cv2.copyMakeBorder(part, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=0)
    return np.asarray(cv2.GaussianBlur(framed, (0, 0), 0.03 * EM), dtype=np.float32)


def is_small(crop: Picture, text: str) -> bool:
    """Whether print is too small for common characters to be told from rarer ones on it."""
    return _em(crop, text) < _FINE


def _em(crop: Picture, text: str) -> float:
    """Pixels of the picture that one character is wide."""
    return extent(ink_of(crop))[1] / (advance(text) or 1.0)


def ink_of(crop: Picture) -> Ink:
    """How much darker each pixel is than the paper."""
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY).astype(np.float32)
    return np.asarray(np.clip(np.percentile(grey, 90) - grey, 0, None), dtype=np.float32)


def _is_line(ink: Ink, text: str) -> bool:
    """Whether ink is wide enough for the text, and not far too wide: scaled to `EM` a speck under
    forty characters would fill the memory. False without a font."""
    whole = advance(text)
    return whole > 0 and 4 * whole <= extent(ink)[1] <= 4 * ink.shape[0] * whole


def extent(ink: Ink) -> tuple[int, int]:
    """Where a line's ink begins, and how wide it is; 0 for none."""
    columns = np.flatnonzero(ink.max(axis=0) > 0.35 * ink.max())
    return (int(columns[0]), int(columns[-1]) + 1 - int(columns[0])) if columns.size else (0, 0)


def likeness(window: Ink, char: str) -> float:
    return _matched(window, char)[0]


def _matched(window: Ink, char: str) -> tuple[float, Ink | None]:
    """How like a character the window is where it is most like it, and that place."""
    best, found = -1.0, None
    for scale in _SCALES:
        drawn = _drawn(char, round(EM * scale))
        if drawn is None or any(a > b for a, b in zip(drawn.shape, window.shape, strict=True)):
            continue
        _, most, _, (x, y) = cv2.minMaxLoc(cv2.matchTemplate(window, drawn, cv2.TM_CCOEFF_NORMED))
        if most > best:
            best, found = most, window[y : y + drawn.shape[0], x : x + drawn.shape[1]]
    return best, found


def alike(place: Ink) -> list[str]:
    """Of the common characters those that a place resembles most, and as many of the rarer ones."""
    shown = small(place)
    return [
        chars[at]
        for chars, drawn in all_drawn()
        for at in np.argsort(drawn @ shown)[::-1][:_NEAREST]
    ]


@lru_cache(maxsize=512)
def resembling(char: str) -> tuple[str, ...]:
    """The characters of GBK that look most like this one, as the packaged face draws them."""
    drawn = _drawn(char, EM)
    return tuple(one for one in alike(drawn) if one != char) if drawn is not None else ()


def _apart(char: str, rival: str) -> float:
    """How unlike two characters are as drawn: 0 for the same."""
    drawn = _drawn(rival, EM)
    if drawn is None:
        return 1.0
    pad = EM // 5
    framed = cv2.copyMakeBorder(drawn, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=0)
    return 1.02 - likeness(np.asarray(framed, dtype=np.float32), char)


@lru_cache(maxsize=2048)
def advance(text: str) -> float:
    """Width of a text in characters' widths."""
    font = chinese(100)
    return font.getlength(text) / 100 if font else 0.0


@lru_cache(maxsize=8192)
def _drawn(char: str, size: int) -> Ink | None:
    """`draw`; a disputed place is held against eighty characters in four sizes. 38 MB."""
    return draw(char, size)
