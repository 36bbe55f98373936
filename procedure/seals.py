"""Whose seal it is: the ring text and all that was read from the ring, held against a name.

Firms of one place and trade share most of their names, and engines misread rare characters; so
what decides are the characters of the name that no reading of the ring shows, and whether the
readings agree on others in their places.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Literal

from procedure.names import FIRM_WORDS, normalise, seal_owner, starts_elsewhere

Verdict = Literal["own", "near", "foreign", "unread"]
"""``near``: most likely another firm's, but not for certain; ``unread``: cannot be told."""
_LEAST = 6
_AGREED, _VOICES = 0.8, 3
_FOREIGN, _STRANGE = 0.5, 0.25
"""Parts of the characters that tell firms apart which the ring shows: at most so many on another
firm's seal, and on one that is strange even where it is read badly."""
_STEADY, _UNANIMOUS = 0.9, 0.97


def verdict(ring: str, name: str, confidence: float, tries: Sequence[str] = ()) -> Verdict:
    """Whose the seal is that reads ``ring`` (``tries``: all its readings) beside ``name``."""
    wanted = normalise(name)
    owners = [owner for owner in map(seal_owner, (ring, *tries)) if len(owner) >= _LEAST]
    if not owners or len(wanted) < _LEAST:
        return "unread"
    if wanted in owners:
        return "own"
    seen = _seen(wanted, owners)
    missing = [at for at in range(len(wanted)) if at not in seen]
    core = [at for at in range(len(wanted)) if at not in _shared(wanted)] or list(seen)
    known = sum(at in seen for at in core) / max(1, len(core))
    if not missing:
        return "own"
    elsewhere = starts_elsewhere(owners[0], wanted)
    if known <= _FOREIGN or elsewhere:
        if confidence >= _STEADY and len(owners[0]) >= 8:
            return "foreign"
        # Engines that do not agree may all have misread a rare name.
        return "near" if known <= _STRANGE or elsewhere else "unread"
    others = sum(bool(_other(wanted, at, owners, confidence)) for at in missing)
    if others:
        return "foreign" if others > 1 and confidence >= _UNANIMOUS else "near"
    return "unread"


def matches(ring: str, name: str, confidence: float, tries: Sequence[str] = ()) -> bool | None:
    """The verdict as the reading contract says it: True, False, None for anything uncertain."""
    return {"own": True, "foreign": False}.get(verdict(ring, name, confidence, tries))


def _seen(wanted: str, owners: Iterable[str]) -> set[int]:
    """The places of a name whose character stands in its order in any reading."""
    found: set[int] = set()
    for owner in owners:
        for start, _, size in _matcher(wanted, owner).get_matching_blocks():
            found.update(range(start, start + size))
    return found


def _shared(name: str) -> set[int]:
    """The places of words that say nothing about which firm it is."""
    return {at for word in FIRM_WORDS.finditer(name) for at in range(*word.span())}


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
