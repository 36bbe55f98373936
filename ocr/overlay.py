"""A picture for people: the page with each field boxed."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from PIL import Image, ImageDraw, ImageFont

from ocr import files, fonts, limits, pictures
from ocr.engines.port import Picture
from ocr.sheet import Rect, overlap
from procedure.errors import BadInput
from procedure.fieldnames import FIELD_NAMES
from procedure.language import _, term
from procedure.readings import Box, DocumentReading, ProjectRow, Reading, RecordRow

GREEN, AMBER, RED = (22, 142, 62), (214, 126, 0), (204, 32, 40)
_DPI, _LONGEST = 150, 1800
_CROP_DPI, _CROP_HEIGHT = 200, 96
_CROP_PAD = 0.02
"""Of the page's height: so much is shown around what is cut out, at most."""
_LEGEND = ((GREEN, _("已采信")), (AMBER, _("待人工核对")), (RED, _("有矛盾")))
_Colour = tuple[int, int, int]


@dataclass(frozen=True)
class _Mark:
    label: str
    box: Box
    colour: _Colour
    is_seal: bool = False


def render_overlay(data: bytes, name: str, readings: Sequence[DocumentReading], page: int) -> bytes:
    """PNG of page ``page`` (from 1) with boxes: green accepted, amber not, red in conflict.

    Beside what is not accepted stands what was read; seals are marked with their ring text, green
    where it is the entity's name, red where it is another's. Raises `procedure.errors.BadInput`
    where the file has no such page image (.docx, damaged).
    """
    image = Image.fromarray(_page(data, name, page, _DPI)[:, :, ::-1])
    image.thumbnail((_LONGEST, _LONGEST))
    draw = ImageDraw.Draw(image, "RGBA")
    marks = list(_marks(readings, page))
    for mark in marks:
        _outline(draw, image.size, mark)
    taken = [_pixels(mark.box, image.size) for mark in marks if not mark.is_seal]
    for mark in sorted(marks, key=lambda one: one.colour == GREEN):
        _tag(draw, image.size, mark, taken)
    return _png(_with_legend(image))


def crop(data: bytes, name: str, reading: Reading) -> bytes:
    """PNG of one field with some of the page around it, large enough to read on a telephone.

    Raises `procedure.errors.BadInput` where the reading has no place on a page image.
    """
    if reading.page is None or reading.box is None:
        raise BadInput(
            "the reading has no place on a page",
            code="no-page",
            user_message=_("该字段在文件中没有对应的图像。").said(),
        )
    picture = _page(data, name, reading.page, _CROP_DPI)
    image = Image.fromarray(picture[:, :, ::-1])
    x0, y0, x1, y1 = _pixels(reading.box, image.size)
    # A seal is tall: around it as little of the page as around a line.
    pad = max(8.0, min(0.8 * (y1 - y0), _CROP_PAD * image.height))
    part = image.crop((
        round(max(0, x0 - 2 * pad)), round(max(0, y0 - pad)),
        round(min(image.width, x1 + 2 * pad)), round(min(image.height, y1 + pad)),
    ))  # fmt: skip
    scale = _CROP_HEIGHT / max(1, part.height)
    if scale > 1:
        size = (round(part.width * scale), _CROP_HEIGHT)
        part = part.resize(size, Image.Resampling.LANCZOS)
    part.thumbnail((_LONGEST, _LONGEST))
    return _png(part)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _page(data: bytes, name: str, page: int, dpi: float) -> Picture:
    limits.check_bytes(data)
    mime = files.file_type(data, name)
    if mime == files.PDF:
        with pictures.open_pdf(data) as pdf:
            if 1 <= page <= len(pdf):
                return pictures.render(pdf, page - 1, dpi)
    elif mime in files.PICTURES:
        frames = pictures.decode(data)
        if 1 <= page <= len(frames):
            return frames[page - 1]
    raise BadInput(
        f"{mime} has no picture of page {page}",
        code="no-page",
        user_message=_("文件没有第 {page} 页的图像。").said(page=page),
    )


_SEAL = _("印章：{text}")
_UNTOLD = _("未能辨认")
_READ = _("{label}：{value}")
_UNREAD = _("未能识读")


def _marks(readings: Sequence[DocumentReading], page: int) -> Iterator[_Mark]:
    for document in readings:
        for label, reading in _readings(document):
            if reading.page == page and reading.box:
                yield _Mark(_said(label, reading), reading.box, _colour(reading))
        for seal in document.seals:
            if seal.page == page and seal.box:
                colour = {True: GREEN, False: RED, None: AMBER}[seal.matches_name]
                yield _Mark(_SEAL.format(text=seal.text or _UNTOLD), seal.box, colour, is_seal=True)


