"""Lines are looked for where something is printed; nothing printed is left out."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr.engines import shelf
from ocr.engines.port import Picture
from ocr.fonts import chinese
from ocr.inked import Inked
from ocr.places import places
from ocr.rules import find_cells
from ocr.sheet import Rect, inside
from tests.ocr.scripted import line

PAGE = (1600, 1130)
TEXT = "应清缴配额 1234567 吨"


def _page(texts: dict[tuple[int, int], str], ink: int = 0, paper: int = 255) -> Picture:
    """A page with texts of 30 pixels whose left top corners are given (x, y)."""
    image = Image.new("L", PAGE[::-1], paper)
    font = chinese(30)
    assert font is not None
    for place, text in texts.items():
        ImageDraw.Draw(image).text(place, text, font=font, fill=ink)
    return np.dstack([np.asarray(image, np.uint8)] * 3)


def _table_with(page: Picture) -> Picture:
    """The page on a table of wood: streaks as dark as pale print, from side to side."""
    height, width = page.shape[:2]
    rng = np.random.default_rng(5)
    streaks = cv2.blur(rng.integers(20, 140, (height + 500, 1)).astype(np.float32), (1, 3))
    table = np.repeat(np.repeat(streaks, width + 400, axis=1)[:, :, None], 3, axis=2)
    found = table.astype(np.uint8)
    found[250 : 250 + height, 200 : 200 + width] = page
    return found


def _close(found: Rect, meant: Rect, most: float) -> bool:
    return all(abs(a - b) <= most for a, b in zip(found, meant, strict=True))


@pytest.mark.parametrize(("ink", "paper"), [(0, 255), (200, 255), (90, 140), (240, 120)])
def test_the_box_is_around_all_print_whatever_its_colour(ink: int, paper: int) -> None:
    page = _page({(200, 300): TEXT, (500, 900): TEXT}, ink, paper)
    x0, y0, x1, y1 = Inked(page).box()
    assert 140 < x0 < 200
    assert 240 < y0 < 308
    assert 780 < x1 < 900
    assert 930 < y1 < 1000


def test_one_character_far_from_the_others_is_in_the_box() -> None:
    box = Inked(_page({(200, 300): TEXT, (1080, 1550): "日"})).box()
    assert box[2] > 1110
    assert box[3] > 1580


def test_specks_of_dust_are_not() -> None:
    page = _page({(300, 400): TEXT})
    clean = Inked(page).box()
    page[20:23, 20:23] = page[1500:1502, 1000:1003] = 0
    assert Inked(page).box() == clean


@pytest.mark.parametrize("tone", [0, 128, 255])
def test_of_a_bare_page_the_whole_is_looked_at(tone: int) -> None:
    assert Inked(np.full((*PAGE, 3), tone, np.uint8)).box() == (0, 0, PAGE[1], PAGE[0])


def test_what_hangs_together_with_a_line_is_around_it_and_grain_is_not() -> None:
    texts = {(200, 300 + 45 * number): TEXT for number in range(8)}
    inked = Inked(_table_with(_page(texts)))
    assert _close(inked.box(), (0, 0, 1530, 2100), 45)
    seen = [line("", (400, 560, 700, 590))]
    assert _close(inked.around(seen), (360, 505, 770, 935), 60)


@pytest.mark.parametrize("photo", [False, True])
def test_lines_are_found_in_all_corners(photo: bool) -> None:
    corners = [(90, 80), (700, 80), (90, 1480), (700, 1480), (300, 700), (300, 800)]
    page = _page(dict.fromkeys(corners, TEXT))
    picture, dx, dy = (_table_with(page), 200, 250) if photo else (page, 0, 0)
    found = places(picture, shelf())
    for x, y in corners:
        middle = (x + dx + 150, y + dy + 18)
        assert any(inside(middle, one.box) for one in found), (x, y)
    assert len(found) < len(corners) + 3


def test_a_small_page_is_looked_at_from_near() -> None:
    """Print of 9 pixels in a picture that looking would shrink to a third of its size."""
    small = cv2.resize(_page({(90, 80): TEXT, (90, 180): TEXT}), None, fx=0.6, fy=0.6,
                       interpolation=cv2.INTER_AREA)  # fmt: skip
    picture = np.full((4000, 3000, 3), 255, np.uint8)
    picture[1000 : 1000 + small.shape[0], 900 : 900 + small.shape[1]] = small
    assert len(places(picture, shelf())) >= 2


def test_a_box_of_few_characters_that_is_drawn_too_high_hides_no_rule() -> None:
    """The box of 吨） reaches over the rule below; the cell ends there all the same."""
    page = np.full((400, 900, 3), 255, np.uint8)
    for y in (20, 100, 180, 260):
        cv2.line(page, (20, y), (880, y), (60, 60, 60), 2)
    for x in (20, 450, 880):
        cv2.line(page, (x, 20), (x, 260), (60, 60, 60), 2)
    cells = [(40 + 430 * column, 40 + 80 * row) for row in range(3) for column in range(2)]
    lines = [line("应清缴配额量", (x, y, x + 300, y + 40)) for x, y in cells]
    high = line("吨）", (250, 50, 330, 104))
    assert (23, 23, 448, 98) in find_cells(page, lines)
    assert find_cells(page, [*lines, high]) == find_cells(page, lines)
