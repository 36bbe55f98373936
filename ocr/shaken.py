"""Pages smeared by an unsteady hand that took their photo: how is found out, and taken back.

A line of the length and direction of the hand's way smears a whole picture alike, and being out of
focus blurs it besides. Both are undone by the filter of Wiener (Extrapolation, Interpolation, and
Smoothing of Stationary Time Series, 1949). Along which line is seen by where print changes least;
how long it was, and exactly whither, the first engine tells: some of the page's own lines are
sharpened by one guess after the other, and that in which it is surest of them is taken. A page that
no guess makes plainer is left as it is.
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
_JUDGES, _FEWEST, _SEARCHERS = 6, 3, 4
"""Lines that judge whether a page is plain and whether it became plainer, the fewest with which
that can be said, and those by which the smear is looked for: of 15 shaken photos four found one as
good as six did, for lines that did not judge, in two thirds of the time."""
_SHORTEST, _LONGEST = 4, 30
"""Characters of a line that judges: reading longer ones tells no more, and takes seconds."""
_NOISE = 0.03
"""Noise over what a print has at the frequency of one pixel; it grows with the frequency's square,
since a print's power falls so."""
_HALF = 28
"""Half the side of a sharpening kernel: it has died away there."""
_ACROSS = 0.6
"""How much less print changes along its lines than across them where nothing is smeared (squares of
steps between pixels)."""
_LENGTH, _BLUR = 0.22, 1.2
"""Of a line's height, and in pixels: what is tried first."""


@dataclass(frozen=True)
class Smear:
    """How a picture is smeared: along a line of ``length`` pixels in the direction of ``degrees``,
    against the clock, and blurred by ``blur`` (the deviation, in pixels)."""

    length: float
    degrees: float
    blur: float


_STEPS: Final = (
    Smear(0.0, 14.0, 1.0),
    Smear(0.075, 0.0, 1.0),
    Smear(0.0, 0.0, 1.4),
    Smear(0.0, 7.0, 1.0),
    Smear(0.037, 0.0, 1.0),
)
"""By what a guess is changed in turn, either way: a length of the line's height, degrees, times."""


def smear_of(picture: Picture, lines: Sequence[Line], engine: Recogniser) -> Smear | None:
    """How ``picture`` is smeared, as ``engine`` reads some of its ``lines`` best; None where they
    are plain, too few, or no sharpening makes them plainer."""
    judges = _judges(lines)
    if len(judges) < _FEWEST or float(np.mean([one.confidence for one in judges])) >= PLAIN:
        return None
    looks = [_Look.of(picture, one) for one in judges]
    best = _likeliest(looks, engine)
    return best if _sure(looks, engine, best) >= _sure(looks, engine) + _BETTER else None


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

    @property
    def tilt(self) -> float:
        """Radians against the clock that the line rises by."""
        (x0, y0), (x1, y1) = self.line.quad[:2]
        return math.atan2(y0 - y1, x1 - x0)

    def sharpened(self, smear: Smear | None) -> Picture:
        piece = sharpened(self.piece, smear) if smear else self.piece
        return crop(piece, self.line)


def _judges(lines: Sequence[Line]) -> list[Line]:
    """The longest lines, of no more than `_LONGEST` characters."""
    long = [line for line in lines if _SHORTEST <= len(line.text) <= _LONGEST]
    return sorted(long, key=lambda line: -len(line.text))[:_JUDGES]


def _likeliest(looks: Sequence[_Look], engine: Recogniser) -> Smear:
    """The guess by which the engine is surest of the first few looks."""
    high = float(np.median([one.line.height for one in looks]))
    judges = looks[:_SEARCHERS]

    @cache
    def sure(smear: Smear) -> float:
        return _sure(judges, engine, smear)

    best = Smear(min(_LENGTH * high, _HALF), _direction(looks), _BLUR)
    for step in _STEPS:
        best = max((best, *_changed(best, step, high)), key=sure)
    return best


def _changed(smear: Smear, step: Smear, high: float) -> list[Smear]:
    return [
        Smear(
            max(0.0, smear.length + by * step.length * high),
            smear.degrees + by * step.degrees,
            smear.blur * step.blur**by,
        )
        for by in (-1, 1)
    ]


def _sure(looks: Sequence[_Look], engine: Recogniser, smear: Smear | None = None) -> float:
    """How sure the engine is of the looks, in the mean, when the smear is taken back."""
    said = engine.read_lines([one.sharpened(smear) for one in looks])
    return float(np.mean([one.confidence for one in said]))


def _direction(looks: Sequence[_Look]) -> float:
    """Degrees against the clock, 0 to 180, along which the print changes least: the direction of
    the structure tensor's lesser eigenvector (Bigün and Granlund, 1987)."""
    total = np.zeros((2, 2))
    for look in looks:
        grey = cv2.cvtColor(look.sharpened(None), cv2.COLOR_BGR2GRAY).astype(np.float32)
        across, down = (cv2.Sobel(grey, -1, *way).ravel() for way in ((1, 0), (0, 1)))
        steps = np.stack([across / math.sqrt(_ACROSS), -down])
        total += steps @ steps.T
    x, y = np.linalg.eigh(total)[1][:, 0]
    # The looks are cut out as lines run: the page may be tilted.
    return math.degrees(math.atan2(y, x) + float(np.median([one.tilt for one in looks]))) % 180


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
