"""Figures set far apart: moved together where they stand evenly, left alone where there are two."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from clerk.drawing.fonts import packaged
from ocr.engines import shelf
from ocr.engines.port import Picture
from ocr.setapart import closed_up, same_text


def _line(text: str, apart: float = 1.0, worn: int = 0) -> Picture:
    """A line 60 pixels high whose characters stand ``apart`` ems from one another."""
    font = ImageFont.truetype(str(packaged().path), 48)
    sheet = Image.new("RGB", (int(48 * apart * len(text)) + 40, 72), "white")
    draw = ImageDraw.Draw(sheet)
    for place, char in enumerate(text):
        draw.text((20 + 48 * apart * place, 4), char, font=font, fill=(30, 30, 30))
    pixels = np.asarray(sheet)[:, :, ::-1].astype(np.int16)
    noise = np.random.default_rng(worn).integers(-worn, worn + 1, pixels.shape)
    return np.asarray(np.clip(pixels + noise, 0, 255), np.uint8)


@pytest.mark.parametrize("text", ["27,670,711", "1,391,908", "38529163", "6182", "940,170"])
@pytest.mark.parametrize("worn", [0, 25])
def test_both_engines_are_sure_of_figures_that_were_moved_together(text: str, worn: int) -> None:
    strip = closed_up(_line(text, worn=worn), text)
    assert strip is not None
    for engine in (shelf().primary, shelf().second):
        (read,) = engine.read_lines([strip])
        assert read.text == text
        assert read.confidence > 0.93


def test_a_speck_between_two_figures_parts_none() -> None:
    line = _line("1312298")
    line[12:15, 292:295] = 40
    strip = closed_up(line, "1312298")
    assert strip is not None
    assert shelf().primary.read_lines([strip])[0].text == "1312298"


@pytest.mark.parametrize("text", ["2,298,020吨", "596027吨"])
def test_a_unit_behind_is_no_hindrance(text: str) -> None:
    strip = closed_up(_line(text), text)
    assert strip is not None
    for engine in (shelf().primary, shelf().second):
        (read,) = engine.read_lines([strip])
        assert read.text.replace(" ", "") == text.replace(" ", "")
        assert read.confidence > 0.93


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (_line("27,670,711", 0.56), "27,670,711"),  # As usual print has them.
        (_line("1839 9574"), "1839 9574"),  # Two numbers.
        (_line("1839  957"), "1839 957"),
        (_line("12 345678"), "12 345678"),
        (_line("12 345"), "12 345"),
        (_line("1 596 027"), "1 596 027"),
        (_line("123 4567 890"), "123 4567 890"),
        (_line("18 39"), "18 39"),
        (_line("182"), "182"),
        (_line("18年39"), "18年39"),
        (_line("1839"), "18"),
        (np.full((60, 300, 3), 255, np.uint8), "1839"),
        (np.full((60, 300, 3), 0, np.uint8), "1839"),
        (_line("1839")[:1, :1], "1839"),
    ],
)
def test_what_may_be_two_numbers_or_is_none_is_left_as_it_stands(line: Picture, text: str) -> None:
    assert closed_up(line, text) is None


def test_a_figure_that_was_not_read_stays_there() -> None:
    strip = closed_up(_line("1839574"), "183957")
    assert strip is not None
    assert same_text(shelf().primary.read_lines([strip])[0].text, "1839574")


def _pale(line: Picture, char: str, place: int, tone: int) -> Picture:
    """The line with one more character, ``place`` ems from its left, as pale as ``tone``."""
    font = ImageFont.truetype(str(packaged().path), 48)
    sheet = Image.fromarray(line)
    ImageDraw.Draw(sheet).text((20 + 48 * place, 4), char, font=font, fill=(tone,) * 3)
    return np.asarray(sheet)


@pytest.mark.parametrize("tone", [140, 170, 190, 210, 225, 235])
@pytest.mark.parametrize(
    ("text", "char", "place"),
    [
        ("6182  ", "万", 4),  # The unit that makes it ten thousand times as much.
        ("  6182", "-", 1),
        ("  6182", "1", 1),
        ("6182  ", "3", 4),
        ("123 567", "4", 3),
    ],
)
def test_pale_ink_beside_the_figures_is_not_left_out(
    text: str, char: str, place: int, tone: int
) -> None:
    found = closed_up(_pale(_line(text), char, place, tone), text)
    if found is not None:
        # Dark enough to be kept.
        assert np.count_nonzero(np.abs(found.astype(int) - tone).max(axis=2) < 3) > 20


@pytest.mark.parametrize("tone", [120, 170, 200, 220])
def test_a_pale_point_among_figures_is_not_left_out(tone: int) -> None:
    line = _line("1235")
    line[52:58, 72:78] = tone
    found = closed_up(line, "1235")
    assert found is None or np.count_nonzero(found == tone) > 60


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("top", [10, 30, 50])
def test_a_speck_joins_no_two_numbers(size: int, top: int) -> None:
    for text in ("1839 957", "12 345"):
        line = _line(text)
        middle = 20 + 48 * text.index(" ") + 24
        line[top : top + size, middle : middle + size] = 0
        assert closed_up(line, text) is None


def test_the_same_text_in_other_dress() -> None:
    assert same_text("２７，６７０", "27,670")
    assert same_text("2 7, 6 7 0", "27670")
    assert not same_text("27,670", "27,671")
    assert not same_text("27,670", "2,767")
    # No unit, sign or point may go.
    assert not same_text("2 7, 6 7 0吨", "27670")
    assert not same_text("６１８２万吨", "6182")
    assert not same_text("-6182", "6182")
    assert not same_text("1.235", "1235")
