"""A page's picture → a sheet: turned upright, recognised, flattened, sorted into cells."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ocr import inks
from ocr.crops import crop, is_wide
from ocr.engines import Shelf
from ocr.engines.port import Picture
from ocr.geometry import Flat, flatten, page_box, turned
from ocr.inked import thumbnail
from ocr.near import is_drawn
from ocr.places import Look, from_near, places
from ocr.rules import blocks_of, crosses
from ocr.shaken import sharpened, smear_of
from ocr.sheet import Block, Line, Rect, Sheet
from ocr.torn import joined_dates
from ocr.underseal import red_regions, under_seals

_LONGEST = 3600
_JUDGES = 12


@dataclass(frozen=True)
class Scan:
    """One recognised page and what its values are checked against."""

    sheet: Sheet
    picture: Picture
    """Turned upright, otherwise as it came: crops are cut from here."""
    cleaned: Picture
    """The same without the red of seals; the very same object where there is none."""
    flat: Flat
    page: Picture
    """The flat page."""
    red: inks.Mask
    """Of the flat page."""
    ink: inks.Mask
    """Of the flat page, seal and all rules included."""
    degrees: int
    shaken: bool = False
    """Whether it was sharpened first: sharpening draws strokes that are not there, too."""

    def box(self, box: Rect) -> Rect:
        """A flat box as fractions of the page as its reader sees it."""
        height, width = self.picture.shape[:2]
        return page_box(self.flat, box, self.degrees, width, height)


def scan(image: Picture, shelf: Shelf, number: int | None) -> Scan:
    """Recognises one page; a page without text gives a sheet without blocks."""
    image = _sized(image)
    picture, degrees, found = _upright(image, shelf)
    lines = shelf.primary.fill(picture, from_near(picture, found, shelf))
    still, lines = _held_still(picture, lines, shelf)
    shaken, picture = still is not picture, still
    mask, cleaned = _without_seals(picture)
    lines = under_seals(picture, cleaned, mask, lines, shelf)
    lines = [line for line in lines if line.text.strip()]
    lines = joined_dates(lines, picture, cleaned, mask, shelf)
    flat = flatten(lines, picture)
    page = flat.warp(picture)
    red, bare = _without_seals(page)
    placed = [flat.line(line) for line in lines]
    blocks = blocks_of(bare, placed)
    cut = _cut_at_walls(placed, blocks, flat, picture, shelf)
    if cut != placed:
        blocks = blocks_of(bare, cut)
    sheet = Sheet(tuple(blocks), flat.width, flat.height, number)
    return Scan(sheet, picture, cleaned, flat, page, red, inks.ink_map(bare), degrees, shaken)


def _held_still(picture: Picture, lines: list[Line], shelf: Shelf) -> tuple[Picture, list[Line]]:
    """A shaken photo as it would be from a steady hand, and its lines."""
    smear = smear_of(picture, lines, shelf.primary)
    if smear is None:
        return picture, lines
    picture = sharpened(picture, smear)
    return picture, shelf.primary.fill(picture, from_near(picture, places(picture, shelf), shelf))


def _without_seals(picture: Picture) -> tuple[inks.Mask, Picture]:
    """Where seals lie, and the picture without them; on copies without colour by their paleness,
    as which the bars of a screen may look (of a drawing that is no copy)."""
    mask = inks.red_mask(picture)
    if red_regions(mask):
        return mask, inks.without_red(picture, mask)
    pale = inks.grey_seal_mask(picture)
    bars = pale.any() and (_reaches_edges(pale) or inks.is_ground(picture, pale))
    if bars and inks.has_colour(picture) and is_drawn(picture):
        pale = np.zeros_like(pale)
    return pale, inks.without_pale(picture, pale)


def _reaches_edges(mask: inks.Mask) -> bool:
    return bool(mask[[0, -1]].any() or mask[:, [0, -1]].any())


def _sized(image: Picture) -> Picture:
    longest = max(image.shape[:2])
    if longest <= _LONGEST:
        return image
    scale = _LONGEST / longest
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)


def _upright(image: Picture, shelf: Shelf) -> tuple[Picture, int, Look]:
    """The orientation model's word, checked by how the lines run and which way is up.

    The lines come without their text: it is read once, when the page stands upright.
    """
    small = thumbnail(image)
    degrees = shelf.orientation.turn(small)
    picture = turned(image, degrees)
    found = places(picture, shelf, None if degrees else small)
    more = _further_turn(picture, found.lines, shelf)
    if more == 90:
        degrees = (degrees + 90) % 360
        picture = turned(image, degrees)
        found = places(picture, shelf)
        more = _further_turn(picture, found.lines, shelf)
    if more == 180:
        degrees = (degrees + 180) % 360
        picture = turned(image, degrees)
        found = _upside_up(found, picture)
    return picture, degrees, found


def _upside_up(found: Look, picture: Picture) -> Look:
    """What was seen of a picture that stood on its head: to look again costs half a second."""
    height, width = picture.shape[:2]

    def turned_over(line: Line) -> Line:
        x0, y0, x1, y1 = line.box
        quad = tuple((width - x, height - y) for x, y in line.quad)
        box = (width - x1, height - y1, width - x0, height - y0)
        return replace(line, box=box, quad=quad[2:] + quad[:2])

    return replace(found, lines=[turned_over(line) for line in reversed(found.lines)])


def _further_turn(picture: Picture, found: Sequence[Line], shelf: Shelf) -> int:
    tall = [line for line in found if _is_tall(line)]
    wide = [line for line in found if is_wide(line)]
    if len(tall) >= 4 and len(tall) > 0.6 * (len(tall) + len(wide)):
        return 90
    judges = sorted(wide, key=lambda line: line.box[0] - line.box[2])[:_JUDGES]
    votes = shelf.primary.upside_down([crop(picture, line) for line in judges])
    return 180 if votes > max(1, len(judges) // 4) else 0


def _is_tall(line: Line) -> bool:
    box = line.box
    return (box[3] - box[1]) > 2.5 * (box[2] - box[0])


def _cut_at_walls(
    lines: list[Line], blocks: Sequence[Block], flat: Flat, picture: Picture, shelf: Shelf
) -> list[Line]:
    """A line that reaches into several cells is read again cell by cell."""
    kept: list[Line] = []
    pieces: list[Line] = []
    for line in lines:
        cells = crosses(line, blocks)
        if not cells:
            kept.append(line)
            continue
        for cell in cells:
            box = (max(line.box[0], cell[0]), line.box[1], min(line.box[2], cell[2]), line.box[3])
            pieces.append(replace(line, box=box, quad=flat.back(box)))
    found = shelf.primary.read_lines([crop(picture, piece, 0.0) for piece in pieces])
    for piece, read in zip(pieces, found, strict=True):
        if read.text.strip():
            kept.append(replace(piece, text=read.text, confidence=read.confidence, each=read.each))
    return kept
