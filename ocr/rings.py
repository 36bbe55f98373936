"""Where seals are: round or oval rings, by their red or, on grey copies, by their shape."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr import inks
from ocr.engines.port import Picture
from ocr.sheet import Rect
from ocr.underseal import red_regions

_ANGLES = np.linspace(0, 2 * np.pi, 360, endpoint=False)
_LEAST_RED_RING, _LEAST_GREY_RING = 0.5, 0.72
_WORTH, _CLOSELY = 0.35, 6
_SMALL = 900
_OVAL = 0.85


@dataclass(frozen=True)
class Ring:
    """An ellipse on the flat page in pixels: middle, half axes, turn in radians."""

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

    def points(self, share: float, angles: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points at a share of the radius, by direction from the middle as the page shows it."""
        own = angles - self.turn
        along, across = np.cos(own), np.sin(own)
        reach = share / np.sqrt((along / self.a) ** 2 + (across / self.b) ** 2)
        return np.stack([self.x + reach * np.cos(angles), self.y + reach * np.sin(angles)], axis=-1)


def find_rings(page: Picture) -> tuple[Ring, ...]:
    """Rings of seals; by shape only where none is red."""
    mask = inks.red_mask(page)
    found = [ring for region in red_regions(mask) if (ring := _red_ring(mask, region))]
    outer = [r for r in found if not any(_same(r, o) and r.a * r.b < o.a * o.b for o in found)]
    return tuple(outer) if outer else _grey_rings(page)


def _red_ring(mask: inks.Mask, region: Rect) -> Ring | None:
    part = inks.cut(mask, region)
    ys, xs = np.nonzero(part)
    if len(xs) < 60:
        return None
    columns = np.asarray(xs + region[0], dtype=np.float64)
    rows = np.asarray(ys + region[1], dtype=np.float64)
    outline = _outline(columns, rows)
    if len(outline) < 20:
        return None
    (x, y), (wide, high), degrees = cv2.fitEllipse(outline.astype(np.float32))
    if not 0.5 < min(wide, high) / max(wide, high, 1e-6) <= 1:
        return None
    ring = Ring(x, y, wide / 2, high / 2, float(np.radians(degrees)))
    support = _support(mask, ring)
    if support < _LEAST_RED_RING:
        return None
    return Ring(ring.x, ring.y, ring.a, ring.b, ring.turn, True, support)


def _outline(xs: NDArray[np.float64], ys: NDArray[np.float64]) -> NDArray[np.float64]:
    """The outermost red in each direction, stray pixels left out."""
    x, y = (xs.min() + xs.max()) / 2, (ys.min() + ys.max()) / 2
    bins = ((np.arctan2(ys - y, xs - x) + np.pi) / (2 * np.pi) * 180).astype(int) % 180
    far = np.hypot(xs - x, ys - y)
    best = np.full(180, -1)
    for index in np.argsort(far):
        best[bins[index]] = index
    chosen = best[best >= 0]
    reach = far[chosen]
    near = np.abs(reach - np.median(reach)) < 0.25 * np.median(reach)
    return np.stack([xs[chosen[near]], ys[chosen[near]]], axis=-1)


def _support(mask: inks.Mask, ring: Ring) -> float:
    height, width = mask.shape
    hits = np.zeros(len(_ANGLES), dtype=bool)
    for share in (0.92, 0.94, 0.96, 0.98, 1.0, 1.02, 1.04):
        points = ring.points(share, _ANGLES).round().astype(int)
        inside = (
            (points[:, 0] >= 0)
            & (points[:, 0] < width)
            & (points[:, 1] >= 0)
            & (points[:, 1] < height)
        )
        clipped = np.clip(points, 0, [width - 1, height - 1])
        hits |= inside & (mask[clipped[:, 1], clipped[:, 0]] > 0)
    return float(hits.mean())


