"""Print at a value that the text layer does not name makes another number: a person has it."""

import pytest
from reportlab.pdfgen.canvas import Canvas

from ocr import agree, glyphs, limits, pdfsheet, pdftext, pictures, unnamed
from ocr.glyphmemory import Memory
from tests.ocr.lies import (
    DRAWN_MORE,
    LEFT,
    LIES,
    OFFSET,
    ROWS,
    WHERE,
    Contours,
    Lie,
    another_level,
    bar,
    form_pdf,
    in_lying_font,
    lying,
    moved,
    named_pdf,
    outlined,
    pale_blank,
    read,
    write,
)

_DIGIT = 11 * 0.555
NAME = ROWS[0][1]


@pytest.fixture(autouse=True)
def _nothing_met_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glyphs, "_MET", Memory())


def _is_doubted(lie: Lie) -> bool:
    """Whether the value that the layer gives goes to a person for what the page shows."""
    offset = read(form_pdf(lie)).fields["offset_t"]
    return not offset.accepted and agree.DIFFERS in offset.against


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_left_to_a_person(lie: str) -> None:
    assert _is_doubted(LIES[lie])


def _with_a_one(away: float) -> Lie:
    def lie(canvas: Canvas) -> None:
        write(canvas)
        outlined(canvas, "1", LEFT + away)

    return lie


@pytest.mark.parametrize("away", [-10.0, -8.0, -6.0, 4 * _DIGIT + 0.3, 4 * _DIGIT + 4])
def test_a_figure_drawn_beside_a_value(away: float) -> None:
    assert _is_doubted(_with_a_one(away))


def _raised(char: str, x: float, line: float, down: float) -> Lie:
    """A character of a lower line, by its baseline; its outline stands on this one."""

    def lie(canvas: Canvas) -> None:
        canvas.setFont(lying(char, 1000, moved(char, up=round(down / 11 * 1000))), 11)
        canvas.drawString(x, line - down, char)

    return lie


@pytest.mark.parametrize("down", [12.0, 16.0, 20.0])
@pytest.mark.parametrize(
    ("char", "away"), [("万", 25.0), ("零", 25.0), ("日", 25.0), ("负", -11.3)]
)
def test_a_character_of_another_baseline_drawn_beside_a_figure(
    char: str, away: float, down: float
) -> None:
    lie = _raised(char, LEFT + away, OFFSET, down)
    offset = read(named_pdf(NAME, lie=lie)).fields["offset_t"]
    assert not offset.accepted
    assert agree.DIFFERS in offset.against


@pytest.mark.parametrize("down", [12.0, 16.0, 20.0])
@pytest.mark.parametrize(("char", "away"), [("新", -11.3), ("二", 11 * 10 + 0.5)])
def test_a_character_of_another_baseline_drawn_beside_a_name(
    char: str, away: float, down: float
) -> None:
    lie = _raised(char, LEFT + away, WHERE["企业名称"], down)
    name = read(named_pdf(NAME, lie=lie)).fields["enterprise_name"]
    assert (name.value, name.accepted) == (NAME, False)
    assert agree.DIFFERS in name.against


def _red_bar(canvas: Canvas) -> None:
    """What makes an 8 of the 6, or part of one, in a seal's colour, and no seal."""
    write(canvas)
    canvas.setFillColorRGB(0.8, 0.1, 0.1)
    canvas.rect(LEFT + 4.6, OFFSET + 3.5, 1.2, 4, stroke=0, fill=1)


def test_a_red_stroke_through_a_figure_is_no_seal() -> None:
    assert _is_doubted(_red_bar)


def _red_figure(canvas: Canvas) -> None:
    """As a seal's print, but it goes on neither above nor below the line."""
    write(canvas)
    canvas.setFillColorRGB(0.85, 0.1, 0.1)
    outlined(canvas, "1", LEFT + 4 * _DIGIT + 1)
    canvas.setFillGray(0)


