"""What a third engine says where two agree without being sure.

Tesseract reads Chinese worse than either of the two, but by other ways: that it reads the same is
worth more than either's confidence, that it reads otherwise is worth nothing.
"""

import unicodedata
from difflib import SequenceMatcher

from procedure.lookalikes import LOOKALIKES


def bears_out(value: str, third: str, *, sure: bool) -> bool:
    """Whether ``third`` is the same text, or at least has its doubtful characters.

    ``sure``: the engines are sure enough of all but the characters that may stand for rarer ones.
    """
    plain, heard = _folded(value), _folded(third)
    return plain == heard or (sure and _has_rare(plain, heard))


def _has_rare(value: str, third: str) -> bool:
    """Each such character with one on either side of it, in one piece."""
    places = [at for at, char in enumerate(value) if char in LOOKALIKES]
    matcher = SequenceMatcher(None, value, third, autojunk=False)
    same = [(block.a, block.a + block.size) for block in matcher.get_matching_blocks()]
    wanted = [(max(0, at - 1), min(len(value), at + 2)) for at in places]
    return bool(places) and all(any(a <= c and d <= b for a, b in same) for c, d in wanted)


def _folded(text: str) -> str:
    """As texts are compared: widths, spaces and brackets do not matter."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return plain.translate(str.maketrans("【】〔〕[]", "()()()"))
