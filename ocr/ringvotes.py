"""Where a grey page may have rings: edges that point away from a common middle vote for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr import inks
from ocr.ringfit import Ring

Values = NDArray[Any]
_SIDE = 640
_LEAST_EDGE, _MOST_EDGES = 14.0, 100_000
_RADII, _OVAL_RADII = (0.035, 0.16, 1.5), (0.055, 0.1, 2.0)
"""Smallest and largest, of the page's longer side, and the step in pixels."""
_OVALS = tuple((flat, turn) for flat in (0.7, 0.77) for turn in (-0.24, -0.08, 0.08, 0.24))
"""How flat and how far turned (radians) ovals may be: 40 x 30 and 45 x 30 mm are usual."""
_KEPT = 5
_LEAST_VOTES = 0.22
"""Of a circle's pixels, how many at least must vote for its middle."""


@dataclass(frozen=True)
class _Edges:
    """Places and directions towards the light."""

    x: Values
    y: Values
    dx: Values
    dy: Values

    def flattened(self, flat: float, turn: float) -> "_Edges":
        """The same after a turn back and a stretch that makes ovals round."""
        cos, sin = np.float32(np.cos(turn)), np.float32(np.sin(turn))
        x, y = self.x * cos + self.y * sin, (self.y * cos - self.x * sin) / flat
        dx, dy = self.dx * cos + self.dy * sin, (self.dy * cos - self.dx * sin) * flat
        size = np.hypot(dx, dy)
        return _Edges(x, y, dx / size, dy / size)


def candidates(grey: inks.Mask) -> Iterator[list[Ring]]:
    """Rings worth a closer look, in the picture's pixels: round ones, then ovals."""
    scale = min(1.0, _SIDE / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    edges = _edges(np.asarray(cv2.medianBlur(small, 3), np.float32))
    side = max(small.shape)
    if edges is None:
        return
    found = _circles(edges, side, _RADII)
    yield [Ring(x / scale, y / scale, r / scale, r / scale) for _, x, y, r in _best(found)]
    ovals = []
    for flat, turn in _OVALS:
        for votes, x, y, r in _circles(edges.flattened(flat, turn), side, _OVAL_RADII):
            cos, sin = float(np.cos(turn)), float(np.sin(turn))
            at = (x * cos - y * flat * sin, x * sin + y * flat * cos)
            oval = Ring(at[0] / scale, at[1] / scale, r / scale, r * flat / scale, turn)
            ovals.append((votes, oval))
    ovals.sort(key=lambda one: -one[0])
    yield [oval for _, oval in ovals[: 2 * _KEPT]]


def _edges(grey: Values) -> _Edges | None:
    smooth = cv2.GaussianBlur(grey, (0, 0), 0.8)
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0) / 4
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1) / 4
    size = np.hypot(across, down)
    ys, xs = np.nonzero(size > _LEAST_EDGE)
    if not 0 < len(xs) <= _MOST_EDGES:
        return None
    strong = size[ys, xs]
    return _Edges(
        xs.astype(np.float32), ys.astype(np.float32), across[ys, xs] / strong, down[ys, xs] / strong
    )


def _circles(
    edges: _Edges, side: int, radii: tuple[float, float, float]
) -> list[tuple[float, float, float, float]]:
    """Votes, middle and radius of the strongest circles of each size."""
    least, most, step = radii
    left, top = float(edges.x.min()), float(edges.y.min())
    shape = (int(edges.y.max() - top) + 2, int(edges.x.max() - left) + 2)
    found = []
    for r in np.arange(least * side, most * side, step).astype(np.float32):
        # The outer edge of a dark ring grows lighter outwards: its middle lies the other way.
        votes = _votes(edges.x - left - r * edges.dx, edges.y - top - r * edges.dy, shape)
        for _ in range(2):
            _, highest, _, (x, y) = cv2.minMaxLoc(votes)
            if highest < _LEAST_VOTES * 2 * np.pi * r:
                break
            found.append((float(highest / r), x + left, y + top, float(r)))
            cv2.circle(votes, (x, y), int(0.6 * r), 0.0, -1)
    return found


def _votes(x: Values, y: Values, shape: tuple[int, int]) -> Values:
    high, wide = shape
    inside = (x >= 0) & (x < wide - 0.5) & (y >= 0) & (y < high - 0.5)
    places = np.rint(y[inside]).astype(np.int32) * wide + np.rint(x[inside]).astype(np.int32)
    flat = np.bincount(places, minlength=high * wide)[: high * wide]
    plane = flat.reshape(high, wide).astype(np.float32)
    return np.asarray(cv2.boxFilter(plane, -1, (3, 3), normalize=False), np.float32)


def _best(
    found: list[tuple[float, float, float, float]],
) -> list[tuple[float, float, float, float]]:
    """The strongest circles, one for each place and size."""
    kept: list[tuple[float, float, float, float]] = []
    for votes, x, y, r in sorted(found, reverse=True):
        if all(np.hypot(x - k[1], y - k[2]) > 0.3 * r or abs(r - k[3]) > 0.15 * r for k in kept):
            kept.append((votes, x, y, r))
    return kept[:_KEPT]
