"""Bars as a PNG, with the packaged Chinese font (Noto Sans CJK, OFL): no system font is needed."""

import io
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont

from letters.blocks import PROGRESS

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


_SCALE = 2
"""Drawn twice as large as it is shown: sharp on a phone."""
_LINE, _EMPTY = (184, 50, 50), (226, 231, 236)


def progress(rows: Sequence[tuple[str, float]], gone: float, left: str) -> bytes:
    """A cycle's progress: a bar a row (label, share of the whole from 0 to 1).

    ``gone``: the share of the time that has passed, a line through all bars; a bar that ends
    before it is behind. ``left`` is said beside it. Few colours, so a few KB.
    """
    width, label, high, top = (n * _SCALE for n in (PROGRESS, 84, 28, 28))
    image = Image.new("RGB", (width, top + high * len(rows) + 6 * _SCALE), _BACK)
    draw, size = ImageDraw.Draw(image), 15 * _SCALE
    for index, (name, share) in enumerate(rows):
        y = top + index * high
        draw.text((0, y + 2 * _SCALE), _cut(name, label - 8, size), _INK, _font(size))
        _bar(draw, (label, y + 4 * _SCALE, width - 1, y + 22 * _SCALE), share)
    at = label + round((width - label) * min(1.0, max(0.0, gone)))
    draw.rectangle((at - 2, top - 2 * _SCALE, at + 1, top + high * len(rows)), fill=_LINE)
    side = "la" if at < width / 2 else "ra"
    draw.text((at, 2 * _SCALE), left, _LINE, _font(15 * _SCALE), anchor=side)
    out = io.BytesIO()
    # Every digest has one: other ways save a few hundred bytes and take four times as long.
    image.quantize(64, method=Image.Quantize.FASTOCTREE).save(out, "PNG", compress_level=6)
    return out.getvalue()


def stacked(*pictures: bytes) -> bytes:
    """Charts of the same width below each other."""
    images = [Image.open(io.BytesIO(one)) for one in pictures]
    whole = Image.new("RGB", (WIDTH, sum(one.height for one in images)), _BACK)
    top = 0
    for one in images:
        whole.paste(one, (0, top))
        top += one.height
    out = io.BytesIO()
    whole.save(out, "PNG", optimize=True)
    return out.getvalue()


def _bar(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], share: float) -> None:
    left, top, right, bottom = box
    draw.rectangle(box, fill=_EMPTY)
    if share > 0:
        draw.rectangle((left, top, left + max(2, round((right - left) * share)), bottom), fill=_BAR)


def _cut(text: str, room: float, pixels: int) -> str:
    """The text as far as it fits."""
    font = _font(pixels)
    while text and font.getlength(text) > room:
        text = text[:-2] + "…" if len(text) > 2 else ""
    return text
