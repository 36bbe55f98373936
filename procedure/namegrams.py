"""Pieces of a name by which it is found: from each letter on, as written and as it sounds.

A name is kept once for each of its letters: the next six of them, and the initials of the pinyin of
the next four. So whatever part of a name somebody types begins one of its pieces, and those stand
side by side in an index: finding takes a step into it, however many names there are.
"""

import sys
import unicodedata
from functools import lru_cache
from itertools import islice, product

WRITTEN = 6
"""So many letters are kept of each place of the name."""
SOUNDED = 4
"""So many initials; more would be many pieces, as letters are read in several ways."""
PAIR = 2
_SURROGATES = (0xD800, 0xDFFF)
MOST_READINGS = 16
"""So many ways to read four letters are kept; real ones have one to eight."""


def fold(text: str) -> str:
    """Half-width and lower case, so that neither matters."""
    return unicodedata.normalize("NFKC", text).lower().strip()


def written(name: str) -> list[str]:
    """The folded name from each of its letters on: 河北衡岚热力, 北衡岚热力有, …"""
    letters = fold(name)
    return list(dict.fromkeys(letters[n : n + WRITTEN] for n in range(len(letters))))


def sounds(name: str) -> list[str]:
    """Initials of neighbouring letters, four by four (the last ones shorter): HBHL, BHLR, …

    A letter that is read in several ways gives a piece for each. Capitals, as no folded letter is.
    """
    places = range(len(name) - PAIR + 1)
    found = (piece for n in places for piece in _read(name[n : n + SOUNDED]))
    return list(dict.fromkeys(found))


@lru_cache(maxsize=100_000)
def _read(letters: str) -> tuple[str, ...]:
    """How these letters may be read, up to a sign that has no sound; nothing for a single one."""
    read = [initials(char) for char in letters]
    ends = next((n for n, one in enumerate(read) if not one), len(read))
    if ends < PAIR:
        return ()
    return tuple("".join(one).upper() for one in islice(product(*read[:ends]), MOST_READINGS))


def pieces(name: str) -> set[str]:
    """Everything that a name is found by."""
    return {*written(name), *sounds(name)}


def begins(piece: str) -> tuple[str, str]:
    """The range of pieces that begin so: from the first, up to but without the second."""
    code = ord(piece[-1]) + 1
    if _SURROGATES[0] <= code <= _SURROGATES[1]:
        code = _SURROGATES[1] + 1
    return piece, piece[:-1] + chr(min(code, sys.maxunicode))


@lru_cache(maxsize=30_000)
def initials(char: str) -> tuple[str, ...]:
    """First letters of every pronunciation, the usual one first; of a Latin letter itself."""
    if char.isascii():
        return (char.lower(),) if char.isalpha() else ()
    # Its dictionaries take a while to load: only where a name is kept or looked for.
    import pypinyin

    style = pypinyin.Style.FIRST_LETTER
    found = pypinyin.pinyin(char, style=style, heteronym=True, errors="ignore")
    return tuple(dict.fromkeys(letter for one in found for letter in one if letter.isascii()))


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
