"""Pages smeared by an unsteady hand that took their photo: how is found out, and taken back.

A line of the length and direction of the hand's way smears a whole picture alike, and being out of
focus blurs it besides. Both are undone by the filter of Wiener (Extrapolation, Interpolation, and
Smoothing of Stationary Time Series, 1949). Which line it was the first engine tells: some of the
page's own lines are sharpened by each of a few guesses, and the one in which it is surest of them
is refined. A page that no guess makes plainer is left as it is.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.crops import crop
from ocr.engines import Recogniser
from ocr.engines.port import Picture
from ocr.sheet import Line

Kernel = NDArray[np.float32]

PLAIN: Final = 0.93
"""Mean confidence of a page's lines from which nothing is looked for."""
_BETTER = 0.02
"""By how much surer the first engine must be of the judges."""
_JUDGES, _FEWEST = 6, 3
_SHORTEST, _LONGEST = 4, 30
"""Characters of a line that judges: reading longer ones tells no more, and takes seconds."""
_NOISE = 0.03
"""Noise over what a print has at the frequency of one pixel; it grows with the frequency's square,
since a print's power falls so."""
_HALF = 28
"""Half the side of a sharpening kernel: it has died away there."""
_STEPS = 8
"""Directions tried at first."""


@dataclass(frozen=True)
class Smear:
    """How a picture is smeared: along a line of ``length`` pixels in the direction of ``degrees``,
    against the clock, and blurred by ``blur`` (the deviation, in pixels)."""

    length: float
    degrees: float
    blur: float


def smear_of(picture: Picture, lines: Sequence[Line], engine: Recogniser) -> Smear | None:
    """How ``picture`` is smeared, as ``engine`` reads some of its ``lines`` best; None where they
    are plain, too few, or no sharpening makes them plainer."""
    judges = _judges(lines)
    if len(judges) < _FEWEST or float(np.mean([one.confidence for one in judges])) >= PLAIN:
        return None
    looks = [_Look.of(picture, one) for one in judges]
    high = float(np.median([one.height for one in judges]))

    @cache
    def sure(smear: Smear | None) -> float:
        said = engine.read_lines([one.sharpened(smear) for one in looks])
        return float(np.mean([one.confidence for one in said]))

    best = max(_first_guesses(high), key=sure)
    for _ in range(2):
        best = max((best, *_neighbours(best, high)), key=sure)
    return best if sure(best) >= sure(None) + _BETTER else None


def sharpened(picture: Picture, smear: Smear) -> Picture:
    """``picture`` with the smear taken back."""
    return np.asarray(cv2.filter2D(picture, -1, _kernel(smear)), np.uint8)


@dataclass(frozen=True)
class _Look:
    """A line and the piece of picture around it."""

    piece: Picture
    line: Line

    @classmethod
    def of(cls, picture: Picture, line: Line) -> "_Look":
        high, wide = picture.shape[:2]
        xs, ys = zip(*line.quad, strict=True)
        x0, y0 = max(0, int(min(xs)) - _HALF), max(0, int(min(ys)) - _HALF)
        x1, y1 = min(wide, math.ceil(max(xs)) + _HALF), min(high, math.ceil(max(ys)) + _HALF)
        quad = tuple((x - x0, y - y0) for x, y in line.quad)
        return cls(np.ascontiguousarray(picture[y0:y1, x0:x1]), replace(line, quad=quad))

    def sharpened(self, smear: Smear | None) -> Picture:
        piece = sharpened(self.piece, smear) if smear else self.piece
        return crop(piece, self.line)


def _judges(lines: Sequence[Line]) -> list[Line]:
    """The longest lines, of no more than `_LONGEST` characters."""
    long = [line for line in lines if _SHORTEST <= len(line.text) <= _LONGEST]
    return sorted(long, key=lambda line: -len(line.text))[:_JUDGES]


def _first_guesses(high: float) -> list[Smear]:
    length = min(0.22 * high, _HALF)
    return [Smear(length, 180 * step / _STEPS, 1.2) for step in range(_STEPS)]


def _neighbours(smear: Smear, high: float) -> list[Smear]:
    step = 0.07 * high
    return [
        *(replace(smear, length=max(0.0, smear.length + by * step)) for by in (-1, 1)),
        *(replace(smear, degrees=smear.degrees + by) for by in (-11.0, 11.0)),
        *(replace(smear, blur=smear.blur * by) for by in (0.75, 1.35)),
    ]


@lru_cache(maxsize=1)
def _kernel(smear: Smear) -> Kernel:
    """The filter that takes a smear back; its sum is one. Turned by half a turn it is the same."""
    side = 2 * _HALF + 1
    blurred = np.fft.fft2(np.fft.ifftshift(_smear(smear)))
    rough = 2 - 2 * np.cos(2 * np.pi * np.fft.fftfreq(side))
    noise = _NOISE * (rough[:, None] + rough[None, :])
    back = np.conj(blurred) / (np.abs(blurred) ** 2 + noise)
    kernel = np.fft.fftshift(np.real(np.fft.ifft2(back)))
    window = np.hanning(side + 2)[1:-1]
    kernel = kernel * np.minimum(1, 2 * np.outer(window, window))
    return np.asarray(kernel / kernel.sum(), np.float32)


def _smear(smear: Smear) -> NDArray[np.float64]:
    """What becomes of a point."""
    y, x = np.mgrid[-_HALF : _HALF + 1, -_HALF : _HALF + 1].astype(np.float64)
    turn = math.radians(smear.degrees)
    count = 2 * math.ceil(smear.length) + 1
    spread = max(0.4, smear.blur)
    point = np.zeros_like(x)
    for along in np.linspace(-smear.length / 2, smear.length / 2, count):
        away = (x - along * math.cos(turn)) ** 2 + (y + along * math.sin(turn)) ** 2
        point += np.exp(-away / (2 * spread**2))
    return np.asarray(point / point.sum(), np.float64)
