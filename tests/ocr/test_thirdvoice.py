"""When a third engine bears out what two do not agree on, and Tesseract itself on lines."""

import os

import numpy as np
import pytest
from PIL import Image, ImageDraw

from clerk.drawing.fonts import packaged
from ocr.engines.tesseract import Tesseract, is_there
from ocr.lexicon import spelt
from ocr.thirdvoice import confirms, confirms_rare, prefers_common


@pytest.mark.parametrize(
    ("value", "other", "third", "wanted"),
    [
        ("山西霁峰煤电有限公司", "山西雾峰煤电有限公司", "山西霁峰煤电有限公司", True),
        # What it misreads elsewhere does not matter.
        ("山西霁峰煤电有限公司", "山西雾峰煤电有限公司", "山西霁峰炽电有限公同", True),
        ("山西霁峰煤电有限公司", "山西雾峰煤电有限公司", "山西雾峰煤电有限公司", False),
        ("山西霁峰煤电有限公司", "山西雾峰煤电有限公司", "山西露峰煤电有限公司", False),
        # Beside the disputed character it lost its way: that may be another 霁.
        ("山西霁峰煤电有限公司", "山西雾峰煤电有限公司", "山霁有限公司", False),
        ("山西霁峰煤电有限公司", "山西雾峰煤电有限公司", "", False),
        # A character that only one has.
        ("甲20MW光伏项目", "甲20M光伏项目", "甲20MW光伏项目", True),
        ("甲20MW光伏项目", "甲20M光伏项目", "甲20M光伏项目", False),
        ("甲20M光伏项目", "甲20MW光伏项目", "甲20M光伏项目", True),
        # Not one character but a piece of the line.
        ("甲电力有限公司", "甲公司", "甲电力有限公司", False),
        ("甲（集团）公司一", "甲(集团)公司二", "甲〔集团〕公司一", True),
    ],
)
def test_confirms(value: str, other: str, third: str, wanted: bool) -> None:
    assert confirms(value, {other}, third) is wanted


def test_every_dissent_must_be_settled() -> None:
    others = {"山西雾峰煤电公司", "山西霁峰煤电公同"}
    assert confirms("山西霁峰煤电公司", others, "山西霁峰煤电公司")
    assert not confirms("山西霁峰煤电公司", others, "山西霁峰煤电公同")


def test_the_commoner_of_two_characters_is_not_borne_out() -> None:
    assert prefers_common("山西吴峰公司", {"山西昊峰公司"})
    assert not prefers_common("山西昊峰公司", {"山西吴峰公司"})
    assert confirms_rare("江苏吴润公司", "江苏吴润公哥")
    assert not confirms_rare("江苏吴润公司", "江苏昊润公司")
    assert not confirms_rare("江苏润公司", "江苏润公司")


def test_a_capacity_without_its_w_is_no_word() -> None:
    assert spelt("甲15M发电项目") == spelt("甲15MM发电项目") == "甲15MW发电项目"
    assert spelt("甲15MW发电项目") == "甲15MW发电项目"
    assert spelt("甲15M瓦发电项目") == "甲15M瓦发电项目"


@pytest.mark.skipif(
    not is_there("chi_sim") and not os.environ.get("CI"), reason="no Tesseract with chi_sim"
)
def test_lines_are_read_in_order_by_one_process() -> None:
    font = packaged().at(40)
    crops = []
    lines = ["河北示例电力有限公司", "甲水泥有限公司", "20MW光伏发电项目"]
    for text in lines:
        image = Image.new("RGB", (520, 56), "white")
        ImageDraw.Draw(image).text((10, 2), text, font=font, fill="black")
        crops.append(np.asarray(image))
    found = Tesseract("chi_sim").read_lines(crops)
    assert [one.text for one in found] == lines
