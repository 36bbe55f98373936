"""Sheets as pictures (Pillow)."""

from random import Random

from PIL import Image, ImageChops, ImageDraw

from clerk.drawing.fonts import BASELINE, Face
from clerk.drawing.seal import paint_seal
from clerk.drawing.sheet import Area, Line, PlacedSeal, Sheet, Text

WHITE = (255, 255, 255)


def paint(sheet: Sheet, dpi: float, seed: int, paper: tuple[int, int, int] = WHITE) -> Image.Image:
    """The page as RGB at this resolution, seals printed over the text as ink is."""
    scale = dpi / 25.4
    size = (round(sheet.width * scale), round(sheet.height * scale))
    picture = Image.new("RGB", size, paper)
    draw = ImageDraw.Draw(picture)
    for mark in sheet.marks:
        _mark(draw, sheet, mark, scale)
    for number, seal in enumerate(sheet.seals):
        picture = _stamp(picture, seal, dpi, seed + number)
    return picture


def _mark(draw: ImageDraw.ImageDraw, sheet: Sheet, mark: Line | Area | Text, scale: float) -> None:
    if isinstance(mark, Text):
        _text(draw, sheet, mark, scale)
    elif isinstance(mark, Area):
        box = tuple(round(edge * scale) for edge in (mark.x0, mark.y0, mark.x1, mark.y1))
        draw.rectangle((box[0], box[1], box[2] - 1, box[3] - 1), fill=mark.colour)
    else:
        ends = tuple(round(end * scale) for end in (mark.x0, mark.y0, mark.x1, mark.y1))
        draw.line(ends, fill=mark.colour, width=max(1, round(mark.width * scale)))


def _text(draw: ImageDraw.ImageDraw, sheet: Sheet, mark: Text, scale: float) -> None:
    """Character by character at the unhinted advance, so that boxes hold at every size."""
    if mark.hand:
        _written(draw, mark, mark.hand, scale)
        return
    font = sheet.face.at(mark.size * scale)
    baseline = (mark.y + BASELINE * mark.size) * scale
    stroke = round(mark.size * scale / 34) if mark.bold else 0
    x = mark.x
    for char in mark.text:
        at = (x * scale, baseline)
        draw.text(at, char, mark.colour, font, anchor="ls", stroke_width=stroke)
        x += sheet.face.width(char, mark.size)


def _written(draw: ImageDraw.ImageDraw, mark: Text, face: Face, scale: float) -> None:
    """As a pen writes: characters neither of one size nor on one line."""
    rng = Random(f"{mark.text}/{mark.x:.2f}/{mark.y:.2f}")  # noqa: S311  drawing, not secrets
    x = mark.x
    for char in mark.text:
        size = mark.size * rng.uniform(0.94, 1.16)
        y = mark.y + BASELINE * mark.size + mark.size * rng.uniform(-0.07, 0.07)
        draw.text((x * scale, y * scale), char, mark.colour, face.at(size * scale), anchor="ls")
        x += face.width(char, mark.size) * rng.uniform(0.98, 1.05)


def _stamp(picture: Image.Image, seal: PlacedSeal, dpi: float, seed: int) -> Image.Image:
    stamp = paint_seal(seal, dpi, seed)
    layer = Image.new("RGB", picture.size, WHITE)
    at = (
        round(seal.x / 25.4 * dpi - stamp.width / 2),
        round(seal.y / 25.4 * dpi - stamp.height / 2),
    )
    layer.paste(stamp, at, stamp)
    # Ink is transparent: black text below a seal stays black.
    return ImageChops.multiply(picture, layer)
