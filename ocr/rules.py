"""A table's ruled lines on a flat page → its cells, with the lines of text that stand in each."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.engines.port import Picture
from ocr.sheet import Block, Line, Rect, centre, columns_overlap, inside, overlap, union

_Mask = NDArray[np.uint8]
LEAST_CELLS = 6
"""Of a table: what encloses fewer is a frame, or a rule and a false one."""
_CONTRAST = 5
_LEAST_BARE = 0.1
_FAINT = 40
"""Grey levels by which a faint rule is darker than its paper."""
_FEW = 5
"""Heights of a line, of the longest one whose box is not believed to be that high."""


def blocks_of(page: Picture, lines: Sequence[Line], least: int = LEAST_CELLS) -> tuple[Block, ...]:
    """All text of a flat page as cells (where it is ruled) and single lines (where not).

    ``least``: with fewer cells that have text it is a page without a table.
    """
    cells = find_cells(page, lines, least)
    homes: list[list[Line]] = [[] for _ in cells]
    loose: list[Line] = []
    for line in lines:
        home = _home(line, cells)
        (loose if home is None else homes[home]).append(line)
    if sum(bool(inner) for inner in homes) < least:
        return tuple(Block((line,), line.box) for line in lines)
    ruled = [
        Block(tuple(in_order(inner)), cell, ruled=True)
        for cell, inner in zip(cells, homes, strict=True)
    ]
    return (*ruled, *(Block((line,), line.box) for line in loose))


def in_order(lines: Sequence[Line]) -> list[Line]:
    """Lines of a cell from top to bottom; pieces of one line from left to right."""
    return [line for row in text_rows(lines) for line in row]


def text_rows(lines: Sequence[Line]) -> list[list[Line]]:
    """The same, pieces of one line together."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda item: item.box[1] + item.box[3]):
        middle = (line.box[1] + line.box[3]) / 2
        height = line.box[3] - line.box[1]
        last = rows[-1][-1].box if rows else None
        # Lines of a file without places share their cell's: each is one of its own.
        if last and last != line.box and abs(middle - (last[1] + last[3]) / 2) < 0.5 * height:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda item: item.box[0]) for row in rows]


def crosses(line: Line, blocks: Sequence[Block]) -> list[Rect]:
    """Cells that a recognised line reaches into, where they are several: it must be cut there."""
    found: list[Rect] = []
    for block in sorted(blocks, key=lambda b: b.height * (b.box[2] - b.box[0])):
        box = block.box
        # A cell that holds others, since a rule of theirs was not found, would cut it twice.
        if not block.ruled or any(columns_overlap(box, other) > 0.5 for other in found):
            continue
        if overlap(line.box[1], line.box[3], box[1], box[3]) < 0.5 * (line.box[3] - line.box[1]):
            continue
        if overlap(line.box[0], line.box[2], box[0], box[2]) > 0.8 * (line.box[3] - line.box[1]):
            found.append(box)
    return sorted(found) if len(found) > 1 else []


def _home(line: Line, cells: Sequence[Rect]) -> int | None:
    x, y = (line.box[0] + line.box[2]) / 2, (line.box[1] + line.box[3]) / 2
    inside = [i for i, c in enumerate(cells) if c[0] <= x <= c[2] and c[1] <= y <= c[3]]
    return min(inside, key=lambda i: (cells[i][2] - cells[i][0]) * (cells[i][3] - cells[i][1]),
               default=None)  # fmt: skip


def find_cells(page: Picture, lines: Sequence[Line], least: int = LEAST_CELLS) -> list[Rect]:
    """Boxes of the closed cells on a flat page; [] where there is no table of ``least`` cells."""
    grey: _Mask = np.asarray(cv2.cvtColor(page, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    whole, inner = _text_mask(grey.shape, lines, 0.0), _text_mask(grey.shape, lines, 0.25)
    pale = _paled(grey, whole, lines)
    masks = (grey, pale, whole, inner)
    across = _thin_lines(lines, *masks)
    upright = _thin_lines(lines, *map(_transposed, masks))
    joined = cv2.dilate(cv2.max(across, _transposed(upright)), np.ones((3, 3), np.uint8))
    walls: _Mask = np.asarray(joined, dtype=np.uint8)
    return _without_false_walls(_enclosed(walls, lines, least), grey)


def _transposed(mask: _Mask) -> _Mask:
    return np.asarray(cv2.transpose(mask), np.uint8)


def _text_mask(shape: tuple[int, ...], lines: Sequence[Line], inset: float) -> _Mask:
    """Where text stands no rule can be: strokes in a row look like one.

    Boxes reach beyond their text, at the ends further than above and below: ``inset`` is the part
    of a line's height that is left out at its ends. Those of a few characters (吨）) are drawn too
    high, over the rule below, and count as high as others.
    """
    mask = np.zeros(shape[:2], np.uint8)
    typical = _typical_height(lines)
    for line in lines:
        x0, y0, x1, y1 = line.box
        if x1 - x0 < _FEW * typical and y1 - y0 > typical:
            spare = 0.5 * (y1 - y0 - typical)
            y0, y1 = y0 + spare, y1 - spare
        dx, dy = inset * (y1 - y0), 0.5 * inset * (y1 - y0)
        corner = (int(x0 + dx), int(y0 + dy)), (int(x1 - dx), int(y1 - dy))
        if x1 - x0 > 3 * dx:
            cv2.rectangle(mask, *corner, 255, -1)
    return mask


def _thin_lines(
    lines: Sequence[Line], grey: _Mask, pale: _Mask, whole: _Mask, inner: _Mask
) -> _Mask:
    """Dark horizontal structures, thin across and long along; faint ones by averaging along."""
    height = _typical_height(lines)
    run = _run(height)
    smooth = _averaged(grey, pale, whole, run)
    thick = max(7, int(0.35 * height) | 1)
    hat = cv2.morphologyEx(smooth, cv2.MORPH_BLACKHAT, np.ones((thick, 1), np.uint8))
    mask = cv2.subtract(cv2.threshold(hat, _CONTRAST - 1, 255, cv2.THRESH_BINARY)[1], whole)
    # Bridge what text beside it, noise or a fold interrupts, then keep what is long. A rule never
    # runs through text, but rules above and below a wide cell could be bridged to one.
    kernel = np.ones((1, int(1.3 * height)), np.uint8)
    mask = cv2.subtract(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel), inner)
    long = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, int(1.6 * height)), np.uint8))
    joined = cv2.morphologyEx(long, cv2.MORPH_CLOSE, np.ones((3, 2 * run), np.uint8))
    return np.asarray(cv2.subtract(joined, inner), dtype=np.uint8)


