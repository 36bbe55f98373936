"""A seal's ring laid out as strips of upright text, in several shades: what engines can read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.engines.port import Picture
from ocr.inks import Mask
from ocr.ringfit import Ring

_BOTTOM = np.pi / 2
_TURN = 2 * np.pi
_HEIGHT = 56
_MARGIN = 0.08
_FLOOR = 12
"""Added to all light before ratios: the deepest black is noise."""
_MOST_RADIUS = 260.0
"""Pixels; larger seals are made smaller first: engines read lines 48 pixels high."""
_ANGLES = np.linspace(0, _TURN, 360, endpoint=False)
_USUAL_BAND = (0.93, 0.63)
_LEAST_BAND, _MOST_BAND = 0.16, 0.42
_THINNING = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
_PRINT = 0.72
"""Of the paper's light: in red light print is darker than this, a seal's ink is not."""
_LEAST_STAR = 20.0
_LEAST_GAP, _FAR_OFF = 0.05, 0.17
"""A gap between a name's end and its beginning, and how far from the bottom, in turns."""
_UNEVEN, _PAD = np.radians(25), np.radians(7)
Span = tuple[float, float]
"""From where to where, clockwise from the bottom, radians."""
Places = NDArray[np.float32]
"""Of a strip's pixels, in one direction on the seal."""
_ALL_ROUND: Span = (0.0, _TURN)


