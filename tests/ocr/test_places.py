"""Lines are looked for where something is printed; nothing printed is left out."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from ocr.engines import shelf
from ocr.engines.neural import DETECTION_LIMIT, PpOcrV6
from ocr.engines.port import Picture
from ocr.fonts import chinese
from ocr.inked import inked_box
from ocr.places import Places, at_first, closely, places
from ocr.rules import find_cells
from ocr.sheet import Line, inside, moved
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


@pytest.mark.parametrize(("ink", "paper"), [(0, 255), (200, 255), (90, 140), (240, 120)])
def test_the_box_is_around_all_print_whatever_its_colour(ink: int, paper: int) -> None:
    page = _page({(200, 300): TEXT, (500, 900): TEXT}, ink, paper)
    x0, y0, x1, y1 = inked_box(page)
    assert 140 < x0 < 200
    assert 240 < y0 < 308
    assert 780 < x1 < 900
    assert 930 < y1 < 1000


@pytest.mark.parametrize("ink", [0, 235])
def test_one_mark_far_from_all_else_is_in_the_box(ink: int) -> None:
    """The date below everything, a figure as pale as it can be read, a speck."""
    box = inked_box(_page({(200, 300): TEXT, (1080, 1550): "1"}, ink))
    assert box[2] > 1095
    assert box[3] > 1580
    page = _page({(200, 300): TEXT})
    page[1400:1402, 60:62] = 0
    box = inked_box(page)
    assert box[0] < 60
    assert box[3] > 1402


@pytest.mark.parametrize("print_of", [(255, 0, 0), (0, 110, 200)])
def test_print_as_grey_as_its_ground_is_in_the_box(print_of: tuple[int, int, int]) -> None:
    one = np.array([[print_of]], np.uint8)
    page = np.full((*PAGE, 3), int(cv2.cvtColor(one, cv2.COLOR_BGR2GRAY)[0, 0]), np.uint8)
    mask = _page({(500, 900): TEXT})[:, :, 0] < 128
    page[mask] = print_of
    assert inked_box(page)[1] > 800


def test_half_a_page_in_deep_shadow_is_in_the_box() -> None:
    """Its print is as pale beside its paper as in the light, but in fewer levels."""
    page = _page({(90, 300): TEXT, (900, 1200): "日期"}, 40).astype(np.float32)
    page[:, 600:] *= 0.12
    box = inked_box(page.astype(np.uint8))
    assert box[2] > 960
    assert box[3] > 1225


@pytest.mark.parametrize("tone", [0, 128, 255])
def test_of_a_bare_page_the_whole_is_looked_at(tone: int) -> None:
    assert inked_box(np.full((*PAGE, 3), tone, np.uint8)) == (0, 0, PAGE[1], PAGE[0])


@pytest.mark.parametrize("size", [(1, 1), (1, 400), (400, 1), (9, 9), (3600, 14)])
def test_pictures_of_any_size_are_looked_at(size: tuple[int, int]) -> None:
    for tone in (0, 255):
        box = inked_box(np.full((*size, 3), tone, np.uint8))
        assert box == (0, 0, size[1], size[0])


def test_on_a_table_of_wood_the_whole_is_looked_at() -> None:
    table = _table_with(_page({(200, 300): TEXT}))
    assert inked_box(table) == (0, 0, table.shape[1], table.shape[0])


@pytest.mark.parametrize("photo", [False, True])
def test_lines_are_found_in_all_corners(photo: bool) -> None:
    corners = [(90, 80), (700, 80), (90, 1180), (700, 1180), (300, 700), (300, 800)]
    page = _page(dict.fromkeys(corners, TEXT))
    picture, dx, dy = (_table_with(page), 200, 250) if photo else (page, 0, 0)
    picture = np.asarray(cv2.resize(picture, None, fx=2, fy=2), np.uint8)
    found = [one.box for one in places(picture, shelf())]
    for x, y in corners:
        middle = (2 * (x + dx + 150), 2 * (y + dy + 18))
        assert any(inside(middle, box) for box in found), (x, y)
    assert len(found) < len(corners) + 3


class _Looking(PpOcrV6):
    """Finds what it is told: in the whole picture, in that seen small, and in a part of it."""

    def __init__(self, size: tuple[int, int], **found: list[Line]) -> None:
        self._size, self._found = size, found
        self.looks: list[tuple[str, int]] = []

    def places(self, image: Picture, longest: int = DETECTION_LIMIT) -> list[Line]:
        """As told, and remembers how it was to look."""
        whole = image.shape[:2] == self._size
        how = ("small" if longest < DETECTION_LIMIT else "whole") if whole else "part"
        self.looks.append((how, longest))
        return self._found.get(how, [])


def _column(count: int, x: float, y: float = 1000.0, step: float = 60.0) -> list[Line]:
    """Lines of 60 pixels' height, which are 16 where 3,000 are seen as 800."""
    rows = [y + step * n for n in range(count)]
    return [line("", (x, top, x + 300, top + 60)) for top in rows]


