"""When a third engine bears out what two agree on, and Tesseract itself on lines."""

import os

import numpy as np
import pytest
from PIL import Image, ImageDraw

from clerk.drawing.fonts import packaged
from ocr.engines.tesseract import Tesseract, is_there
from ocr.lexicon import spelt
from ocr.thirdvoice import bears_out


@pytest.mark.parametrize(
    ("value", "third", "sure", "wanted"),
    [
        ("甲（集团）电力公司", "甲 (集团)电力公司", False, True),
        ("甲（集团）电力公司", "甲（集团）电力公同", False, False),
        ("甲（集团）电力公司", "甲（集团）电力公同", True, False),
        # 吴 may stand for 昊: the third reads it too, whatever it misreads elsewhere.
        ("江苏吴润公司", "江苏吴润公哥", True, True),
        ("江苏吴润公司", "江苏吴润公哥", False, False),
        ("江苏吴润公司", "江苏昊润公司", True, False),
        ("江苏吴润公司", "江芬吴润公司", True, False),
        ("江苏吴润公司", "", True, False),
    ],
)
def test_bears_out(value: str, third: str, sure: bool, wanted: bool) -> None:
    assert bears_out(value, third, sure=sure) is wanted


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
