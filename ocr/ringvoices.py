"""What engines read of a ring's strips, as one text each: a name as firms write it."""

import re
from collections.abc import Sequence

from ocr.engines.port import Family, Picture, Recognised, Recogniser
from ocr.ringtext import Voice, mended
from procedure import names

_SURE = 0.96
"""From here on one engine's word counts as sure: two sure ones that agreed were right in 53 of 53
rings, below it in 27 of 37."""
_WHOLE = 2.2
"""How much more a reading counts for each end at which nothing of a firm's name is missing."""
_CHINESE = re.compile(r"[^㐀-鿿（）()]")
_END = re.compile(r"公司|厂|集团|中心|研究院|研究所")
_PIECES = 4
_MARKS = frozenset("专用公")


class ReadOnce:
    """An engine that reads each strip of a ring once, however often it is asked."""

    def __init__(self, engine: Recogniser) -> None:
        self._engine = engine
        self.family: Family = engine.family
        self._read: list[tuple[Picture, Recognised]] = []

    def read_lines(self, crops: Sequence[Picture]) -> list[Recognised]:
        """One result for each strip."""
        new = [crop for crop in crops if self._known(crop) is None]
        self._read += zip(new, self._engine.read_lines(new), strict=True)
        return [one for crop in crops if (one := self._known(crop)) is not None]

    def _known(self, crop: Picture) -> Recognised | None:
        return next((read for strip, read in self._read if strip is crop), None)


def read_strips(engine: Recogniser, strips: Sequence[Picture]) -> list[Voice]:
    """What an engine says of strips of the same ring, in their order."""
    return [voice_of(one, engine.family) for one in engine.read_lines(strips)]


def voice_of(read: Recognised, family: str) -> Voice:
    """A reading as a firm's name: without what is left of a kind of seal behind it."""
    plain = chinese_of(read.text).translate(str.maketrans("()", "（）"))
    # Broken pieces at both ends of the strip: a bracket that nothing opens or closes.
    text = mended(_cut_off(re.sub(r"^）+|（+$", "", plain)))
    weight = read.confidence**8 * _WHOLE ** is_whole(text)
    return Voice(text, weight, family, read.confidence >= _SURE, read.confidence)


def chinese_of(text: str) -> str:
    """Its Chinese characters and brackets alone, as names and kinds of seals have them."""
    return _CHINESE.sub("", text)


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


def is_whole(text: str) -> int:
    """At how many of its ends a name is whole."""
    return names.begins_with_place(text) + names.ends_as_firm(text)
