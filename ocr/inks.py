"""Colours and ink: the red of seals, the page without it, and print that nobody read."""

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.engines.port import Picture
from ocr.sheet import Rect

Mask = NDArray[np.uint8]
_LEAST_RED = 24


def red_mask(image: Picture) -> Mask:
    """255 where a pixel is redder than the paper around it; nothing on grey copies."""
    channels = image.astype(np.int16)
    blue, green, red = channels[:, :, 0], channels[:, :, 1], channels[:, :, 2]
    excess = red - np.maximum(green, blue)
    # Warm light reddens the whole paper: only what exceeds the page's own tint counts.
    tint = int(np.median(excess[::7, ::7]))
    mask = ((excess - max(0, tint)) > _LEAST_RED).astype(np.uint8) * 255
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)), np.uint8)


def without_red(image: Picture, mask: Mask) -> Picture:
    """The seal taken off: where it is red, only what is dark in the red channel stays."""
    grown = cv2.dilate(mask, np.ones((3, 3), np.uint8)) > 0
    if not grown.any():
        return image
    paper = int(np.percentile(image[:, :, 2][::5, ::5], 80))
    red = image[:, :, 2]
    light = red > 0.62 * paper
    cleaned = image.copy()
    cleaned[grown & light] = paper
    dark = grown & ~light
    cleaned[dark] = red[dark][:, None]
    return cleaned


def share(mask: Mask, box: Rect) -> float:
    """The part of a box that is masked."""
    part = cut(mask, box)
    return float(np.count_nonzero(part)) / part.size if part.size else 0.0


def cut(image: NDArray[np.uint8], box: Rect) -> NDArray[np.uint8]:
    """The pixels inside a box, as far as the picture goes."""
    height, width = image.shape[:2]
    x0, y0 = max(0, int(box[0])), max(0, int(box[1]))
    x1, y1 = min(width, int(np.ceil(box[2]))), min(height, int(np.ceil(box[3])))
    return image[y0:y1, x0:x1] if x1 > x0 and y1 > y0 else image[:0, :0]


def ink_map(page: Picture) -> Mask:
    """255 where something is printed: clearly darker than the paper around it in any light."""
    grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    size = max(15, min(page.shape[:2]) // 40) | 1
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    depth = cv2.subtract(cv2.GaussianBlur(paper, (0, 0), size / 3), grey)
    strong = float(np.percentile(depth[depth > 10], 85)) if (depth > 10).any() else 40.0
    return np.asarray(np.where(depth > max(18.0, 0.45 * strong), 255, 0), dtype=np.uint8)


def unread(ink: Mask, region: Rect, read: list[Rect], height: float) -> bool:
    """Whether a region holds print of a character's size outside of the boxes that were read."""
    x0, y0 = int(max(0, region[0])), int(max(0, region[1]))
    part = cut(ink, region).copy()
    if part.size == 0:
        return False
    for box in read:
        left, top = max(0, int(box[0]) - x0), max(0, int(box[1]) - y0)
        part[top : max(0, int(box[3]) - y0), left : max(0, int(box[2]) - x0)] = 0
    _, _, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    for _, _, w, h, area in stats[1:]:
        is_rule = w > 4 * height or (h > 1.6 * height and w < 0.3 * height)
        if h > 0.35 * height and area > 0.02 * height * height and not is_rule:
            return True
    return False
