"""Logos and signature pictures: set aside, but never a picture that may be the document."""

import io
from dataclasses import replace

from PIL import Image, UnidentifiedImageError

from mailer.mail import Part

SMALL_BYTES = 15_000
SMALL_SIDE = 200
"""Pixels of the shorter side: nobody can read a form of that size."""


def mark(parts: list[Part], shown: set[int]) -> list[Part]:
    """The parts, those that only decorate the HTML (``shown``: by index) marked as such."""
    return [
        replace(part, role="decoration") if index in shown and _small(part) else part
        for index, part in enumerate(parts)
    ]


def _small(part: Part) -> bool:
    if not part.type.startswith("image/") or part.inside:
        return False
    side = _shorter_side(part.data)
    return side < SMALL_SIDE or (len(part.data) < SMALL_BYTES and side < 2 * SMALL_SIDE)


def _shorter_side(data: bytes) -> int:
    """From the header alone; a picture that cannot be opened is no decoration."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return min(picture.size)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return SMALL_SIDE * 2
