"""OCER whose O is drawn just as its C is CCER."""

from collections.abc import Mapping

import numpy as np
import pytest

from ocr.engines.port import Picture
from ocr.sheet import Line
from ocr.twins import with_twin

PAPER, INK = (250, 246, 240), (60, 40, 30)
KNOWN = ("CCER", "JX")
_HIGH, _WIDE = 12, 6


def _drawn(text: str, gap: int = 0, **spoilt: tuple[int, int]) -> tuple[Picture, Line]:
    """Each character is a pattern of its own; ``gap`` pixels between two pairs of them.

    ``spoilt``: place of a character → a pixel of it that is drawn otherwise.
    """
    wide = sum(_WIDE + (gap if n % 2 else 0) for n in range(len(text)))
    picture = np.full((_HIGH + 8, wide + 10, 3), PAPER, np.uint8)
    x = 5
    for n, char in enumerate(text):
        cell = np.random.default_rng(ord(char)).random((_HIGH, _WIDE)) < 0.5
        # Ink in every column: nothing parts a character in itself.
        cell[0] = True
        if f"at{n}" in spoilt:
            cell[spoilt[f"at{n}"]] ^= True
        picture[4 : 4 + _HIGH, x : x + _WIDE][cell] = INK
        x += _WIDE + (gap if n % 2 else 0)
    quad = ((3.0, 2.0), (x + 2.0, 2.0), (x + 2.0, _HIGH + 5.0), (3.0, _HIGH + 5.0))
    return picture, Line(text, (3, 2, x + 2, _HIGH + 5), quad=quad)


@pytest.mark.parametrize(
    ("drawn", "gap", "read", "wanted"),
    [
        ("CCER-2300", 2, "OCER-2300", "CCER-2300"),
        ("CCER-2300", 0, "OCER-2300", "CCER-2300"),
        ("CCER-2300", 2, "CQER-2300", "CCER-2300"),
        # It is an O; a figure was lost; no letters of any project, or right ones; a lone letter.
        ("OCER-2300", 2, "OCER-2300", "OCER-2300"),
        ("CCER-2300", 2, "OCER-230", "OCER-230"),
        ("CCER-2300", 2, "OOER-2300", "OOER-2300"),
        ("CCER-2300", 2, "CCER-2300", "CCER-2300"),
        ("JX-2015-466", 2, "IX-2015-466", "IX-2015-466"),
        ("CCEF-2300", 2, "CCEF-2300", "CCEF-2300"),
    ],
)
def test_letters_of_the_same_pixels_are_the_same(
    drawn: str, gap: int, read: str, wanted: str
) -> None:
    assert with_twin(*_drawn(drawn, gap), read, KNOWN) == wanted


@pytest.mark.parametrize("spoilt", [{"at0": (5, 2)}, {"at1": (11, 5)}])
def test_one_pixel_makes_another_letter(spoilt: Mapping[str, tuple[int, int]]) -> None:
    assert with_twin(*_drawn("CCER-2300", 2, **spoilt), "OCER-2300", KNOWN) == "OCER-2300"
    elsewhere = {"at4": (5, 2)}
    assert with_twin(*_drawn("CCER-2300", 2, **elsewhere), "OCER-2300", KNOWN) == "CCER-2300"


def test_of_two_known_words_neither_is_meant() -> None:
    picture, line = _drawn("CCER-2300", 2)
    assert with_twin(picture, line, "OCER-2300", ("CCER", "OCEB")) == "OCER-2300"


def test_a_line_beyond_the_picture_tells_nothing() -> None:
    picture, line = _drawn("CCER-2300", 2)
    assert with_twin(picture[:2, :3], line, "OCER-2300", KNOWN) == "OCER-2300"
    blank = np.full_like(picture, 255)
    assert with_twin(blank, line, "OCER-2300", KNOWN) == "OCER-2300"
