"""What one voice read of one line, and which of several voices' values is the best."""

from dataclasses import dataclass

from ocr.alike import FREE, Values, Voice
from ocr.engines.port import Recognised
from procedure.readings import Value

RAW, SECOND, NEAR_BY = ("ppocr-v6", "raw"), ("ppocr-v4", "raw"), ("ppocr-v6", "near")
"""The two engines' voices of the page as it is, and the first one's of a line enlarged."""
WORD = ("word-shape", "raw")
"""A word of a list that the page shows, though no engine makes it out (`ocr.wordshapes`)."""


@dataclass(frozen=True)
class Spoken:
    """What one voice read of one line."""

    text: str
    confidence: float
    each: tuple[float, ...] = ()
    """Of each character, where the voice tells."""


NOTHING = Spoken("", 0.0)
Voices = dict[Voice, tuple[Spoken, ...]]
"""Of each voice what it read of a hit's lines."""


def spoken(one: Recognised) -> Spoken:
    """What an engine recognised, as a voice's."""
    return Spoken(one.text, one.confidence, one.each)


def order(voice: Voice) -> tuple[bool, bool]:
    """A key: the primary engine first, and what it read of the page as it is."""
    return voice[0] != "ppocr-v6", voice[1] != "raw"


def best(field: str, values: Values, voices: Voices) -> Value | None:
    """What most families read; of names then the primary's (it knows more characters); then the
    surer one."""
    found = [v for v in dict.fromkeys(values.values()) if v is not None]
    if not found:
        return None

    def weight(value: Value) -> tuple[int, int, bool, float]:
        mine = [voice for voice, v in values.items() if v == value]
        families = {family for family, _ in mine}
        sure = sum(one.confidence for voice in mine for one in voices.get(voice, ()))
        return len(families), len(mine), field in FREE and "ppocr-v6" in families, sure

    return max(found, key=weight)


def confidence(
    value: Value | None,
    values: Values,
    voices: Voices,
) -> float:
    """The weakest line of the best voice that read the value, averaged over families."""
    by_family: dict[str, float] = {}
    for voice, read in values.items():
        if value is not None and read == value and voice in voices:
            weakest = min((one.confidence for one in voices[voice]), default=0.0)
            by_family[voice[0]] = max(by_family.get(voice[0], 0.0), weakest)
    return sum(by_family.values()) / len(by_family) if by_family else 0.0
