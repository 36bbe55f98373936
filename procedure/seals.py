"""Whose seal it is: the ring text and all that was read from the ring, held against a name.

Firms of one place and trade share most of their names, and engines misread rare characters. So
the characters that are a firm's own, its place, its trade and its form are looked at apart: each
of them that the ring shows otherwise makes the name a stranger (`strangeness`). The thresholds
were set on drawn seals held against their own and against foreign names (docs/reading.md, Seals).
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Literal

from procedure.names import FIRM_WORDS, firm_form, goes_on, normalise, place, seal_owner

Verdict = Literal["own", "near", "foreign", "unread"]
"""``near``: most likely another firm's, but not for certain; ``unread``: cannot be told."""
NEAR, FOREIGN = 2.5, 3.5
"""Strangeness from which a seal is most likely, and surely, another firm's."""
_LEAST = 6
_AGREED, _VOICES, _STEADY = 0.6, 3, 0.9
_STEADY_TEXT, _WEIGHTIEST = 0.97, 3
_TRUSTED = 0.7
"""Engines that agree less say nothing for certain."""
_PLACE, _FORM, _NUMERAL, _TRADE = 2.5, 2.5, 2.5, 1.25
_JOINT_STOCK = re.compile("(?:股.|.[份分汾])有限公司$")
_NUMERALS = frozenset("一二三四五六七八九十")


def verdict(ring: str, name: str, confidence: float, tries: Sequence[str] = ()) -> Verdict:
    """Whose the seal is that reads ``ring`` (``tries``: all its readings) beside ``name``."""
    wanted = normalise(name)
    owners = _owners(ring, tries)
    if not owners or len(wanted) < _LEAST:
        return "unread"
    # A single stray reading proves nothing where nearly all others agree on another name.
    weighty = owners[:1] if confidence >= _STEADY_TEXT else owners[: 1 + _WEIGHTIEST]
    if wanted in weighty:
        # The firm's name is in the ring, but another engine saw that it is not all of it.
        return "unread" if any(goes_on(owner, name) for owner in owners) else "own"
    strange = _strangeness(wanted, owners, confidence)
    if strange >= FOREIGN and confidence >= _TRUSTED:
        return "foreign"
    return "near" if strange >= NEAR else "unread"


def matches(ring: str, name: str, confidence: float, tries: Sequence[str] = ()) -> bool | None:
    """The verdict as the reading contract says it: True, False, None for anything uncertain."""
    return {"own": True, "foreign": False}.get(verdict(ring, name, confidence, tries))


def strangeness(ring: str, name: str, confidence: float, tries: Sequence[str] = ()) -> float:
    """How much of what tells a firm from others the ring shows otherwise than the name; 0 for
    the same name and where nothing was read, about 1 for each character of its own."""
    owners = _owners(ring, tries)
    return _strangeness(normalise(name), owners, confidence) if owners else 0.0


def _owners(ring: str, tries: Sequence[str]) -> list[str]:
    """All readings that are long enough to say something, the ring's text first."""
    return [owner for owner in map(seal_owner, (ring, *tries)) if len(owner) >= _LEAST]


def _strangeness(wanted: str, owners: Sequence[str], confidence: float) -> float:
    if wanted in owners[:1]:
        return 0.0
    seen = _seen(wanted, owners)
    missing = [at for at in _own_characters(wanted) if at not in seen]
    strange = 0.0
    for at in missing:
        other = _other(wanted, at, owners, confidence)
        numeral = wanted[at] in _NUMERALS and other in _NUMERALS
        strange += _NUMERAL if numeral else 1.0 if other else 0.5
    strange += _PLACE * _said_otherwise(place(wanted), [place(one) for one in owners])
    strange += _FORM * _said_otherwise(firm_form(wanted), [_form(one) for one in owners])
    return strange + _TRADE * _other_trade(wanted, owners)


def _form(ring: str) -> str:
    """The legal form at a ring's end: 数分有限公司 and 股汾有限公司 are 股份有限公司 misread, since
    no firm's trade ends so."""
    return "股份有限公司" if _JOINT_STOCK.search(ring) else firm_form(ring)


def _said_otherwise(wanted: str, said: Sequence[str]) -> bool:
    """Whether readings that say something of this sort agree on another word."""
    some = [one for one in said if one]
    if not wanted or not some or wanted in some:
        return False
    return Counter(some).most_common(1)[0][1] >= _AGREED * len(some)


def _other_trade(wanted: str, owners: Sequence[str]) -> int:
    """Characters of the name's trade of which all readings that name a trade say otherwise."""
    words = _trades(wanted)
    said = [trades for trades in map(_trades, owners) if trades]
    if not words or not said or any(words & trades for trades in said):
        return 0
    other = "".join(sorted(Counter(frozenset(one) for one in said).most_common(1)[0][0]))
    return sum(char not in other for word in words for char in word)


def _trades(name: str) -> set[str]:
    return {word[0] for word in FIRM_WORDS.finditer(name) if word["trade"]}


def _own_characters(name: str) -> list[int]:
    """The places of characters that only this firm has: no place, trade or form."""
    shared = {at for word in FIRM_WORDS.finditer(name) for at in range(*word.span())}
    shared |= {*range(len(place(name))), *range(len(name) - len(firm_form(name)), len(name))}
    return [at for at in range(len(name)) if at not in shared]


def _seen(wanted: str, owners: Iterable[str]) -> set[int]:
    """The places of a name whose character stands in its order in any reading."""
    found: set[int] = set()
    for owner in owners:
        for start, _, size in _matcher(wanted, owner).get_matching_blocks():
            found.update(range(start, start + size))
    return found


def _other(wanted: str, at: int, owners: Sequence[str], confidence: float) -> str:
    """The character that readings agree on in this place of the name; "" where they do not."""
    said: Counter[str] = Counter()
    for owner in owners:
        for kind, a0, a1, b0, b1 in _matcher(wanted, owner).get_opcodes():
            if kind == "replace" and a0 <= at < a1 and a1 - a0 == b1 - b0:
                said[owner[b0 + at - a0]] += 1
    if not said:
        return ""
    char, votes = said.most_common(1)[0]
    total = sum(said.values())
    enough = total >= _VOICES or confidence >= _STEADY
    return char if enough and votes >= _AGREED * total else ""


def _matcher(a: str, b: str) -> SequenceMatcher[str]:
    return SequenceMatcher(None, a, b, autojunk=False)
