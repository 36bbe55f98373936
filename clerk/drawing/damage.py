"""What happens to paper: scanners, telephones, folds, light. Seeded; keeps track of places.

Every step returns the picture and a 3×3 matrix that takes fractions of the page before to
fractions of the picture after, so that a truth's boxes can follow.
"""

import io
import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from clerk.drawing.truth import Box

Array = NDArray[np.float64]
Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Damaged:
    """A picture, and where the places of the page went."""

    picture: Image.Image
    matrix: Array

    def box(self, box: Box) -> Box:
        """The box around where ``box`` went."""
        x0, y0, x1, y1 = box
        corners = np.array([[x0, y0, 1], [x1, y0, 1], [x1, y1, 1], [x0, y1, 1]])
        moved = corners @ self.matrix.T
        points = moved[:, :2] / moved[:, 2:]
        left, top = points.min(axis=0)
        right, bottom = points.max(axis=0)
        return float(left), float(top), float(right), float(bottom)


def whole(picture: Image.Image) -> Damaged:
    """The picture as it is."""
    return Damaged(picture, np.eye(3))


def scanned(
    page: Damaged, rng: np.random.Generator, skew: float, noise: float, grey: bool = False
) -> Damaged:
    """A flat-bed scan: turned by ``skew`` degrees, sensor noise, specks; grey if asked for."""
    turned = _turned(page, skew)
    pixels = np.asarray(turned.picture).astype(np.float64)
    pixels = 255 - (255 - pixels) * rng.uniform(0.84, 1.0)
    pixels += rng.normal(0, noise, pixels.shape[:2])[..., None]
    picture = _picture(pixels)
    if noise > 2:
        _specks(picture, rng)
    image = Image.fromarray(cv2.GaussianBlur(picture, (3, 3), 0.45 if noise > 2 else 0.3))
    return Damaged(image.convert("L") if grey else image, turned.matrix)


def photographed(page: Damaged, rng: np.random.Generator, moire: bool = False) -> Damaged:
    """A telephone's photo: on a desk, from an angle, in uneven light."""
    if moire:
        page = Damaged(_moire(page.picture, rng), page.matrix)
    high, wide = page.picture.height, page.picture.width
    size = (round(wide * 1.32), round(high * 1.22))
    source = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], dtype=np.float32)
    target = _quad(size, rng)
    warp = cv2.getPerspectiveTransform(source, target)
    desk = _desk(size, rng)
    pixels = np.asarray(page.picture.convert("RGB"))
    flat = cv2.warpPerspective(pixels, warp, size, flags=cv2.INTER_LINEAR)
    inside = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), warp, size)
    mask = (cv2.GaussianBlur(inside, (5, 5), 1) / 255.0)[..., None]
    mixed = flat * mask + desk * (1 - mask)
    mixed = mixed * _light(size, rng)[..., None] * _tint(rng)
    mixed += rng.normal(0, 3.0, mixed.shape[:2])[..., None]
    blurred = cv2.GaussianBlur(_picture(mixed), (3, 3), rng.uniform(0.5, 0.8))
    return Damaged(Image.fromarray(blurred), _fractions(warp, (wide, high), size) @ page.matrix)


def shaken(page: Damaged, length: float, degrees: float, blur: float) -> Damaged:
    """Taken with an unsteady hand and out of focus: smeared by ``length`` pixels in the direction
    of ``degrees``, against the clock, and blurred by ``blur`` (the deviation, in pixels)."""
    smeared = cv2.filter2D(np.asarray(page.picture), -1, _smear(length, degrees))
    return Damaged(Image.fromarray(cv2.GaussianBlur(smeared, (0, 0), blur)), page.matrix)


def _smear(length: float, degrees: float) -> NDArray[np.float32]:
    """A straight line's kernel; odd, its sum one."""
    half = math.ceil(length / 2) + 1
    kernel = np.zeros((2 * half + 1, 2 * half + 1))
    along = np.linspace(-length / 2, length / 2, 8 * half + 1)
    x = half + along * math.cos(math.radians(degrees))
    y = half - along * math.sin(math.radians(degrees))
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    for right in (0, 1):
        for down in (0, 1):
            share = np.abs(1 - right - (x - left)) * np.abs(1 - down - (y - top))
            np.add.at(kernel, (top + down, left + right), share)
    return np.asarray(kernel / kernel.sum(), np.float32)


def worn(page: Damaged, rng: np.random.Generator) -> Damaged:
    """Faded toner and folds."""
    pixels = np.asarray(page.picture.convert("RGB")).astype(np.float64)
    faded = 255 - (255 - pixels) * rng.uniform(0.45, 0.65)
    high = faded.shape[0]
    for _ in range(int(rng.integers(1, 3))):
        at = int(rng.uniform(0.2, 0.8) * high)
        rows = np.arange(high)
        shade = 1 - 0.16 * np.exp(-np.clip(rows - at, 0, None) / (high * 0.03)) * (rows >= at)
        faded *= shade[:, None, None]
    return Damaged(Image.fromarray(_picture(faded)), page.matrix)


