"""Names that were typed wrong, or as the initials of their pinyin: hbhl → 河北衡岚….

Only looked for where nothing has the words as typed.
"""

import re
import unicodedata

from rapidfuzz import fuzz, process

from procedure.namegrams import fold
from store import Tx

LIKENESS = 75.0
"""Per cent of the typed letters that must be found in their order (rapidfuzz, partial ratio)."""
WRONG = 0.4
"""The most of the letters that a name so near can lack (at its edge a part of them is enough)."""
SHORTEST = 2
_CODE = re.compile(r"[A-Z]*[-\d][-\dA-Z]*", re.IGNORECASE)


def near(tx: Tx, text: str, provinces: frozenset[str] | None, limit: int) -> list[str]:
    """Numbers of the cases whose entity may be meant, the likeliest first; none for a code."""
    typed = unicodedata.normalize("NFKC", text).strip()
    if len(typed) < SHORTEST or _CODE.fullmatch(typed):
        return []
    if typed.isascii():
        letters = re.sub(r"[\s']", "", typed).lower()
        sound = letters.isalpha() and len(letters) >= SHORTEST
        return list(tx.cases.sounding(letters, provinces, limit)) if sound else []
    names = tx.cases.nearly(typed, provinces, int(WRONG * len(set(fold(typed)))))
    found = process.extract(
        typed, names, scorer=fuzz.partial_ratio, score_cutoff=LIKENESS, limit=limit
    )
    return [number for _name, _score, number in found]
