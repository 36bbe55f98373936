"""Pieces of a name by which it is found: pairs of its letters, initials of its pinyin.

A name is kept with all its pieces; whoever looks for a part of it, or for its sound, asks for one
rare piece and compares only the names that have it.
"""

import sys
import unicodedata
from functools import lru_cache
from itertools import product

PAIR = 2
TRIPLE = 3
_SURROGATES = (0xD800, 0xDFFF)
MOST_READINGS = 16
"""So many ways to read three letters are kept; real ones have one to four."""


def fold(text: str) -> str:
    """Half-width and lower case, so that neither matters."""
    return unicodedata.normalize("NFKC", text).lower().strip()


def pairs(name: str) -> list[str]:
    """Neighbouring letters of the folded name; the last letter stands alone as well.

    So every letter begins one piece, and every part of two letters or more has a piece of its own.
    """
    letters = fold(name)
    return list(dict.fromkeys(letters[n : n + PAIR] for n in range(len(letters))))


def sounds(name: str) -> list[str]:
    """Initials of neighbouring letters, three by three (the last ones shorter): hbh, bhl, …

    A letter that is read in several ways gives a piece for each.
    """
    found: dict[str, None] = {}
    read = [initials(char) for char in name]
    for start in range(len(read)):
        run = _until_silent(read[start : start + TRIPLE])
        if len(run) < PAIR:
            continue
        for piece, _ in zip(product(*run), range(MOST_READINGS), strict=False):
            found["".join(piece)] = None
    return list(found)


def _until_silent(read: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """What comes before a sign that has no sound."""
    ends = next((n for n, one in enumerate(read) if not one), len(read))
    return read[:ends]


def pieces(name: str) -> set[str]:
    """Everything that a name is found by."""
    return {*pairs(name), *sounds(name)}


def begins(piece: str) -> tuple[str, str]:
    """The range of pieces that begin so: from the first, up to but without the second."""
    code = ord(piece[-1]) + 1
    if _SURROGATES[0] <= code <= _SURROGATES[1]:
        code = _SURROGATES[1] + 1
    return piece, piece[:-1] + chr(min(code, sys.maxunicode))


@lru_cache(maxsize=30_000)
def initials(char: str) -> tuple[str, ...]:
    """First letters of every pronunciation; a Latin letter stands for itself."""
    if char.isascii():
        return (char.lower(),) if char.isalpha() else ()
    # Its dictionaries take a while to load: only where a name is kept or looked for.
    import pypinyin

    style = pypinyin.Style.FIRST_LETTER
    found = pypinyin.pinyin(char, style=style, heteronym=True, errors="ignore")
    letters = {letter for readings in found for letter in readings if letter.isascii()}
    return tuple(sorted(letters))


def warm() -> None:
    """Load the dictionaries of sounds."""
    initials("中")


def sounds_like(letters: str, name: str) -> bool:
    """Whether some part of the name is read with these initials."""
    read = [initials(char) for char in name]
    return any(
        all(letter in read[start + n] for n, letter in enumerate(letters))
        for start in range(len(read) - len(letters) + 1)
    )
