"""Single lines cut out of the picture, straightened, for the engines that read crops."""

import cv2
import numpy as np

from ocr.engines.port import Picture
from ocr.sheet import Line

_WIDEN = 0.12


def crop(image: Picture, line: Line, widen: float = _WIDEN) -> Picture:
    """The line's quad, a little widened at both ends, as an upright strip."""
    quad = np.array(line.quad, dtype=np.float32)
    along = (quad[1] - quad[0] + quad[2] - quad[3]) / 2
    length = float(np.linalg.norm(along)) or 1.0
    height = float(np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1])) / 2
    step = along / length * (widen * height)
    corners = np.array([quad[0] - step, quad[1] + step, quad[2] + step, quad[3] - step])
    size = max(4, round(length + 2 * widen * height)), max(4, round(height))
    target = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    strip = cv2.warpPerspective(
        image, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(strip, dtype=np.uint8)


def is_wide(line: Line, ratio: float = 3.0) -> bool:
    """Whether a line runs across and is long enough to tell up from down."""
    box = line.box
    return (box[2] - box[0]) > ratio * (box[3] - box[1])
