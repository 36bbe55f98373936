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
from ocr.inked import inked_box, lies_apart, thumbnail
from ocr.places import Look, from_near, places
from ocr.rules import find_cells
from ocr.sheet import Line, Rect, inside, moved
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
    found = [one.box for one in places(picture, shelf()).lines]
    for x, y in corners:
        middle = (2 * (x + dx + 150), 2 * (y + dy + 18))
        assert any(inside(middle, box) for box in found), (x, y)
    assert len(found) < len(corners) + 3


class _Counting(PpOcrV6):
    """Finds so many lines in the whole picture and so many in a part of it, the last ones last."""

    def __init__(self, whole: int, part: int, size: tuple[int, int]) -> None:
        self._found, self._size = {True: whole, False: part}, size

    def places(self, image: Picture, longest: int = DETECTION_LIMIT) -> list[Line]:
        """One below the other; in a part they begin five pixels farther right."""
        whole = image.shape[:2] == self._size
        x, y = (900.0, 1000.0) if whole else (35.0, 30.0)
        rows = range(self._found[whole])
        return [line("", (x, y + 40 * n, x + 300, y + 20 + 40 * n)) for n in rows]


@pytest.mark.parametrize(
    ("whole", "part", "near"), [(4, 4, 4), (5, 4, 4), (4, 5, 5), (5, 3, 0), (2, 2, 0)]
)
def test_a_small_page_is_looked_at_from_near(whole: int, part: int, near: int) -> None:
    """Where nearly as many lines are found as before, of a page and not of two words; a line that
    is not found again stays where it was seen."""
    picture = np.full((3000, 2000, 3), 255, np.uint8)
    engines = replace(shelf(), primary=_Counting(whole, part, picture.shape[:2]))
    far = engines.primary.places(picture)
    found = from_near(picture, Look(far), engines)
    # A tenth of the page is left round it.
    assert [one.box[0] for one in found] == [870 + 35] * near + [900] * (max(whole, part) - near)
    tops = {one.box[1] for one in found}
    assert len(tops) == len(found) == max(whole, part)


class _Telling(PpOcrV6):
    """Finds these lines from near; the rest of the page is found in the whole picture."""

    def __init__(self, near: list[Line]) -> None:
        self._near = near

    def places(self, image: Picture, longest: int = DETECTION_LIMIT) -> list[Line]:
        """As told, whatever the picture."""
        return list(self._near)


def _leaning(x: float, y: float, long: float = 400.0) -> Line:
    """A line of 20 pixels that falls by a fifth."""
    drop = long / 5
    quad = (x, y), (x + long, y + drop), (x + long, y + drop + 20), (x, y + 20)
    return Line("", (x, y, x + long, y + drop + 20), 1.0, quad)


@pytest.mark.parametrize(
    ("near", "kept"),
    [
        ((900, 1120, 1300, 1140), ["far"]),
        ((900, 1080, 1190, 1100), ["near"]),
        ((900, 1080, 1000, 1100), ["far"]),
        ((900, 1064, 1300, 1084), ["far", "near"]),
    ],
)
def test_a_line_that_is_seen_only_in_the_first_look_stays(near: Rect, kept: list[str]) -> None:
    """Nothing of it, two thirds, a quarter of it or its neighbour is seen from near."""
    picture = np.full((3000, 2000, 3), 255, np.uint8)
    far = [line("", (900, 1000 + 40 * n, 1300, 1020 + 40 * n)) for n in range(5)]
    part = (860, 960)
    others = [one for one in far if one.box[1] != 1080]
    said = [*others, *([line("", near)] if near[1] != 1120 else [])]
    told = [moved(one, -part[0], -part[1]) for one in said]
    found = from_near(picture, Look(far), replace(shelf(), primary=_Telling(told)))
    boxes = {"far": far[2].box, "near": near}
    assert {one.box for one in found} == {one.box for one in others} | {boxes[k] for k in kept}


def test_a_line_between_leaning_ones_is_not_taken_for_found() -> None:
    """The boxes of its neighbours reach over it, they themselves do not."""
    picture = np.full((3000, 2000, 3), 255, np.uint8)
    far = [_leaning(900, 1000 + 40 * n) for n in range(6)]
    near = [moved(one, -860, -960) for one in far if one is not far[3]]
    found = from_near(picture, Look(far), replace(shelf(), primary=_Telling(near)))
    assert far[3] in found
    assert len(found) == len(far)


