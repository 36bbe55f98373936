"""Ruled tables on a sheet: rows of cells with wrapped text."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from clerk.drawing.fonts import Face
from clerk.drawing.sheet import Area, Colour, Line, Text

_PAD = 1.6
_LEADING = 1.3
_NO_START = set("）)」』》〉】，。、；：！？,.;:!?")
_GLUE = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-.,:/")


@dataclass(frozen=True)
class Cell:
    """Text in a cell of this width (millimetres)."""

    width: float
    text: str
    key: str = ""
    left: bool = False
    shade: Colour | None = None
    colour: Colour = (20, 20, 20)
    bold: bool = False


@dataclass
class Table:
    """Grows downwards from (x, y); its marks are ready at any time."""

    face: Face
    x: float
    y: float
    size: float
    rule: float = 0.3
    colour: Colour = (20, 20, 20)
    min_height: float = 10.5
    marks: list[Line | Area | Text] = field(default_factory=list)

    def row(self, cells: Sequence[Cell], height: float = 0, x: float | None = None) -> float:
        """Add a row from ``x`` on; returns its height."""
        left = self.x if x is None else x
        high = max(height or self.min_height, *(self._needed(cell) for cell in cells))
        for cell in cells:
            self.cell(cell, left, self.y, high)
            left += cell.width
        self.y += high
        return high

    def cell(self, cell: Cell, x: float, y: float, height: float) -> None:
        """One ruled cell with its text in the middle (or at the left)."""
        if cell.shade:
            self.marks.append(Area(x, y, x + cell.width, y + height, cell.shade))
        if self.rule:
            self._frame(x, y, x + cell.width, y + height)
        lines = wrap(self.face, cell.text, self.size, cell.width - 2 * _PAD)
        top = y + (height - self._height(len(lines))) / 2
        for line in lines:
            spare = cell.width - 2 * _PAD - self.face.width(line, self.size)
            at = x + _PAD + (0 if cell.left else spare / 2)
            self.marks.append(Text(at, top, self.size, line, cell.key, cell.colour, cell.bold))
            top += self.size * _LEADING

    def _needed(self, cell: Cell) -> float:
        lines = wrap(self.face, cell.text, self.size, cell.width - 2 * _PAD)
        return self._height(len(lines)) + 2 * _PAD

    def _height(self, lines: int) -> float:
        return self.size * (_LEADING * (lines - 1) + 1)

    def _frame(self, x0: float, y0: float, x1: float, y1: float) -> None:
        corners = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
        for (ax, ay), (bx, by) in zip(corners, (*corners[1:], corners[0]), strict=True):
            self.marks.append(Line(ax, ay, bx, by, self.rule, self.colour))


def wrap(face: Face, text: str, size: float, width: float) -> list[str]:
    """Lines no wider than ``width``; words of Latin letters and figures stay whole if they fit."""
    lines: list[str] = []
    line = last = ""
    for piece in _pieces(text):
        for part in [piece] if face.width(piece, size) <= width else list(piece):
            if line and face.width(line + part, size) > width:
                # A closing mark never starts a line: the word before it comes along.
                carried = last if part in _NO_START and len(last) < len(line) else ""
                lines.append(line.removesuffix(carried))
                line = carried
            line, last = line + part, part
    return [*lines, line]


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for char in text:
        if char in _GLUE and pieces and pieces[-1][-1] in _GLUE:
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces
