"""Text under seals: found once more on the picture without its red."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import cv2
import numpy as np

from ocr import inks
from ocr.engines import Shelf
from ocr.engines.port import Picture
from ocr.sheet import Line, Rect, moved, overlap

_LEAST_SIDE = 0.05
_RING_SHARE = 0.12
_LOOKED_AT = 1000
"""Pixels of the longer side that lines under a seal are looked for at: more costs half a second and
finds nothing further, as what stands there is read from the picture itself."""
_TOUCHED = 0.05
"""Part of a line that lies in the seal's box."""


def under_seals(
    picture: Picture, cleaned: Picture, mask: inks.Mask, lines: Sequence[Line], shelf: Shelf
) -> list[Line]:
    """Lines with what stands under red seals; pieces of the seals' own ring text left out."""
    kept = list(lines)
    for region in red_regions(mask):
        x0, y0, x1, y1 = (int(value) for value in _around(region, picture))
        part = np.ascontiguousarray(cleaned[y0:y1, x0:x1])
        if min(part.shape[:2]) < 20:
            continue
        clean = [moved(line, x0, y0) for line in shelf.primary.places(part, _LOOKED_AT)]
        whole = [line for line in clean if _is_whole(line, (x0, y0, x1, y1), picture)]
        # Reading costs twice what finding does: only what the seal touches is read again.
        read = shelf.primary.fill(cleaned, [one for one in whole if _touched(one, kept, region)])
        kept = _merged(kept, _stretched(read, kept, cleaned, shelf), region, mask)
    return kept


def _touched(clean: Line, raw: Sequence[Line], region: Rect) -> bool:
    """Whether the seal lies on the line, or on the longer one that it is a piece of."""
    homes = (line.box for line in raw if _longer(line, clean))
    return any(_covers(box, region) > _TOUCHED for box in (clean.box, *homes))


def _stretched(
    clean: Sequence[Line], raw: Sequence[Line], cleaned: Picture, shelf: Shelf
) -> list[Line]:
    """Lines as long as they are with the seal: taking it off may take their ends (12月17日) off."""
    homes = {line: next((r for r in raw if _longer(r, line)), None) for line in clean}
    longer = [
        replace(one, confidence=0.0) for one in dict.fromkeys(homes.values()) if one is not None
    ]
    return _each_once(homes, {line.box: line for line in shelf.primary.fill(cleaned, longer)})


def _each_once(homes: Mapping[Line, Line | None], read: Mapping[Rect, Line]) -> list[Line]:
    """Each clean line, or what was read in its home; once for all pieces that a star cut it into.

    ``read``: by the box of the home. One that says less than its pieces is not taken.
    """
    pieces: dict[Rect, list[Line]] = {}
    for line, home in homes.items():
        pieces.setdefault(home.box if home is not None else line.box, []).append(line)
    found = []
    for box, lines in pieces.items():
        again = read.get(box)
        whole = again is not None and len(again.text) >= sum(len(line.text) for line in lines)
        found += [again] if again is not None and whole else lines
    return found


def _longer(raw: Line, clean: Line) -> bool:
    """The same line, that goes on beyond what was found of it on the cleaned picture."""
    height = clean.box[3] - clean.box[1]
    beyond = max(clean.box[0] - raw.box[0], raw.box[2] - clean.box[2])
    return _covers(clean.box, raw.box) > 0.6 and beyond > 0.4 * height


def red_regions(mask: inks.Mask) -> list[Rect]:
    """Boxes of what is red and about as large as a seal."""
    side = max(mask.shape)
    grown = cv2.dilate(mask, np.ones((max(3, side // 150),) * 2, np.uint8))
    # Outlines cost a tenth of labelling every pixel. Those of holes have a parent.
    outlines, nested = cv2.findContours(grown, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    outer = [one for number, one in enumerate(outlines) if nested[0][number][3] < 0]
    boxes = [cv2.boundingRect(one) for one in outer]
    return [
        (float(x), float(y), float(x + w), float(y + h))
        for x, y, w, h in sorted(boxes, key=lambda box: (box[1], box[0]))
        if min(w, h) > _LEAST_SIDE * side and max(w, h) < 0.7 * side
    ]


def _around(region: Rect, picture: Picture) -> Rect:
    height, width = picture.shape[:2]
    wide, high = region[2] - region[0], region[3] - region[1]
    return (
        max(0.0, region[0] - 1.5 * wide),
        max(0.0, region[1] - 0.3 * high),
        min(float(width), region[2] + 1.5 * wide),
        min(float(height), region[3] + 0.3 * high),
    )


def _is_whole(line: Line, part: Rect, picture: Picture) -> bool:
    """Lines that the part's edge may have cut are not used."""
    _height, width = picture.shape[:2]
    margin = 0.3 * (line.box[3] - line.box[1])
    return (part[0] == 0 or line.box[0] > part[0] + margin) and (
        part[2] >= width or line.box[2] < part[2] - margin
    )


def _merged(lines: list[Line], clean: list[Line], region: Rect, mask: inks.Mask) -> list[Line]:
    found = [line for line in clean if _covers(line.box, region) > _TOUCHED]
    kept = []
    for line in lines:
        better = [other for other in found if _covers(line.box, other.box) > 0.5]
        is_ring = inks.share(mask, line.box) > _RING_SHARE and _covers(line.box, region) > 0.6
        if _covers(line.box, region) <= _TOUCHED or not (better or is_ring):
            kept.append(line)
    taken = [other for other in found if all(_covers(other.box, k.box) < 0.5 for k in kept)]
    return kept + [replace(line, source="clean") for line in taken]


def _covers(inner: Rect, outer: Rect) -> float:
    """The part of ``inner`` that lies in ``outer``."""
    area = (inner[2] - inner[0]) * (inner[3] - inner[1])
    common = overlap(inner[0], inner[2], outer[0], outer[2]) * overlap(
        inner[1], inner[3], outer[1], outer[3]
    )
    return common / area if area > 0 else 0.0
