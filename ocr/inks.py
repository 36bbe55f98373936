"""Colours and ink: the red of seals, the page without it, and print that nobody read."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.engines.port import Picture
from ocr.sheet import Rect, union

Mask = NDArray[np.uint8]
_LEAST_RED = 24
_CHROMA, _COLOURED = 60, 0.03
"""By how much of 255 the parts of a plain colour differ, and the share of a picture that has it: of
screens 5 to 8 hundredths."""
_INKED, _MAIN, _MOST_INK = 20, 0.2, 0.45
"""By how much of 255 what may be a seal's ink is darker than its paper; the part of it that has one
of its main colours; the part of a seal's place that its ink fills at most."""
_HAIR = 0.065
"""Mean width, of a line's height, below which an upright stroke may be a rule that leans or is
worn. A 1 is so thin only in few faces and hands, and nothing goes on above and below it."""
_LIGHT = (np.arange(256) * 0.62).astype(np.uint8)
"""By the paper's tone: what is not lighter in red light is print."""


def red_mask(image: Picture) -> Mask:
    """255 where a pixel is redder than the paper around it; nothing on grey copies."""
    return red_of(redness(image))


def red_of(redness: Mask) -> Mask:
    """255 where a pixel's redness is a seal's, without specks."""
    mask = cv2.threshold(redness, _LEAST_RED, 255, cv2.THRESH_BINARY)[1]
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)), np.uint8)


def more_red(image: Picture) -> Mask:
    """How much more red each pixel has than green and blue, on white paper."""
    blue, green, red = cv2.split(image)
    return np.asarray(cv2.subtract(red, cv2.max(blue, green)), np.uint8)


def redness(image: Picture) -> Mask:
    """How much redder each pixel is than the paper around it."""
    blue, green, red = cv2.split(image)
    other = cv2.max(green, blue)
    # Warm light reddens the whole paper: only what exceeds the page's own tint counts.
    few = red[::7, ::7].astype(np.int16) - other[::7, ::7]
    tint = max(0, int(np.median(few)))
    return np.asarray(cv2.subtract(cv2.subtract(red, other), np.full(1, tint, np.uint8)), np.uint8)


def without_red(image: Picture, mask: Mask) -> Picture:
    """The seal taken off: where it is red, only what is dark in the red channel stays."""
    if not mask.any():
        return image
    grown = cv2.dilate(mask, np.ones((3, 3), np.uint8))
    red = np.ascontiguousarray(image[:, :, 2])
    # In shadow the paper is darker than elsewhere: one tone for all would leave white blots.
    paper = _paper(red)
    cleaned = image.copy()
    x, y, wide, high = cv2.boundingRect(grown)
    part = (slice(y, y + high), slice(x, x + wide))
    grown, paper, red = grown[part], paper[part], red[part]
    light = cv2.compare(red, cv2.LUT(paper, _LIGHT), cv2.CMP_GT)
    cv2.copyTo(cv2.merge([paper] * 3), cv2.bitwise_and(grown, light), cleaned[part])
    cv2.copyTo(cv2.merge([red] * 3), cv2.bitwise_and(grown, cv2.bitwise_not(light)), cleaned[part])
    return cleaned


def has_colour(image: Picture) -> bool:
    """Whether a good part of a picture is plainly coloured, as no part of a copy without colour."""
    chroma = cv2.subtract(image.max(axis=2), image.min(axis=2))
    return float((np.asarray(chroma) > _CHROMA).mean()) > _COLOURED


