"""Whether a ring bears just the name that its paper names: told by a look or two, without reading
all that engines make of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ocr.engines import Shelf
from ocr.engines.port import Picture, Recognised
from ocr.ringshapes import looks_like
from ocr.ringtext import Voice
from ocr.ringvoices import read_strips, voice_of
from procedure import names
from procedure.lookalikes import holds_lookalike

_EACH = 0.9
"""How sure one engine must be of each character to be enough. Of 110 rings 80 are so told on their
first strip to be the paper's; of 250 foreign ones, each with a character that engines take for the
name's (锔 for 铜), 38 are, and 52 by the word of both engines."""
_QUICK, _SQUEEZED = (48, 320), 0.7
"""Pixels of the strip that an engine reads quickest, narrower ones being padded to it; and the
least share of its width to which a ring's strip is squeezed: of 40 both engines read the firm's
name in 34 so, and in 36 as they are."""


@dataclass(frozen=True)
class _Look:
    """One strip: what the first engine reads of it and, where that was asked, the second."""

    first: Voice
    second: Voice | None = None
    enough: bool = False

    def names_another(self, named: str) -> bool:
        """Whether the first engine is sure of a name of as many characters that is not this one.
        (The second one is sure of what it takes for rarer characters.)"""
        same = names.same(self.first.text, named)
        return self.first.sure and len(self.first.text) == len(named) and not same


def seen(strips: Sequence[Picture], shelf: Shelf, named: str) -> Voice | None:
    """The first engine's word where the strips surely bear the name that the paper names.

    All are shown squeezed to what is quickest to read, the first one then as it is; no more once
    the first engine surely reads another name. None does not mean that they bear another one.
    """
    looks: list[_Look] = []
    for strip in (*map(_squeezed, strips), strips[0]):
        look = _look(strip, shelf, named)
        if look.enough:
            return look.first
        if look.names_another(named):
            return None
        looks.append(look)
        if len(looks) == len(strips) and _only_misread(looks, strips, named):
            return look.first
    return None


def _squeezed(strip: Picture) -> Picture:
    wide = strip.shape[1] * _QUICK[0] / strip.shape[0]
    share = max(_SQUEEZED, min(1.0, _QUICK[1] / wide))
    quick = cv2.resize(strip, None, fx=share, fy=1.0, interpolation=cv2.INTER_AREA)
    return np.asarray(quick, np.uint8)


def _look(strip: Picture, shelf: Shelf, named: str) -> _Look:
    """The first engine is surely of the paper's name, and is sure of each character or the second
    engine reads it too; of a name that engines read for a rarer one, both must be sure."""
    (read,) = shelf.primary.read_lines([strip])
    first, doubtful = voice_of(read, shelf.primary.family), holds_lookalike(named)
    if not (first.sure and names.same(first.text, named)):
        return _Look(first)
    if _is_sure_of_each(read) and not doubtful:
        return _Look(first, enough=True)
    (second,) = read_strips(shelf.second, [strip])
    agreed = names.same(second.text, named) and (second.sure or not doubtful)
    return _Look(first, second, agreed)


def _is_sure_of_each(read: Recognised) -> bool:
    return min(read.each, default=0.0) >= _EACH


def _only_misread(looks: Sequence[_Look], strips: Sequence[Picture], named: str) -> bool:
    """Whether the first engine surely read the name on all strips, and what the second one read
    for one of its characters (连 for 垚) looks less like what stands there; not of a name that
    engines read for a rarer one."""
    if holds_lookalike(named):
        return False
    said = [look.second.text for look in looks if look.second is not None]
    return len(said) == len(strips) and all(looks_like(named, one, strips) for one in said)
