"""A seal laid out as strips: its star, its band of text, its gap; rings that are none."""

import cv2
import numpy as np
import pytest

from ocr.engines.port import Picture
from ocr.ringfit import Ring, fitted, outline
from ocr.strips import Stamp, cut_out

RADIUS = 120.0
RED, GREY = (40, 40, 210), (150, 150, 150)


def stamp(
    *, colour: tuple[int, int, int] = RED, star: bool = True, gap: float = 90, off: float = 0,
    inner: float = 0.62, outer: float = 0.9, extra: float = 0,
) -> Stamp:  # fmt: skip
    """A round seal: its ring, spokes where a name's characters stand, and a star.

    Degrees: the name leaves a ``gap`` at the bottom; the star's tip is ``off`` the top; ``extra``
    is how much further the name runs on its one side.
    """
    paper = np.full((300, 300, 3), 255, np.uint8)
    cv2.circle(paper, (150, 150), round(RADIUS), colour, 5)
    for degrees in np.arange(90 + gap / 2, 450 - gap / 2 + extra, 9):
        at = np.radians(degrees)
        ends = [
            (150 + RADIUS * s * np.cos(at), 150 + RADIUS * s * np.sin(at)) for s in (inner, outer)
        ]
        first, last = ((round(float(x)), round(float(y))) for x, y in ends)
        cv2.line(paper, first, last, colour, 7)
    if star:
        tips = [np.radians(-90 + off + 36 * number) for number in range(10)]
        reach = [0.36 * RADIUS, 0.14 * RADIUS] * 5
        points = [
            (150 + r * np.cos(a), 150 + r * np.sin(a)) for a, r in zip(tips, reach, strict=True)
        ]
        cv2.fillPoly(paper, [np.array(points, np.int32)], colour)
    return cut_out(paper, Ring(150, 150, RADIUS, RADIUS, red=colour == RED))


def _degrees(radians: float) -> float:
    return float(np.degrees(radians))


@pytest.mark.parametrize("colour", [RED, GREY])
def test_the_star_tells_which_way_is_up(colour: tuple[int, int, int]) -> None:
    turned = stamp(colour=colour, off=12)
    assert turned.axis is not None
    assert _degrees(turned.axis) == pytest.approx(192, abs=3)
    assert stamp(colour=colour, star=False).axis is None


def test_the_name_runs_from_one_end_of_its_gap_to_the_other() -> None:
    for star in (True, False):
        start, end = stamp(star=star).span
        assert _degrees(start) == pytest.approx(45, abs=14)
        assert _degrees(end) == pytest.approx(315, abs=14)


def test_a_name_that_is_a_little_uneven_is_as_long_on_both_sides_of_the_tip() -> None:
    a_little, much = stamp(extra=12), stamp(extra=60)
    assert _degrees(a_little.middle) == pytest.approx(180, abs=3)
    # Far more on one side than on the other is no name about that tip.
    assert abs(_degrees(much.middle) - 180) > 10


def test_a_ring_of_text_without_a_gap_is_read_but_for_its_very_bottom() -> None:
    start, end = stamp(star=False, gap=0).span
    assert _degrees(end - start) == pytest.approx(0.84 * 360 + 14, abs=2)


def test_the_band_is_where_the_text_stands_and_the_usual_one_where_that_cannot_be() -> None:
    outer, inner = stamp().band
    assert outer == pytest.approx(0.92, abs=0.03)
    assert inner == pytest.approx(0.6, abs=0.05)
    # Strokes of a hair's breadth are no characters.
    assert stamp(inner=0.75, outer=0.78).band == (0.93, 0.63)


@pytest.mark.parametrize(("colour", "rounds"), [(RED, [2, 3, 2]), (GREY, [2, 2, 2])])
def test_each_round_of_strips_is_another_look(
    colour: tuple[int, int, int], rounds: list[int]
) -> None:
    found = list(stamp(colour=colour).rounds())
    assert [len(strips) for strips in found] == rounds
    for strips in found:
        for strip in strips:
            assert strip.shape[0] == 64
            # The name, dark on white.
            assert 0.05 < (strip.min(axis=2) < 130).mean() < 0.8


def test_a_large_seal_is_made_smaller_first() -> None:
    page = np.full((1400, 1400, 3), 255, np.uint8)
    cv2.circle(page, (700, 700), 520, RED, 12)
    cut = cut_out(page, Ring(700, 700, 520, 520))
    assert max(cut.ring.a, cut.ring.b) == pytest.approx(260)
    assert cut.part.shape[0] == pytest.approx(1123 / 2, abs=3)
    assert np.hypot(cut.ring.x - cut.part.shape[1] / 2, cut.ring.y - cut.part.shape[0] / 2) < 2


@pytest.mark.parametrize(
    ("ring", "there"),
    [(Ring(150, 150, RADIUS, RADIUS), True), (Ring(150, 500, RADIUS, RADIUS), False)],
)
def test_what_stands_across_below_the_star(ring: Ring, there: bool) -> None:
    paper = np.full((300, 300, 3), 255, np.uint8)
    found = Stamp(paper, ring).across()
    assert bool(found) is there


def _depth(picture: Picture) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return 255 - picture[:, :, 0].astype(np.float32)


def test_too_little_ink_is_no_ring() -> None:
    mask = np.zeros((300, 300), np.uint8)
    mask[10:15, 10:15] = 255
    assert outline(mask) is None
    bare = np.zeros((300, 300), np.float32)
    assert fitted(bare, Ring(150, 150, 80, 80), 20.0, red=True) is None


def test_a_ring_that_is_drawn_is_fitted_to_its_outer_edge() -> None:
    paper = np.full((600, 600, 3), 255, np.uint8)
    cv2.circle(paper, (300, 300), 100, (0, 0, 0), 6)
    found = fitted(_depth(paper), Ring(304, 297, 104, 98), 20.0, red=True)
    assert found is not None
    assert (found.x, found.y) == pytest.approx((300, 300), abs=2)
    assert (found.a, found.b) == pytest.approx((103, 103), abs=3)
    assert found.support > 0.9
