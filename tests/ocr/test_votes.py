"""What of a voice's text is the value, and what stands beside it."""

import io

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from clerk.drawing.fonts import faces
from ocr import read_document
from ocr.convert import convert
from ocr.trim import trim
from procedure.acceptance import decide
from procedure.readings import Reading
from tests.ocr.evaluate import template


@pytest.mark.parametrize(
    ("text", "red", "wanted"),
    [
        # A seal's digits behind the date.
        ("2021年12月5日0", True, "2021-12-05"),
        ("2021年12月5日 13", True, "2021-12-05"),
        ("2021年12月5日0", False, None),
        # What may be meant is not dropped.
        ("2021年12月5日-10", True, None),
        ("2021年12月5日（改为6", True, None),
        ("2021年11月1日/12", False, None),
        ("2021年12月5日。", False, "2021-12-05"),
        ("填报日：2021年12月5日", False, "2021-12-05"),
    ],
)
def test_what_stands_behind_a_date(text: str, red: bool, wanted: str | None) -> None:
    assert convert("date", trim("date", text, red=red)) == wanted


def _name_of(name: str, size: int = 22) -> Reading:
    """The entity's name of a small form, clearly printed in a slender face."""
    path = next((face.path for face in faces() if "NotoSerif" in face.path), "")
    if not path:
        pytest.skip("no slender font: apt-get install fonts-noto-cjk")
    font = ImageFont.truetype(path, size)
    rows = (
        ("重点排放单位名称", name),
        ("所属省份", "河北省"),
        ("应清缴配额总量（吨）", "100000"),
        ("申请抵销量（吨）", "5000"),
    )
    page = Image.new("RGB", (46 * size, 22 * size), "white")
    draw = ImageDraw.Draw(page)
    title = "全国碳市场使用CCER抵销配额清缴申请表"
    draw.text((10 * size, 2 * size), title, font=ImageFont.truetype(path, 28), fill=(20, 20, 20))
    for at, texts in enumerate(rows):
        top = (6 + 3 * at) * size
        for left, right, text in zip((3, 22), (22, 43), texts, strict=True):
            draw.rectangle((left * size, top, right * size, top + 3 * size), outline="black")
            draw.text(((left + 1) * size, top + size), text, font=font, fill=(20, 20, 20))
    out = io.BytesIO()
    page.filter(ImageFilter.GaussianBlur(0.6)).save(out, "PNG")
    (document,) = read_document(out.getvalue(), "form.png", template())
    return decide(document).fields["enterprise_name"]


def test_a_rare_character_that_both_families_drop_is_seen() -> None:
    dropped = _name_of("河北华飌电子有限公司")
    assert not dropped.accepted
    assert dropped.value == "河北华电子有限公司", "the engines know it now: find another character"
    assert "unread-ink" in dropped.against
    whole = _name_of("河北华飞电子有限公司")
    assert whole.accepted
    assert whole.value == "河北华飞电子有限公司"
