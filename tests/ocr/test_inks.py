"""Print that nobody read, told from the rules of a table."""

import cv2
import numpy as np
import pytest

from ocr import inks

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


@pytest.mark.parametrize("shape", [(1, 500, 3), (500, 2, 3), (1, 1, 3)])
def test_a_picture_of_one_or_two_pixels_on_a_side_has_no_ink(shape: tuple[int, int, int]) -> None:
    white = np.full(shape, 255, np.uint8)
    assert not inks.ink_map(white).any()
    assert not inks.grey_seal_mask(white).any()
    red = np.full(shape[:2], 255, np.uint8)
    assert inks.without_red(white, red).shape == shape
