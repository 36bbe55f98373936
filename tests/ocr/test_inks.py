"""Print that nobody read, told from the rules of a table."""

import cv2
import numpy as np
import pytest

from ocr import inks
from ocr.engines.port import Picture

HEIGHT = 34.0
REGION = (40.0, 103.0, 160.0, 131.0)
READ = [(80.0, 100.0, 120.0, 134.0)]


def _ink(*strokes: tuple[int, int, int]) -> inks.Mask:
    """Strokes two pixels wide at x 50, from where to where; every third row worn off of the last
    number's."""
    ink = np.zeros((240, 240), np.uint8)
    for top, foot, worn in strokes:
        cv2.rectangle(ink, (50, top), (51, foot), 255, -1)
        if worn:
            ink[top : foot + 1 : worn] = 0
    return ink


@pytest.mark.parametrize(
    ("strokes", "wanted"),
    [
        # A rule, and one that is worn above and below the line.
        (((0, 239, 0),), False),
        (((0, 102, 2), (103, 131, 0), (132, 239, 4)), False),
        # One that is worn into dashes, of which one lies beside the line.
        (((0, 104, 0), (108, 124, 0), (128, 239, 0)), False),
        # Less of it is none: much above and hardly any below, or some of both.
        (((0, 102, 0), (103, 131, 0), (140, 145, 0)), True),
        (((94, 99, 0), (107, 126, 0), (131, 138, 0)), True),
        # A stroke that ends: a character, or a piece of one, as tall as the line or a figure.
        (((103, 131, 0),), True),
        (((107, 128, 0),), True),
        # Figures one below the other are no rule, nor is a stroke that goes on at one end only.
        (((60, 82, 0), (107, 128, 0), (150, 172, 0)), True),
        (((0, 131, 0),), True),
    ],
)
def test_a_worn_rule_is_no_print(strokes: tuple[tuple[int, int, int], ...], wanted: bool) -> None:
    assert inks.unread(_ink(*strokes), REGION, READ, HEIGHT) is wanted


@pytest.mark.parametrize(("thick", "wanted"), [(1, False), (2, True)])
def test_a_worn_rule_that_is_not_upright(thick: int, wanted: bool) -> None:
    """Thinner than figures, one after the other; strokes as broad as theirs must join."""
    ink = np.zeros((240, 240), np.uint8)
    for top in range(3, 240, 33):
        cv2.line(ink, (40 + top // 12, top), (40 + (top + 27) // 12, top + 27), 255, thick)
    assert inks.unread(ink, REGION, READ, HEIGHT) is wanted


@pytest.mark.parametrize("read", [True, False])
def test_figures_of_the_rows_above_and_below_continue_no_stroke(read: bool) -> None:
    """A lost 1 between figures, in a table of little pitch with rules between its rows."""
    ink = _ink((86, 100, 0), (103, 128, 0), (133, 160, 0))
    ink[[101, 131], 20:220] = 255
    rows = [(44.0, 84.0, 120.0, 100.5), (44.0, 132.5, 120.0, 164.0)]
    assert inks.unread(ink, REGION, READ + rows * read, HEIGHT) is read


@pytest.mark.parametrize("shape", [(1, 500, 3), (500, 2, 3), (1, 1, 3)])
def test_a_picture_of_one_or_two_pixels_on_a_side_has_no_ink(shape: tuple[int, int, int]) -> None:
    white = np.full(shape, 255, np.uint8)
    assert not inks.ink_map(white).any()
    assert not inks.grey_seal_mask(white).any()
    red = np.full(shape[:2], 255, np.uint8)
    assert inks.without_red(white, red).shape == shape


@pytest.mark.parametrize(
    ("region", "strokes", "wanted"),
    [
        # Beyond the picture there is no print.
        ((400.0, 10.0, 460.0, 40.0), (), False),
        # A stroke at the picture's upper edge cannot go on above it.
        ((40.0, 0.0, 160.0, 30.0), ((0, 24, 0),), True),
        ((40.0, 210.0, 160.0, 240.0), ((212, 239, 0),), True),
    ],
)
def test_print_at_the_edge_of_a_picture(
    region: tuple[float, float, float, float], strokes: tuple[tuple[int, int, int], ...],
    wanted: bool,
) -> None:  # fmt: skip
    assert inks.unread(_ink(*strokes), region, [], HEIGHT) is wanted


def _copy(draw: str) -> Picture:
    """A grey copy with lines of print and something paler: a ring, a disc or a bar."""
    page = np.full((1000, 800, 3), 250, np.uint8)
    for y in range(100, 500, 40):
        cv2.rectangle(page, (100, y), (600, y + 6), (30, 30, 30), -1)
    grey = (150, 150, 150)
    if draw == "ring":
        cv2.circle(page, (500, 700), 90, grey, 9)
        cv2.rectangle(page, (470, 690), (530, 712), grey, -1)
    elif draw == "disc":
        cv2.circle(page, (500, 700), 90, grey, -1)
    elif draw == "bar":
        cv2.rectangle(page, (400, 690), (620, 700), grey, -1)
    return page


@pytest.mark.parametrize(
    ("draw", "seal"), [("ring", True), ("disc", False), ("bar", False), ("", False)]
)
def test_a_seal_on_a_grey_copy_is_told_by_its_paleness_and_its_shape(draw: str, seal: bool) -> None:
    page = _copy(draw)
    mask = inks.grey_seal_mask(page)
    assert bool(mask.any()) is seal
    if not seal:
        assert inks.without_pale(page, mask) is page
        return
    assert not mask[:600].any()
    assert (mask > 0)[page[:, :, 0] == 150].mean() > 0.9
    # Print runs through it: what is as dark as print stays, the seal goes.
    cv2.line(page, (400, 740), (600, 740), (30, 30, 30), 5)
    cleaned = inks.without_pale(page, inks.grey_seal_mask(page))
    assert (cleaned[page[:, :, 0] == 150] > 200).mean() > 0.9
    assert (cleaned[740, 400:600] < 60).all()
