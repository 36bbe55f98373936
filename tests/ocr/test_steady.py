"""What further drawings of the same ink say of a value by hand."""

import gc
import weakref
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest

from ocr import steady
from ocr.engines import Shelf
from ocr.engines.port import Family, Picture, Recognised
from ocr.hits import Hit
from ocr.sheet import Line
from ocr.votes import Voter
from procedure.fieldrules import STEADY
from procedure.readings import Reading
from tests.ocr.scripted import First, Told, line, shelf
from tests.ocr.test_voting import BOX, FORM, SECOND, hit, page
from tests.procedure.made import USCC, seen

DRAWINGS = 5
BOTH = ("ppocr-v6", "ppocr-v4")


class InTurn(Told):
    """Reads what it is told in turn, whatever it sees, and keeps what it saw."""

    def __init__(self, family: Family, *texts: str) -> None:
        super().__init__(family, {})
        self._texts = list(texts)
        self.saw: list[Picture] = []

    def read_lines(self, crops: Sequence[Picture]) -> list[Recognised]:
        """The next text for each, nothing where none is left."""
        self.saw += crops
        return [Recognised(self._texts.pop(0) if self._texts else "", 0.99) for _ in crops]


class FirstInTurn(InTurn, First):
    """The same as the primary engine."""


def marked(reading: Reading, one: Hit, first: FirstInTurn, second: InTurn) -> Reading:
    engines = Shelf(primary=first, second=second, orientation=shelf(First({})).orientation)
    return Voter(page(list(one.lines)), engines, FORM, "application").steadied(one, reading)


def engines(first: Sequence[str], second: Sequence[str]) -> tuple[FirstInTurn, InTurn]:
    return FirstInTurn("ppocr-v6", *first), InTurn("ppocr-v4", *second)


CODE = "CCER-1194"
SAME = [CODE] * DRAWINGS


def test_what_both_read_in_each_drawing_is_steady() -> None:
    found = marked(seen(CODE), hit("code", line(CODE, BOX)), *engines(SAME, SAME))
    assert found == replace(seen(CODE), evidence=(STEADY,))


def test_what_stands_firm_is_in_no_doubt_of_a_figure() -> None:
    doubted = replace(seen(CODE), against=("unsure-figure",))
    at = hit("code", line(CODE, BOX))
    assert marked(doubted, at, *engines(SAME, SAME)) == replace(seen(CODE), evidence=(STEADY,))
    other = [*SAME[:-1], "CCER-1494"]
    assert marked(doubted, at, *engines(SAME, other)) == doubted


@pytest.mark.parametrize("family", [0, 1])
@pytest.mark.parametrize("at", range(DRAWINGS))
def test_one_other_reading_of_one_drawing_is_enough(family: int, at: int) -> None:
    said = [[*SAME], [*SAME]]
    said[family][at] = "CCER-1494"
    found = marked(seen(CODE), hit("code", line(CODE, BOX)), *engines(*said))
    assert found == seen(CODE)


def test_who_did_not_read_it_is_not_asked() -> None:
    first, second = engines([USCC] * DRAWINGS, [])
    alone = replace(seen(USCC, "ppocr-v6"), against=("engine-disagrees",))
    assert STEADY in marked(alone, hit("uscc", line(USCC, BOX)), first, second).evidence
    assert (len(first.saw), len(second.saw)) == (DRAWINGS, 0)


@pytest.mark.parametrize(
    ("field", "reading"),
    [
        ("code", seen(CODE, against=("unread-ink",))),
        ("code", seen(CODE, against=("engine-disagrees",))),
        ("uscc", seen(USCC, against=("engine-disagrees", "unread-ink"))),
        ("code", seen(CODE, "tesseract")),
        ("code", seen(None, confidence=0.0)),
        ("enterprise_name", seen("河北衡岚电力有限公司")),
        ("contact", seen("顾言")),
        ("quantity_t", seen(5)),
    ],
)
def test_what_it_cannot_help_is_not_looked_at(field: str, reading: Reading) -> None:
    first, second = engines(SAME, SAME)
    if reading.value is None:
        reading = replace(reading, engines=())
    assert marked(reading, hit(field, line(CODE, BOX)), first, second) == reading
    assert first.saw == second.saw == []


