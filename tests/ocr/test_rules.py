"""Cells by their rules: however these are drawn, and whatever text stands near them."""

import itertools

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from clerk.drawing.fonts import packaged
from ocr.engines.port import Picture
from ocr.rules import find_cells
from ocr.sheet import Line

NARROW, _SHORT = (2, 7, 2, 8, 8), 3
"""Widths of columns in characters; of a text in the middle of the wide ones beside narrow ones."""


def _table(
    columns: tuple[int, ...], size: int, pad: int, spare: int, paper: int, faint: bool
) -> tuple[Picture, list[Line], int]:
    """A table with a text of two lines in each cell, ``spare`` higher than they are, and how many
    cells it has. Beside narrow columns the wide ones have short texts."""
    rows = 4
    font, high, gap = packaged().at(size), int(1.25 * size), 4
    down = 2 * high + gap + spare
    across = list(itertools.accumulate((c * size + 2 * pad for c in columns), initial=60))
    sheet = Image.new("L", (across[-1] + 80, 140 + down * rows), paper)
    draw = ImageDraw.Draw(sheet)
    fill, width = (paper - 25, 1) if faint else (60, 2)
    for x in across:
        draw.line((x, 60, x, 60 + down * rows), fill=fill, width=width)
    for y in range(60, 61 + down * rows, down):
        draw.line((60, y, across[-1], y), fill=fill, width=width)
    lines = []
    for top, (x, wide), second in itertools.product(
        range(60, 60 + down * rows, down), zip(across, columns, strict=False), (0, 1)
    ):
        short = columns == NARROW and wide > 2
        if short and second:
            continue
        count = _SHORT if short else wide
        y = top + (down - high) // 2 if short else top + spare // 2 + second * (high + gap)
        left = x + pad + (wide - count) * size // 2
        text = "项目编号河北宁远热力"[second * 2 :][:count]
        draw.text((left, y + high / 2), text, fill=30, font=font, anchor="lm")
        lines.append(Line(text, (left - 3, y, left + count * size + 3, y + high)))
    grey = np.asarray(sheet)
    page = cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)
    return np.asarray(page, np.uint8), lines, len(columns) * rows


@pytest.mark.parametrize("paper", [255, 240, 200])
@pytest.mark.parametrize(
    ("columns", "pad", "spare", "faint"),
    [
        ((8, 6, 5), 12, 10, False),
        ((8, 6, 5), 12, 10, True),
        ((8, 6, 5), 12, 2, False),
        (NARROW, 6, 10, True),
        (NARROW, 2, 10, False),
    ],
)
def test_cells_are_found_whatever_stands_in_them(
    paper: int, columns: tuple[int, ...], pad: int, spare: int, faint: bool
) -> None:
    """Wrapped texts, close to one another and to the rules, on paper that is no pure white."""
    page, lines, wanted = _table(columns, 24, pad, spare, paper, faint)
    assert len(find_cells(page, lines)) == wanted


@pytest.mark.parametrize("size", [16, 20, 24])
@pytest.mark.parametrize(("ground", "ink", "width"), [(217, 0, 1), (90, 255, 2)])
def test_a_heading_on_a_ground_of_its_own_has_cells(
    size: int, ground: int, ink: int, width: int
) -> None:
    """Black text on pale grey beside thin rules, white text on a dark ground."""
    font, high = packaged().at(size), int(1.25 * size)
    down = round(1.75 * high)
    edges = range(60, 61 + 15 * size, 5 * size)
    sheet = Image.new("L", (edges[-1] + 80, 100 + 5 * down), 255)
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((60, 60, edges[-1], 60 + down), fill=ground)
    lines = []
    for row, x in itertools.product(range(4), edges[:-1]):
        left, top = x + size // 2, 60 + row * down + (down - high) // 2
        fill = 0 if row else ink
        draw.text((left, top + high / 2), "项目编号", fill=fill, font=font, anchor="lm")
        lines.append(Line("项目编号", (left - 2, top, left + 4 * size + 2, top + high)))
    for x in edges:
        draw.line((x, 60, x, 60 + 4 * down), fill=0, width=width)
    for y in range(60, 61 + 4 * down, down):
        draw.line((60, y, edges[-1], y), fill=0, width=width)
    page = cv2.cvtColor(np.asarray(sheet), cv2.COLOR_GRAY2BGR)
    assert len(find_cells(np.asarray(page, np.uint8), lines)) == 12


def test_cells_of_a_ruled_table() -> None:
    page = np.full((400, 600, 3), 255, np.uint8)
    for x in (50, 250, 550):
        cv2.line(page, (x, 50), (x, 350), (120, 120, 120), 2)
    for y in (50, 125, 200, 275, 350):
        cv2.line(page, (50, y), (550, y), (120, 120, 120), 2)
    lines = [Line("测试", (70, y, 130, y + 26)) for y in (75, 150, 225, 300)]
    # A figure's own box is hardly wider than what is left out at the ends of a line.
    assert len(find_cells(page, [*lines, Line("1", (300, 75, 310, 101))])) == 8


def test_bold_strokes_of_lines_one_below_the_other_are_no_rules() -> None:
    """Upright strokes go on in the next row's: averaged along they would meet between the lines."""
    page = np.full((800, 1000, 3), 255, np.uint8)
    for x in (50, 300, 850):
        cv2.line(page, (x, 50), (x, 650), (0, 0, 0), 4)
    for y in range(50, 651, 100):
        cv2.line(page, (50, y), (850, y), (0, 0, 0), 4)
    lines = []
    for top, x in itertools.product(range(64, 600, 100), (70, 320)):
        lines.append(Line("测试测试", (x, top, x + 200, top + 72)))
        for stroke in range(x + 6, x + 200, 25):
            cv2.line(page, (stroke, top), (stroke, top + 72), (0, 0, 0), 6)
    found = [cell for cell in find_cells(page, lines) if 50 <= cell[1] < 650]
    assert sorted({round(cell[2] - cell[0], -1) for cell in found}) == [240, 540]
    assert len(found) == 12
