"""Print beside a value that nobody read: part of it may be missing."""

from dataclasses import replace

import pytest

from ocr.hits import Hit
from ocr.sheet import Line, Rect
from procedure.readings import Reading
from tests.ocr.scripted import First, line, shelf
from tests.ocr.test_voting import hit, page, read, told

USUAL: Rect = (40.0, 40.0, 240.0, 72.0)
ONE: Rect = (300.0, 48.0, 312.0, 65.0)
"""A figure's own box, half as high as lines on that page are."""


def _read(
    one: Line, *others: Line, ink: tuple[Rect, ...] = (), red: tuple[Rect, ...] = (),
    field: str = "offset_t", cell: Rect | None = None,
) -> Reading:  # fmt: skip
    """``one`` on a page with other lines, with print and a seal's red where told."""
    lines = [one, *others]
    shown = page(lines, red=red)
    for x0, y0, x1, y1 in (tuple(map(int, box)) for box in ink):
        shown.ink[y0:y1, x0:x1] = 255
    said = told(*(each.text for each in lines))
    found: Hit = hit(field, one)
    if cell is not None:
        found = replace(found, box=cell, ruled=True)
    return read(found, shelf(First(said), said), shown)


@pytest.mark.parametrize(
    ("text", "ink", "lost"),
    [
        # 5 1 9, 6 3 9 of which only the 5 was found, then a number of three figures.
        ("5", (330.0, 48.0, 340.0, 65.0), True),
        ("5", (350.0, 48.0, 360.0, 65.0), True),
        ("5", (370.0, 48.0, 380.0, 65.0), True),
        ("5", (400.0, 48.0, 410.0, 65.0), False),
        ("519", (330.0, 48.0, 340.0, 65.0), True),
        ("519", (350.0, 48.0, 360.0, 65.0), False),
        # Above or below it is another line's.
        ("5", (330.0, 10.0, 340.0, 40.0), False),
    ],
)
def test_figures_that_stand_apart(text: str, ink: Rect, lost: bool) -> None:
    found = _read(line(text, ONE), *(line("年", USUAL), line("月", USUAL)), ink=(ink,))
    assert ("unread-ink" in found.against) is lost


AMOUNT: Rect = (300.0, 100.0, 400.0, 132.0)
BEFORE: Rect = (262.0, 100.0, 298.0, 132.0)
PIECES = ((270.0, 110.0, 273.0, 115.0), (270.0, 120.0, 273.0, 124.0))
"""What is left of a 1 under a seal: none of it as high as a character."""


@pytest.mark.parametrize(
    ("field", "text", "red", "lost"),
    [
        ("offset_t", "435,430", (BEFORE,), True),
        ("code", "1194", (BEFORE,), True),
        # Specks are no print where no seal lies, nor beside what has its own length.
        ("offset_t", "435,430", (), False),
        ("date", "2021-11-05", (BEFORE,), False),
    ],
)
def test_pieces_of_a_figure_under_a_seal(
    field: str, text: str, red: tuple[Rect, ...], lost: bool
) -> None:
    found = _read(line(text, AMOUNT), ink=PIECES, red=red, field=field)
    assert ("unread-ink" in found.against) is lost


@pytest.mark.parametrize("by", [0.0, 140.0])
def test_pieces_on_either_side(by: float) -> None:
    pieces = tuple((x0 + by, y0, x1 + by, y1) for x0, y0, x1, y1 in PIECES)
    seal = ((BEFORE[0] + by, *BEFORE[1:2], BEFORE[2] + by, BEFORE[3]),)
    found = _read(line("435,430", AMOUNT), ink=pieces, red=seal)
    assert "unread-ink" in found.against


def test_what_another_line_has_read_is_no_piece() -> None:
    other = line("1", (264.0, 104.0, 280.0, 130.0))
    found = _read(line("435,430", AMOUNT), other, ink=PIECES, red=(BEFORE,))
    assert "unread-ink" not in found.against


def test_a_seal_alone_hides_nothing() -> None:
    found = _read(line("435,430", AMOUNT), red=(BEFORE,))
    assert "unread-ink" not in found.against
    # Nor does what lies beyond the value's cell.
    found = _read(line("435,430", AMOUNT), ink=PIECES, red=(BEFORE,), cell=(290, 96, 420, 136))
    assert "unread-ink" not in found.against


NAMED: Rect = (40.0, 100.0, 300.0, 120.0)


@pytest.mark.parametrize(
    ("field", "below", "cell", "lost"),
    [
        # The rest of a wrapped name, in the middle or at its left.
        ("name", (160.0, 119.0, 180.0, 140.0), None, True),
        ("project_name", (40.0, 122.0, 180.0, 142.0), None, True),
        # A row of its own: further off, as long, or under another column.
        ("name", (160.0, 128.0, 180.0, 148.0), None, False),
        ("name", (42.0, 121.0, 290.0, 141.0), None, False),
        ("name", (330.0, 119.0, 380.0, 140.0), None, False),
        # In a cell whose rules were seen what lies in it is told from what does not.
        ("name", (160.0, 119.0, 180.0, 140.0), (30.0, 95.0, 310.0, 121.0), False),
    ],
)
def test_a_name_goes_on_in_a_shorter_line_close_below(
    field: str, below: Rect, cell: Rect | None, lost: bool
) -> None:
    found = _read(
        line("西藏翎和风电场一期49.5MW工", NAMED), line("程", below), field=field, cell=cell
    )
    assert ("left-out" in found.against) is lost
