"""Seals that are pictures laid on a page: found where they are, and read as a person sees them."""

import io
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from math import cos, radians, sin
from random import Random

import numpy as np
import pytest
from PIL import Image, ImageOps
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from clerk.drawing.content import Application, SealPlan
from clerk.drawing.documents import draw_application
from clerk.drawing.fonts import packaged
from clerk.drawing.invent import company, projects
from clerk.drawing.seal import paint_seal
from clerk.drawing.sheet import PlacedSeal
from clerk.drawing.style import Style
from ocr import drawn, pictures
from ocr.engines import shelf
from ocr.engines.port import Picture
from ocr.nativeseals import _around, on_page
from ocr.overprint import shows_all
from ocr.pageview import PageView
from ocr.rings import find_rings
from tests.ocr.test_seals import NAME, page


def _printed(picture: Picture, dpi: float = 200) -> bytes:
    """A PDF that shows nothing but this picture."""
    out = io.BytesIO()
    wide, high = (side / dpi * 72 for side in picture.shape[1::-1])
    canvas = Canvas(out, pagesize=(wide, high))
    canvas.drawInlineImage(Image.fromarray(picture[:, :, ::-1].copy()), 0, 0, wide, high)
    canvas.save()
    return out.getvalue()


def test_a_seal_laid_on_a_page_is_found_where_its_picture_is() -> None:
    place = ((110 - 21) / 25.4 * 72, (195 - 21) / 25.4 * 72, 131 / 25.4 * 72, 216 / 25.4 * 72)
    halves = [(place[0], place[1], place[2], 540.0), (place[0], 540.0, place[2], place[3])]
    with pictures.open_pdf(_printed(page(PlacedSeal(110, 195, NAME)))) as pdf:
        whole = on_page(PageView(pdf, 0, 200), None, shelf(), 1, NAME)
        for places in ([place], halves):
            (seal,) = on_page(PageView(pdf, 0, 200), places, shelf(), 1, NAME)
            assert seal.text == whole[0].text == NAME
            assert seal.box == pytest.approx(whole[0].box, abs=0.002)
        assert on_page(PageView(pdf, 0, 200), (), shelf(), 1, NAME) == ()


def test_a_seal_on_a_page_of_metres_is_found_at_its_place() -> None:
    # Such a page is drawn at less than is asked for: 2,526 points at 103 pixels an inch.
    place = (89 / 25.4 * 216, 174 / 25.4 * 216, 131 / 25.4 * 216, 216 / 25.4 * 216)
    with pictures.open_pdf(_printed(page(PlacedSeal(110, 195, NAME)), 200 / 3)) as pdf:
        view = PageView(pdf, 0)
        assert view.scale < 150 / 72
        (seal,) = on_page(view, [place], shelf(), 1, NAME)
    assert seal.text == NAME
    assert seal.box == pytest.approx((0.424, 0.586, 0.624, 0.727), abs=0.012)


@pytest.mark.parametrize("turn", [0, 90])
def test_a_part_of_a_page_is_drawn_as_in_the_whole(turn: int) -> None:
    with pictures.open_pdf(_printed(page(PlacedSeal(110, 195, NAME)))) as pdf:
        pdf[0].set_rotation(turn)
        view, other = PageView(pdf, 0), PageView(pdf, 0)
        assert (view.size[0] > view.size[1]) is (turn == 90)
        assert other.whole.shape[1::-1] == other.pixels
        for box in ((101.3, 217.7, 250.1, 400.9), (0.0, 0.0, *view.size), (-5.0, 9.0, 7.0, 9e3)):
            (drawn_alone, place), (cut, same) = view.part(box), other.part(box)
            assert place == same
            assert np.array_equal(drawn_alone, cut)
        assert "whole" not in vars(view)


def _with(draw: Callable[[Canvas], None], border: int = 0) -> bytes:
    """A PDF with a seal laid on it, and what is drawn then; ``border``: clear pixels round it."""
    out = io.BytesIO()
    canvas = Canvas(out)
    ink = ImageOps.expand(paint_seal(PlacedSeal(0, 0, NAME), 200, 0), border, (0, 0, 0, 0))
    side = 120 * ink.width / (ink.width - 2 * border)
    canvas.drawImage(ImageReader(ink), 260 - side / 2, 460 - side / 2, side, side, mask="auto")
    draw(canvas)
    canvas.save()
    return out.getvalue()


def _seen_by(data: bytes) -> tuple[list[str], list[bool]]:
    """What the page's seals say, and of which the print over them was left out."""
    with pictures.open_pdf(data) as pdf:
        view, places = PageView(pdf, 0), drawn.seal_places(pdf, 0)
        assert places is not None
        (part,) = _around(places, *view.size)  # type: ignore[misc]  # Not everywhere.
        shown, alone = view.part(part)[0], view.without_print(part)
        bare = [shows_all(shown, alone, ring) for ring in find_rings(shown)]
        return [one.text for one in on_page(view, places, shelf(), 1, NAME)], bare