def grey_seal_mask(image: Picture) -> Mask:
    """255 where a round seal's ink lies on a copy without colour: paler than print, broad strokes.

    Only blots of a seal's size and shape count: pale print is no seal. Nothing where there is none.
    """
    depth = _depth(image)
    dark = float(np.percentile(depth[depth > 20], 90)) if (depth > 20).any() else 0.0
    empty = np.zeros(depth.shape, np.uint8)
    if dark < 40:
        return empty
    smooth = cv2.GaussianBlur(depth, (0, 0), 1.0)
    pale = ((smooth > 0.2 * dark) & (smooth < 0.74 * dark)).astype(np.uint8) * 255
    side = max(pale.shape)
    # The edges of print are pale too, but narrow: what is opened away must be wider than they are
    # and narrower than the seal's strokes, which differ from scan to scan.
    for share_of_side in (600, 430, 330):
        size = max(2, side // share_of_side)
        blots = _round_blots(
            cv2.morphologyEx(pale, cv2.MORPH_OPEN, np.ones((size, size), np.uint8))
        )
        if blots.any():
            return blots
    return empty


def is_ground(image: Picture, mask: Mask) -> bool:
    """Whether what is masked as a grey seal is areas of one colour on which a screen has lighter
    text: they fill more of the seal's place than any ink does, and most of them is not masked."""
    x, y, wide, high = cv2.boundingRect(mask)
    part = (slice(y, y + high), slice(x, x + wide))
    colours = _packed(image[part])
    # Paper between a seal's strokes may be masked too.
    inked = (mask[part] > 0) & (_depth(image)[part] > _INKED)
    found, counts = np.unique(colours[inked], return_counts=True)
    areas = np.isin(colours, found[counts > _MAIN * max(1, counts.sum())])
    return bool(areas.mean() > _MOST_INK and areas[inked].sum() < areas.sum() / 2)


def _packed(image: Picture) -> NDArray[np.uint32]:
    """Each pixel's colour in one number."""
    return np.asarray(image.astype(np.uint32) @ np.array([1, 256, 65536], np.uint32), np.uint32)


def _round_blots(broad: NDArray[Any]) -> Mask:
    """Of a mask only what is as large and as round as a seal."""
    side = max(broad.shape)
    grown = cv2.dilate(broad, np.ones((max(3, side // 150),) * 2, np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(grown, connectivity=8)
    kept = np.zeros(broad.shape, np.uint8)
    for number, (x, y, w, h, _) in enumerate(stats[1:], start=1):
        if not (0.06 * side < min(w, h) and max(w, h) < min(0.3 * side, 1.35 * min(w, h))):
            continue
        part = (slice(y, y + h), slice(x, x + w))
        inside = (labels[part] == number) & (broad[part] > 0)
        if 0.08 < float(inside.mean()) < 0.55:
            # The star hangs on nothing: whatever is broad and pale inside belongs to the seal.
            kept[part][broad[part] > 0] = 255
    return kept


def without_pale(image: Picture, mask: Mask) -> Picture:
    """A grey seal taken off: near its ink only what is as dark as print stays."""
    if not mask.any():
        return image
    depth = _depth(image)
    dark = float(np.percentile(depth[depth > 20], 90))
    near = cv2.dilate(mask, np.ones((7, 7), np.uint8)) > 0
    cleaned = image.copy()
    cleaned[near & (depth < 0.72 * dark)] = int(np.percentile(image[::5, ::5], 80))
    return cleaned


def _depth(image: Picture) -> Mask:
    """How much darker each pixel is than the paper around it."""
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    return np.asarray(cv2.subtract(_paper(grey), grey), dtype=np.uint8)


def _paper(grey: Mask) -> Mask:
    """The paper's own tone at each place, print healed over."""
    size = max(15, min(grey.shape) // 20) | 1
    small = _quarter(grey)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((size // 4,) * 2, np.uint8))
    paper = cv2.GaussianBlur(paper, (0, 0), size / 12)
    wide = cv2.resize(paper, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(wide, dtype=np.uint8)


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
    depth = cv2.subtract(_smoothed(np.asarray(paper, np.uint8), size / 3), grey)
    strong = float(np.percentile(depth[depth > 10], 85)) if (depth > 10).any() else 40.0
    return np.asarray(np.where(depth > max(18.0, 0.45 * strong), 255, 0), dtype=np.uint8)


def _smoothed(paper: Mask, sigma: float) -> Mask:
    """Blurred widely, on every fourth pixel of every fourth row: a tone or two of 255 beside the
    same on all of them (but at the picture's edge), for a tenth of its time."""
    small = cv2.GaussianBlur(_quarter(paper), (0, 0), sigma / 4)
    return np.asarray(
        cv2.resize(small, paper.shape[::-1], interpolation=cv2.INTER_LINEAR), np.uint8
    )


def _quarter(grey: Mask) -> Mask:
    """At a quarter of its size; a picture of one or two pixels on a side keeps one."""
    height, width = grey.shape
    size = max(1, round(width / 4)), max(1, round(height / 4))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def outside(ink: Mask, region: Rect, read: list[Rect]) -> Mask:
    """A region's ink outside of the boxes that were read."""
    x0, y0 = int(max(0, region[0])), int(max(0, region[1]))
    part = cut(ink, region).copy()
    for box in read:
        left, top = max(0, int(box[0]) - x0), max(0, int(box[1]) - y0)
        part[top : max(0, int(box[3]) - y0), left : max(0, int(box[2]) - x0)] = 0
    return part


def unread(ink: Mask, region: Rect, read: list[Rect], height: float) -> bool:
    """Whether a region holds print of a character's size outside of the boxes that were read."""
    x0, y0 = int(max(0, region[0])), int(max(0, region[1]))
    part = outside(ink, region, read)
    if part.size == 0:
        return False
    _, _, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8)
    for x, y, w, h, area in stats[1:]:
        is_rule = w > 4 * height or (h > 1.6 * height and w < 0.3 * height)
        if h <= 0.35 * height or area <= 0.02 * height * height or is_rule:
            continue
        place = (x0 + x, y0 + y, w, h)
        hair = read if area < _HAIR * height * h else None
        if w >= 0.3 * height or not _runs_on(ink, place, height, hair):
            return True
    return False


def _runs_on(
    ink: Mask, place: tuple[int, int, int, int], height: float, hair: list[Rect] | None
) -> bool:
    """Whether a thin upright stroke goes on above and below the region: a rule, no character.

    ``hair``: what was read, where the stroke is so thin that it may be worn, as faint rules are in
    photos; figures of the rows above and below are nothing that goes on.
    """
    x, y, w, h = place
    reach = 0.4 * height
    ends = ((x - 2, y - reach, x + w + 2, y), (x - 2, y + h, x + w + 2, y + h + reach))
    parts = [outside(ink, end, hair or []) for end in ends]
    if any(part.size == 0 for part in parts):
        return False
    shares = [float((part > 0).any(axis=1).mean()) for part in parts]
    return min(shares) > (0.85 if hair is None else 0.45) and sum(shares) > 1.2


def within_marks(mask: Mask, least: float) -> NDArray[np.bool_]:
    """Of a mask (height x width, 0 or 1) the marks that are ``least`` pixels high and wide, and
    what they hold: a seal's ring and its characters, and no figure beside a value.

    Of a ring of which the picture shows but a part, two sides go on beyond its edge.
    """
    found = np.zeros(mask.shape, np.bool_)
    left, top, across, down = cv2.boundingRect(mask)
    if not across:
        return found
    inked = (slice(top, top + down), slice(left, left + across))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(mask[inked]))
    boxes = [(x, y + top, x + wide, y + top + high) for x, y, wide, high, _ in stats[1:count]]
    cut = [box for box in boxes if box[3] - box[1] >= least / 2 and _is_cut(box, mask.shape[0])]
    large = [box for box in boxes if min(box[2] - box[0], box[3] - box[1]) >= least]
    large += [union(cut)] if cut else []
    within = [False, *(any(_is_within(box, one) for one in large) for box in boxes)]
    found[inked] = np.asarray(within, np.bool_)[labels]
    return found


def _is_cut(box: Rect, high: int) -> bool:
    return box[1] == 0 or box[3] == high


def _is_within(box: Rect, other: Rect) -> bool:
    return all(a >= b for a, b in zip(box[:2], other[:2], strict=True)) and all(
        a <= b for a, b in zip(box[2:], other[2:], strict=True)
    )
