"""Whether a ring bears just the name that its paper names: told by a look or two, without reading
all that engines make of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ocr.engines.port import Picture, Recogniser
from ocr.ringshapes import differing, looks_like
from ocr.ringtext import Voice
from ocr.ringvoices import read_strips, voice_of
from procedure import names
from procedure.lookalikes import holds_lookalike

_EACH, _PLAIN, _LEAST = 0.9, 0.7, 0.5
"""How sure one engine must be of each character to be enough; to be so where what the other one
read looks otherwise; and to be one of two."""
_QUICK, _SQUEEZED = (48, 320), 0.7
"""Pixels of the strip that an engine reads quickest, narrower ones being padded to it; and the
least share of its width to which a ring's strip is squeezed: of 40 both engines read the firm's
name in 34 so, and in 36 as they are."""


@dataclass(frozen=True)
class _Look:
    """One strip: what the first engine reads of it and, where it is the name, the second."""

    first: Voice
    second: Voice | None = None
    enough: bool = False
    least: float = 0.0
    """How sure the first engine is of each character."""

    def names_another(self, named: str) -> bool:
        """Whether the first engine is sure of a name of as many characters that is not this one.
        (The second one is sure of what it takes for rarer characters.)"""
        same = names.same(self.first.text, named)
        return self.first.sure and len(self.first.text) == len(named) and not same


def seen(
    strips: Sequence[Picture], primary: Recogniser, second: Recogniser, named: str
) -> Voice | None:
    """The first engine's word where the strips surely bear the name that the paper names.

    All are shown squeezed to what is quickest to read, then as they are; no more once the first
    engine surely reads another name than one in which it took a character for another. None does
    not mean that they bear another name. Of 700 rings with a rare character 548 are so told to be
    the paper's, and 5 of 700 whose character only looks like it (亳 and 毫).
    """
    for shown in (list(map(_squeezed, strips)), strips):
        looks: list[_Look] = []
        for strip in shown:
            look = _look(strip, primary, second, named)
            if look.enough or _is_plain(look, strips, named):
                return look.first
            if look.names_another(named):
                break
            looks.append(look)
        if len(looks) == len(strips) and _only_misread(looks, strips, named):
            return looks[0].first
        if look.names_another(named) and differing(look.first.text, named) is None:
            return None
    return None


def _squeezed(strip: Picture) -> Picture:
    wide = strip.shape[1] * _QUICK[0] / strip.shape[0]
    share = max(_SQUEEZED, min(1.0, _QUICK[1] / wide))
    quick = cv2.resize(strip, None, fx=share, fy=1.0, interpolation=cv2.INTER_AREA)
    return np.asarray(quick, np.uint8)


def _look(strip: Picture, primary: Recogniser, other: Recogniser, named: str) -> _Look:
    """Enough is what the first engine surely reads as the paper's name, and is sure of each
    character, or reads and the second one reads too; of a name that engines read for a rarer one,
    what both are sure of."""
    (read,) = primary.read_lines([strip])
    first, doubtful = voice_of(read, primary.family), holds_lookalike(named)
    least = min(read.each, default=_LEAST)
    if not names.same(first.text, named) or not (first.sure if doubtful else least >= _LEAST):
        return _Look(first)
    if first.sure and least >= _EACH and not doubtful:
        return _Look(first, enough=True)
    (second,) = read_strips(other, [strip])
    agreed = names.same(second.text, named) and (second.sure or not doubtful)
    return _Look(first, second, agreed, least)


def _is_plain(look: _Look, strips: Sequence[Picture], named: str) -> bool:
    """Whether the first engine is sure enough of the name, and what the second one read for one of
    its characters looks less like what stands on the strips: of 878 rings of either kind just those
    were told so that further looks tell."""
    if look.second is None or look.least < _PLAIN or holds_lookalike(named):
        return False
    return looks_like(named, look.second.text, strips)


def _only_misread(looks: Sequence[_Look], strips: Sequence[Picture], named: str) -> bool:
    """Whether the first engine read the name on all strips, and what the second one read for one
    of its characters (连 for 垚) looks less like what stands there; not of a name that engines read
    for a rarer one."""
    if holds_lookalike(named):
        return False
    said = [look.second.text for look in looks if look.second is not None]
    return len(said) == len(strips) and all(looks_like(named, one, strips) for one in said)
