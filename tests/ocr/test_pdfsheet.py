"""A PDF's text by PDFium: as pdfplumber has it, but for what a page says in two ways."""

import io
from collections.abc import Callable

import pytest
from reportlab.pdfgen.canvas import Canvas

from clerk.drawing import corpus
from ocr import pdfchars, pdfmarks, pdfsheet, pdftext, pictures
from ocr.sheet import Sheet
from tests.ocr.lies import LEFT, OFFSET, Lie, font_of, form_pdf, read, write


def _both(data: bytes) -> tuple[Sheet | None, Sheet | None]:
    with pictures.open_pdf(data) as pdf, pdftext.open_text(data) as text:
        return pdfsheet.page_sheet(pdf, 0), pdftext.page_sheet(text, 0)


def _texts(sheet: Sheet | None) -> list[tuple[bool, str]]:
    assert sheet is not None
    return sorted((block.ruled, block.text) for block in sheet.blocks)


def _offset(sheet: Sheet | None) -> str:
    """What the layer says stands in the cell of 6182."""
    assert sheet is not None
    low, high = 841.89 - OFFSET - 12, 841.89 - OFFSET + 4
    (cell,) = (
        block
        for block in sheet.blocks
        if block.ruled and block.box[0] > 240 and block.box[1] < low and high < block.box[3]
    )
    return cell.text


@pytest.mark.parametrize("number", range(6))
def test_a_form_is_the_sheet_that_pdfplumber_makes_of_it(number: int) -> None:
    form = next(iter(corpus(5150 + number, 1, ("digital",), 0.0))).form
    mine, other = _both(form.data)
    assert _texts(mine) == _texts(other)
    assert mine is not None
    assert other is not None
    for one, same in zip(mine.blocks, other.blocks, strict=True):
        assert one.box == pytest.approx(same.box, abs=2)


def _turned(canvas: Canvas) -> None:
    write(canvas)
    canvas.saveState()
    canvas.translate(300, 300)
    canvas.rotate(90)
    canvas.drawString(0, 0, "6182")
    canvas.restoreState()


def _slanted(canvas: Canvas) -> None:
    write(canvas)
    text = canvas.beginText()
    text.setTextTransform(1, 0, 0.3, 1, LEFT + 24, OFFSET)
    text.textOut("3")
    canvas.drawText(text)


def _drawing_in_a_drawing(canvas: Canvas) -> None:
    canvas.beginForm("inner")
    write(canvas)
    canvas.endForm()
    canvas.doForm("inner")


def _said(canvas: Canvas, drawn: str, said: str) -> None:
    """Draws one text and says by the way that it means another (PDF 32000-1, 14.9.4)."""
    meant = "FEFF" + said.encode("utf-16-be").hex().upper()
    canvas._code.append(f"/Span <</ActualText <{meant}>>> BDC")  # type: ignore[attr-defined]
    write(canvas, drawn, font=font_of("Radical", more="⻓"))
    canvas._code.append("EMC")  # type: ignore[attr-defined]


def _of_private_use(canvas: Canvas) -> None:
    _said(canvas, "6182", "6182\ue001")


@pytest.mark.parametrize("odd", [_turned, _slanted, _drawing_in_a_drawing, _of_private_use])
def test_what_pdfium_may_tell_otherwise_is_left_to_pdfplumber(odd: Lie) -> None:
    data = form_pdf(odd)
    mine, other = _both(data)
    assert mine is None
    with pictures.open_pdf(data) as pdf, pdftext.open_text(data) as text:
        assert pdfsheet.native(pdf, text, 0) == other


def test_a_layer_that_pdfium_tells_only_the_beginning_of_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdfchars, "MOST_CHARS", 60)
    monkeypatch.setattr(pdfsheet, "MOST_CHARS", 60)
    mine, other = _both(form_pdf())
    assert mine is None
    assert other is not None


def _said_by_the_way(canvas: Canvas) -> None:
    """As browsers have it: the glyph is mapped to a radical, the text says what was written."""
    _said(canvas, "⻓", "张")


def test_what_a_browser_says_was_written_counts() -> None:
    mine, other = _both(form_pdf(_said_by_the_way))
    assert _offset(mine) == "张"
    assert _offset(other) == "长"


def _in_two_pieces(canvas: Canvas) -> None:
    _said(canvas, "6", "6")
    at = len(canvas._code) - 1  # type: ignore[attr-defined]
    write(canvas, "182", x=LEFT + 30)
    canvas._code.append(canvas._code.pop(at))  # type: ignore[attr-defined]


def _said_of_each(canvas: Canvas) -> None:
    for number, char in enumerate("6182"):
        canvas._code.append(f"/Span <</ActualText <FEFF{ord(char):04X}>>> BDC")  # type: ignore[attr-defined]
        write(canvas, char, x=LEFT + 6.2 * number)
        canvas._code.append("EMC")  # type: ignore[attr-defined]


@pytest.mark.parametrize(("lie", "plain"), [(_in_two_pieces, False), (_said_of_each, True)])
def test_what_is_said_of_two_pieces_is_left_to_pdfplumber(lie: Lie, plain: bool) -> None:
    """PDFium would tell the first piece alone."""
    mine, other = _both(form_pdf(lie))
    assert (mine is not None) is plain
    assert _offset(other).replace(" ", "") == "6182"


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"\xfe\xff\x75\x28", "用"), (b"fi", "fi"), (b"\xfe\xff\x30\x00", "\u3000")],
)
def test_texts_of_a_pdf_are_in_either_encoding(data: bytes, text: str) -> None:
    assert pdfmarks._text(data) == text
    assert pdfmarks._is_harmless(text) is (text != "用")


def _rules(many: int) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        write(canvas)
        path = canvas.beginPath()
        for number in range(many):
            path.moveTo(50, 50 + number / 100)
            path.lineTo(60, 50 + number / 100)
        canvas.drawPath(path)

    return draw


def test_a_page_of_more_lines_than_a_form_has_is_left() -> None:
    assert _both(form_pdf(_rules(4_000)))[0] is not None
    assert _both(form_pdf(_rules(12_000)))[0] is None


def test_nothing_is_told_of_a_page_that_is_none() -> None:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(100, 100, "6182")
    canvas.save()
    with pictures.open_pdf(out.getvalue()) as pdf:
        assert pdfsheet.page_sheet(pdf, 0) is None
        assert pdfsheet.page_sheet(pdf, 1) is None


def test_values_are_read_from_it() -> None:
    document = read(form_pdf())
    assert document.fields["offset_t"].value == 6182
    assert document.fields["offset_t"].accepted
