"""A picture for people: the page with each field boxed."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from ocr import files, limits, pictures
from ocr.engines.port import Picture
from procedure.errors import BadInput
from procedure.fieldnames import FIELD_NAMES
from procedure.readings import Box, DocumentReading, ProjectRow, Reading, RecordRow

GREEN, AMBER, RED, BLUE = (22, 142, 62), (224, 142, 0), (204, 32, 40), (38, 92, 190)
_DPI, _LONGEST = 120, 1800
_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
)


def render_overlay(data: bytes, name: str, readings: Sequence[DocumentReading], page: int) -> bytes:
    """PNG of page ``page`` (from 1) with boxes: green accepted, amber not, red in conflict.

    Seals are blue, red where they are not the entity's. Raises `procedure.errors.BadInput` where
    the file has no such page image (.docx, damaged).
    """
    picture = _page(data, name, page)
    image = Image.fromarray(picture[:, :, ::-1])
    image.thumbnail((_LONGEST, _LONGEST))
    draw = ImageDraw.Draw(image)
    for label, box, colour in _boxes(readings, page):
        _mark(draw, image.size, label, box, colour)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _page(data: bytes, name: str, page: int) -> Picture:
    limits.check_bytes(data)
    mime = files.file_type(data, name)
    if mime == files.PDF:
        with pictures.open_pdf(data) as pdf:
            if 1 <= page <= len(pdf):
                return pictures.render(pdf, page - 1, _DPI)
    elif mime in files.PICTURES:
        frames = pictures.decode(data)
        if 1 <= page <= len(frames):
            return frames[page - 1]
    raise BadInput(
        f"{mime} has no picture of page {page}",
        code="no-page",
        user_message=f"文件没有第 {page} 页的图像。",
    )


def _boxes(
    readings: Sequence[DocumentReading], page: int
) -> Iterator[tuple[str, Box, tuple[int, int, int]]]:
    for document in readings:
        for label, reading in _readings(document):
            if reading.page == page and reading.box:
                yield label, reading.box, _colour(reading)
        for seal in document.seals:
            if seal.page == page and seal.box:
                yield "印章", seal.box, RED if seal.matches_name is False else BLUE


def _readings(document: DocumentReading) -> Iterator[tuple[str, Reading]]:
    for name, reading in document.fields.items():
        yield FIELD_NAMES.get(name, name), reading
    rows: tuple[ProjectRow | RecordRow, ...] = (*document.projects, *document.records)
    for index, row in enumerate(rows, start=1):
        for name in (one.name for one in fields(row)):
            reading = getattr(row, name)
            if reading is not None:
                yield f"{FIELD_NAMES.get(name, name)}{index}", reading
    if document.rows_total:
        yield "合计", document.rows_total


def _colour(reading: Reading) -> tuple[int, int, int]:
    if reading.accepted:
        return GREEN
    return RED if reading.against else AMBER


def _mark(
    draw: ImageDraw.ImageDraw,
    size: tuple[int, int],
    label: str,
    box: Box,
    colour: tuple[int, int, int],
) -> None:
    wide, high = size
    x0, y0, x1, y1 = box[0] * wide, box[1] * high, box[2] * wide, box[3] * high
    draw.rectangle((x0 - 2, y0 - 2, x1 + 2, y1 + 2), outline=colour, width=max(2, wide // 600))
    font = _font(max(11, high // 110))
    text = draw.textbbox((0, 0), label, font=font)
    top = max(0.0, y0 - text[3] - 5)
    draw.rectangle((x0 - 2, top, x0 + text[2] + 4, top + text[3] + 3), fill=colour)
    draw.text((x0 + 1, top), label, font=font, fill="white")


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A Chinese font: the packaged one, else Debian's; without either, Pillow's own."""
    for path in _font_files():
        try:
            return ImageFont.truetype(str(path), size)
        except OSError:
            continue
    return ImageFont.load_default(size)


def _font_files() -> Iterator[Path]:
    spec = find_spec("cvttf_NotoSansCJK_Regular")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        yield from sorted(Path(place).rglob("*.tt[fc]"))
        yield from sorted(Path(place).rglob("*.ot[fc]"))
    yield from (Path(path) for path in _FONTS)
