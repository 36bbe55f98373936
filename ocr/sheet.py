"""The neutral result tree: what stands where on a page, whoever read it.

Boxes are ``(x0, y0, x1, y1)`` in the sheet's own units (pixels, points, or grid steps for files
without pages), y downwards.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

Rect = tuple[float, float, float, float]
NO_RECT: Rect = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Line:
    """One printed line. ``quad``: its corners clockwise from top left, where it was recognised."""

    text: str
    box: Rect
    confidence: float = 1.0
    quad: tuple[tuple[float, float], ...] = ()
    source: str = "raw"
    """``raw``, or ``clean`` where it was found only after the seal was taken off."""
    each: tuple[float, ...] = ()
    """How sure the engine is of each character; () where that is not known."""

    @property
    def height(self) -> float:
        """Across its own direction, which may be no side of its box; it needs its corners."""
        return math.dist(self.quad[0], self.quad[3])


@dataclass(frozen=True)
class Block:
    """A cell of a ruled table with all its lines, or a single line outside of any table."""

    lines: tuple[Line, ...]
    box: Rect
    ruled: bool = False

    @property
    def text(self) -> str:
        """Its lines, one below the other."""
        return "\n".join(line.text for line in self.lines)

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]

    @property
    def line_height(self) -> float:
        heights = sorted(line.box[3] - line.box[1] for line in self.lines)
        return heights[len(heights) // 2] if heights else self.height


@dataclass(frozen=True)
class Sheet:
    """One page as text with places. ``page`` is None for files without pages."""

    blocks: tuple[Block, ...]
    width: float
    height: float
    page: int | None = None
    native: bool = False
    """Nobody had to recognise the text."""
    texts: tuple[str, ...] = field(default=())
    cut: frozenset[tuple[Rect, Rect]] = frozenset()
    """Boxes of lines that go on over their cell's rules, each with that of the line that it touches
    there, or with its own."""

    def lines(self) -> list[Line]:
        return [line for block in self.blocks for line in block.lines]


def union(boxes: Iterable[Rect]) -> Rect:
    """The smallest box around all; `NO_RECT` for none."""
    found = list(boxes)
    if not found:
        return NO_RECT
    return (
        min(box[0] for box in found),
        min(box[1] for box in found),
        max(box[2] for box in found),
        max(box[3] for box in found),
    )


def overlap(a0: float, a1: float, b0: float, b1: float) -> float:
    """Length of the common part of two spans, 0 for none."""
    return max(0.0, min(a1, b1) - max(a0, b0))


def rows_overlap(a: Rect, b: Rect) -> float:
    """Common height over the lesser height, 0…1."""
    return overlap(a[1], a[3], b[1], b[3]) / max(1e-6, min(a[3] - a[1], b[3] - b[1]))


def columns_overlap(a: Rect, b: Rect) -> float:
    """Common width over the lesser width, 0…1."""
    return overlap(a[0], a[2], b[0], b[2]) / max(1e-6, min(a[2] - a[0], b[2] - b[0]))


def centre(box: Rect) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def inside(point: tuple[float, float], box: Rect) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]


def moved(line: Line, dx: float, dy: float) -> Line:
    """A line of a part of the picture at its place in the whole."""
    x0, y0, x1, y1 = line.box
    quad = tuple((x + dx, y + dy) for x, y in line.quad)
    return replace(line, box=(x0 + dx, y0 + dy, x1 + dx, y1 + dy), quad=quad)
