"""Two characters drawn and held against the picture of a line."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from clerk.drawing.fonts import packaged
from ocr.engines.port import Picture
from ocr.shapes import settles, shows


def _line(text: str, height: int = 20) -> Picture:
    """The line as a screen's copy shows it: small, blurred, with noise."""
    font = packaged().at(46)
    image = Image.new("RGB", (int(font.getlength(text)) + 20, 64), "white")
    ImageDraw.Draw(image).text((10, 2), text, font=font, fill=(50, 50, 50))
    scale = height / image.height
    small = cv2.resize(np.asarray(image), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    noise = np.random.default_rng(7).normal(0, 5, small.shape)
    blurred = cv2.GaussianBlur(small, (0, 0), 0.5) + noise
    return np.asarray(np.clip(blurred, 0, 255), dtype=np.uint8)


PRINTED = "账户名称：山西霁峰煤电（集团）有限公司"


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        ("账户名称：山西霁峰煤电（集团）有限公司", "账户名称：山西雾峰煤电（集团）有限公司", True),
        ("账户名称：山西雾峰煤电（集团）有限公司", "账户名称：山西霁峰煤电（集团）有限公司", False),
        # Widths of brackets and colons are no dispute.
        ("账户名称:山西霁峰煤电(集团)有限公司", "账户名称：山西雾峰煤电（集团）有限公司", True),
        ("账户名称:山西霁峰煤电(集团)有限公司", "账户名称：山西霁峰煤电（集团）有限公司", True),
        # Both are wrong: 霁 is printed.
        ("账户名称：山西雷峰煤电（集团）有限公司", "账户名称：山西栋峰煤电（集团）有限公司", False),
        # A character more, and characters of other kinds.
        ("账户名称：山西霁峰煤电（集团）有限公司", "账户名称：山西峰煤电（集团）有限公司", False),
        ("账户名称：山西霁峰煤电（集团）有限公司", "账户名称：山西5峰煤电（集团）有限公司", False),
        ("账户名称：山西霁峰煤电（集团）有限公司", "账户名称：山西雾蜂媒屯（集团）有限公司", False),
    ],
)
def test_which_character_is_printed(first: str, second: str, wanted: bool) -> None:
    assert settles(_line(PRINTED), first, second) is wanted


@pytest.mark.parametrize(
    ("printed", "read", "wanted"),
    [("昊", "昊", True), ("昊", "吴", False), ("吴", "吴", True), ("杲", "果", False)],
)
def test_a_common_character_in_place_of_a_rarer_one(printed: str, read: str, wanted: bool) -> None:
    line = _line(f"天津{printed}坡水电站", 30)
    assert shows(line, f"天津{read}坡水电站", [2]) is wanted


def test_small_print_does_not_tell_a_common_character_from_a_rarer_one() -> None:
    assert not shows(_line("天津吴坡水电站", 17), "天津吴坡水电站", [2])
    assert shows(_line("天津吴坡水电站", 17), "天津吴坡水电站", [0, 1])


@pytest.mark.parametrize(
    ("printed", "read"), [("彧", "或"), ("廸", "迪"), ("昉", "防"), ("洺", "洛"), ("玙", "玛")]
)
def test_a_character_beyond_gb_2312_is_no_common_one(printed: str, read: str) -> None:
    assert not shows(_line(f"天津{printed}坡水电站"), f"天津{read}坡水电站", [2])


def test_an_empty_picture_settles_nothing() -> None:
    white = np.full((20, 300, 3), 255, np.uint8)
    assert not settles(white, "山西霁峰公司", "山西雾峰公司")
