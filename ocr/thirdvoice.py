"""What a third engine says where two differ, or agree without being sure.

Tesseract reads Chinese worse than either of the two, but by other ways: that it has a character as
the one has it, and not as the other, is worth more than either's confidence.
"""

import unicodedata
from collections.abc import Collection
from difflib import SequenceMatcher

from procedure.lookalikes import LOOKALIKES

Span = tuple[int, int]
SURE = 0.98
"""Least confidence of the primary engine against which the second may be outvoted."""
_MOST = 2
"""Characters at one place that may be disputed: of more, one engine read nothing."""


def confirms(value: str, others: Collection[str], third: str) -> bool:
    """Whether ``third`` has what ``value`` has wherever the others have something else.

    Each disputed place must stand in one piece with the character on either side of it.
    """
    plain, heard = folded(value), folded(third)
    spans = [span for other in others for span in _disputed(plain, folded(other))]
    if not spans or any(b - a > _MOST for a, b in spans):
        return False
    return _has(plain, heard, spans)


def confirms_rare(value: str, third: str) -> bool:
    """Whether ``third`` has each character of ``value`` that may stand for a rarer one."""
    plain, heard = folded(value), folded(third)
    spans = [(at, at + 1) for at, char in enumerate(plain) if char in LOOKALIKES]
    return bool(spans) and _has(plain, heard, spans)


def prefers_common(value: str, others: Collection[str]) -> bool:
    """Whether ``value`` has a common character where another engine read a rarer one.

    Engines err towards what is common, and so may all three.
    """
    plain = folded(value)
    return any(
        not LOOKALIKES.isdisjoint(plain[a:b])
        for other in others
        for a, b in _disputed(plain, folded(other))
    )


def folded(text: str) -> str:
    """As texts are compared: widths, spaces and brackets do not matter."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return plain.translate(str.maketrans("【】〔〕[]", "()()()"))


def _disputed(value: str, other: str) -> list[Span]:
    matcher = SequenceMatcher(None, value, other, autojunk=False)
    return [(a, b) for tag, a, b, _, _ in matcher.get_opcodes() if tag != "equal"]


def _has(value: str, third: str, spans: Collection[Span]) -> bool:
    matcher = SequenceMatcher(None, value, third, autojunk=False)
    same = [(block.a, block.a + block.size) for block in matcher.get_matching_blocks()]
    wanted = [(max(0, a - 1), min(len(value), b + 1)) for a, b in spans]
    return all(any(low <= a and b <= high for low, high in same) for a, b in wanted)
