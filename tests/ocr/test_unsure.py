"""How sure engines are of each character of a value, and when that is a doubt."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ocr.engines.port import Family, Picture, Recognised
from procedure.readings import Reading
from tests.ocr.scripted import First, Said, Told, line, shelf
from tests.ocr.test_voting import BOX, FIRM, hit, page, read, told
from tests.procedure.made import USCC


class Unsure(Told):
    """As told, but of one character of which it is not sure."""

    def __init__(self, family: Family, said: Said, at: int, sure: float) -> None:
        super().__init__(family, said)
        self._at, self._sure = at, sure

    def read_lines(self, crops: Sequence[Picture]) -> list[Recognised]:
        """What was told."""
        found = super().read_lines(crops)
        return [replace(one, each=self._each(one)) for one in found]

    def _each(self, one: Recognised) -> tuple[float, ...]:
        return (*one.each[: self._at], self._sure, *one.each[self._at + 1 :])


class UnsureFirst(Unsure, First):
    """The same as the primary engine."""

    def __init__(self, said: Said, at: int, sure: float) -> None:
        First.__init__(self, said)
        self._at, self._sure = at, sure


TIME = "2021-12-14 03:06:22"


def _read(
    field: str, first: str, second: str, at: int, sure: tuple[float, float], others: float = 0.99
) -> Reading:
    """What becomes of a line that both engines read, ``sure`` of the character at a place, and the
    first one ``others`` of all the rest."""
    each = tuple(sure[0] if place == at else others for place in range(len(first)))
    unsure = Unsure("ppocr-v4", told(second), at, sure[1])
    engines = replace(shelf(First(told(first)), told(second)), second=unsure)
    return read(hit(field, replace(line(first, BOX), each=each)), engines)


@pytest.mark.parametrize(
    ("field", "text", "at", "first", "second", "doubted"),
    [
        ("time", TIME, 12, 0.79, 0.99, True),
        ("time", TIME, 12, 0.8, 0.5, False),
        ("time", TIME, 12, 0.99, 0.49, True),
        ("account_no", "CN-100-3626911", 3, 0.7, 0.99, True),
        # Of letters there are few that are usual.
        ("account_no", "CN-100-3626911", 0, 0.7, 0.4, False),
        ("account_name", FIRM, 3, 0.7, 0.99, True),
        # A mark, or a word of the trade, which is what it is.
        ("time", TIME, 13, 0.5, 0.4, False),
        ("account_name", FIRM, 6, 0.5, 0.4, False),
        # What a sum, a check or a span tells too.
        ("offset_t", "5300", 1, 0.5, 0.4, False),
        ("uscc", USCC, 3, 0.5, 0.4, False),
        ("serial", "408517682-408632309", 2, 0.5, 0.4, False),
    ],
)
def test_one_character_that_an_engine_is_unsure_of_is_a_doubt(
    field: str, text: str, at: int, first: float, second: float, doubted: bool
) -> None:
    found = _read(field, text, text, at, (first, second))
    assert ("unsure-character" in found.against) is doubted


@pytest.mark.parametrize(
    ("field", "text", "at", "first", "second", "doubted"),
    [
        # A 3 that a speck closes, and a 1 with one at its foot.
        ("account_no", "981578589619", 1, 0.96, 0.86, True),
        ("account_no", "CN-100-4946474", 13, 0.975, 0.944, True),
        ("code", "JX-2013-291", 10, 0.98, 0.992, True),
        ("phone", "13800138031", 10, 0.99, 0.992, False),
        ("time", TIME, 12, 0.9999, 0.5, False),
        # A mark, a name, and what is checked by something else.
        ("time", TIME, 13, 0.9, 0.9, False),
        ("account_name", FIRM, 3, 0.9, 0.9, False),
        ("offset_t", "5300", 1, 0.9, 0.9, False),
        ("uscc", USCC, 3, 0.9, 0.9, False),
    ],
)
def test_a_figure_that_both_engines_doubt_is_a_doubt(
    field: str, text: str, at: int, first: float, second: float, doubted: bool
) -> None:
    found = _read(field, text, text, at, (first, second))
    assert ("unsure-figure" in found.against) is doubted


@pytest.mark.parametrize(
    ("field", "first", "second", "at"),
    [
        ("account_no", "CN-100-4946474", "CN-100-4946+74", 12),
        ("date", "2021年11月3日", "2021年11月03日", 6),
    ],
)
def test_readings_of_unlike_length_may_doubt_the_same_figure(
    field: str, first: str, second: str, at: int
) -> None:
    for sure, doubted in ((0.9, True), (0.9999, False)):
        found = _read(field, first, second, at, (sure, 0.9), others=0.9999)
        assert ("unsure-figure" in found.against) is doubted


@pytest.mark.parametrize(("clean", "doubted"), [(0.79, True), (0.8, False)])
def test_what_is_sure_once_the_seal_is_off_is_sure(clean: float, doubted: bool) -> None:
    """The seal made the engine unsure, not the print."""
    each = tuple(0.5 if place == 12 else 0.99 for place in range(len(TIME)))
    one = replace(line(TIME, BOX), each=each)
    first = UnsureFirst(told(TIME), 12, clean)
    found = read(hit("time", one), shelf(first, told(TIME)), page([one], red=[BOX]))
    assert ("unsure-character" in found.against) is doubted


def test_an_engine_that_does_not_tell_of_each_character_makes_no_doubt() -> None:
    one = replace(line(TIME, BOX), each=(0.1,))
    assert read(hit("time", one), shelf(First(told(TIME)), told(TIME))).against == ()