def test_a_page_goes_with_its_voter() -> None:
    """What holds itself keeps a photo's pictures, hundreds of megabytes, until Python looks."""
    voter = Voter(page([line(CODE, BOX)]), shelf(First({})), FORM, "application")
    gone = weakref.ref(voter)
    gc.disable()
    try:
        del voter
        assert gone() is None
    finally:
        gc.enable()


def test_the_second_engine_is_not_asked_where_the_first_reads_otherwise() -> None:
    first, second = engines(["CCER-1494", *SAME], SAME)
    marked(seen(CODE), hit("code", line(CODE, BOX)), first, second)
    assert second.saw == []


def test_lines_of_a_value_are_read_in_their_order() -> None:
    upper, lower = ["CN-100-"] * DRAWINGS, ["2055383"] * DRAWINGS
    two = hit("account_no", line("CN-100-", BOX), line("2055383", SECOND))
    reading = seen("CN-100-2055383")
    found = marked(reading, two, *engines(upper + lower, upper + lower))
    assert found.evidence == (STEADY,)


def _written(speck: int = 0, level: int = 20) -> tuple[Picture, Line]:
    """A 3 in pale ink; ``speck``: radius of a spot of toner that closes its open side."""
    picture = np.full((140, 480, 3), 240, np.uint8)
    cv2.putText(picture, "193440", (60, 74), cv2.FONT_HERSHEY_SIMPLEX, 1.1, (150,) * 3, 2)
    if speck:
        cv2.circle(picture, (104, 60), speck, (level,) * 3, -1)
    return picture, line("193440", BOX)


@pytest.mark.parametrize(
    ("speck", "level", "spoilt"),
    [
        (0, 0, False),
        (4, 20, True),
        # Not so much darker than the writing, just so much, and as small as grain.
        (4, 118, False),
        (4, 108, True),
        (2, 20, True),
        (1, 20, False),
    ],
)
def test_a_speck_in_the_line_speaks_against_it(speck: int, level: int, spoilt: bool) -> None:
    picture, one = _written(speck, level)
    first, second = engines(["193440"] * DRAWINGS, ["193440"] * DRAWINGS)
    shown = page([one], picture=picture)
    desk = Shelf(primary=first, second=second, orientation=shelf(First({})).orientation)
    voter = Voter(shown, desk, FORM, "application")
    found = voter.steadied(hit("offset_t", one), seen(193440))
    assert (STEADY in found.evidence) is not spoilt


@pytest.mark.parametrize(("high", "proven"), [(26, False), (27, True)])
def test_small_print_proves_nothing(high: int, proven: bool) -> None:
    x0, y0, x1, _ = BOX
    found = marked(
        seen(CODE), hit("code", line(CODE, (x0, y0, x1, y0 + high))), *engines(SAME, SAME)
    )
    assert (STEADY in found.evidence) is proven


@pytest.mark.parametrize(
    ("reading", "asked"),
    [
        (seen(CODE, confidence=0.96), True),
        (seen(CODE, confidence=0.95), True),
        (seen(CODE, confidence=0.949), False),
        (seen(CODE, confidence=0.97), False),
        (seen(CODE, confidence=0.96, against=("unread-ink",)), False),
    ],
)
def test_of_print_only_what_they_are_not_sure_enough_of_is_drawn(
    reading: Reading, asked: bool
) -> None:
    first, second = engines(SAME, SAME)
    desk = Shelf(primary=first, second=second, orientation=shelf(First({})).orientation)
    one = line(CODE, BOX)
    found = Voter(page([one]), desk, FORM, "application").firmed(hit("code", one), reading)
    assert (STEADY in found.evidence) is bool(first.saw) is asked


def _steepest(strip: Picture) -> int:
    """The most that neighbouring pixels differ by."""
    return int(np.abs(np.diff(strip.astype(np.int16), axis=1)).max())


def test_drawings_differ_from_the_line_and_from_each_other() -> None:
    picture, _ = _written()
    strip = picture[40:80, 40:300]
    drawn = list(steady._drawings(strip))
    assert len(drawn) == DRAWINGS
    looks = [strip, *drawn]
    for at, one in enumerate(looks):
        assert one.dtype == np.uint8
        assert all(one.shape != other.shape or (one != other).any() for other in looks[:at])
    slanted, other_way, wider, soft, thin = drawn
    assert slanted.shape == other_way.shape == (40, 260 + 9, 3)
    assert wider.shape == (40, 325, 3)
    dark = [int((one < 200).sum()) for one in (strip, thin)]
    assert dark[1] < dark[0]
    assert _steepest(soft) < _steepest(strip)
