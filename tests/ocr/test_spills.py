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


@pytest.mark.parametrize(("end", "whole"), [("吨", True), ("8", False)])
def test_a_whole_label_at_the_very_edge_of_its_cell_cuts_nothing(end: str, whole: bool) -> None:
    def beside(canvas: Canvas) -> None:
        canvas.setFont(font_of("Honest"), 11)
        canvas.drawRightString(249.5, OFFSET, end)
        write(canvas, x=250.5)

    value, accepted, against = _doubts(beside)
    assert (value == 6182, accepted, "cut-by-rule" not in against) == (whole, whole, whole)


def test_a_text_that_is_set_wide_goes_on_over_a_rule_too() -> None:
    def wide(canvas: Canvas) -> None:
        canvas.rect(500, OFFSET - 9, 60, 30)
        canvas.setFont(font_of("Honest"), 11)
        text = canvas.beginText(478, OFFSET)
        text.setCharSpace(4)
        text.textOut("6182")
        canvas.drawText(text)

    value, accepted, against = _doubts(wide)
    assert value != 6182
    assert not accepted
    assert "cut-by-rule" in against


@pytest.mark.parametrize("down", [7, 11])
def test_what_stands_over_its_cell_s_lower_rule_is_a_doubt(down: float) -> None:
    def low(canvas: Canvas) -> None:
        canvas.setFont(font_of("Honest"), 11)
        canvas.drawString(260, OFFSET - down, "6182")

    assert ("cut-by-rule" in _doubts(low)[2]) is (down > 10)


def test_what_is_printed_over_another_text_is_a_doubt_in_the_cells_above_and_below() -> None:
    def over(canvas: Canvas) -> None:
        write(canvas)
        canvas.drawString(258, OFFSET + 30, "31313131")

    document = read(form_pdf(over))
    for name in ("obligation_t", "offset_t"):
        assert "cut-by-rule" in document.fields[name].against
    assert document.fields["phone"].accepted


_SIZE = 10.0
_CELLS = [(0.0, 0.0, 20.0, 10.0), (20.0, 0.0, 40.0, 20.0)]
_Pairs = frozenset[tuple[int, int]]


def _row(*places: tuple[float, int | None]) -> tuple[list[int | None], _Pairs]:
    """Characters of an em each, from where they begin, with the cell that they stand in."""
    boxes = [(x, 0.0, x + _SIZE, _SIZE) for x, _ in places]
    return spills(boxes, [_SIZE] * len(boxes), [home for _, home in places], _CELLS)


def test_all_that_follows_outside_is_part_of_it() -> None:
    homes, cut = _row((0, 0), (10, 0), (20, None), (30, None), (45, None))
    assert homes == [0, 0, 0, 0, None]
    assert cut == frozenset()


def test_what_comes_from_outside_is_cut() -> None:
    assert _row((0, None), (10, 0), (20, 0))[1] == {(0, 1)}


def test_what_lies_over_a_cell_s_text_is_no_part_of_it() -> None:
    homes, cut = _row((0, 0), (10, 0), (14, None))
    assert homes == [0, 0, None]
    assert cut == {(1, 2)}


def test_characters_of_another_row_are_none_of_it() -> None:
    boxes = [(0.0, 0.0, 10.0, 10.0), (10.0, 4.0, 20.0, 14.0)]
    assert spills(boxes, [_SIZE, _SIZE], [0, 1], _CELLS).cut == frozenset()


def test_no_characters_are_no_spill() -> None:
    assert spills([], [], [], []) == ([], frozenset())


def test_a_page_of_many_characters_at_rules_is_told_soon() -> None:
    count = 4_000
    boxes = [(x, 12.0 * y, x + 9.0, 12.0 * y + 9) for y in range(count // 40) for x in range(40)]
    homes, cut = spills(boxes, [9.0] * count, [0] * count, [(0.0, 0.0, 45.0, 12.0 * count)])
    assert homes == [0] * count
    assert cut == frozenset()
