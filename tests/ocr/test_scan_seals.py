"""Where a page's seals are looked for: bars round a screen's page are none."""

import cv2
import numpy as np
import pytest

from ocr import inks, scan
from ocr.engines.port import Picture


def _page(header: tuple[int, int, int]) -> Picture:
    """A screen's page: bars above and beside paper, in blue-green-red."""
    picture = np.full((400, 900, 3), 255, np.uint8)
    picture[:60] = header
    picture[60:, :150] = (66, 50, 38)
    picture[300:340, 150:] = (245, 240, 236)
    return picture


@pytest.mark.parametrize(
    ("header", "top", "kept"),
    [((158, 88, 8), 0, False), ((158, 88, 8), 100, True), ((110, 110, 110), 0, True)],
)
def test_bars_at_the_edges_of_a_coloured_screen_are_no_pale_seal(
    monkeypatch: pytest.MonkeyPatch, header: tuple[int, int, int], top: int, kept: bool
) -> None:
    picture = _page(header)
    blot = np.zeros(picture.shape[:2], np.uint8)
    blot[top : top + 100, 200:300] = 255
    monkeypatch.setattr(inks, "grey_seal_mask", lambda _: blot)
    mask, bare = scan._without_seals(picture)
    assert bool(mask.any()) is kept
    assert (bare is picture) is not kept


def _lettered() -> Picture:
    """A screen with pale text on a bar above and a dark one beside its paper."""
    picture = _page((107, 121, 0))
    for at in range(80, 400, 40):
        cv2.putText(picture, "HBRW", (20, at + 10), cv2.FONT_HERSHEY_PLAIN, 1.2, (248, 244, 240))
    cv2.putText(picture, "HBRWHBRW", (20, 36), cv2.FONT_HERSHEY_PLAIN, 1.8, (255, 255, 255), 2)
    return picture


def test_bars_with_pale_text_on_them_are_no_seal_wherever_they_are_masked() -> None:
    picture = _lettered()
    # What lies close round the text, and nothing at the picture's edges.
    text = np.asarray((picture > 200).all(axis=2), np.uint8)
    bars = cv2.dilate(text, np.ones((5, 5), np.uint8)) - text
    bars[:4], bars[:, :4], bars[240:], bars[:, 240:] = 0, 0, 0, 0
    assert inks.is_ground(picture, np.asarray(255 * bars, np.uint8))


@pytest.mark.parametrize("grey", [90, 140, 190])
@pytest.mark.parametrize("width", [4, 9, 14])
def test_a_grey_seal_on_a_coloured_screen_is_no_bar(grey: int, width: int) -> None:
    picture = _lettered()
    cv2.circle(picture, (600, 230), 70, (grey, grey, grey), width)
    cv2.circle(picture, (600, 230), 22, (grey, grey, grey), -1)
    mask = np.asarray(cv2.inRange(picture, np.array([grey] * 3), np.array([grey] * 3)), np.uint8)
    mask = np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)), np.uint8)
    assert not inks.is_ground(picture, mask)
    # What is left of it where slender strokes are opened away.
    assert not inks.is_ground(picture, np.asarray(cv2.erode(mask, np.ones((5, 5), np.uint8))))


def test_colour_is_a_good_part_of_a_picture() -> None:
    picture = _page((110, 110, 110))
    assert not inks.has_colour(picture)
    picture[200:220, 400:500] = (0, 0, 255)
    assert not inks.has_colour(picture)
    assert inks.has_colour(_page((158, 88, 8)))