def test_what_is_twice_as_high_as_a_line_takes_no_lines_away() -> None:
    """A seal, or a box over two lines of which less than a third is covered."""
    picture = np.full((3000, 2000, 3), 255, np.uint8)
    far = [line("", (900, 1000 + 40 * n, 1300, 1020 + 40 * n)) for n in range(5)]
    seal = line("", (900, 990, 1500, 1200))
    near = [moved(one, -840, -940) for one in far]
    told = replace(shelf(), primary=_Telling(near))
    found = from_near(picture, Look([*far, seal]), told)
    assert len(found) == 5
    assert seal not in found


class _Seeing(PpOcrV6):
    """Remembers how large it was to look."""

    def __init__(self) -> None:
        self.longest = 0

    def places(self, image: Picture, longest: int = DETECTION_LIMIT) -> list[Line]:
        self.longest = longest
        return []


@pytest.mark.parametrize(
    ("right", "foot", "longest"), [(2200, 2200, 1414), (1400, 2200, 1600), (2200, 2050, 1464)]
)
def test_a_square_is_looked_at_on_a_smaller_picture(right: int, foot: int, longest: int) -> None:
    """A look's memory goes by its pixels: two million of them at most."""
    picture = np.full((3600, 3600, 3), 255, np.uint8)
    seeing = _Seeing()
    far = [line("", (x, y, x + 20.0, y + 20.0)) for x, y in ((300, 300), (300, foot - 20))]
    far.append(line("", (right - 20.0, 300.0, float(right), 320.0)))
    from_near(picture, Look(far), replace(shelf(), primary=seeing))
    assert abs(seeing.longest - longest) < 2


@pytest.mark.parametrize(
    ("high", "longest"),
    # 3,600 pixels are seen as 1,600: lines of 80 pixels as 36 or fewer.
    [(20.0, 1463), (50.0, 1464), (75.0, 1034), (80.0, 969), (81.0, 0), (150.0, 0)],
)
def test_from_near_a_line_is_34_pixels_high_and_what_was_large_is_not_looked_at(
    high: float, longest: int
) -> None:
    picture = np.full((3600, 3600, 3), 255, np.uint8)
    seeing = _Seeing()
    rows = [300 + (1750 - high) * n / 9 for n in range(10)]
    far = [line("", (300.0, y, 2200.0, y + high)) for y in rows]
    from_near(picture, Look(far), replace(shelf(), primary=seeing))
    assert abs(seeing.longest - longest) < 3


@pytest.mark.parametrize(
    ("size", "apart", "longest"),
    [((3000, 2000), True, 1024), ((2000, 3000), True, 1600), ((3000, 2000), False, 1600)],
)
def test_only_an_upright_page_that_lies_apart_is_looked_at_roughly(
    size: tuple[int, int], apart: bool, longest: int
) -> None:
    seeing = _Seeing()
    table = np.random.default_rng(1).integers(20, 140, (*size, 3)).astype(np.uint8)
    page = table[300:-300, 300:-300] if apart else table
    page[::9, ::9] = 255
    page[page < 250] = 200
    page[50:-50:60, 50:-50] = 0
    look = places(table, replace(shelf(), primary=seeing))
    assert (seeing.longest, look.rough) == (longest, longest == 1024)


def test_what_was_looked_at_roughly_without_need_is_looked_at_again() -> None:
    """A page as large as its picture, and one of which less is found from near."""
    for whole, part in ((60, 9), (5, 3)):
        picture = np.full((3000, 2000, 3), 255, np.uint8)
        engines = replace(shelf(), primary=_Counting(whole, part, picture.shape[:2]))
        rough = Look(engines.primary.places(picture)[:-1], rough=True)
        assert len(from_near(picture, rough, engines)) == whole
    few = Look([], rough=True)
    assert len(from_near(picture, few, engines)) == 5


def test_a_page_on_a_table_lies_apart_and_one_that_fills_its_picture_does_not() -> None:
    page = _page({(200, 300): TEXT})
    assert lies_apart(thumbnail(_table_with(page)))
    assert not lies_apart(page)
    for tone in (0, 255):
        assert not lies_apart(np.full((*PAGE, 3), tone, np.uint8))


def test_a_thumbnail_is_never_larger_than_its_picture() -> None:
    assert thumbnail(np.zeros((500, 400, 3), np.uint8)).shape == (500, 400, 3)
    assert thumbnail(np.zeros((3000, 1500, 3), np.uint8)).shape == (1000, 500, 3)


def test_a_large_page_and_a_small_picture_are_looked_at_once() -> None:
    for size, whole in (((3000, 2000), 60), ((1500, 1400), 4)):
        picture = np.full((*size, 3), 255, np.uint8)
        engines = replace(shelf(), primary=_Counting(whole, 9, size))
        assert len(from_near(picture, Look(engines.primary.places(picture)), engines)) == whole


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