@dataclass(frozen=True)
class Stamp:
    """One seal cut out of its page."""

    part: Picture
    ring: Ring
    _grids: dict[tuple[Span, tuple[float, float], float], tuple[Places, Places]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @cached_property
    def healed(self) -> Picture:
        """Dark on white as green light shows it, print healed over: sharper than colour, which
        JPEG blurs."""
        return _grey(_stretched(cv2.inpaint(self._light, self._print, 2, cv2.INPAINT_TELEA)))

    @cached_property
    def other(self) -> Picture:
        """A second look: the red alone, print healed over; on grey copies print left in."""
        if not self.ring.red:
            return _grey(_stretched(self._light))
        return _grey(cv2.inpaint(self._redness, self._print, 2, cv2.INPAINT_TELEA))

    @cached_property
    def tinted(self) -> Picture:
        """How much less green and blue than red there is, by ratio: a seal's ink takes away the
        same part of them from paper and from print, so it shows through print."""
        blue, green, red = (one.astype(np.float32) + _FLOOR for one in cv2.split(self.part))
        ratio = np.minimum(cv2.divide(cv2.min(blue, green), red), 1.0)
        return _grey(_stretched(cv2.GaussianBlur(ratio * 255, (0, 0), 0.6)))

    @cached_property
    def _light(self) -> Mask:
        blue, green, red = cv2.split(self.part)
        return self._even(cv2.min(cv2.min(green, blue), red))

    def _even(self, channel: NDArray[Any]) -> Mask:
        """The same on white: folds, shadows and the lamp's side taken out."""
        size = max(15, round(0.22 * max(self.ring.a, self.ring.b))) | 1
        paper = cv2.morphologyEx(channel, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
        return np.asarray(255 - cv2.subtract(cv2.blur(paper, (size, size)), channel), np.uint8)

    @cached_property
    def _redness(self) -> Mask:
        values = self.part.astype(np.int16)
        redness = np.clip(values[:, :, 2] - (values[:, :, 0] + values[:, :, 1]) // 2, 0, 255)
        strong = max(20.0, float(np.percentile(redness, 95)))
        return np.asarray(255 - np.clip(redness * (235 / strong), 0, 255), np.uint8)

    @cached_property
    def _print(self) -> Mask:
        """Where print lies: dark in red light; on grey copies, darker than the ring."""
        if self.ring.red:
            light = self._even(np.ascontiguousarray(self.part[:, :, 2]))
            dark = _PRINT * 255.0
        else:
            light = self._light
            outline = self.ring.points(np.array([0.97, 0.98, 0.99]), _ANGLES).reshape(-1, 2)
            ink = float(np.median(_at(light, outline)))
            dark = ink - 0.3 * (255 - ink)
        found = (light < dark).astype(np.uint8)
        return np.asarray(cv2.dilate(found, np.ones((3, 3), np.uint8)), np.uint8)

    @cached_property
    def axis(self) -> float | None:
        """Where a tip of the star points, clockwise from the bottom; the nearest one to the top."""
        ink = self._ink(np.arange(0.16, 0.34, 0.02)).mean(axis=0)
        waves = np.abs(found := np.fft.rfft(ink))
        others = np.delete(waves[1:12], [4, 9])
        if ink.mean() < _LEAST_STAR or waves[5] < 1.5 * others.max():
            return None
        tips = np.mod(-np.angle(found[5]) / 5 + np.arange(5) * _TURN / 5, _TURN)
        return float(tips[np.argmin(np.abs(tips - np.pi))])

    @cached_property
    def band(self) -> tuple[float, float]:
        """Outer and inner edge of the ring's text, as shares of the radius."""
        top = self.axis if self.axis is not None else np.pi
        name = np.abs((_ANGLES - top + np.pi) % _TURN - np.pi) < np.radians(80)
        shares = np.arange(0.45, 0.945, 0.01)
        ink = self._ink(shares)[:, name].mean(axis=1)
        ink = np.convolve(ink - ink.min(), np.ones(3) / 3, "same")
        bare = ink < 0.3 * float(np.percentile(ink[shares > 0.65], 80))
        middle = int(np.argmin(np.abs(shares - 0.76)))
        inner = max(np.nonzero(bare[:middle])[0], default=0)
        outer = middle + min(np.nonzero(bare[middle:])[0], default=len(shares) - 1 - middle)
        high = float(shares[outer] - shares[inner])
        if not _LEAST_BAND < high < _MOST_BAND:
            return _USUAL_BAND
        return min(0.945, float(shares[outer]) + 0.1 * high), float(shares[inner]) - 0.08 * high

    @cached_property
    def span(self) -> Span:
        """Where the name runs: all but the widest gap near the bottom, as far to one side of the
        star's tip as to the other."""
        outer, inner = self.band
        low = inner + 0.6 * (outer - inner)
        ink = self._ink(np.arange(inner + 0.04, low, 0.02)).mean(axis=0)
        top = self.axis if self.axis is not None else np.pi
        start, end = _ends(ink, top - np.pi)
        if self.axis is not None:
            half = max(top - start, end - top)
            if half - min(top - start, end - top) < _UNEVEN:
                start, end = top - half, top + half
        return start - _PAD, end + _PAD

    @property
    def middle(self) -> float:
        """Where the middle of the name is, clockwise from the bottom: the seal's own top."""
        return (self.span[0] + self.span[1]) / 2

    def _ink(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Ink by share of the radius and by direction, clockwise from the bottom."""
        points = self.ring.points(shares, _BOTTOM + _ANGLES)
        return 255.0 - _at(self.healed[:, :, 0], points).astype(np.float64)

    def strip(self, shade: Picture, span: Span, band: tuple[float, float], wide: float) -> Picture:
        """Clockwise, the outer edge on top: so the name's characters stand upright."""
        across, down = self._grid(span, band, wide)
        cut = cv2.remap(shade, across, down, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(cv2.copyMakeBorder(cut, 4, 4, 8, 8, cv2.BORDER_REPLICATE), np.uint8)

    def _grid(self, span: Span, band: tuple[float, float], wide: float) -> tuple[Places, Places]:
        """Where a strip's pixels are on the seal; several shades are laid out in the same way."""
        if (span, band, wide) not in self._grids:
            outer, inner = band
            half = (self.ring.a + self.ring.b) / 2
            length = (span[1] - span[0]) * (outer + inner) / 2 * half
            width = max(16, int(length / ((outer - inner) * half) * _HEIGHT * wide))
            angles = _BOTTOM + np.linspace(span[0], span[1], width, endpoint=False)
            grid = self.ring.points(np.linspace(outer, inner, _HEIGHT), angles)
            found = (grid[..., 0].astype(np.float32), grid[..., 1].astype(np.float32))
            self._grids[span, band, wide] = found
        return self._grids[span, band, wide]

    def rounds(self) -> Iterator[list[Picture]]:
        """Strips to read, in rounds of falling promise; further rounds only where engines differ.

        Seal makers' characters stand close and narrow, so a strip a little narrower than life
        reads best; bold ones run together and want thinning, slender ones want room.
        """
        band, span = self.band, self.span
        wider = (min(1.0, band[0] + 0.03), band[1] - 0.03)
        thin = np.asarray(cv2.dilate(self.healed, _THINNING), np.uint8)
        if self.ring.red:
            yield [self.strip(self.tinted, span, wider, 0.9),
                   self.strip(self.healed, span, wider, 0.9)]  # fmt: skip
            yield [self.strip(self.tinted, span, band, 1.1),
                   self.strip(thin, span, band, 1.0),
                   self.strip(self.part, span, wider, 0.9)]  # fmt: skip
        else:
            yield [self.strip(self.healed, span, wider, 0.9), self.strip(thin, span, band, 1.0)]
            yield [self.strip(self.healed, span, band, 1.0),
                   self.strip(self.other, span, wider, 0.9)]  # fmt: skip
        yield [self.strip(self.healed, span, wider, 1.25), self.strip(self.other, span, band, 1.0)]

    def across(self) -> list[Picture]:
        """What stands straight below the star, turned upright, in each shade that is worth a look;
        of a red seal first the one through which print does not show."""
        shades = (self.tinted, self.healed) if self.ring.red else (self.healed,)
        found = (self._below_star(shade) for shade in shades)
        return [one for one in found if one is not None]

    def _below_star(self, shade: Picture) -> Picture | None:
        half = (self.ring.a + self.ring.b) / 2
        degrees = float(np.degrees(self.middle - np.pi))
        matrix = cv2.getRotationMatrix2D((self.ring.x, self.ring.y), degrees, 1.0)
        size = (self.part.shape[1], self.part.shape[0])
        level = cv2.warpAffine(shade, matrix, size, borderValue=(255, 255, 255))
        rows = slice(int(self.ring.y + 0.28 * half), int(self.ring.y + 0.68 * half))
        columns = slice(int(self.ring.x - 0.58 * half), int(self.ring.x + 0.58 * half))
        cut = level[rows, columns]
        return None if cut.size == 0 or min(cut.shape[:2]) < 12 else np.ascontiguousarray(cut)


def cut_out(page: Picture, ring: Ring) -> Stamp:
    """The seal with a little around it, at a size that engines read well."""
    high, wide = page.shape[:2]
    x0, y0, x1, y1 = ring.box
    pad = _MARGIN * max(ring.a, ring.b)
    left, top = max(0, int(x0 - pad)), max(0, int(y0 - pad))
    right, bottom = min(wide, int(x1 + pad) + 1), min(high, int(y1 + pad) + 1)
    part = np.ascontiguousarray(page[top:bottom, left:right])
    ring = ring.moved(-left, -top)
    scale = _MOST_RADIUS / max(ring.a, ring.b)
    if scale < 1:
        part = np.asarray(
            cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
        )
        ring = ring.scaled(scale)
    return Stamp(part, ring)


def _ends(ink: NDArray[np.float64], bottom: float) -> Span:
    """All but the widest gap in the ink whose middle is not far from ``bottom``."""
    count = len(ink)
    shift = round(bottom / _TURN * count)
    turned = np.roll(ink, -shift)
    smooth = np.convolve(np.pad(turned, 2, "wrap"), np.ones(5) / 5, "valid")
    smooth -= smooth.min()
    marked = np.nonzero(smooth > 0.3 * np.percentile(smooth, 90))[0]
    near = count * _FAR_OFF
    gaps = [
        (int(b - a), int(a), int(b))
        for a, b in zip(np.append(marked[-1:] - count, marked), marked, strict=False)
        if abs((a + b) / 2) < near or abs((a + b) / 2 - count) < near
    ]
    wide, last, first = max(gaps, default=(0, 0, 0))
    if wide < count * _LEAST_GAP:
        return bottom + 0.08 * _TURN, bottom + 0.92 * _TURN
    last += count if last < first else 0
    return (bottom + first / count * _TURN, bottom + last / count * _TURN)


def _at(channel: NDArray[Any], points: NDArray[np.float64]) -> Mask:
    spots = points.round().astype(int)
    rows = np.clip(spots[..., 1], 0, channel.shape[0] - 1)
    return np.asarray(channel[rows, np.clip(spots[..., 0], 0, channel.shape[1] - 1)], np.uint8)


def _stretched(channel: NDArray[Any]) -> Mask:
    """Ink to nearly black, paper to white."""
    dark, light = map(float, np.percentile(channel, (4, 75)))
    spread = max(20.0, light - dark)
    return np.asarray(np.clip((channel - dark) * (225 / spread) + 25, 0, 255), np.uint8)


def _grey(channel: NDArray[Any]) -> Picture:
    return np.asarray(cv2.cvtColor(channel, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
