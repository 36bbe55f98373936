"""Seals: their ring text unrolled and read; what stands across below the star names their kind."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

import cv2
import numpy as np

from ocr.engines import Shelf
from ocr.engines.port import Picture, Recognised, Recogniser
from ocr.rings import Ring, find_rings
from ocr.ringshapes import told
from ocr.ringtext import RingText, Voice, agree, mended
from ocr.strips import Stamp, cut_out
from procedure import names
from procedure.lookalikes import holds_lookalike
from procedure.readings import SealReading

_SURE = 0.96
"""From here on one engine's word counts as sure: two sure ones that agreed were right in 53 of 53
rings, below it in 27 of 37."""
_OFTEN, _ONE_ROUND = 0.6, 4
_MOST_SEALS = 6
"""A page with more rings than this is a pattern, no paper with seals."""
_PLAIN = 0.9
_MOST_TRIES = 16
_WHOLE = 2.2
"""How much more a reading counts for each end at which nothing of a firm's name is missing."""
_CHINESE = re.compile(r"[^㐀-鿿（）()]")
_END = re.compile(r"公司|厂|集团|中心|研究院|研究所")
_PIECES = 4
_MARKS = frozenset("专用公")
_DARK, _LEAST_KIND_INK = 150, 0.04
"""Below the star of an official seal less is dark than any words would be."""
_LIKE_KIND = 0.55
_ALIKE, _CLEAR = 0.75, 0.85
_EACH = 0.9
"""How sure one engine must be of each character to be enough. Of 110 rings 80 are so told to be the
paper's; of 250 foreign ones, each with a character that engines take for the name's (锔 for 铜), 38
are, and 52 by the word of both engines."""
_QUICK, _SQUEEZED = (48, 320), 0.7
"""Pixels of the strip that an engine reads quickest, narrower ones being padded to it; and the
least share of its width to which a ring's strip is squeezed: of 40 both engines read the firm's
name in 34 so, and in 36 as they are."""


def find_seals(
    page: Picture, shelf: Shelf, number: int | None, named: str = ""
) -> tuple[SealReading, ...]:
    """All seals of a flat page; boxes are fractions of that page.

    ``named``: the firm that the paper names, if that is known. It only shortens the work: where
    both engines read just this name, no further look is taken. Nothing is read from it.
    """
    rings = find_rings(page)[:_MOST_SEALS]
    read = ((ring, _reading(page, ring, shelf, number, named)) for ring in rings)
    # A pale circle that says nothing may be a rubbed seal or a chance pattern of print.
    return tuple(seal for ring, seal in read if seal.text or ring.red or ring.support >= _PLAIN)


def _reading(
    page: Picture, ring: Ring, shelf: Shelf, number: int | None, named: str
) -> SealReading:
    height, width = page.shape[:2]
    x0, y0, x1, y1 = ring.box
    box = tuple(
        round(min(1.0, max(0.0, v)), 4) for v in (x0 / width, y0 / height, x1 / width, y1 / height)
    )
    stamp = cut_out(page, ring)
    found = _ring_text(stamp, shelf, named)
    kind = _kind_of(stamp, shelf) if found.text else ""
    return SealReading(
        number,
        box,
        "oval" if ring.is_oval else "round",
        found.text + kind,
        round(found.confidence, 4),
        tries=found.tries[:_MOST_TRIES],
    )


def _ring_text(stamp: Stamp, shelf: Shelf, named: str) -> RingText:
    """Both engines read every strip; they stop where the two are sure of the same whole name, or
    both see on the first strip, squeezed or as it is, the name that the paper names."""
    rounds = stamp.rounds()
    strips = next(rounds)
    if named and (at_once := _at_a_glance(strips[0], shelf, named)):
        return RingText(at_once.text, at_once.confidence, (at_once.text,))
    voices = _voices(shelf.primary, strips[:1])
    again = int(_says(voices[0], named))
    voices += _voices(shelf.second, strips[:again])
    if again and names.same(voices[1].text, named):
        return RingText(voices[0].text, voices[0].confidence, (voices[0].text,))
    voices += _voices(shelf.primary, strips[1:]) + _voices(shelf.second, strips[again:])
    looked = list(strips)
    while not _settled(voices) and (strips := next(rounds, [])):
        voices += _voices(shelf.primary, strips) + _voices(shelf.second, strips)
        looked += strips
    return told(agree(voices), voices, looked)


def _at_a_glance(strip: Picture, shelf: Shelf, named: str) -> Voice | None:
    """What the first engine reads of a strip squeezed to what is quickest to read, where that is
    surely the name that the paper names, and it is sure of each character or the second engine
    reads it too."""
    wide = strip.shape[1] * _QUICK[0] / strip.shape[0]
    share = max(_SQUEEZED, min(1.0, _QUICK[1] / wide))
    quick = cv2.resize(strip, None, fx=share, fy=1.0, interpolation=cv2.INTER_AREA)
    squeezed = [np.asarray(quick, np.uint8)]
    (read,) = shelf.primary.read_lines(squeezed)
    first = _voice(read, shelf.primary.family)
    if not _says(first, named):
        return None
    if min(read.each, default=0.0) >= _EACH:
        return first
    (second,) = _voices(shelf.second, squeezed)
    return first if names.same(second.text, named) else None


