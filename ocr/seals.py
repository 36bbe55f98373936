"""Seals: their ring text unrolled and read; what stands across below the star names their kind."""

import re
from dataclasses import dataclass

import cv2
import numpy as np

from ocr.engines import Shelf
from ocr.engines.port import Picture
from ocr.rings import Ring, find_rings
from procedure.readings import SealReading

_OUTER, _INNER = 0.95, 0.60
_STRIP_HEIGHT = 56
_SURE = 0.93
_BOTTOM = np.pi / 2
_STARTS = (0.0, -0.6, 0.6)
_CHINESE = re.compile(r"[^㐀-鿿（）()]")


@dataclass(frozen=True)
class _Try:
    text: str
    confidence: float

    @property
    def score(self) -> float:
        """A short text is read surely and says little."""
        return self.confidence * min(1.0, len(self.text) / 8)


def find_seals(page: Picture, shelf: Shelf, number: int | None) -> tuple[SealReading, ...]:
    """All seals of a flat page; boxes are fractions of that page."""
    return tuple(_reading(page, ring, shelf, number) for ring in find_rings(page))


def _reading(page: Picture, ring: Ring, shelf: Shelf, number: int | None) -> SealReading:
    height, width = page.shape[:2]
    x0, y0, x1, y1 = ring.box
    box = tuple(
        round(min(1.0, max(0.0, v)), 4) for v in (x0 / width, y0 / height, x1 / width, y1 / height)
    )
    best = _ring_text(page, ring, shelf)
    return SealReading(
        number,
        box,
        "oval" if ring.is_oval else "round",
        best.text + _kind_text(page, ring, shelf) if best.text else "",
        round(best.confidence, 4),
    )


def _ring_text(page: Picture, ring: Ring, shelf: Shelf) -> _Try:
    best = _Try("", 0.0)
    for start in _STARTS:
        strips = [_unrolled(grey, ring, start) for grey in _shades(page, ring)]
        tries = _read(strips, shelf)
        best = max((best, *tries), key=lambda t: t.score)
        if best.confidence >= _SURE and len(best.text) >= 8:
            break
    return best if len(best.text) >= 4 else _Try("", 0.0)


def _read(strips: list[Picture], shelf: Shelf) -> list[_Try]:
    """Every strip by both engines; what both read alike is worth more than what one does."""
    first = [_cleaned(one.text, one.confidence) for one in shelf.primary.read_lines(strips)]
    second = [_cleaned(one.text, one.confidence) for one in shelf.second.read_lines(strips)]
    found = []
    for one in (*first, *second):
        others = second if one in first else first
        agreed = any(one.text and one.text == other.text for other in others)
        found.append(_Try(one.text, one.confidence if agreed else 0.8 * one.confidence))
    return found


def _cleaned(text: str, confidence: float) -> _Try:
    plain = _CHINESE.sub("", text).translate(str.maketrans("()", "（）"))
    # Broken pieces at both ends of the strip: a bracket that nothing opens or closes.
    return _Try(re.sub(r"^）+|（+$", "", plain), confidence)


def _shades(page: Picture, ring: Ring) -> list[Picture]:
    """The seal dark on light: by its redness (print below vanishes) and in the green channel."""
    if not ring.red:
        return [page]
    values = page.astype(np.int16)
    blue, green, red = values[:, :, 0], values[:, :, 1], values[:, :, 2]
    redness = np.clip(red - (green + blue) // 2, 0, 255)
    x0, y0, x1, y1 = (max(0, int(v)) for v in ring.box)
    strong = float(np.percentile(redness[y0:y1, x0:x1], 97)) if y1 > y0 and x1 > x0 else 255.0
    dark = 255 - np.clip(redness * (235 / max(strong, 20.0)), 0, 255)
    return [_grey(dark.astype(np.uint8)), _grey(page[:, :, 1])]


def _grey(channel: np.ndarray) -> Picture:
    return np.asarray(cv2.cvtColor(channel, cv2.COLOR_GRAY2BGR), dtype=np.uint8)


def _unrolled(page: Picture, ring: Ring, start: float) -> Picture:
    """Clockwise from the bottom, the outer edge on top: so the characters stand upright."""
    middle = (_OUTER + _INNER) / 2 * (ring.a + ring.b) / 2
    thick = (_OUTER - _INNER) * (ring.a + ring.b) / 2
    width = int(2 * np.pi * middle / thick * _STRIP_HEIGHT)
    angles = _BOTTOM + start + np.linspace(0, 2 * np.pi, width, endpoint=False)
    shares = np.linspace(_OUTER, _INNER, _STRIP_HEIGHT)
    grid = np.stack([ring.points(float(share), angles) for share in shares]).astype(np.float32)
    strip = cv2.remap(
        page, grid[..., 0], grid[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    framed = cv2.copyMakeBorder(strip, 4, 4, 8, 8, cv2.BORDER_REPLICATE)
    return np.asarray(framed, dtype=np.uint8)


def _kind_text(page: Picture, ring: Ring, shelf: Shelf) -> str:
    """合同专用章 and its like stand across, below the star; an official seal has nothing there."""
    half = (ring.a + ring.b) / 2
    x0, x1 = int(ring.x - 0.62 * half), int(ring.x + 0.62 * half)
    y0, y1 = int(ring.y + 0.26 * half), int(ring.y + 0.66 * half)
    shade = _shades(page, ring)[0]
    part = shade[max(0, y0) : y1, max(0, x0) : x1]
    if part.size == 0 or min(part.shape[:2]) < 12:
        return ""
    found = shelf.primary.read_lines([np.ascontiguousarray(part)])[0]
    plain = _CHINESE.sub("", found.text)
    return plain if found.confidence > 0.8 and plain.endswith("章") else ""
