"""One text out of many readings of the same ring: whole texts that agree, else their characters."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_LEAST = 4
_FULLER = 0.12
_DROP = 0.75
"""The part of all voices that must lack a character before it is left out."""


@dataclass(frozen=True)
class Voice:
    """One strip as one engine reads it."""

    text: str
    weight: float
    family: str = ""
    sure: bool = False
    confidence: float = 0.0
    """The engine's own."""


@dataclass(frozen=True)
class RingText:
    """``confidence``: how far the voices agree, 0…1. ``tries``: all texts, the weightiest first."""

    text: str = ""
    confidence: float = 0.0
    tries: tuple[str, ...] = ()


_FORMS = ("（集团）有限公司", "股份有限公司", "有限责任公司", "有限公司")
"""What the law has firms end their names with (公司法 §7), the longest first."""


_SLIPS = (("自备电广", "自备电厂"),)
"""What is no word, and the word that it is but for a dot that seals lose."""


def mended(text: str) -> str:
    """The text with its firm's form written right where one character inside is wrong or lost.

    No firm is called …股汾有限公司: a form that is one character off was misread (…控股有限公司 is
    whole with its shorter form). Where two are,
    or the first one, which may as well be the name's last, nothing is guessed.
    """
    for slip, word in _SLIPS:
        text = text.replace(slip, word)
    for form in _FORMS:
        if text.endswith(form):
            return text
        for at in range(1, len(form)):
            before, after = form[:at], form[at + 1 :]
            wrong = text[-len(form) :]
            if len(wrong) == len(form) and (wrong[:at], wrong[at + 1 :]) == (before, after):
                return text[: -len(form)] + form
            if text.endswith(before + after) and not text.endswith(_FORMS):
                return text[: 1 - len(form)] + form
    return text


def agree(voices: Sequence[Voice]) -> RingText:
    """The text that most say; where too few say the same, character by character."""
    weights: Counter[str] = Counter()
    for voice in voices:
        if len(voice.text) >= _LEAST:
            weights[voice.text] += voice.weight  # type: ignore[assignment]
    if not weights:
        return RingText()
    total = sum(weights.values())
    ranked = weights.most_common()
    text, weight = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    if weight < 0.3 * total or weight < 1.4 * second:
        text = _by_characters(weights)
    text = _fullest(text, weights)
    return RingText(text, _likeness(text, weights), tuple(one for one, _ in ranked))


def _fullest(text: str, weights: Mapping[str, float]) -> str:
    """Engines lose characters far more often than they invent any: a text that has all of this
    one's and one or two more inside is the better one, where it is not a lonely voice."""
    known = weights.get(text, 0.0)
    fuller = [
        one
        for one, weight in weights.items()
        if 0 < len(one) - len(text) <= 2
        and weight >= _FULLER * known
        and (one[0], one[-2:]) == (text[0], text[-2:])
        and _holds(one, text)
    ]
    return max(fuller, key=lambda one: weights[one], default=text)


def _holds(longer: str, shorter: str) -> bool:
    """Whether all characters of one text stand in the other in their order."""
    rest = iter(longer)
    return all(char in rest for char in shorter)


def _alike(a: str, b: str) -> float:
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def _likeness(text: str, weights: Mapping[str, float]) -> float:
    total = sum(weights.values())
    return sum(_alike(text, one) * weight for one, weight in weights.items()) / total


def _by_characters(weights: Mapping[str, float]) -> str:
    """Every text voted into the places of the one that is most like all others."""
    pivot = max(weights, key=lambda one: (_likeness(one, weights), one))
    places: list[Counter[str]] = [Counter() for _ in pivot]
    between: list[Counter[str]] = [Counter() for _ in range(len(pivot) + 1)]
    for text, weight in weights.items():
        _vote(pivot, text, weight, places, between)
    total = sum(weights.values())
    out = []
    for index, place in enumerate([*places, None]):
        if between[index] and sum(between[index].values()) > 0.5 * total:
            out.append(between[index].most_common(1)[0][0])
        if place is not None:
            out.append(_winner(place, total))
    return "".join(out)


def _winner(place: Counter[str], total: float) -> str:
    ranked = place.most_common(2)
    if ranked[0][0] == "" and len(ranked) > 1 and ranked[0][1] < _DROP * total:
        return ranked[1][0]
    return ranked[0][0]


def _vote(
    pivot: str, text: str, weight: float, places: list[Counter[str]], between: list[Counter[str]]
) -> None:
    opcodes = SequenceMatcher(None, pivot, text, autojunk=False).get_opcodes()
    for kind, a0, a1, b0, b1 in opcodes:
        if kind == "insert":
            between[a0][text[b0:b1]] += weight  # type: ignore[assignment]
            continue
        said = text[b0:b1]
        # Where a text begins, its last characters are the ones that stand beside what is common.
        said = said[-(a1 - a0) :].rjust(a1 - a0, "\0") if a0 == 0 else said.ljust(a1 - a0, "\0")
        for index, char in zip(range(a0, a1), said, strict=False):
            places[index][char.strip("\0")] += weight  # type: ignore[assignment]
