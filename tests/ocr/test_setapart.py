"""Figures set far apart: moved together where they stand evenly, left alone where there are two."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from clerk.drawing.fonts import packaged
from ocr.engines import shelf
from ocr.engines.port import Picture
from ocr.setapart import closed_up, same_figures


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


@pytest.mark.parametrize("text", ["1 596 027", "38 139 496", "2,298,020吨", "1 596 027吨"])
def test_blanks_of_thousands_and_a_unit_behind_are_no_hindrance(text: str) -> None:
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
    assert same_figures(shelf().primary.read_lines([strip])[0].text, "1839574")


def test_the_same_figures_in_other_dress() -> None:
    assert same_figures("２７，６７０", "27,670")
    assert same_figures("2 7, 6 7 0吨", "27670")
    assert not same_figures("27,670", "27,671")
    assert not same_figures("27,670", "2,767")
