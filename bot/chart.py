"""Bars as a PNG, with the packaged Chinese font (Noto Sans CJK, OFL): no system font is needed."""

import io
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont

WIDTH, MARGIN, TITLE, ROW, LABEL = 900, 24, 64, 44, 200
_INK, _BAR, _BACK = (34, 34, 34), (38, 112, 168), (255, 255, 255)


@cache
def _font(pixels: int) -> FreeTypeFont:
    folder = Path(str(files("cvttf_NotoSansCJK_Regular")))
    path = str(next(folder.glob("*.otf")))
    return ImageFont.truetype(path, pixels, layout_engine=ImageFont.Layout.BASIC)


def bars(title: str, rows: Sequence[tuple[str, int]]) -> bytes:
    """A horizontal bar for each label with its number behind it; as wide as a phone shows."""
    image = Image.new("RGB", (WIDTH, TITLE + ROW * len(rows) + MARGIN), _BACK)
    draw = ImageDraw.Draw(image)
    draw.text((MARGIN, 18), _cut(title, WIDTH - 2 * MARGIN, 24), _INK, _font(24))
    most = max((number for _, number in rows), default=0) or 1
    room = WIDTH - LABEL - 2 * MARGIN - 110
    for index, (label, number) in enumerate(rows):
        top = TITLE + index * ROW
        draw.text((MARGIN, top + 6), _cut(label, LABEL - 12, 20), _INK, _font(20))
        end = MARGIN + LABEL + max(2, round(room * number / most))
        draw.rectangle((MARGIN + LABEL, top + 6, end, top + 32), fill=_BAR)
        draw.text((end + 10, top + 6), f"{number:,}", _INK, _font(20))
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _cut(text: str, room: float, pixels: int) -> str:
    """The text as far as it fits."""
    font = _font(pixels)
    while text and font.getlength(text) > room:
        text = text[:-2] + "…" if len(text) > 2 else ""
    return text