def quarter_turned(page: Damaged, quarters: int) -> Damaged:
    """The picture turned by ``quarters`` of 90° against the clock."""
    turns = quarters % 4
    picture = Image.fromarray(np.rot90(np.asarray(page.picture), turns))
    turn = np.array([[0, 1, 0], [-1, 0, 1], [0, 0, 1]], dtype=np.float64)
    return Damaged(picture, np.linalg.matrix_power(turn, turns) @ page.matrix)


def blurred(picture: Image.Image, radius: float) -> Image.Image:
    """Out of focus; at 8 pixels and more nobody can read it."""
    return Image.fromarray(cv2.GaussianBlur(np.asarray(picture), (0, 0), radius))


def jpeg(picture: Image.Image, quality: int) -> bytes:
    """The picture as JPEG."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def _turned(page: Damaged, degrees: float) -> Damaged:
    wide, high = page.picture.size
    warp = np.vstack([cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1), [0, 0, 1]])
    pixels = cv2.warpAffine(
        np.asarray(page.picture),
        warp[:2],
        (wide, high),
        flags=cv2.INTER_CUBIC,
        borderValue=(255, 255, 255),
    )
    matrix = _fractions(warp, (wide, high), (wide, high)) @ page.matrix
    return Damaged(Image.fromarray(pixels), matrix)


def _fractions(warp: NDArray[Any], before: tuple[int, int], after: tuple[int, int]) -> Array:
    """A matrix over pixels as one over fractions."""
    into = np.diag([before[0], before[1], 1.0])
    back = np.diag([1 / after[0], 1 / after[1], 1.0])
    return np.asarray(back @ warp @ into, dtype=np.float64)


def _picture(pixels: Array) -> Pixels:
    return pixels.clip(0, 255).astype(np.uint8)


def _specks(picture: Pixels, rng: np.random.Generator) -> None:
    high, wide = picture.shape[:2]
    for _ in range(int(rng.integers(30, 120))):
        at = (int(rng.integers(wide)), int(rng.integers(high)))
        dark = int(rng.integers(60, 190))
        cv2.circle(picture, at, int(rng.integers(1, 3)), (dark, dark, dark), -1)


def _quad(size: tuple[int, int], rng: np.random.Generator) -> NDArray[np.float32]:
    """Where the page's corners go: a little turned, the far edge shorter."""
    wide, high = size
    margin_x, margin_y = wide * 0.11, high * 0.085
    corners = np.array(
        [
            [margin_x, margin_y],
            [wide - margin_x, margin_y],
            [wide - margin_x, high - margin_y],
            [margin_x, high - margin_y],
        ]
    )
    corners += rng.uniform(-0.045, 0.045, (4, 2)) * (wide, high)
    angle = math.radians(rng.uniform(-3, 3))
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    middle = np.array([wide / 2, high / 2])
    return np.asarray((corners - middle) @ turn.T + middle, dtype=np.float32)


def _desk(size: tuple[int, int], rng: np.random.Generator) -> Array:
    """A wooden or grey desk."""
    wide, high = size
    base = np.array(((146, 104, 66), (120, 116, 110), (94, 72, 54))[int(rng.integers(3))])
    grain = cv2.resize(rng.normal(0, 1, (high // 6, 4)), size, interpolation=cv2.INTER_CUBIC)
    rough = rng.normal(0, 3, (high, wide))
    return np.asarray(base + (grain * 9 + rough)[..., None], dtype=np.float64)


def _light(size: tuple[int, int], rng: np.random.Generator) -> Array:
    """Brightness over the picture: a lamp from one side and the shadow of a hand."""
    coarse = (48, 64)
    y, x = np.mgrid[0 : coarse[1], 0 : coarse[0]]
    x, y = x / coarse[0], y / coarse[1]
    angle = rng.uniform(0, 2 * math.pi)
    slope = (x - 0.5) * math.cos(angle) + (y - 0.5) * math.sin(angle)
    light = 0.9 + slope * rng.uniform(0.12, 0.28)
    centre = rng.uniform(0, 1, 2)
    distance = np.hypot((x - centre[0]) * 1.2, y - centre[1])
    light -= rng.uniform(0.08, 0.24) / (1 + np.exp((distance - 0.35) * 22))
    return np.asarray(cv2.resize(light, size, interpolation=cv2.INTER_CUBIC), dtype=np.float64)


def _tint(rng: np.random.Generator) -> Array:
    warm = rng.uniform(-0.05, 0.05)
    return np.array([1 + warm, 1.0, 1 - warm])


def _moire(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """The beat of a screen's dots against the sensor's."""
    wide, high = picture.size
    y, x = np.mgrid[0:high, 0:wide]
    angle, period = rng.uniform(0.2, 1.2), rng.uniform(5, 9)
    wave = np.sin((x * math.cos(angle) + y * math.sin(angle)) * 2 * math.pi / period)
    pixels = np.asarray(picture.convert("RGB")).astype(np.float64) + 7 * wave[..., None]
    return Image.fromarray(_picture(pixels))
