"""Tesseract on single lines."""

import os

import numpy as np
import pytest
from PIL import Image, ImageDraw

from clerk.drawing.fonts import packaged
from ocr.engines.tesseract import Tesseract, is_there


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
