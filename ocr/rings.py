"""Where seals are: round or oval rings, by their red or, on grey copies, by their shape."""

import cv2
import numpy as np

from ocr import inks
from ocr.engines.port import Picture
from ocr.ringfit import Depth, Ring, fitted, outline
from ocr.ringvotes import candidates
from ocr.sheet import Rect
from ocr.underseal import red_regions

__all__ = ["Ring", "find_rings"]
_LONGEST = 1300
"""Rings are looked for on a page of this size: their outline is then exact to a third of a pixel,
a three-hundredth of a usual seal's radius."""
_LEAST_RED, _LEAST_GREY, _LEAST_OVAL = 0.5, 0.74, 0.86
_CLEAR = 0.85
"""A ring so clear that no other shape is tried."""
_RED_INK, _GREY_INK = 24.0, 10.0


def find_rings(page: Picture) -> tuple[Ring, ...]:
    """Rings of seals in the page's own pixels; by shape only where none is red."""
    scale = min(1.0, _LONGEST / max(page.shape[:2]))
    small = np.asarray(
        cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
    )
    found = _outer(_red_rings(small)) or _outer(_grey_rings(small))
    return tuple(ring.scaled(1 / scale) for ring in found)


def _red_rings(page: Picture) -> list[Ring]:
    redness = inks.redness(page)
    mask = inks.red_of(redness)
    regions = red_regions(mask)
    if not regions:
        return []
    depth = cv2.GaussianBlur(redness.astype(np.float32), (3, 3), 0)
    found: list[Ring] = []
    for region in sorted(regions, key=_area, reverse=True):
        # The characters of a ring already found would not outweigh it.
        if any(_hidden(region, ring) for ring in found):
            continue
        if ring := _red_ring(mask, depth, region):
            found.append(ring)
    return found


def _area(region: Rect) -> float:
    return (region[2] - region[0]) * (region[3] - region[1])


def _hidden(region: Rect, ring: Ring) -> bool:
    x, y = (region[0] + region[2]) / 2, (region[1] + region[3]) / 2
    inner = np.hypot(x - ring.x, y - ring.y) < max(ring.a, ring.b)
    return bool(inner and _area(region) / 4 < ring.support**3 * ring.a * ring.b)


def _red_ring(mask: inks.Mask, depth: Depth, region: Rect) -> Ring | None:
    found = outline(inks.cut(mask, region))
    if found is None:
        return None
    first = found.moved(region[0], region[1])
    ring = fitted(depth, first, _RED_INK, red=True)
    return ring if ring is not None and ring.support >= _LEAST_RED else None


def _grey_rings(page: Picture) -> list[Ring]:
    grey = np.asarray(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), np.uint8)
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((25, 25), np.uint8))
    depth = cv2.GaussianBlur(cv2.subtract(paper, grey).astype(np.float32), (3, 3), 0)
    found: list[Ring] = []
    for round_ in candidates(grey):
        fits = (fitted(depth, first, _GREY_INK, red=False) for first in round_)
        found += [ring for ring in fits if ring is not None and _is_clear(ring)]
        if any(ring.support >= _CLEAR for ring in found):
            break
    return found


def _is_clear(ring: Ring) -> bool:
    # Ovals bend to more chance patterns of print than circles do.
    return ring.support >= (_LEAST_OVAL if ring.is_oval else _LEAST_GREY)


def _outer(rings: list[Ring]) -> list[Ring]:
    """One ring a seal: stars, inner rings and broken outlines are fitted too."""
    kept: list[Ring] = []
    for ring in sorted(rings, key=lambda one: -(one.support**3) * one.a * one.b):
        if not any(ring.within(other) for other in kept):
            kept.append(ring)
    return kept
