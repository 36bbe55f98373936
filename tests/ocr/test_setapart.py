"""Figures set far apart: moved together where they stand evenly, left alone where there are two."""

from datetime import date
from random import Random
from typing import Literal

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from clerk.drawing.content import Application, SealPlan
from clerk.drawing.documents import draw_application
from clerk.drawing.fonts import Face, faces, packaged
from clerk.drawing.invent import company, projects
from clerk.drawing.style import Style
from ocr import read_document
from ocr.engines import shelf
from ocr.engines.port import Picture
from ocr.setapart import closed_up, same_text
from procedure.acceptance import decide
from tests.ocr.evaluate import template


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


def _pale(line: Picture, char: str, place: float, tone: int) -> Picture:
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


def _mixed(text: str, wide: float = 1.0, face: Face | None = None) -> Picture:
    """A line as a face sets it, but for figures and ASCII marks, which are ``wide`` ems apart."""
    font = (face or packaged()).at(48)
    steps = [48 * wide if char.isascii() and wide else font.getlength(char) for char in text]
    sheet = Image.new("RGB", (int(sum(steps)) + 40, 72), "white")
    draw, left = ImageDraw.Draw(sheet), 20.0
    for char, step in zip(text, steps, strict=True):
        draw.text((left, 4), char, font=font, fill=(30, 30, 30))
        left += step
    return np.asarray(np.asarray(sheet)[:, :, ::-1], np.uint8)


@pytest.mark.parametrize(
    ("label", "value", "unit"),
    [
        ("应清缴总量（吨）：", "8,554,922", ""),
        ("使用CCER抵销量：", "396,558", "吨"),
        ("2019-2020年度应清缴配额总量：", "38529163", "吨"),
    ],
)
def test_figures_behind_their_label_are_moved_together_and_it_stays(
    label: str, value: str, unit: str
) -> None:
    head, tail = _mixed(label, 0.0), _mixed(value + unit)
    line = np.ascontiguousarray(np.hstack([head, tail]))
    strip = closed_up(line, label + value + unit, value)
    assert strip is not None
    assert strip.shape[1] < line.shape[1] - 48
    assert closed_up(line, label + value) is None
    for engine in (shelf().primary, shelf().second):
        (read,) = engine.read_lines([strip])
        assert same_text(read.text, label + value + unit)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("抵销量：1839　957吨", "1839957"),  # Two numbers, or a gap that a figure stood in.
        ("抵销量：", "396558"),
        ("", "396558"),
    ],
)
def test_behind_a_label_as_well_two_numbers_stay_two(text: str, value: str) -> None:
    assert closed_up(_mixed(text), text, value) is None


def test_what_is_moved_says_the_same_whichever_figures_are_taken_for_the_value_s() -> None:
    for text, value in (
        ("抵销量：396558", "39655"),
        ("抵销量：396558吨", "396558"),
        ("2019　2020年", "2019"),
    ):
        found = closed_up(_mixed(text), text, value)
        assert found is not None
        for engine in (shelf().primary, shelf().second):
            assert same_text(engine.read_lines([found])[0].text, text)


@pytest.mark.parametrize("tone", [140, 190, 225])
@pytest.mark.parametrize("char", ["-", "1", "万"])
def test_pale_ink_between_a_label_and_its_figures_is_not_left_out(tone: int, char: str) -> None:
    label, value = "抵销量：　　", "396558"
    line = _mixed(label + value)

    def toned(strip: Picture) -> int:
        return int(np.count_nonzero(np.abs(strip.astype(int) - tone).max(axis=2) < 3))

    bare = closed_up(line, label + value, value)
    assert bare is not None
    found = closed_up(_pale(line, char, 4.5, tone), label + value, value)
    assert found is None or toned(found) > toned(bare) + 20


@pytest.mark.parametrize("text", ["2，298，020吨", "21，961", "840，000，000"])
def test_usual_figures_with_a_wide_comma_are_moved_together(text: str) -> None:
    for face in faces():
        strip = closed_up(_mixed(text, 0.0, face), text)
        assert strip is not None
        for engine in (shelf().primary, shelf().second):
            assert same_text(engine.read_lines([strip])[0].text, text)


@pytest.mark.parametrize(
    "text",
    [
        "22，298，0201",
        "2198，02",
        "12，34",
        "1，839，5",
        "218　961",
        "2，961，12",
        "28．961",
        "28·961",
    ],
)
def test_a_wide_mark_that_is_not_at_thousands_joins_nothing(text: str) -> None:
    assert closed_up(_mixed(text, 0.0), text) is None


@pytest.mark.parametrize("layout", ["grid", "lines"])
@pytest.mark.parametrize("separator", [",", ""])
def test_a_form_in_full_width_figures_is_read_like_any_other(
    layout: Literal["grid", "lines"], separator: str
) -> None:
    own = company(Random(5))
    app = Application(own, 8_554_922, 396_558, projects(Random(5), 396_558, 1), date(2021, 11, 2))
    style = Style(packaged(), layout, separator=separator, full_width=True)
    scan = draw_application(app, style, "clean", 5, SealPlan(own.name))
    (document,) = map(decide, read_document(scan.data, scan.name, template()))
    assert not document.handwritten
    for field, tonnes in (("obligation_t", 8_554_922), ("offset_t", 396_558)):
        found = document.fields[field]
        assert (found.value, found.accepted) == (tonnes, True), found
