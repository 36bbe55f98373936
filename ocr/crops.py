"""Single lines cut out of the picture, straightened, for the engines that read crops."""

import cv2
import numpy as np

from ocr.engines.port import Picture
from ocr.sheet import Line

_WIDEN = 0.12


def crop(
    image: Picture,
    line: Line,
    widen: float = _WIDEN,
    *,
    taller: float = 0.0,
    times: float = 1.0,
    flags: int = cv2.INTER_CUBIC,
) -> Picture:
    """The line's quad, a little widened at both ends, as an upright strip.

    ``widen`` at each end and ``taller`` above and below are shares of the line's height; the strip
    is ``times`` as large as in the picture.
    """
    quad = np.array(line.quad, dtype=np.float32)
    along = (quad[1] - quad[0] + quad[2] - quad[3]) / 2
    length = float(np.linalg.norm(along)) or 1.0
    height = float(np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1])) / 2
    step = along / length * (widen * height)
    down = (quad[3] - quad[0] + quad[2] - quad[1]) / 2 * taller
    corners = np.array(
        [
            quad[0] - step - down,
            quad[1] + step - down,
            quad[2] + step + down,
            quad[3] - step + down,
        ]
    )
    width, tall = length + 2 * widen * height, height * (1 + 2 * taller)
    size = max(4, round(times * width)), max(4, round(times * tall))
    target = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    strip = cv2.warpPerspective(image, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(strip, dtype=np.uint8)


def is_wide(line: Line, ratio: float = 3.0) -> bool:
    """Whether a line runs across and is long enough to tell up from down."""
    box = line.box
    return (box[2] - box[0]) > ratio * (box[3] - box[1])
