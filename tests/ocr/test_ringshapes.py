"""Characters of a ring that engines read otherwise each time are told by their shapes."""

import numpy as np
import pytest

from ocr.ringshapes import told
from ocr.ringtext import RingText, Voice
from tests.ocr.test_shapes import _line as printed

NAME = "河北霁远热力有限公司"


def _said(*weights: tuple[str, float], name: str = NAME, at: int = 2) -> list[Voice]:
    """What was read at one place of the name, and how much it weighs."""
    return [Voice(f"{name[:at]}{char}{name[at + 1 :]}", weight) for char, weight in weights]


def _told(stands: str, voices: list[Voice]) -> str:
    strips = [printed(stands, high) for high in (30, 36, 44)]
    return told(RingText(voices[0].text), voices, strips).text


@pytest.mark.parametrize("stands", ["霁", "昇", "舞"])
def test_of_the_characters_that_were_read_the_one_that_stands_there(stands: str) -> None:
    voices = _said(("昇", 3.0), ("舞", 2.5), ("霁", 1.0))
    assert _told(NAME.replace("霁", stands), voices) == NAME.replace("霁", stands)


def test_what_nobody_read_and_what_most_read_stay_as_they_are() -> None:
    scattered = _said(("昇", 3.0), ("舞", 2.5))
    assert _told(NAME, scattered) == scattered[0].text
    agreed = _said(("昇", 6.0), ("舞", 1.0), ("霁", 2.0))
    assert _told(NAME, agreed) == agreed[0].text
    lonely = _said(("昇", 5.0), ("舞", 4.9), ("霁", 0.3))
    assert _told(NAME, lonely) == lonely[0].text


def test_a_reading_of_another_length_or_of_three_others_tells_of_no_place() -> None:
    voices = [
        *_said(("昇", 3.0), ("舞", 2.5)),
        Voice("河北霁远热力公司", 1.0),
        Voice("河南霁运热力有限公可", 1.0),
    ]
    assert _told(NAME, voices) == voices[0].text


def test_what_no_character_is_plainly_like_stays_as_it_is() -> None:
    """霖 and 雷 are somewhat like the 霁 that nobody read, and no strip says more."""
    voices = _said(("雷", 3.0), ("霖", 2.5), ("昇", 1.0))
    assert _told(NAME, voices) == voices[0].text


def test_most_strips_must_say_so() -> None:
    voices = _said(("昇", 3.0), ("舞", 2.5), ("霁", 1.0))
    strips = [printed(NAME, 36), *(printed(NAME.replace("霁", "昇"), high) for high in (30, 40))]
    assert told(RingText(voices[0].text), voices, strips).text == voices[0].text
    several = [printed(NAME, high) for high in range(30, 44, 2)]
    strips = [*several, printed(NAME.replace("霁", "昇"), 36)]
    assert told(RingText(voices[0].text), voices, strips).text == NAME


def test_a_province_stays_one() -> None:
    voices = _said(("北", 2.0), ("比", 1.9), name="河北霁远热力有限公司", at=1)
    assert _told("河比霁远热力有限公司", voices) == NAME


def test_strips_without_ink_tell_nothing() -> None:
    voices = _said(("昇", 3.0), ("舞", 2.5), ("霁", 1.0))
    blank = [np.full((40, 300, 3), 255, np.uint8), np.full((3, 4, 3), 9, np.uint8)]
    assert told(RingText(voices[0].text), voices, blank).text == voices[0].text
    assert told(RingText(), [], []).text == ""
