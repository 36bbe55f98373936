"""Text that goes on over its cell's rules: whole where it is free, a doubt where it is not."""

import pytest
from reportlab.pdfgen.canvas import Canvas

from ocr.spills import spills
from tests.ocr.lies import OFFSET, Lie, font_of, form_pdf, read, write


def _doubts(lie: Lie) -> tuple[object, bool, tuple[str, ...]]:
    found = read(form_pdf(lie)).fields["offset_t"]
    return found.value, found.accepted, found.against


def test_what_goes_on_outside_of_the_table_is_read_whole() -> None:
    value, _, against = _doubts(lambda canvas: write(canvas, x=489))
    assert value == 6182
    assert "cut-by-rule" not in against


def _beside(canvas: Canvas, text: str, x: float) -> None:
    """A third cell to the right of the value's."""
    canvas.rect(500, OFFSET - 9, 60, 30)
    write(canvas, "6182", x=x)
    canvas.setFont(font_of("Honest"), 11)
    canvas.drawString(502, OFFSET, text)


def test_what_goes_on_into_another_cell_is_a_doubt() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(500, OFFSET - 9, 60, 30)
        write(canvas, "6182", x=489)

    value, accepted, against = _doubts(draw)
    assert value != 6182
    assert not accepted
    assert "cut-by-rule" in against


def test_what_is_cut_off_under_another_text_is_a_doubt() -> None:
    _, accepted, against = _doubts(lambda canvas: _beside(canvas, "13", 489))
    assert not accepted
    assert "cut-by-rule" in against


@pytest.mark.parametrize("x", [475.0, 260.0])
def test_a_cell_beside_it_that_is_filled_is_none(x: float) -> None:
    value, accepted, against = _doubts(lambda canvas: _beside(canvas, "吨", x))
    assert (value, accepted, against) == (6182, True, ())


_SIZE = 10.0


_CELLS = [(0.0, 0.0, 20.0, 10.0), (20.0, 0.0, 40.0, 20.0)]


def _row(*places: tuple[float, int | None]) -> tuple[list[int | None], frozenset[int]]:
    """Characters of an em each, from where they begin, with the cell that they stand in."""
    boxes = [(x, 0.0, x + _SIZE, _SIZE) for x, _ in places]
    return spills(boxes, [_SIZE] * len(boxes), [home for _, home in places], _CELLS)


def test_all_that_follows_outside_is_part_of_it() -> None:
    homes, cut = _row((0, 0), (10, 0), (20, None), (30, None), (45, None))
    assert homes == [0, 0, 0, 0, None]
    assert cut == frozenset()


def test_what_comes_from_outside_is_cut() -> None:
    assert _row((0, None), (10, 0), (20, 0))[1] == {0, 1}


def test_characters_of_another_row_are_none_of_it() -> None:
    boxes = [(0.0, 0.0, 10.0, 10.0), (10.0, 4.0, 20.0, 14.0)]
    assert spills(boxes, [_SIZE, _SIZE], [0, 1], _CELLS).cut == frozenset()


def test_no_characters_are_no_spill() -> None:
    assert spills([], [], [], []) == ([], frozenset())