def _grey_rings(page: Picture) -> tuple[Ring, ...]:
    scale = min(1.0, _SMALL / max(page.shape[:2]))
    small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.medianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), 3)
    ink = _fine_ink(np.asarray(grey, dtype=np.uint8))
    rings: list[Ring] = []
    for x, y, r in _promising(ink, _circles(np.asarray(grey, dtype=np.uint8))):
        best = max(_nudged(ink, x, y, r), key=lambda ring: ring.support)
        if best.support >= _LEAST_GREY_RING and not any(_same(best, other) for other in rings):
            rings.append(best)
    found = (Ring(r.x / scale, r.y / scale, r.a / scale, r.b / scale, 0.0, False, r.support)
             for r in rings)  # fmt: skip
    return tuple(_to_outer_edge(page, ring) for ring in found)


def _promising(
    ink: inks.Mask, circles: list[tuple[float, float, float]]
) -> list[tuple[float, float, float]]:
    """The few circles under which most is drawn: only they are looked at closely."""

    def worth(circle: tuple[float, float, float]) -> float:
        x, y, r = circle
        return max(_thin(ink, Ring(x, y, r + d, r + d, 0.0, False)) for d in (-2, 0, 2))

    ranked = sorted(((worth(one), one) for one in circles), reverse=True)
    return [one for value, one in ranked[:_CLOSELY] if value >= _WORTH]


def _to_outer_edge(page: Picture, ring: Ring) -> Ring:
    """Grown to where the ring's own stroke ends, as red rings are measured."""
    shares = np.linspace(0.92, 1.12, 51)
    grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    grid = np.stack([ring.points(float(share), _ANGLES) for share in shares]).astype(np.float32)
    ray = cv2.remap(grey, grid[..., 0], grid[..., 1], cv2.INTER_LINEAR, borderValue=255)
    depth = 255.0 - np.median(ray.astype(np.float64), axis=1)
    depth -= depth.min()
    peak = int(np.argmax(depth))
    outside = np.nonzero(depth[peak:] < 0.5 * depth[peak])[0]
    grown = float(shares[peak + int(outside[0])]) if len(outside) else 1.0
    return Ring(ring.x, ring.y, ring.a * grown, ring.b * grown, ring.turn, False, ring.support)


def _circles(grey: inks.Mask) -> list[tuple[float, float, float]]:
    """Circles that the picture votes for: any clear one, and faint ones of a seal's size on A4."""
    side = max(grey.shape)
    found: list[tuple[float, float, float]] = []
    for votes, least, most, count in ((45, 0.035, 0.16, 12), (24, 0.06, 0.082, 60)):
        circles = cv2.HoughCircles(
            grey, cv2.HOUGH_GRADIENT, dp=1.5, minDist=side * (0.08 if votes > 40 else 0.01),
            param1=90, param2=votes, minRadius=int(side * least), maxRadius=int(side * most),
        )  # fmt: skip
        if circles is not None:
            found += [(float(x), float(y), float(r)) for x, y, r in circles.reshape(-1, 3)[:count]]
    return found


def _fine_ink(grey: inks.Mask) -> inks.Mask:
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    return np.asarray(np.where(cv2.subtract(paper, grey) > 14, 255, 0), dtype=np.uint8)


def _nudged(ink: inks.Mask, x: float, y: float, r: float) -> Sequence[Ring]:
    found = []
    for dr in (-2, -1, 0, 1, 2):
        for dx in (-1.5, 0, 1.5):
            for dy in (-1.5, 0, 1.5):
                ring = Ring(x + dx, y + dy, r + dr, r + dr, 0.0, False)
                found.append(Ring(ring.x, ring.y, ring.a, ring.b, 0.0, False, _thin(ink, ring)))
    return found


def _thin(ink: inks.Mask, ring: Ring) -> float:
    """Ink on the outline and none just outside of it: text and tables have both."""
    height, width = ink.shape

    def at(share: float) -> NDArray[np.bool_]:
        points = ring.points(share, _ANGLES).round().astype(int)
        clipped = np.clip(points, 0, [width - 1, height - 1])
        return np.asarray(ink[clipped[:, 1], clipped[:, 0]] > 0)

    on = at(0.985) | at(1.0) | at(1.015)
    return float(on.mean() - 0.5 * (at(1.1) & at(1.14)).mean())


def _same(a: Ring, b: Ring) -> bool:
    """One lies within the other: stars and broken outlines are fitted too."""
    return a is not b and float(np.hypot(a.x - b.x, a.y - b.y)) < max(a.a, b.a, a.b, b.b)
