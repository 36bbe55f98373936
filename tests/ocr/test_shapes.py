"""Two characters drawn and held against the picture of a line."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from clerk.drawing.fonts import packaged
from ocr.engines.port import Picture
from ocr.shapes import settles, shows, skips


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
    [("昊", "昊", True), ("昊", "吴", False), ("吴", "吴", False), ("杲", "果", False)],
)
def test_a_common_character_in_place_of_a_rarer_one(printed: str, read: str, wanted: bool) -> None:
    line = _line(f"天津{printed}坡水电站", 30)
    assert shows(line, f"天津{read}坡水电站", [2]) is wanted


def test_small_print_does_not_tell_a_common_character_from_a_rarer_one() -> None:
    assert not shows(_line("天津理坡水电站", 17), "天津理坡水电站", [2])
    assert shows(_line("天津理坡水电站", 17), "天津理坡水电站", [0, 1])
    assert shows(_line("天津理坡水电站", 30), "天津理坡水电站", [2])


def test_what_mostly_stands_for_a_rarer_one_is_told_by_no_other_face() -> None:
    assert not shows(_line("天津吴坡水电站", 40), "天津吴坡水电站", [2])
    assert shows(_line("天津吴坡水电站", 40), "天津吴坡水电站", [0, 1])


@pytest.mark.parametrize(
    ("printed", "read"), [("彧", "或"), ("廸", "迪"), ("昉", "防"), ("洺", "洛"), ("玙", "玛")]
)
def test_a_character_beyond_gb_2312_is_no_common_one(printed: str, read: str) -> None:
    assert not shows(_line(f"天津{printed}坡水电站"), f"天津{read}坡水电站", [2])


def test_an_empty_picture_settles_nothing() -> None:
    white = np.full((20, 300, 3), 255, np.uint8)
    assert not settles(white, "山西霁峰公司", "山西雾峰公司")
    assert not skips(white, "山西霁峰公司")


def test_what_stands_before_the_value_is_its_label_s() -> None:
    line = _line("名称飌河北华飌电子有限公司", 30)
    assert not skips(line, "名称河北华飌电子有限公司", 2)
    assert skips(line, "名称飌河北华电子有限公司", 3)


@pytest.mark.parametrize("wide", [2, 300])
def test_ink_that_cannot_be_the_text_tells_nothing(wide: int) -> None:
    """Nor does it take gigabytes to find out."""
    crop = np.full((30, 320, 3), 255, np.uint8)
    crop[10:20, 10 : 10 + wide] = 0
    text = "山西霁峰煤电集团有限公司" * 8
    assert not skips(crop, text)
    assert not shows(crop, text, [0])
    assert not settles(crop, text, text.replace("霁", "雾", 1))


@pytest.mark.parametrize(
    ("printed", "read", "wanted"),
    [
        # A rare character that both families drop, anywhere in the line.
        ("河北华飌电子有限公司", "河北华电子有限公司", True),
        ("飌华电子有限公司", "华电子有限公司", True),
        ("山西霁峰煤电（集团）有限公司", "山西霁峰煤电（集团）有限公", True),
        ("山西霁峰煤电（集团）有限公司", "山西霁煤电(集团)有限公司", True),
        ("内蒙古乌兰察布市洺飌二期热力工程", "内蒙古乌兰察布市二期热力工程", True),
        # All of it is read, in whatever widths, or with the space between its words left out.
        ("河北华飌电子有限公司", "河北华飌电子有限公司", False),
        ("山西霁峰煤电（集团）有限公司", "山西霁峰煤电(集团)有限公司", False),
        ("账户名称：　山西霁峰公司", "账户名称：山西霁峰公司", False),
        # A character misread is none that is dropped.
        ("河北华飌电子有限公司", "河北华觀电子有限公司", False),
        # Too few to tell.
        ("飌电公司", "电公司", False),
    ],
)
def test_a_character_that_was_dropped_leaves_its_ink(printed: str, read: str, wanted: bool) -> None:
    assert skips(_line(printed, 30), read) is wanted


def test_print_that_is_unlike_the_text_bears_it_not_out() -> None:
    assert not shows(_line("一一一一一一一", 30), "天津昊坡水电站", [2])


def test_a_strip_too_low_for_a_character_tells_nothing() -> None:
    flat = np.full((9, 190, 3), 255, np.uint8)
    flat[2:7, 5:185] = 0
    assert not shows(flat, "天津霁坡水电站", [2])
