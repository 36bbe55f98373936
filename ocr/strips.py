"""A seal's ring laid out as strips of upright text, in several shades: what engines can read."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.engines.port import Picture
from ocr.rings import Ring

_BOTTOM = np.pi / 2
_HEIGHT = 56
_BANDS = ((0.93, 0.63, 1.0), (0.95, 0.60, 1.25), (1.0, 0.55, 0.9))
"""Outer and inner edge as shares of the radius, and how much a strip is stretched along the arc.
Makers of seals set their characters at several distances and widths."""
_NAME_BAND = (0.78, 0.64)
"""Where names have ink and the code below, smaller and further out, has none."""
Span = tuple[float, float]
_ALL_ROUND: Span = (0.0, 2 * np.pi)


def strips(page: Picture, ring: Ring) -> Iterator[list[Picture]]:
    """Strips to read, in rounds of falling promise; further rounds only where the first differ."""
    shades = _shades(page, ring)
    span = _name_span(shades[0], ring)
    for number, (outer, inner, stretch) in enumerate(_BANDS):
        spans = (span, _ALL_ROUND) if number == 0 and not ring.red else (span,)
        yield [
            _unrolled(shade, ring, outer, inner, stretch, one) for one in spans for shade in shades
        ]
    if span != _ALL_ROUND:
        # Print around a pale ring may have cut the name short.
        yield [_unrolled(shade, ring, 0.95, 0.60, 1.0, _ALL_ROUND) for shade in shades[:3]]


def across(page: Picture, ring: Ring) -> Picture | None:
    """What stands straight below the star; None where the page ends."""
    half = (ring.a + ring.b) / 2
    x0, x1 = int(ring.x - 0.62 * half), int(ring.x + 0.62 * half)
    y0, y1 = int(ring.y + 0.26 * half), int(ring.y + 0.66 * half)
    part = _shades(page, ring)[0][max(0, y0) : y1, max(0, x0) : x1]
    return None if part.size == 0 or min(part.shape[:2]) < 12 else np.ascontiguousarray(part)


def _shades(page: Picture, ring: Ring) -> list[Picture]:
    """The seal dark on light: print taken out and healed over, print taken out, as green light
    shows it, and as it is. The first is best on fresh ink, the last on faded one."""
    if not ring.red:
        return [_without_print(page, ring), page]
    values = page.astype(np.int16)
    blue, green, red = values[:, :, 0], values[:, :, 1], values[:, :, 2]
    redness = np.clip(red - (green + blue) // 2, 0, 255)
    x0, y0, x1, y1 = (max(0, int(v)) for v in ring.box)
    inside = redness[y0:y1, x0:x1]
    strong = float(np.percentile(inside, 97)) if inside.size else 255.0
    bare = (255 - np.clip(redness * (235 / max(strong, 20.0)), 0, 255)).astype(np.uint8)
    paper = float(np.percentile(red[y0:y1, x0:x1], 85)) if inside.size else 255.0
    print_ = cv2.dilate((red < 0.55 * paper).astype(np.uint8), np.ones((3, 3), np.uint8))
    healed = np.asarray(cv2.inpaint(bare, print_, 3, cv2.INPAINT_TELEA), dtype=np.uint8)
    return [_grey(healed), _grey(bare), _grey(page[:, :, 1]), page]


def _without_print(page: Picture, ring: Ring) -> Picture:
    """On a copy without colour print is darker than the seal's ink: it is healed over."""
    grey = np.asarray(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    angles = np.linspace(0, 2 * np.pi, 360, endpoint=False)
    outline = np.concatenate([ring.points(share, angles) for share in (0.97, 0.98, 0.99)])
    spots = np.clip(outline.round().astype(int), 0, [page.shape[1] - 1, page.shape[0] - 1])
    ink = float(np.median(grey[spots[:, 1], spots[:, 0]]))
    x0, y0, x1, y1 = (max(0, int(v)) for v in ring.box)
    paper = float(np.percentile(grey[y0:y1, x0:x1], 85)) if x1 > x0 and y1 > y0 else 255.0
    print_ = cv2.dilate((grey < ink - 0.3 * (paper - ink)).astype(np.uint8), np.ones((3, 3)))
    return _grey(np.asarray(cv2.inpaint(grey, print_, 3, cv2.INPAINT_TELEA), dtype=np.uint8))


def _grey(channel: NDArray[np.uint8]) -> Picture:
    return np.asarray(cv2.cvtColor(channel, cv2.COLOR_GRAY2BGR), dtype=np.uint8)


def _name_span(shade: Picture, ring: Ring) -> Span:
    """From where to where the name runs, clockwise from the bottom: all but the widest gap."""
    strip = _sampled(shade, ring, *_NAME_BAND, 24, 1.0, _ALL_ROUND)[:, :, 0]
    ink = 255.0 - strip.astype(np.float64).mean(axis=0)
    count = len(ink)
    wide = max(3, count // 90)
    smooth = np.convolve(ink - ink.min(), np.ones(wide) / wide, "same")
    marked = np.nonzero(smooth > 0.3 * np.percentile(smooth, 90))[0]
    if len(marked) < 5:
        return _ALL_ROUND
    gaps = np.diff(np.append(marked, marked[0] + count))
    widest = int(np.argmax(gaps))
    start = int(marked[(widest + 1) % len(marked)])
    end = int(marked[widest]) + (count if marked[widest] < start else 0)
    pad = 0.02 * count
    return (start - pad) / count * 2 * np.pi, (end + pad) / count * 2 * np.pi


def _unrolled(
    page: Picture, ring: Ring, outer: float, inner: float, stretch: float, span: Span
) -> Picture:
    strip = _sampled(page, ring, outer, inner, _HEIGHT, stretch, span)
    framed = cv2.copyMakeBorder(strip, 4, 4, 8, 8, cv2.BORDER_REPLICATE)
    return np.asarray(framed, dtype=np.uint8)


def _sampled(
    page: Picture, ring: Ring, outer: float, inner: float, height: int, stretch: float, span: Span
) -> Picture:
    """Clockwise from the bottom, the outer edge on top: so the characters stand upright."""
    half = (ring.a + ring.b) / 2
    length = (span[1] - span[0]) * (outer + inner) / 2 * half
    width = max(16, int(length / ((outer - inner) * half) * height * stretch))
    angles = _BOTTOM + np.linspace(span[0], span[1], width, endpoint=False)
    shares = np.linspace(outer, inner, height)
    grid = np.stack([ring.points(float(share), angles) for share in shares]).astype(np.float32)
    strip = cv2.remap(
        page, grid[..., 0], grid[..., 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(strip, dtype=np.uint8)