def _says(voice: Voice, named: str) -> bool:
    """Whether an engine surely says this name, and it is none that engines read for a rarer one."""
    return voice.sure and names.same(voice.text, named) and not holds_lookalike(named)


def _voices(engine: Recogniser, strips: Sequence[Picture]) -> list[Voice]:
    return [_voice(one, engine.family) for one in engine.read_lines(strips)]


def _settled(voices: list[Voice]) -> bool:
    """Both families say the same whole name: surely, or more often than all else together."""
    best = max(voices, key=lambda one: one.weight)
    same = [one for one in voices if one.text == best.text]
    sure = {one.family for one in same if one.sure}
    often = len(same) > _OFTEN * len(voices) and len(voices) > _ONE_ROUND
    return _is_whole(best.text) == 2 and len(sure if not often else {v.family for v in same}) > 1


def _voice(read: Recognised, family: str) -> Voice:
    plain = _CHINESE.sub("", read.text).translate(str.maketrans("()", "（）"))
    # Broken pieces at both ends of the strip: a bracket that nothing opens or closes.
    text = mended(_cut_off(re.sub(r"^）+|（+$", "", plain)))
    weight = read.confidence**8 * _WHOLE ** _is_whole(text)
    return Voice(text, weight, family, read.confidence >= _SURE, read.confidence)


def _cut_off(text: str) -> str:
    """Without brackets and pieces of a kind that stand behind a firm's name on the strip.

    Whatever else stands there stays, and so does a whole kind: 工会 or 财务部 behind a firm's
    name makes it the seal of another.
    """
    end = max((found.end() for found in _END.finditer(text)), default=len(text))
    tail = text[end:]
    return text[:end] if len(tail) <= _PIECES and _is_piece(tail) else text


def _is_piece(tail: str) -> bool:
    if names.special_seal(tail):
        return False
    before, seal, _ = tail.strip("（）").partition("章")
    ends = (kind.removesuffix("章") for kind in (*names.SPECIAL_SEALS, "行政公章"))
    if seal or not before:
        return any(kind.endswith(before) for kind in ends)
    # 财务 alone may be what is left of 财务部.
    return any(before in kind for kind in ends) and not _MARKS.isdisjoint(before)


def _is_whole(text: str) -> int:
    """At how many of its ends a name is whole."""
    return names.begins_with_place(text) + names.ends_as_firm(text)


def _kind_of(stamp: Stamp, shelf: Shelf) -> str:
    """合同专用章 and its like stand across, below the star; an official seal has nothing there."""
    parts = stamp.across()
    # Where nothing is left when print is healed over, print alone stands there.
    if any((one[:, :, 0] < _DARK).mean() < _LEAST_KIND_INK for one in parts):
        return ""
    for part in parts:
        read = [engine.read_lines([part])[0] for engine in (shelf.primary, shelf.second)]
        said = [_kind(one) for one in read]
        if any(said):
            return max(said, key=len)
        if kind := _kind_of_both(*(_CHINESE.sub("", one.text) for one in read)):
            return kind
    return ""


def _kind_of_both(first: str, second: str) -> str:
    """The kind that both engines read something of, each at least two characters in their places
    (合同存考章 and 在同年传章): what print over it left; 专用章 where it may be several."""
    found = [kind for kind in names.SPECIAL_SEALS if _in_place(first, kind) > 2]
    found = [kind for kind in found if _in_place(second, kind) > 1]
    return found[0] if len(found) == 1 else "专用章" if found else ""


def _in_place(read: str, kind: str) -> int:
    """Characters of a kind that were read in their places, 章 among them; 0 without it."""
    same = [a == b for a, b in zip(read, kind, strict=False)]
    return sum(same) if len(read) == len(kind) and same[-1] else 0


def _kind(read: Recognised) -> str:
    """A kind that is known, as far as it can be told: where two are as like, 专用章 alone."""
    plain = _CHINESE.sub("", read.text)
    if read.confidence < _LIKE_KIND or len(plain) < 3:
        return ""
    ranked = sorted(names.SPECIAL_SEALS, key=lambda one: -_alike(one, plain))
    first, second = _alike(ranked[0], plain), _alike(ranked[1], plain)
    if first < _ALIKE:
        return plain if plain.endswith("章") and read.confidence > _CLEAR else ""
    return ranked[0] if first > second else "专用章"


def _alike(a: str, b: str) -> float:
    return SequenceMatcher(None, a, b, autojunk=False).ratio()
