"""Seals in documents whose text nobody has to recognise: pictures laid on a page, or embedded."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from ocr.engines import Shelf
from ocr.engines.port import Picture
from ocr.pageview import PageView, Place
from ocr.seals import find_seals
from ocr.sheet import Rect, overlap, union
from procedure.readings import SealReading

_LEAST = 20.0
"""Points: pictures that are smaller with all that touch them are no seals (the smallest is 30 mm
across)."""
_SEAM = 1.0
"""Points: what is no farther apart touches."""
_MOST_PIECES, _MOST_PLACES, _MOST_SHARE = 200, 4, 0.4


def in_picture(image: Picture, shelf: Shelf, named: str) -> tuple[SealReading, ...]:
    """Seals of a picture embedded in a document without pages; boxes are fractions of twice
    the picture's size: a seal that fills its picture gets paper around it."""
    high, wide = (side // 2 for side in image.shape[:2])
    white = (255, 255, 255)
    framed = cv2.copyMakeBorder(image, high, high, wide, wide, cv2.BORDER_CONSTANT, value=white)
    whole = np.asarray(framed, dtype=np.uint8)
    return find_seals(whole, shelf, None, named, alone=whole)


def fills(seals: Sequence[SealReading]) -> bool:
    """The picture is the seal: its ring is most of it (half of it, with the frame)."""
    boxes = (seal.box for seal in seals if seal.box)
    return any(max(box[2] - box[0], box[3] - box[1]) > 0.3 for box in boxes)


def on_page(
    page: PageView,
    places: Sequence[Rect] | None,
    shelf: Shelf,
    number: int | None,
    named: str,
) -> tuple[SealReading, ...]:
    """Seals of a page: looked for where its own pictures are (``places`` in points), and
    everywhere where those are None, many, or most of the page."""
    parts = None if places is None else _around(places, *page.size)
    if parts is None:
        return find_seals(page.whole, shelf, number, named)
    found: list[SealReading] = []
    for part in parts:
        cut, place = page.part(part)
        seals = find_seals(cut, shelf, number, named, alone=page.without_print(part))
        found += [replace(one, box=_moved(one.box, place, *page.pixels)) for one in seals]
    return tuple(found)


def _around(places: Sequence[Rect], width: float, height: float) -> list[Rect] | None:
    """Parts of a page that hold its pictures with paper around them; None: look everywhere."""
    if len(places) > _MOST_PIECES:
        return None
    # A seal may be cut into several pictures, into strips too thin for one.
    shown = [one for one in places if _touch(one, (0.0, 0.0, width, height))]
    whole = [one for one in _united(shown) if min(one[2] - one[0], one[3] - one[1]) >= _LEAST]
    parts = _united([_with_paper(one, width, height) for one in whole])
    area = sum((part[2] - part[0]) * (part[3] - part[1]) for part in parts)
    many = len(parts) > _MOST_PLACES or area > _MOST_SHARE * width * height
    return None if many else parts


def _with_paper(place: Rect, width: float, height: float) -> Rect:
    wide, high = (place[2] - place[0]) / 2, (place[3] - place[1]) / 2
    return (
        max(0.0, place[0] - wide),
        max(0.0, place[1] - high),
        min(width, place[2] + wide),
        min(height, place[3] + high),
    )


def _united(boxes: Sequence[Rect]) -> list[Rect]:
    """Boxes that touch, directly or by others, made one."""
    found: list[Rect] = []
    for box in boxes:
        while near := [one for one in found if _touch(one, box)]:
            found = [one for one in found if one not in near]
            box = union((box, *near))
        found.append(box)
    return found


def _touch(a: Rect, b: Rect) -> bool:
    wide = overlap(a[0] - _SEAM, a[2] + _SEAM, b[0], b[2])
    return wide > 0 and overlap(a[1] - _SEAM, a[3] + _SEAM, b[1], b[3]) > 0


def _moved(box: Rect | None, part: Place, width: int, height: int) -> Rect | None:
    """A box of a part as fractions of the page."""
    if box is None:
        return None
    x0, y0, x1, y1 = part
    wide, high = x1 - x0, y1 - y0
    return (
        round((x0 + box[0] * wide) / width, 4),
        round((y0 + box[1] * high) / height, 4),
        round((x0 + box[2] * wide) / width, 4),
        round((y0 + box[3] * high) / height, 4),
    )
