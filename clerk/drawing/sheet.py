"""A page as marks in millimetres: what the form and screen layouts make, what painters paint."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from clerk.drawing.fonts import Face
from clerk.drawing.truth import Box

Colour = tuple[int, int, int]
BLACK: Colour = (20, 20, 20)


@dataclass(frozen=True)
class Line:
    """A rule from (x0, y0) to (x1, y1)."""

    x0: float
    y0: float
    x1: float
    y1: float
    width: float = 0.25
    colour: Colour = BLACK


@dataclass(frozen=True)
class Area:
    """A filled rectangle."""

    x0: float
    y0: float
    x1: float
    y1: float
    colour: Colour


@dataclass(frozen=True)
class Text:
    """One line of text; (x, y) is the top left of its em box. ``key`` names a truth field."""

    x: float
    y: float
    size: float
    text: str
    key: str = ""
    colour: Colour = BLACK
    bold: bool = False
    hand: Face | None = None
    """Written by hand in this face, not printed in the sheet's."""


@dataclass(frozen=True)
class PlacedSeal:
    """A seal of ``size`` millimetres across with its middle at (x, y)."""

    x: float
    y: float
    text: str
    code: str = ""
    kind: str = ""
    """合同专用章 … for a special seal, "" for the official one."""
    size: float = 42
    angle: float = 0
    strength: float = 0.85
    oval: bool = False
    face: Face | None = None


@dataclass(frozen=True)
class Sheet:
    """One page. Marks are painted in their order, seals last."""

    width: float
    height: float
    face: Face
    marks: tuple[Line | Area | Text, ...] = ()
    seals: tuple[PlacedSeal, ...] = ()

    def texts(self) -> Iterator[Text]:
        """All texts in the order of the page."""
        return (mark for mark in self.marks if isinstance(mark, Text))

    def boxes(self) -> dict[str, Box]:
        """Key → the box around all its lines, as fractions of the page."""
        found: dict[str, Box] = {}
        for text in self.texts():
            if text.key:
                box = self._box(text)
                found[text.key] = _around(found[text.key], box) if text.key in found else box
        return found

    def printed(self) -> dict[str, str]:
        """Key → its text as printed, lines joined."""
        found: dict[str, str] = {}
        for text in self.texts():
            if text.key:
                found[text.key] = found.get(text.key, "") + text.text
        return found

    def seal_box(self) -> Box | None:
        """The box of the first seal."""
        if not self.seals:
            return None
        seal = self.seals[0]
        half_x, half_y = seal.size / 2, seal.size / (2.9 if seal.oval else 2)
        return (
            (seal.x - half_x) / self.width,
            (seal.y - half_y) / self.height,
            (seal.x + half_x) / self.width,
            (seal.y + half_y) / self.height,
        )

    def _box(self, text: Text) -> Box:
        width = (text.hand or self.face).width(text.text, text.size)
        return (
            text.x / self.width,
            text.y / self.height,
            (text.x + width) / self.width,
            (text.y + text.size) / self.height,
        )


def onto(page: Sheet, sheet: Sheet, x: float, y: float, scale: float) -> Sheet:
    """``page`` with ``sheet`` printed on it, its top left at (x, y)."""
    return replace(page, marks=(*page.marks, *_moved(sheet.marks, x, y, scale)))


def _moved(
    marks: Iterable[Line | Area | Text], x: float, y: float, scale: float
) -> Iterator[Line | Area | Text]:
    for mark in marks:
        if isinstance(mark, Text):
            yield replace(mark, x=x + mark.x * scale, y=y + mark.y * scale, size=mark.size * scale)
            continue
        moved = replace(
            mark,
            x0=x + mark.x0 * scale,
            y0=y + mark.y0 * scale,
            x1=x + mark.x1 * scale,
            y1=y + mark.y1 * scale,
        )
        yield moved


def _around(a: Box, b: Box) -> Box:
    return (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))
