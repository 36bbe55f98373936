"""An ellipse fitted to the outer edge of a seal's ring."""

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.sheet import Rect

Depth = NDArray[Any]
"""How much ink of the seal's kind lies on each pixel, 0…255."""
_ANGLES = np.linspace(0, 2 * np.pi, 180, endpoint=False)
_REACHES = (0.16, 0.1, 0.06, 0.04)
"""How far from the ellipse its edge is looked for, as shares of the radius, try by try."""
_AS_DARK = 1.2
_STEP = 0.008
_NEARLY_ROUND, _AS_GOOD = 0.93, 0.94
_OVAL = 0.88
_FLATTEST = 0.5
_LARGEST = 0.4
"""Of a page's longer side: a ring is no larger across the half."""


@dataclass(frozen=True)
class Ring:
    """An ellipse in pixels: middle, half axes, turn in radians."""

    x: float
    y: float
    a: float
    b: float
    turn: float = 0.0
    red: bool = True
    support: float = 0.0
    """The part of its outline that is really drawn, 0…1."""

    @property
    def box(self) -> Rect:
        wide = float(np.hypot(self.a * np.cos(self.turn), self.b * np.sin(self.turn)))
        high = float(np.hypot(self.a * np.sin(self.turn), self.b * np.cos(self.turn)))
        return (self.x - wide, self.y - high, self.x + wide, self.y + high)

    @property
    def is_oval(self) -> bool:
        return min(self.a, self.b) < _OVAL * max(self.a, self.b)

    def moved(self, dx: float, dy: float) -> "Ring":
        return replace(self, x=self.x + dx, y=self.y + dy)

    def scaled(self, by: float) -> "Ring":
        return replace(self, x=self.x * by, y=self.y * by, a=self.a * by, b=self.b * by)

    def within(self, other: "Ring") -> bool:
        """Whether its middle lies in the other ring."""
        return bool(np.hypot(self.x - other.x, self.y - other.y) < max(other.a, other.b))

    def points(
        self, share: float | NDArray[np.float64], angles: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Points at a share of the radius, by direction from the middle as the page shows it.

        Directions x 2; of several shares, shares x directions x 2.
        """
        own = angles - self.turn
        along, across = np.cos(own), np.sin(own)
        root = np.sqrt((along / self.a) ** 2 + (across / self.b) ** 2)
        reach = np.asarray(share, np.float64)[..., None] / root
        return np.stack([self.x + reach * np.cos(angles), self.y + reach * np.sin(angles)], axis=-1)


def outline(mask: NDArray[np.uint8]) -> Ring | None:
    """The ellipse around a mask: through its outermost pixel in each direction."""
    ys, xs = np.nonzero(mask)
    if len(xs) < 60:
        return None
    x, y = (xs.min() + xs.max()) / 2, (ys.min() + ys.max()) / 2
    far = np.hypot(xs - x, ys - y)
    bins = ((np.arctan2(ys - y, xs - x) + np.pi) / (2 * np.pi) * 180).astype(int) % 180
    order = np.argsort(far)
    best = np.full(180, -1)
    best[bins[order]] = order
    chosen = best[best >= 0]
    near = np.abs(far[chosen] - np.median(far[chosen])) < 0.3 * np.median(far[chosen])
    return _ellipse(np.stack([xs[chosen[near]], ys[chosen[near]]], axis=-1))


def fitted(depth: Depth, ring: Ring, least: float, red: bool) -> Ring | None:
    """The ring drawn to the outer edge that it really has; None where there is no such ellipse.

    ``least``: the ink below which a pixel counts as bare.
    """
    # Print is darker than a seal's ink on grey copies: it shall not outweigh the ring.
    ink = float(np.median(_rays(depth, ring, np.arange(0.94, 1.04, _STEP)).max(axis=0)))
    depth = np.minimum(depth, np.float32(_AS_DARK * max(ink, least)))
    for reach in _REACHES if red else _REACHES[1:]:
        edge, step = _edge(depth, ring, reach)
        strong = step > max(0.6 * least, 0.35 * float(np.percentile(step, 75)))
        found = _ellipse(edge[strong])
        if found is None or not _sensible(found, depth.shape):
            return None
        ring = found
    ring = _rounder(depth, ring, least)
    return replace(ring, red=red, support=support(depth, ring, least))


def _rounder(depth: Depth, ring: Ring, least: float) -> Ring:
    """The circle that is as good as the ellipse, if there is one: print beside the ring bends
    ellipses more easily."""
    if min(ring.a, ring.b) < _NEARLY_ROUND * max(ring.a, ring.b):
        return ring
    edge, step = _edge(depth, ring, _REACHES[-1])
    points = edge[step > 0.6 * least]
    for _ in range(4):
        if len(points) < 20:
            return ring
        design = np.column_stack([2 * points, np.ones(len(points))])
        (x, y, c), *_ = np.linalg.lstsq(design, (points**2).sum(axis=1), rcond=None)
        radius = float(np.sqrt(max(1e-6, c + x * x + y * y)))
        off = np.abs(np.hypot(points[:, 0] - x, points[:, 1] - y) - radius)
        points = points[off <= max(0.008 * radius, 1.5 * float(np.median(off)))]
    circle = Ring(float(x), float(y), radius, radius)
    return circle if _ends(depth, circle) >= _AS_GOOD * _ends(depth, ring) else ring


def _ends(depth: Depth, ring: Ring) -> float:
    """How clearly ink ends along the whole outline."""
    _, step = _edge(depth, ring, 2 * _STEP)
    return float(np.clip(step, 0, None).mean())


def _edge(
    depth: Depth, ring: Ring, reach: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """In each direction the point where ink ends most clearly, and by how much it ends."""
    shares = np.arange(1 - reach, 1 + reach + 4 * _STEP, _STEP)
    ray = _rays(depth, ring, shares)
    drop = (ray[:-4] + ray[1:-3]) / 2 - (ray[3:-1] + ray[4:]) / 2
    at = np.argmax(drop, axis=0)
    points = ring.points(shares[2:-2], _ANGLES)
    columns = np.arange(len(_ANGLES))
    return points[at, columns], drop[at, columns].astype(np.float64)


def _rays(depth: Depth, ring: Ring, shares: NDArray[np.float64]) -> Depth:
    grid = ring.points(shares, _ANGLES).astype(np.float32)
    ray = cv2.remap(depth, grid[..., 0], grid[..., 1], cv2.INTER_LINEAR, borderValue=0)
    return np.asarray(ray, np.float32)


def _ellipse(points: NDArray[np.float64]) -> Ring | None:
    """An ellipse through most of the points: those far from the first one are left out."""
    ring = None
    for _ in range(3):
        if len(points) < 20:
            return None
        (x, y), (wide, high), degrees = cv2.fitEllipse(points.astype(np.float32))
        ring = Ring(x, y, max(wide / 2, 1e-3), max(high / 2, 1e-3), float(np.radians(degrees)))
        off = np.abs(_shares(ring, points) - 1)
        points = points[off <= max(0.012, 2 * float(np.median(off)))]
    return ring


def _shares(ring: Ring, points: NDArray[np.float64]) -> NDArray[np.float64]:
    dx, dy = points[:, 0] - ring.x, points[:, 1] - ring.y
    along = dx * np.cos(ring.turn) + dy * np.sin(ring.turn)
    across = dy * np.cos(ring.turn) - dx * np.sin(ring.turn)
    return np.asarray(np.hypot(along / ring.a, across / ring.b), np.float64)


def _sensible(ring: Ring, shape: tuple[int, ...]) -> bool:
    flat = min(ring.a, ring.b) / max(ring.a, ring.b)
    high, wide = shape[:2]
    inside = -ring.a < ring.x < wide + ring.a and -ring.a < ring.y < high + ring.a
    return flat >= _FLATTEST and max(ring.a, ring.b) < _LARGEST * max(high, wide) and inside


def support(depth: Depth, ring: Ring, least: float) -> float:
    """The part of the outline with ink on it, less half of where ink goes on outside of it:
    print and tables have both."""
    on = _rays(depth, ring, np.arange(0.95, 1.004, _STEP)).max(axis=0) > least
    outside = _rays(depth, ring, np.arange(1.06, 1.13, 2 * _STEP)).min(axis=0) > least
    return float(on.mean() - 0.5 * outside.mean())
