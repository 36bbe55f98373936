"""Where a page's seals are looked for: bars round a screen's page are none."""

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


def test_colour_is_a_good_part_of_a_picture() -> None:
    picture = _page((110, 110, 110))
    assert not inks.has_colour(picture)
    picture[200:220, 400:500] = (0, 0, 255)
    assert not inks.has_colour(picture)
    assert inks.has_colour(_page((158, 88, 8)))
