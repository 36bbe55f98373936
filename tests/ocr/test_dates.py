"""Recognised dates that may have lost an end, or were found in pieces."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from clerk.drawing.fonts import packaged
from ocr import inks
from ocr.engines import shelf
from ocr.sheet import Line
from ocr.torn import _grew, date_of, ends_free, joined_dates, may_be_cut


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        # 17日 lost its end on a photo; both families read 1.
        ("2021年12月1", True),
        ("2021年12月17", True),
        ("2021-12-1", True),
        ("2021/12/1", True),
        ("2021年12月1日", False),
        ("2021-12-17", False),
        ("二〇二一年十二月一日", False),
        ("2021-12-11 15:09:50", False),
    ],
)
def test_a_date_that_may_be_cut(text: str, cut: bool) -> None:
    assert may_be_cut(text) is cut


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("申请日期：2021年9月26日", "2021-09-26"),
        ("日期2021年12月17日", "2021-12-17"),
        ("日期：2021年12月1", None),
        ("二一年十月", None),
        ("申请日期", None),
        ("2019-2020年度", None),
    ],
)
def test_the_date_of_a_line(text: str, date: str | None) -> None:
    assert date_of(text) == date


def _line(text: str, x0: int, x1: int) -> Line:
    return Line(text, (x0, 20, x1, 64), quad=((x0, 20), (x1, 20), (x1, 64), (x0, 64)))


def test_a_date_in_pieces_is_read_as_one_line() -> None:
    image = Image.new("RGB", (900, 90), "white")
    font = packaged().at(40)
    draw = ImageDraw.Draw(image)
    draw.text((10, 14), "申请日期", font=font, fill="black")
    draw.text((230, 14), "二〇二一年十月二十九日", font=font, fill="black")
    picture = np.asarray(image)
    label, middle, end = (
        _line("申请日期", 10, 170),
        _line("二一年十月", 310, 510),
        _line("九日", 590, 670),
    )
    none = np.zeros(picture.shape[:2], np.uint8)
    found = joined_dates([label, middle, end], picture, picture, none, shelf())
    assert [line.text for line in found] == ["申请日期", "二〇二一年十月二十九日"]
    assert joined_dates([label], picture, picture, none, shelf()) == [label]


@pytest.mark.parametrize(
    ("text", "grew"),
    [
        # The worn 1 before the 5 was read by nobody.
        ("2021年12月5日", False),
        ("2021年12月15日", True),
    ],
)
def test_ink_between_pieces_must_be_a_character_of_the_whole(text: str, grew: bool) -> None:
    image = Image.new("RGB", (700, 90), "white")
    draw, font = ImageDraw.Draw(image), packaged().at(40)
    draw.text((30, 14), "2021年12月", font=font, fill="black")
    draw.text((290, 14), "1", font=font, fill="black")
    draw.text((340, 14), "5日", font=font, fill="black")
    left, right = _line("2021年12月", 30, 270), _line("5日", 340, 404)
    whole = _line("", 30, 404)
    ink = inks.ink_map(np.asarray(image))
    assert _grew(text, [left, right], whole, [left, right], ink) is grew
    # Paper alone in the gap.
    draw.rectangle((275, 0, 335, 90), fill="white")
    assert _grew(text, [left, right], whole, [left, right], inks.ink_map(np.asarray(image)))


@pytest.mark.parametrize(
    ("printed", "read", "free"),
    [
        ("2021.11.5", "2021.11.5", True),
        ("2021-12-1", "2021-12-1", True),
        ("2021.11.5 7", "2021.11.5", False),
        # Engines of both families merge doubled figures: the line's box is over both.
        ("2021-12-11", "2021-12-11", False),
        ("2021.12.17", "2021.12.17", False),
        # A stroke may be a figure.
        ("2021/12/1", "2021/12/1", False),
    ],
)
def test_paper_behind_a_date(printed: str, read: str, free: bool) -> None:
    image = Image.new("RGB", (500, 90), "white")
    ImageDraw.Draw(image).text((30, 14), printed, font=packaged().at(40), fill="black")
    end = 30 + int(packaged().at(40).getlength(read))
    assert ends_free(np.asarray(image), _line(read, 30, end)) is free


def test_a_date_that_the_edge_or_wear_may_have_cut_is_not_whole() -> None:
    image = Image.new("RGB", (500, 90), "white")
    draw, font = ImageDraw.Draw(image), packaged().at(40)
    draw.text((30, 14), "2021-12-1", font=font, fill="black")
    end = 30 + int(font.getlength("2021-12-1"))
    line = _line("2021-12-1", 30, end)
    assert ends_free(np.asarray(image), line)
    # What the picture's edge cuts off is no paper.
    assert not ends_free(np.asarray(image)[:, : end + 20].copy(), line)
    draw.text((end, 14), "7", font=font, fill=(212, 212, 212))
    assert not ends_free(np.asarray(image), line)


def test_taking_a_seal_off_in_shadow_leaves_no_white_blots() -> None:
    shade = np.linspace(250, 90, 800).astype(np.uint8)
    page = np.repeat(np.tile(shade, (400, 1))[:, :, None], 3, axis=2).copy()
    page[150:250, 600:640] = (page[150:250, 600:640] * [0.3, 0.3, 0.95]).astype(np.uint8)
    page[190:200, 590:650] = 20
    cleaned = inks.without_red(page, inks.red_mask(page))
    assert abs(int(cleaned[170, 620, 0]) - int(page[100, 620, 0])) < 12
    assert int(cleaned[195, 620].max()) < 40