def _said(label: str, reading: Reading) -> str:
    """What was read stands only where a person has to compare it."""
    if reading.accepted:
        return label
    return _READ.format(label=label, value=_UNREAD if reading.value is None else reading.value)


def _readings(document: DocumentReading) -> Iterator[tuple[str, Reading]]:
    for name, reading in document.fields.items():
        yield term(FIELD_NAMES.get(name, name)), reading
    rows: tuple[ProjectRow | RecordRow, ...] = (*document.projects, *document.records)
    for index, row in enumerate(rows, start=1):
        for name in (one.name for one in fields(row)):
            reading = getattr(row, name)
            if reading is not None:
                yield f"{term(FIELD_NAMES.get(name, name))}{index}", reading
    if document.rows_total:
        yield term(FIELD_NAMES["rows_total"]), document.rows_total


def _colour(reading: Reading) -> _Colour:
    if reading.accepted:
        return GREEN
    return RED if reading.against else AMBER


def _pixels(box: Box, size: tuple[int, int]) -> Rect:
    wide, high = size
    return box[0] * wide, box[1] * high, box[2] * wide, box[3] * high


def _outline(draw: ImageDraw.ImageDraw, size: tuple[int, int], mark: _Mark) -> None:
    x0, y0, x1, y1 = _pixels(mark.box, size)
    line = max(2, size[0] // 600)
    around = (x0 - 3, y0 - 3, x1 + 3, y1 + 3)
    if mark.is_seal:
        draw.ellipse(around, outline=mark.colour, width=2 * line)
    else:
        draw.rectangle(around, outline=mark.colour, fill=(*mark.colour, 24), width=line)


def _tag(draw: ImageDraw.ImageDraw, size: tuple[int, int], mark: _Mark, taken: list[Rect]) -> None:
    """The label where it hides nothing, or else least: above its box, below it, or beside it."""
    font = _font(max(12, size[1] // 120))
    x0, y0, x1, y1 = _pixels(mark.box, size)
    left, top, end, foot = draw.textbbox((0, 0), mark.label, font=font)
    wide, high = end - left + 8, foot - top + 6
    above, below, beside = (x0 - 3, y0 - 4 - high), (x0 - 3, y1 + 4), (x1 + 5, (y0 + y1 - high) / 2)
    # Around a seal there is print above, and mostly none below.
    ends = (x1 + 3 - wide, below[1])
    # What stands beside the lines of a wrapped name leaves room above and below itself.
    over, under = (x1 + 5, y0 - 4), (x1 + 5, y1 + 4 - high)
    spots = (below, above) if mark.is_seal else (above, beside, below, ends, over, under)
    places = [_within((x, y, x + wide, y + high), size) for x, y in spots]
    place = min(places, key=lambda one: sum(_hidden(one, t) for t in taken))
    taken.append(place)
    draw.rectangle(place, fill=(*mark.colour, 225))
    draw.text((place[0] + 4 - left, place[1] + 3 - top), mark.label, font=font, fill="white")


def _within(place: Rect, size: tuple[int, int]) -> Rect:
    """Moved onto the page where it would leave it."""
    x = max(0.0, min(place[0], size[0] - (place[2] - place[0])))
    y = max(0.0, min(place[1], size[1] - (place[3] - place[1])))
    return x, y, x + place[2] - place[0], y + place[3] - place[1]


def _hidden(place: Rect, box: Rect) -> float:
    """How much of a box a label would hide, as a share."""
    shared = overlap(place[0], place[2], box[0], box[2]) * overlap(
        place[1], place[3], box[1], box[3]
    )
    return shared / max(1.0, (box[2] - box[0]) * (box[3] - box[1]))


def _with_legend(image: Image.Image) -> Image.Image:
    """What the colours mean, in a strip below the page."""
    size = max(13, image.width // 75)
    strip = round(size * 2.2)
    whole = Image.new("RGB", (image.width, image.height + strip), (244, 244, 244))
    whole.paste(image, (0, 0))
    draw = ImageDraw.Draw(whole)
    font, x, y = _font(size), float(size), image.height + 0.55 * size
    for colour, meaning in _LEGEND:
        text = str(meaning)
        draw.rectangle((x, y + 2, x + size, y + 2 + size), fill=colour)
        draw.text((x + 1.4 * size, y - 0.1 * size), text, font=font, fill=(40, 40, 40))
        x += 2.6 * size + draw.textlength(text, font=font)
    return whole


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return fonts.chinese(size) or ImageFont.load_default(size)
