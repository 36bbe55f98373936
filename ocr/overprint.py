"""Whether the print over a seal may be left out when the seal is read.

A seal laid on a PDF's page is drawn by itself as easily as with the page's text and lines over it.
What counts, though, is what a person sees: a seal that is blackened, struck out or written over is
none. Of 150 forms print covered at most 16 in a hundred of a seal's ink, and of 147 at most half of
any 24th of its text's ring; of 15 seals that were hidden, struck out or written over more of one.
"""

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from ocr.engines.port import Picture
from ocr.inks import Mask, more_red
from ocr.ringfit import Ring, support

_TOLD, _SPECKS = 24, 4
"""By how much of 255 a pixel differs from another, or from paper; how many pixels may."""
_MOST, _MOST_OF_TEXT, _MOST_OF_PART, _PARTS = 0.2, 0.3, 0.5, 24
"""Of a seal's ink, of that of its ring's text, and of that in a part of it, what print covers at
most."""
_WHOLE = 0.9
"""How much of the ring's outline the picture alone draws: else it was found in the wrong place."""
_ALL, _RING = np.arange(0.04, 1.0, 0.02), np.arange(0.6, 0.94, 0.015)
"""Shares of the radius."""
_ANGLES = np.linspace(0, 2 * np.pi, 720, endpoint=False)
_PAPER = 0.16
"""Of the radius, the paper round a ring: its outline's support is told by what goes on outside."""
_LEAST_INK = 0.02
"""Of a part's places: with less there is nothing to cover."""


def shows_all(shown: Picture, alone: Picture, ring: Ring) -> bool:
    """Whether the page as it is ``shown`` has little but black print over the red ``ring``, of
    which ``alone`` has the picture without any (both height x width x 3, of the same place).

    What is lighter or redder than the seal hides it, or changes what it says.
    """
    if not ring.red or shown.shape != alone.shape:
        return False
    shown, alone, ring = _around(shown, alone, ring)
    if _is_changed(shown, alone):
        return False
    red = more_red(alone)
    if support(np.asarray(red, np.float32), ring, _TOLD) < _WHOLE:
        return False
    ink = np.asarray(red > _TOLD)
    covered = np.asarray(_most(cv2.subtract(alone, shown)) > _TOLD)
    whole = _covered(ink, covered, ring, _ALL, 1).max()
    text = _covered(ink, covered, ring, _RING, 1).max()
    worst = _covered(ink, covered, ring, _RING, _PARTS).max()
    return bool(whole <= _MOST and text <= _MOST_OF_TEXT and worst <= _MOST_OF_PART)


def _around(shown: Picture, alone: Picture, ring: Ring) -> tuple[Picture, Picture, Ring]:
    """The same with as much paper as is looked at round the ring."""
    x0, y0, x1, y1 = ring.box
    pad = _PAPER * max(ring.a, ring.b)
    left, top = max(0, int(x0 - pad)), max(0, int(y0 - pad))
    place = (slice(top, int(y1 + pad) + 1), slice(left, int(x1 + pad) + 1))
    return shown[place], alone[place], ring.moved(-left, -top)


def _is_changed(shown: Picture, alone: Picture) -> bool:
    lighter = _most(cv2.subtract(shown, alone))
    redder = cv2.subtract(more_red(shown), more_red(alone))
    return int(np.count_nonzero(cv2.max(lighter, redder) > _TOLD)) > _SPECKS


def _covered(
    ink: NDArray[np.bool_],
    covered: NDArray[np.bool_],
    ring: Ring,
    shares: NDArray[np.float64],
    parts: int,
) -> NDArray[np.float64]:
    """Of the ink in each part of a ring the share that is covered."""
    spots = ring.points(shares, _ANGLES).round().astype(int)
    rows = np.clip(spots[..., 1], 0, ink.shape[0] - 1)
    columns = np.clip(spots[..., 0], 0, ink.shape[1] - 1)
    inked, both = ink[rows, columns], (ink & covered)[rows, columns]
    shape = (len(shares), parts, len(_ANGLES) // parts)
    all_, over = (one.reshape(shape).sum(axis=(0, 2)) for one in (inked, both))
    enough = all_ > _LEAST_INK * shape[0] * shape[2]
    return np.where(enough, over / np.maximum(all_, 1), 0.0)


def _most(picture: MatLike) -> Mask:
    blue, green, red = cv2.split(np.asarray(picture, np.uint8))
    return np.asarray(cv2.max(cv2.max(blue, green), red), np.uint8)