def _slanted(canvas: Canvas) -> None:
    """Type that is slanted by what nobody sees, and a figure behind it."""
    canvas.saveState()
    canvas.transform(1, 0, 0.02, 1, -0.02 * OFFSET, 0)
    write(canvas)
    canvas.restoreState()
    outlined(canvas, "1", LEFT + 4 * _DIGIT + 1)


def _point(canvas: Canvas) -> None:
    """61.82"""
    canvas.setFont("Honest", 11)
    canvas.drawString(LEFT, OFFSET, "6182", charSpace=1.5)
    canvas.rect(LEFT + 2 * _DIGIT + 1.6, OFFSET, 1.4, 1.4, stroke=0, fill=1)


@pytest.mark.parametrize("lie", [_red_figure, _slanted, _point])
def test_figures_and_points_that_hide(lie: Lie) -> None:
    assert _is_doubted(lie)


@pytest.mark.parametrize(("text", "char", "contours"), DRAWN_MORE)
def test_a_font_that_draws_more_than_it_names(text: str, char: str, contours: Contours) -> None:
    assert _is_doubted(in_lying_font(text, char, contours))


@pytest.mark.parametrize("lie", [another_level, pale_blank])
def test_print_that_stands_for_something_else(lie: Lie) -> None:
    assert _is_doubted(lie)


def _unread(canvas: Canvas) -> None:
    """A value that no glyph proves, though it shows just what it says."""
    in_lying_font("6182", "8", moved("8") + bar(300, 315))(canvas)


def _wall_and_label(canvas: Canvas) -> None:
    """Behind the wall of its cell stands a label in two lines, none of them on its level."""
    _unread(canvas)
    canvas.setFont("Honest", 11)
    canvas.drawString(LEFT - 24, OFFSET + 6, "总")
    canvas.drawString(LEFT - 24, OFFSET - 6, "量")
    canvas.rect(LEFT - 12, OFFSET - 9, 1, 30, fill=1)


def _underlined(canvas: Canvas) -> None:
    _unread(canvas)
    canvas.rect(LEFT - 4, OFFSET - 2.2, 40, 0.6, fill=1, stroke=0)


def _shaded(canvas: Canvas) -> None:
    """The label's cell has a ground."""
    canvas.setFillGray(0.85)
    canvas.rect(LEFT - 40, OFFSET - 9, 35, 30, fill=1, stroke=0)
    canvas.setFillGray(0)
    _unread(canvas)


def _highlighted(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0.2, 0.9, 0.3)
    canvas.rect(LEFT - 1, OFFSET - 3, 27, 13, stroke=0, fill=1)
    canvas.setFillGray(0)
    _unread(canvas)


def _within(canvas: Canvas) -> None:
    """Drawn within a drawing, as what is typed into a form's field is."""
    canvas.beginForm("value")
    _unread(canvas)
    canvas.endForm()
    canvas.doForm("value")


def _sealed(canvas: Canvas) -> None:
    """A seal's ring goes through it."""
    _unread(canvas)
    canvas.setStrokeColorRGB(0.85, 0.1, 0.1)
    canvas.setLineWidth(1.5)
    canvas.circle(LEFT + 30, OFFSET + 40, 45)
    canvas.setStrokeColorRGB(0, 0, 0)
    canvas.setLineWidth(1)


@pytest.mark.parametrize(
    "drawn", [_unread, _wall_and_label, _underlined, _shaded, _highlighted, _within, _sealed]
)
def test_what_forms_have_beside_values_is_no_doubt(drawn: Lie) -> None:
    assert not _is_doubted(drawn)


def test_what_would_be_too_large_to_look_at_is_doubted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_PIXELS", 10_000)
    with pictures.open_pdf(form_pdf()) as pdf, pdftext.open_text(form_pdf()) as text:
        sheet = pdfsheet.native(pdf, text, 0)
        assert sheet is not None
        lines = [line for line in sheet.lines() if line.text == "6182"]
        assert unnamed.drawn_at(pdf, 0, lines) == {line.box for line in lines}
