"""Marks in another red that a seal's picture bears beside its ring: no part of the seal."""

import itertools
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ocr import agree
from procedure.readings import Reading
from tests.ocr.lies import LEFT, OFFSET, form_pdf, read, write

_PIXELS = 8
"""A point of the picture."""
_RING = (200, 30, 30, 120)
_BRIGHT, _DARK = (200, 30, 30, 255), (148, 0, 0, 255)
Colour = tuple[int, int, int, int]
Bar = tuple[float, float, float, float]
"""Points right of and above the value's beginning, width and height."""
_AFTER = 27.0
_MARKS: dict[str, tuple[Bar, ...]] = {
    "a point": ((11.6, -0.2, 1.2, 1.4),),
    "a 1 before": ((-5, 0, 1, 8),),
    "a 3 behind": (*((_AFTER, high, 5, 1) for high in (0, 3.5, 7)), (_AFTER + 4, 0, 1, 8)),
    "a stroke through": ((-2, 3.5, 32, 1),),
    "a 9 over the 1": ((6, 7, 5, 1), (6, 3.5, 5, 1), (6, 4, 1, 4), (10, 0, 1, 8), (6, 0, 5, 1)),
}
_RINGS = {"around": (12, 4, 30), "wide": (12, 4, 54), "under": (12, -42, 57), "aside": (46, 4, 57)}


def _seal(
    middle: tuple[float, float], radius: float, bars: tuple[Bar, ...], colour: Colour
) -> Callable[[Canvas], None]:
    side = 2 * radius + 4
    left, foot = middle[0] - side / 2, middle[1] - side / 2

    def corners(x: float, y: float, wide: float, high: float) -> tuple[float, ...]:
        inside = (x - left, side - (y + high - foot), x + wide - left, side - (y - foot))
        return tuple(_PIXELS * one for one in inside)

    def lay(canvas: Canvas) -> None:
        write(canvas)
        picture = Image.new("RGBA", (round(side * _PIXELS),) * 2)
        draw = ImageDraw.Draw(picture)
        draw.ellipse((16, 16, side * _PIXELS - 16, side * _PIXELS - 16), outline=_RING, width=16)
        for bar in bars:
            draw.rectangle(corners(*bar), fill=colour)
        place = (LEFT + left, OFFSET + foot, side, side)
        canvas.drawImage(ImageReader(picture), *place, mask="auto")

    return lay


def _offset(ring: str, bars: tuple[Bar, ...], colour: Colour) -> Reading:
    x, y, radius = _RINGS[ring]
    return read(form_pdf(_seal((x, y), radius, bars, colour))).fields["offset_t"]


@pytest.mark.parametrize("ring", _RINGS)
def test_a_value_under_a_seal_s_ring_is_believed(ring: str) -> None:
    offset = _offset(ring, (), _RING)
    assert (offset.value, offset.accepted) == (6182, True)


@pytest.mark.parametrize(
    ("mark", "ring", "colour"),
    [
        (mark, ring, colour)
        for mark, ring, colour in itertools.product(_MARKS, _RINGS, (_BRIGHT, _DARK))
        # A mark that stands outside of the picture is not drawn.
        if not (ring == "aside" and mark == "a 1 before")
    ],
)
def test_a_mark_in_another_red_is_none_of_the_seal_s(mark: str, ring: str, colour: Colour) -> None:
    offset = _offset(ring, _MARKS[mark], colour)
    assert not offset.accepted
    assert agree.DIFFERS in offset.against


def _drawn_beside(bars: tuple[Bar, ...], as_picture: bool) -> Callable[[Canvas], None]:
    """A seal, and marks in just its own red that are no part of its picture."""
    seal = _seal((12, 4), 54, (), _RING)
    pale = tuple((255 - (255 - one) * _RING[3] / 255) / 255 for one in _RING[:3])

    def lay(canvas: Canvas) -> None:
        seal(canvas)
        canvas.setFillColorRGB(*pale)
        for x, y, wide, high in bars:
            place = (LEFT + x, OFFSET + y, wide, high)
            if as_picture:
                canvas.drawImage(ImageReader(Image.new("RGBA", (8, 8), _RING)), *place, mask="auto")
            else:
                canvas.rect(*place, stroke=0, fill=1)

    return lay


@pytest.mark.parametrize("as_picture", [False, True])
@pytest.mark.parametrize("mark", [*_MARKS, "nothing"])
def test_a_mark_in_a_seal_s_own_red_beside_its_picture(mark: str, as_picture: bool) -> None:
    """A note that somebody drew on the page, and no part of the seal."""
    offset = read(form_pdf(_drawn_beside(_MARKS.get(mark, ()), as_picture))).fields["offset_t"]
    assert (offset.value, offset.accepted) == (6182, mark == "nothing")


@pytest.mark.parametrize(
    "fill", [(255, 199, 206), (248, 203, 173), (255, 192, 0), (255, 220, 220), (255, 217, 102)]
)
def test_a_value_in_a_cell_of_a_warm_colour_is_believed(fill: tuple[int, int, int]) -> None:
    def lay(canvas: Canvas) -> None:
        canvas.setFillColorRGB(*(one / 255 for one in fill))
        canvas.rect(250, OFFSET - 9, 250, 30, stroke=1, fill=1)
        canvas.setFillGray(0)
        write(canvas)

    offset = read(form_pdf(lay)).fields["offset_t"]
    assert (offset.value, offset.accepted) == (6182, True)


def test_a_seal_in_strips_near_another_one_that_is_one_picture() -> None:
    """Of the former it cannot be told what is drawn beside it: it counts by what stands round."""

    def lay(canvas: Canvas) -> None:
        _seal((150, 4), 54, (), _RING)(canvas)
        picture = Image.new("RGBA", (928, 928))
        ImageDraw.Draw(picture).ellipse((16, 16, 912, 912), outline=_RING, width=16)
        for top in range(0, 928, 232):
            strip = picture.crop((0, top, 928, top + 232))
            place = (LEFT - 46, OFFSET + 62 - (top + 232) / _PIXELS, 116, 29)
            canvas.drawImage(ImageReader(strip), *place, mask="auto")

    offset = read(form_pdf(lay)).fields["offset_t"]
    assert (offset.value, offset.accepted) == (6182, True)
