"""Seals: a red ring, a star, the name along the arc, a code of digits below."""

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from clerk.drawing.fonts import Face, packaged
from clerk.drawing.sheet import PlacedSeal

RED = (205, 28, 36)
_OVER = 2
"""Drawn this much larger and reduced: smooth edges."""
_ROOM = 252.0
"""Degrees that a long name takes where something else stands at the seal's foot: seal makers set
longer names narrower, so that nothing runs into the code or the kind."""


def paint_seal(seal: PlacedSeal, dpi: float, seed: int) -> Image.Image:
    """The seal as RGBA, transparent around its ink; its middle is the picture's middle."""
    side = round(seal.size / 25.4 * dpi * _OVER)
    ink = Image.new("L", (side, side), 0)
    _ring(ink)
    _star(ink, 0.2)
    room = _ROOM if seal.code or seal.kind else 272.0
    if seal.face is None:
        bold = _Type(packaged(), 0.86, 28)
        spread = min(room, 19.0 * max(len(seal.text) - 1, 1))
        _arc(ink, seal.text, 0.385, _glyph_size(seal.text), spread, bold)
    else:
        slender = _Type(seal.face, 0.66, 90)
        spread = min(room, 60 + 13.0 * len(seal.text))
        _arc(ink, seal.text, 0.375, min(0.155, 1.9 / len(seal.text)), spread, slender)
    if seal.kind:
        _straight(ink, seal.kind, 0.215, 0.072)
    if seal.code:
        _arc(ink, seal.code, 0.425, 0.05, 78, _Type(packaged(), 1.0, 28), below=True)
    if seal.oval:
        ink = ink.resize((side, round(side * 0.69)), Image.Resampling.LANCZOS)
    ink = ink.rotate(seal.angle, Image.Resampling.BICUBIC, expand=True)
    ink = ink.resize((ink.width // _OVER, ink.height // _OVER), Image.Resampling.LANCZOS)
    return _inked(ink, seal.strength, seed)


@dataclass(frozen=True)
class _Type:
    """How a ring is set: the face, the width of its characters, how fine their strokes are."""

    face: Face
    squeeze: float
    fineness: float


def _glyph_size(text: str) -> float:
    return 0.13 if len(text) <= 15 else 0.112 if len(text) <= 19 else 0.094


def _ring(ink: Image.Image) -> None:
    side = ink.width
    width = round(side * 0.026)
    ImageDraw.Draw(ink).ellipse((2, 2, side - 3, side - 3), outline=255, width=width)


def _star(ink: Image.Image, radius: float) -> None:
    side = ink.width
    points = []
    for corner in range(10):
        reach = side * radius * (0.72 if corner % 2 == 0 else 0.275)
        angle = math.radians(-90 + 36 * corner)
        points.append((side / 2 + reach * math.cos(angle), side / 2 + reach * math.sin(angle)))
    ImageDraw.Draw(ink).polygon(points, fill=255)


def _arc(
    ink: Image.Image,
    text: str,
    radius: float,
    glyph: float,
    spread: float,
    face: _Type,
    below: bool = False,
) -> None:
    """Characters with their feet to the middle; ``below``: with their heads to it."""
    step = spread / max(len(text) - 1, 1)
    step_arc = radius * math.radians(step)
    for index, char in enumerate(text):
        turn = -spread / 2 + index * step
        picture = _char(char, glyph * ink.width, face, step_arc * ink.width)
        angle = 90 + turn if not below else 270 - turn
        reach = radius * ink.width
        x = ink.width / 2 - reach * math.cos(math.radians(angle))
        y = ink.width / 2 - reach * math.sin(math.radians(angle))
        turned = picture.rotate(-turn if not below else turn, Image.Resampling.BICUBIC, expand=True)
        at = (round(x - turned.width / 2), round(y - turned.height / 2))
        ink.paste(255, (*at, at[0] + turned.width, at[1] + turned.height), turned)


def _char(char: str, size: float, face: _Type, widest: float) -> Image.Image:
    box = round(size * 1.1)
    picture = Image.new("L", (box, box), 0)
    middle = (box / 2, box / 2)
    stroke = max(1, round(size / face.fineness))
    font = face.face.at(size)
    draw = ImageDraw.Draw(picture)
    draw.text(middle, char, 255, font, anchor="mm", stroke_width=stroke, stroke_fill=255)
    wide = min(box * face.squeeze, widest)
    return picture.resize((max(1, round(wide)), box), Image.Resampling.LANCZOS)


def _straight(ink: Image.Image, text: str, below: float, glyph: float) -> None:
    side = ink.width
    font = packaged().at(glyph * side)
    at = (side / 2, side * (0.5 + below))
    ImageDraw.Draw(ink).text(at, text, 255, font, anchor="mm", stroke_width=1, stroke_fill=255)


def _inked(ink: Image.Image, strength: float, seed: int) -> Image.Image:
    """Red with uneven ink: blotches and grain, as a stamp leaves them."""
    rng = np.random.default_rng(seed)
    width, height = ink.size
    blotch = rng.uniform(0.72, 1.0, (max(2, height // 40), max(2, width // 40)))
    cloud = Image.fromarray((blotch * 255).astype(np.uint8)).resize(
        ink.size, Image.Resampling.BICUBIC
    )
    grain = rng.uniform(0.86, 1.0, (height, width))
    alpha = np.asarray(ink, dtype=np.float64) * np.asarray(cloud) / 255 * grain * strength
    picture = Image.new("RGBA", ink.size, (*RED, 0))
    picture.putalpha(Image.fromarray(alpha.clip(0, 255).astype(np.uint8)))
    return picture