def _run(height: float) -> int:
    """Pixels along which a rule is averaged, for lines of this height."""
    return max(15, int(0.9 * height))


def _paled(grey: _Mask, text: _Mask, lines: Sequence[Line]) -> _Mask:
    """The page where nothing is darker than a faint rule: in an average along, a few pixels of a
    wall that ends at a text would else darken the strip below it as a rule does.

    A text's own light says nothing of its paper: it is white on the heading of many a table.
    """
    # An even kernel would move the edge of a heading's ground by a pixel, over its rule.
    run = _run(_typical_height(lines)) | 1
    bare = cv2.subtract(grey, text)
    paper = cv2.morphologyEx(bare, cv2.MORPH_CLOSE, np.ones((run, run), np.uint8))
    faint = cv2.subtract(paper, np.full(1, _FAINT, np.uint8))
    return np.asarray(cv2.max(grey, faint), np.uint8)


def _averaged(grey: _Mask, pale: _Mask, text: _Mask, run: int) -> _Mask:
    """Along ``run`` pixels, over what is no text: else bold strokes would reach out of their line's
    box, above and below, and meet those of the next line as if rules ran between them."""
    stroke = 2 * max(1, run // 20) + 1
    near = cv2.dilate(text, np.ones((1, stroke), np.uint8))
    bare = cv2.threshold(near, 0, 1, cv2.THRESH_BINARY_INV)[1]
    share = cv2.boxFilter(bare, cv2.CV_32F, (run, 1))
    light = cv2.boxFilter(cv2.subtract(pale, near), cv2.CV_32F, (run, 1))
    smooth = cv2.divide(light, np.maximum(share, _LEAST_BARE), dtype=cv2.CV_8U)
    # Deep within a text it is what it is: were it as light as paper, or lighter, the strip between
    # two of its lines would be a rule.
    deep: _Mask = np.asarray(share < _LEAST_BARE, np.uint8)
    return np.asarray(cv2.copyTo(cv2.blur(grey, (run, 1)), deep, smooth), np.uint8)


def _typical_height(lines: Sequence[Line]) -> float:
    heights = sorted(line.box[3] - line.box[1] for line in lines)
    return heights[len(heights) // 2] if heights else 30.0


def _enclosed(walls: _Mask, lines: Sequence[Line], least: int) -> list[Rect]:
    height = _typical_height(lines)
    _, _, stats, _ = cv2.connectedComponentsWithStats(255 - walls, connectivity=4)
    page = walls.shape[0] * walls.shape[1]
    cells = []
    for x, y, w, h, area in stats[1:]:
        if w < 1.2 * height or h < 0.9 * height or w * h > 0.5 * page:
            continue
        # A cell fills its box; a region around other cells does not.
        if area > 0.75 * w * h:
            cells.append((float(x), float(y), float(x + w), float(y + h)))
    cells = [cell for cell in cells if not _encloses(cell, cells)]
    table = union(cells)
    return cells if len(cells) >= least and table[2] - table[0] > 5 * height else []


def _encloses(cell: Rect, cells: list[Rect]) -> bool:
    """A panel around a table is no cell."""
    inner = [c for c in cells if c is not cell and inside(centre(c), cell)]
    return len(inner) > 1


def _without_false_walls(cells: list[Rect], grey: _Mask) -> list[Rect]:
    """Strokes at the end of a text can pass for a wall that cuts it: join what they parted."""
    kept: list[Rect] = []
    for cell in sorted(cells, key=lambda c: c[0]):
        parted = next((c for c in kept if _is_false(c, cell, grey)), None)
        if parted is None:
            kept.append(cell)
        else:
            kept[kept.index(parted)] = union((parted, cell))
    return kept


def _is_false(left: Rect, right: Rect, grey: _Mask) -> bool:
    """A rule runs from edge to edge of its cells; a stroke ends where the text does."""
    if abs(left[1] - right[1]) + abs(left[3] - right[3]) > 0.5 * (left[3] - left[1]):
        return False
    y0, y1 = int(max(left[1], right[1])), int(min(left[3], right[3]))
    x0, x1 = int(left[2]) - 2, int(right[0]) + 2
    if not 4 <= x1 - x0 <= 40 or y1 - y0 < 8 or x0 < 0:
        return False
    strip = grey[y0:y1, x0:x1].astype(np.float64)
    darkness = np.median(strip) - strip.min(axis=1)
    edge = max(2, (y1 - y0) // 7)
    ends = np.concatenate([darkness[:edge], darkness[-edge:]])
    return float(np.median(ends)) < 0.45 * float(np.percentile(darkness[edge:-edge], 80))