def _printed_on(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 11)
    for y in range(405, 520, 20):
        canvas.drawString(196, y, "2021-11-26 2021-11-26")


def _letter(*colour: float) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColorRGB(*colour)
        canvas.setFont("Helvetica-Bold", 12)
        canvas.drawString(252, 498, "W")

    return draw


def _square(grey: float, x: float, y: float, wide: float, high: float) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(grey)
        canvas.rect(x, y, wide, high, stroke=0, fill=1)

    return draw


def _cross(canvas: Canvas) -> None:
    canvas.setLineWidth(9)
    canvas.line(196, 396, 324, 524)
    canvas.line(196, 524, 324, 396)


def _circle(radius: float, width: float) -> Callable[[Canvas], None]:
    """In straight pieces: a curve may be a seal itself."""

    def draw(canvas: Canvas) -> None:
        canvas.setLineWidth(width)
        turns = [radians(5 * number) for number in range(73)]
        spots = [(260 + radius * sin(turn), 460 + radius * cos(turn)) for turn in turns]
        for first, second in pairwise(spots):
            canvas.line(*first, *second)

    return draw


@pytest.mark.parametrize("draw", [lambda canvas: None, _printed_on, _letter(0.1, 0.1, 0.1)])
@pytest.mark.parametrize("border", [0, 60])
def test_a_seal_is_read_without_the_black_print_over_it(
    draw: Callable[[Canvas], None], border: int
) -> None:
    assert _seen_by(_with(draw, border)) == ([NAME], [True])


@pytest.mark.parametrize(
    "draw",
    [
        _letter(0.8, 0.1, 0.1),
        _letter(0.95, 0.55, 0.55),
        _square(1.0, 252, 498, 6, 6),
        _square(0.9, 250, 505, 20, 10),
    ],
)
def test_what_is_red_or_light_over_a_seal_changes_it(draw: Callable[[Canvas], None]) -> None:
    assert _seen_by(_with(draw))[1] == [False]


@pytest.mark.parametrize("border", [0, 60])
@pytest.mark.parametrize(
    "draw",
    [
        _square(1.0, 196, 396, 128, 128),
        _square(0.0, 196, 396, 128, 128),
        _square(0.0, 202, 440, 116, 64),
        _square(0.35, 202, 440, 116, 64),
        _cross,
        # The name wholly, and the inner half of each of its characters.
        _circle(45, 24),
        _circle(41, 10.5),
    ],
)
def test_a_seal_that_is_hidden_or_struck_out_does_not_speak(
    draw: Callable[[Canvas], None], border: int
) -> None:
    """What a person sees counts: the picture below the print is nobody's seal."""
    texts, bare = _seen_by(_with(draw, border))
    assert NAME not in texts
    assert not any(bare)


def test_a_picture_beside_the_page_is_no_seal_s_place() -> None:
    outside = [(700.0, 422.0, 820.0, 542.0), (-300.0, 422.0, -180.0, 542.0)]
    outside += [(100.0, -178.0, 220.0, -58.0), (100.0, 1022.0, 220.0, 1142.0)]
    assert _around(outside, 595, 842) == []
    with pictures.open_pdf(_printed(page(PlacedSeal(110, 195, NAME)))) as pdf:
        view = PageView(pdf, 0, 200)
        assert on_page(view, outside, shelf(), 1, NAME) == ()
        for box in (*outside, (560.0, 422.0, 680.0, 542.0), (594.9, 830.0, 714.9, 900.0)):
            part, (x0, y0, x1, y1) = view.part(box)
            assert part.shape[:2] == (y1 - y0, x1 - x0)


def test_a_seal_in_strips_is_looked_for_as_one_picture() -> None:
    strips = [(100.0, 400.0 + 8 * row, 220.0, 408.0 + 8 * row) for row in range(15)]
    for places in (strips, strips[::-1], strips[::2] + strips[1::2]):
        assert _around(places, 595, 842) == [(40.0, 340.0, 280.0, 580.0)]
    # Two lines of small pictures far apart hold none.
    assert _around([strips[0], strips[9]], 595, 842) == []
    assert _around([(0.0, 3.0 * row, 2.0, 3.0 * row + 1) for row in range(250)], 595, 842) is None


def test_where_a_seal_may_be_on_a_page_of_text() -> None:
    own = company(Random(5))
    app = Application(own, 100_000, 5_000, projects(Random(5), 5_000, 1), date(2021, 11, 2))
    sealed = draw_application(app, Style(packaged()), "digital", 5, SealPlan(own.name))
    bare = draw_application(app, Style(packaged()), "digital", 5, None)
    with pictures.open_pdf(sealed.data) as pdf:
        places = drawn.seal_places(pdf, 0)
    assert places is not None
    assert len(places) == 1
    with pictures.open_pdf(bare.data) as pdf:
        assert drawn.seal_places(pdf, 0) == ()


def test_a_curve_may_be_a_seal_anywhere() -> None:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.circle(300, 300, 60)
    canvas.save()
    with pictures.open_pdf(out.getvalue()) as pdf:
        assert drawn.seal_places(pdf, 0) is None