def _looked(size: tuple[int, int], **found: list[Line]) -> tuple[list[Line], list[str]]:
    """What is found of a page that stands upright, and in which looks."""
    engine = _Looking(size, **found)
    engines = replace(shelf(), primary=engine)
    picture = np.full((*size, 3), 255, np.uint8)
    lines = closely(picture, at_first(picture, engines), engines)
    return lines, [how for how, _ in engine.looks]


LARGE = (3000, 2000)
NEAR = _column(20, 120.0, 120.0)
"""Of the part of `LARGE` in which `_column` of 20 lines stands."""


def test_a_page_is_looked_for_in_the_small_and_looked_at_from_near() -> None:
    found, looks = _looked(LARGE, small=_column(20, 900.0), part=NEAR)
    assert looks == ["small", "part"]
    # A tenth of the page is left round it.
    assert {one.box[:2] for one in found} >= {(900.0, 1000.0)}


@pytest.mark.parametrize(
    ("rough", "why"),
    [
        (_column(11, 900.0, step=120), "too few"),
        ([line("", (900, 60.0 * n, 1200, 60.0 * n + 40)) for n in range(30)], "too small"),
        (_column(19, 900.0), "too near each other: a page far off, or its head"),
        (_column(30, 900.0, 100.0, 90), "nearly all of the picture"),
    ],
)
def test_what_is_no_surely_whole_page_in_the_small_is_looked_at_whole(
    rough: list[Line], why: str
) -> None:
    found, looks = _looked(LARGE, small=rough, whole=_column(40, 900.0, 100.0, 70), part=NEAR)
    assert looks == ["small", "whole"], why
    assert len(found) == 40


@pytest.mark.parametrize(
    "further",
    [(120.0, 1380.0, 420.0, 1440.0), (120.0, 10.0, 420.0, 50.0), (5.0, 700.0, 90.0, 760.0)],
)
def test_a_page_that_goes_on_where_its_picture_was_cut_is_looked_at_whole(
    further: tuple[float, float, float, float],
) -> None:
    """Lines too small to be seen so stood below, above or beside those that were."""
    near = [*NEAR, line("", further)]
    found, looks = _looked(
        LARGE, small=_column(20, 900.0), part=near, whole=_column(60, 900.0, 100.0, 40)
    )
    assert looks == ["small", "part", "whole"]
    assert len(found) == 60


def test_a_page_that_reaches_to_the_edge_of_its_picture_was_not_cut_there() -> None:
    rough = _column(20, 10.0)
    near = [moved(one, 0.0, -880.0) for one in rough]
    _, looks = _looked(LARGE, small=rough, part=near)
    assert looks == ["small", "part"]


def test_a_page_of_which_much_is_lost_from_near_is_looked_at_whole() -> None:
    """And then from near no more than before: fewer were found there."""
    rough = _column(20, 900.0)
    found, looks = _looked(LARGE, small=rough, part=NEAR[:15], whole=rough)
    assert looks == ["small", "part", "whole", "part"]
    assert len(found) == 20


@pytest.mark.parametrize(
    ("whole", "part", "near"), [(4, 4, True), (5, 4, True), (5, 3, False), (2, 2, False)]
)
def test_a_wide_picture_is_looked_at_whole_and_what_is_small_in_it_from_near(
    whole: int, part: int, near: bool
) -> None:
    """Where nearly as many lines are found as before, of a page and not of two words."""
    found, looks = _looked((2000, 3000), whole=_column(whole, 900.0), part=_column(part, 95.0, 95))
    assert looks == (["whole"] if whole == 2 else ["whole", "part"])
    assert len(found) == (part if near else whole)


def test_a_large_page_and_a_small_picture_are_looked_at_once() -> None:
    for size, whole in (((2600, 3000), 60), ((1500, 1400), 4)):
        found, looks = _looked(size, whole=_column(whole, 900.0, 20.0, 40), part=NEAR)
        assert (len(found), looks) == (whole, ["whole"])


@pytest.mark.parametrize(
    ("right", "foot", "longest"), [(2200, 2200, 1414), (1400, 2200, 1600), (2200, 2050, 1464)]
)
def test_a_square_is_looked_at_on_a_smaller_picture(right: int, foot: int, longest: int) -> None:
    """A look's memory goes by its pixels: two million of them at most."""
    far = [line("", (x, y, x + 20.0, y + 20.0)) for x, y in ((300, 300), (300, foot - 20))]
    far.append(line("", (right - 20.0, 300.0, float(right), 320.0)))
    engine = _Looking((3600, 3600), whole=far)
    picture = np.full((3600, 3600, 3), 255, np.uint8)
    closely(picture, Places(tuple(far)), replace(shelf(), primary=engine))
    assert abs(engine.looks[0][1] - longest) < 2


def test_small_print_of_a_real_page_is_found_whatever_stands_large_above_it() -> None:
    """In the small only the head is seen."""
    page = _page({(200, 80 + 60 * n): TEXT for n in range(3)})
    draw = Image.fromarray(page)
    font = chinese(9)
    assert font is not None
    for n in range(30):
        ImageDraw.Draw(draw).text((200, 900 + 20 * n), TEXT, font=font, fill=0)
    picture = np.asarray(draw.resize((2260, 3200)), np.uint8)
    found = closely(picture, at_first(picture, shelf()), shelf())
    assert sum(one.box[1] > 1780 for one in found) >= 28


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
