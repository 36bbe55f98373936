"""Names that were typed wrong, or as the initials of their pinyin: hbhl → 河北衡岚….

Only looked for where nothing has the words as typed. Of a text with some letters wrong one of its
parts is right: those that few names have are looked for, and the names compared with the whole.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import combinations

from rapidfuzz import fuzz, process

from procedure import namegrams
from store import Tx

LIKENESS = 75.0
"""Per cent of the typed letters that must be found in their order (rapidfuzz, partial ratio)."""
ALIKE = 50.0
"""The same for a name that sounds like what was typed: 恒兰热力 for 衡岚热力."""
SHORTEST = 2
LONGEST = 12
"""Further letters are not needed to tell names apart."""
_CODE = re.compile(r"[A-Z]*[-\d][-\dA-Z]*", re.IGNORECASE)
Provinces = frozenset[str] | None


def near(tx: Tx, text: str, provinces: Provinces, limit: int) -> list[str]:
    """Numbers of the cases whose entity may be meant, the likeliest first; none for a code."""
    typed = unicodedata.normalize("NFKC", text).strip()
    if len(typed) < SHORTEST or _CODE.fullmatch(typed):
        return []
    if typed.isascii():
        letters = re.sub(r"[\s']", "", typed).lower()
        sound = letters.isalpha() and len(letters) >= SHORTEST
        return list(tx.cases.sounding(letters, provinces, limit)) if sound else []
    typed = namegrams.fold(typed)[:LONGEST]
    names = tx.cases.sharing(_right(tx, typed, provinces), provinces)
    return _likeliest(typed, names, LIKENESS, limit) or _homophones(tx, typed, provinces, limit)


def _likeliest(typed: str, names: dict[str, str], cutoff: float, limit: int) -> list[str]:
    found = process.extract(
        typed, names, scorer=fuzz.partial_ratio, processor=namegrams.fold, score_cutoff=cutoff,
        limit=limit,
    )  # fmt: skip
    return [number for _name, _score, number in found]


def _homophones(tx: Tx, typed: str, provinces: Provinces, limit: int) -> list[str]:
    """Names that sound like the text: another letter of the same sound is the usual slip."""
    letters = "".join(read[0] for char in typed if (read := namegrams.initials(char)))
    if len(letters) < max(SHORTEST, len(typed)):
        return []
    names = tx.cases.sounding(letters, provinces, limit * 5)
    return _likeliest(typed, names, ALIKE, limit)


def _right(tx: Tx, typed: str, provinces: Provinces) -> list[str]:
    """Parts of the text one of which the name has, whichever letters are wrong.

    A quarter of the letters may be: n wrong ones leave one of n + 1 parts as it should be. Of all
    ways to part the text the one whose parts the fewest names have. Neighbours that changed places
    may lie across the cut, so the text is looked for with each two exchanged as well.
    """
    wrong = len(typed) // 4
    if not wrong:
        return list(_exchanged(typed))
    seen: dict[str, int] = {}

    def common(part: str) -> int:
        if part not in seen:
            seen[part] = tx.cases.commonness(part, provinces)
        return seen[part]

    ways = (list(_cut(typed, at)) for at in combinations(range(1, len(typed)), wrong))
    best = min(ways, key=lambda parts: sum(map(common, parts)))
    return [*best, *_exchanged(typed)]


def _cut(typed: str, at: tuple[int, ...]) -> Iterator[str]:
    for first, after in zip((0, *at), (*at, len(typed)), strict=True):
        yield typed[first:after]


def _exchanged(typed: str) -> Iterator[str]:
    for n in range(len(typed) - 1):
        yield typed[:n] + typed[n + 1] + typed[n] + typed[n + 2 :]
