"""Which of the characters that were read at one place of a ring stands there, by their shapes.

Where a rarer character stands, engines scatter over common ones (舞, 昇 and 界 for 霁), and the one
that is read most is not the right one. What has less than three fifths of the votes is drawn, and
so is each other character that was read there; the one that most strips look more like is it. Of
526 rings of all tiers (47 misread) 10 more were right so, and none less. Nothing is chosen that no
engine read, and the paper's own name is not asked.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.drawings import EM, Ink, is_chinese
from ocr.engines.port import Picture
from ocr.ringtext import RingText, Voice
from ocr.shapes import extent, ink_of, likeness
from procedure import names

_SHARE, _LEAST_SHARE = 0.6, 0.04
"""Of all votes for a place: with so many a character stands, with less than so few it is a slip."""
_OTHERS = 2
"""Characters by which a reading may differ from the ring's text and still tell of its places."""
_LIKE, _BETTER, _STRIPS = 0.84, 0.015, 0.85
"""How like a strip a character must be on average, how much more than the one that was read most,
and on which part of the strips."""
_FULL = 0.92
"""Height of a full character, of the strip's ink."""


def told(found: RingText, voices: Sequence[Voice], strips: Sequence[Picture]) -> RingText:
    """``found`` with those characters in its text that the strips of the ring look most like."""
    alike = [voice for voice in voices if _is_near(voice.text, found.text)]
    inks = [ink_of(strip) for strip in strips]
    text = found.text
    for at in range(len(text)):
        votes: Counter[str] = Counter()
        for voice in alike:
            votes[voice.text[at]] += voice.weight  # type: ignore[assignment]
        if votes[text[at]] < _SHARE * sum(votes.values()):
            text = _settled(text, at, votes, inks)
    return replace(found, text=text)


def looks_like(named: str, said: str, strips: Sequence[Picture]) -> bool:
    """Whether ``said`` has just one other character than ``named``, and a ring's strips look
    plainly more like the named one there."""
    at = differing(said, named)
    return at is not None and _shows([ink_of(strip) for strip in strips], named, at, said[at])


def differing(said: str, named: str) -> int | None:
    """The one place at which two texts differ; None where there are none or several."""
    at = [n for n, (a, b) in enumerate(zip(named, said, strict=False)) if a != b]
    return at[0] if len(said) == len(named) and len(at) == 1 else None


def _shows(inks: Sequence[Ink], named: str, at: int, other: str) -> bool:
    windows = [window for ink in inks if (window := _window(ink, len(named), at)) is not None]
    both = is_chinese(named[at]) and is_chinese(other)
    return both and bool(windows) and _is_plain(_likes(windows, named[at]), _likes(windows, other))


def _is_near(said: str, text: str) -> bool:
    others = sum(a != b for a, b in zip(said, text, strict=False))
    return len(said) == len(text) and others <= _OTHERS


def _settled(text: str, at: int, votes: Counter[str], inks: Sequence[Ink]) -> str:
    """The text with the character that looks most like its place, where that is plain."""
    windows = [window for ink in inks if (window := _window(ink, len(text), at)) is not None]
    least = _LEAST_SHARE * sum(votes.values())
    read = [char for char, weight in votes.items() if is_chinese(char) and weight >= least]
    if not windows or not is_chinese(text[at]):
        return text
    own = _likes(windows, text[at])
    likes = {char: _likes(windows, char) for char in read if char != text[at]}
    for char in sorted(likes, key=lambda one: -float(likes[one].mean())):
        other = f"{text[:at]}{char}{text[at + 1 :]}"
        if _is_plain(likes[char], own) and _keeps_place(text, other):
            return other
    return text


def _likes(windows: Sequence[Ink], char: str) -> NDArray[np.float64]:
    return np.array([likeness(window, char) for window in windows])


def _is_plain(other: NDArray[np.float64], own: NDArray[np.float64]) -> bool:
    more = other - own
    better = float(more.mean()) >= _BETTER and float((more > 0).mean()) >= _STRIPS
    return better and float(other.mean()) >= _LIKE


def _keeps_place(text: str, other: str) -> bool:
    """A province's name is a word that is known; no shape makes another of it."""
    return names.begins_with_place(other) or not names.begins_with_place(text)


def _window(ink: Ink, count: int, at: int) -> Ink | None:
    """A strip around one of its characters, each `EM` pixels wide and high; None without ink."""
    start, width = extent(ink)
    rows = np.flatnonzero(ink.max(axis=1) > 0.35 * ink.max())
    if width < count or not rows.size:
        return None
    across, down = EM * count / width, EM / (_FULL * (rows[-1] + 1 - rows[0]))
    middle, side = start + (at + 0.5) * width / count, 0.9 * width / count
    part = ink[:, max(0, int(middle - side)) : int(middle + side) + 1]
    size = max(1, round(across * part.shape[1])), max(1, round(down * part.shape[0]))
    pad = EM // 4
    framed = cv2.copyMakeBorder(
        cv2.resize(part, size, interpolation=cv2.INTER_CUBIC),
        *(pad, pad, pad, pad), cv2.BORDER_CONSTANT, value=0,
    )  # fmt: skip
    return np.asarray(cv2.GaussianBlur(framed, (0, 0), 0.03 * EM), np.float32)
