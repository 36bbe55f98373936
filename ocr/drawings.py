"""Each character of GBK as the packaged face draws it, small: what a place of a line may show.

They are kept as one picture, since to draw them all takes three seconds.
`python -m ocr.drawings` draws it anew.
"""

import math
from functools import cache, lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ocr.fonts import chinese

Ink = NDArray[np.float32]
EM = 32
"""Pixels of a character when characters are compared."""
PICTURE = Path(__file__).with_name("gbk.png")
_HIGH, _WIDE = round(1.15 * EM) // 2, EM // 2
_ACROSS = 160
"""Characters in a row of the picture."""
_STEP = 8
"""Of 255: finer greys double the file; of the 40 likest characters they change two, far ones."""


def is_chinese(char: str) -> bool:
    """Whether it is a character of the basic block or of extension A, as names have."""
    return "㐀" <= char <= "鿿"


def draw(char: str, size: int) -> Ink | None:
    """A character in its square of ``size`` pixels, a little higher than wide; None without a font.

    Smoothed as print is that was photographed; 0 for paper to 255.
    """
    font = chinese(size)
    if font is None:
        return None
    image = Image.new("L", (size, round(1.15 * size)))
    left, top, right, foot = font.getbbox(char)
    place = ((size - right + left) / 2 - left, (image.height - foot + top) / 2 - top)
    ImageDraw.Draw(image).text(place, char, font=font, fill=255)
    pixels = np.asarray(image, dtype=np.float32)
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), 0.05 * size), dtype=np.float32)


def small(drawn: Ink) -> Ink:
    """A drawing as a row of unit length whose products with others say how like it is to them."""
    row = _reduced(drawn).ravel()
    row = row - row.mean()
    return np.asarray(row / (float(np.linalg.norm(row)) or 1.0), dtype=np.float32)


@lru_cache(maxsize=1)
def all_drawn() -> tuple[tuple[tuple[str, ...], Ink], ...]:
    """The characters of GB 2312, and those that GBK has beyond it (names are made of 昇, 洺 and 珅
    too), each with its `small` drawings, characters x pixels. Takes 25 MB."""
    common, rarer = characters()
    rows = _tiles(np.asarray(cv2.imread(str(PICTURE), cv2.IMREAD_GRAYSCALE), np.uint8))
    shown = rows[: len(common) + len(rarer)].astype(np.float32)
    shown -= shown.mean(axis=1, keepdims=True)
    shown /= np.maximum(np.linalg.norm(shown, axis=1, keepdims=True), 1e-6)
    return (common, shown[: len(common)]), (rarer, shown[len(common) :])


def draw_all() -> NDArray[np.uint8]:
    """The picture: a tile for each character, in rows of 160, those of GB 2312 first."""
    common, rarer = characters()
    chars = common + rarer
    rows = math.ceil(len(chars) / _ACROSS)
    tiles = np.zeros((rows * _ACROSS, _HIGH, _WIDE), np.uint8)
    for number, char in enumerate(chars):
        drawn = draw(char, EM)
        if drawn is not None:
            tiles[number] = np.round(_reduced(drawn) / _STEP) * _STEP
    sheet = tiles.reshape(rows, _ACROSS, _HIGH, _WIDE).swapaxes(1, 2)
    return np.ascontiguousarray(sheet.reshape(rows * _HIGH, _ACROSS * _WIDE))


def _tiles(sheet: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture's tiles as rows, tiles x pixels."""
    rows = sheet.shape[0] // _HIGH
    return sheet.reshape(rows, _HIGH, _ACROSS, _WIDE).swapaxes(1, 2).reshape(-1, _HIGH * _WIDE)


def _reduced(drawn: Ink) -> Ink:
    resized = cv2.resize(drawn, (_WIDE, _HIGH), interpolation=cv2.INTER_AREA)
    return np.asarray(resized, np.float32)


@cache
def characters() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The 6,763 Chinese characters of GB/T 2312, and the further ones of GBK."""
    common = _of("gb2312", range(0xB0, 0xF8), range(0xA1, 0xFF))
    rarer = _of("gbk", range(0x81, 0xFF), range(0x40, 0xFF)) - common
    return tuple(sorted(common)), tuple(sorted(rarer))


def _of(encoding: str, high: range, low: range) -> set[str]:
    """The Chinese characters of two bytes that an encoding has."""
    codes = (bytes([first, second]) for first in high for second in low)
    chars = {code.decode(encoding, "ignore") for code in codes}
    return {char for char in chars if len(char) == 1 and is_chinese(char)}


if __name__ == "__main__":
    cv2.imwrite(str(PICTURE), draw_all(), [cv2.IMWRITE_PNG_COMPRESSION, 9])
