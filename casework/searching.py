"""Names that were typed wrong, or as the initials of their pinyin: hbhl → 河北衡岚….

Only looked through where nothing has the words as typed. The names of all cases are kept in memory
until another event comes; at 100,000 cases that is some 10 MB.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from weakref import WeakKeyDictionary

from rapidfuzz import fuzz, process

from store import Store, Tx

Names = Mapping[str, tuple[str, str]]
"""Case number → name, province."""
LIKENESS = 75.0
"""Per cent of the typed letters that must be found in their order (rapidfuzz, partial ratio)."""
SHORTEST = 2
_CODE = re.compile(r"[A-Z]*[-\d][-\dA-Z]*", re.IGNORECASE)
_kept: "WeakKeyDictionary[Store, tuple[int, Names]]" = WeakKeyDictionary()


def near(
    store: Store, tx: Tx, text: str, provinces: frozenset[str] | None, limit: int
) -> list[str]:
    """Numbers of the cases whose entity may be meant, the likeliest first; none for a code."""
    typed = unicodedata.normalize("NFKC", text).strip()
    if len(typed) < SHORTEST or _CODE.fullmatch(typed):
        return []
    names = {
        number: name
        for number, (name, province) in _names(store, tx).items()
        if provinces is None or province in provinces
    }
    if typed.isascii():
        return _by_initials(typed, names, limit)
    found = process.extract(
        typed, names, scorer=fuzz.partial_ratio, score_cutoff=LIKENESS, limit=limit
    )
    return [number for _name, _score, number in found]


def _names(store: Store, tx: Tx) -> Names:
    last = tx.cases.last_seq()
    kept = _kept.get(store)
    if kept is None or kept[0] != last:
        kept = _kept[store] = (last, tx.cases.names())
    return kept[1]


def _by_initials(typed: str, names: Mapping[str, str], limit: int) -> list[str]:
    letters = re.sub(r"[\s']", "", typed).lower()
    if not letters.isalpha():
        return []
    pattern = _pattern(letters, names.values())
    found = (number for number, name in names.items() if pattern and pattern.search(name))
    return [number for number, _ in zip(found, range(limit), strict=False)]


def _pattern(letters: str, names: Iterable[str]) -> re.Pattern[str] | None:
    """For each letter any character of the names that may begin with it: 重 is c as well as z."""
    begin: defaultdict[str, list[str]] = defaultdict(list)
    for char in set().union(*names):
        for letter in _initials(char):
            begin[letter].append(char)
    if any(letter not in begin for letter in letters):
        return None
    return re.compile("".join(f"[{re.escape(''.join(begin[letter]))}]" for letter in letters))


@cache
def _initials(char: str) -> frozenset[str]:
    """First letters of every pronunciation; a Latin letter stands for itself."""
    if char.isascii():
        return frozenset(char.lower() if char.isalpha() else "")
    # Its tables take longer to load than most commands run.
    import pypinyin

    style = pypinyin.Style.FIRST_LETTER
    found = pypinyin.pinyin(char, style=style, heteronym=True, errors="ignore")
    return frozenset(letter for readings in found for letter in readings)
