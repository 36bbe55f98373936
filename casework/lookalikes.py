"""Domains made to be taken for another one."""

from collections.abc import Iterable

from casework.domains import organisation

SAME = str.maketrans({
    "0": "o", "1": "l", "i": "l", "|": "l", "3": "e", "5": "s", "$": "s", "2": "z", "6": "b",
    # Cyrillic and Greek letters that look Latin.
    "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "l", "ѕ": "s",
    "ԁ": "d", "һ": "h", "ո": "n", "ѵ": "v", "α": "a", "ο": "o", "ν": "v", "ρ": "p", "τ": "t",
    "ι": "l", "κ": "k", "ɡ": "g", "ı": "l", "ł": "l",
})  # fmt: skip
PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("-", ""))
SHORT = 5
"""Names below that length differ by a letter without any malice."""


def lookalike(domain: str, known: Iterable[str]) -> str:
    """The known domain that ``domain`` resembles without being it, "" for none.

    A subdomain of a known one is its own. Both may be punycode.
    """
    mine = _organisation(domain)
    if not mine:
        return ""
    others = sorted({_organisation(one) for one in known} - {""})
    if mine in others:
        return ""
    return next((one for one in others if _alike(mine, one)), "")


def _alike(mine: str, other: str) -> bool:
    name, ending = _split(mine)
    wanted, its = _split(other)
    if name == wanted:
        # firm.com beside firm.com.cn: mostly one house, but nobody can know.
        return ending != its
    if _skeleton(name) == _skeleton(wanted):
        return True
    return len(wanted) >= SHORT and _one_step(name, wanted)


def _organisation(domain: str) -> str:
    clean = domain.strip().strip(".").lower()
    try:
        clean = clean.encode("ascii").decode("idna") if "xn--" in clean else clean
    except UnicodeError:
        return clean
    return organisation(clean)


def _split(domain: str) -> tuple[str, str]:
    name, _, ending = domain.partition(".")
    return name, ending


def _skeleton(name: str) -> str:
    found = name.translate(SAME)
    for pair, one in PAIRS:
        found = found.replace(pair, one)
    return found


def _one_step(first: str, second: str) -> bool:
    """One letter more, less, other, or two neighbours swapped."""
    if abs(len(first) - len(second)) > 1:
        return False
    if len(first) == len(second):
        wrong = [
            at for at, pair in enumerate(zip(first, second, strict=True)) if pair[0] != pair[1]
        ]
        if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
            return first[wrong[0]] == second[wrong[1]] and first[wrong[1]] == second[wrong[0]]
        return len(wrong) == 1
    short, long = sorted((first, second), key=len)
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
