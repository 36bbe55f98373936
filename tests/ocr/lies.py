"""Forms as PDFs, and every way to lie that we know of: the layer says 6182, the page does not."""

import io
import itertools
import struct
from collections.abc import Callable

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from clerk.drawing import outlines
from clerk.drawing.fonts import packaged
from clerk.drawing.outlines import truetype
from ocr import read_document
from procedure.acceptance import decide
from procedure.readings import DocumentReading
from tests.ocr.evaluate import template

TITLE = "重点排放单位使用CCER抵销配额清缴申请表"
ROWS = (
    ("企业名称", "河北测试钢铁有限公司"),
    ("应清缴配额总量（吨）", "123,640"),
    ("申请抵销量（吨）", "6182"),
    ("联系电话", "13800138000"),
)
CHARS = sorted({char for row in ((TITLE, ""), *ROWS) for text in row for char in text} | {"3", "1"})
WHERE = {label: 700 - 30 * number for number, (label, _) in enumerate(ROWS)}
OFFSET = WHERE["申请抵销量（吨）"]
LEFT = 260
_FONTS = itertools.count()
Lie = Callable[[Canvas], None]
Contours = tuple[tuple[tuple[int, int, bool], ...], ...]


def font_of(name: str, swapped: str = "", more: str = "") -> str:
    """The packaged font's outlines; with ``swapped`` two characters have each other's.

    ``more``: characters beside those of the form."""
    if name not in pdfmetrics.getRegisteredFontNames():
        chars = sorted({*CHARS, *more, *swapped})
        data = truetype(packaged(), chars, name)
        if swapped:
            a, b = ((ord(char), chars.index(char) + 1) for char in swapped)
            for (code, own), (_, other) in ((a, b), (b, a)):
                was, now = (struct.pack(">III", code, code, index) for index in (own, other))
                assert was in data
                data = data.replace(was, now)
        pdfmetrics.registerFont(TTFont(name, io.BytesIO(data)))
    return name


def named_pdf(name: str, swapped: str = "", lie: Lie | None = None) -> bytes:
    """A form of another firm, without rules; with ``swapped`` the page draws the second of two
    characters where the layer of the firm's name has the first. ``lie``: what is drawn last."""
    font_of("Honest")
    font = font_of("Named" + (name + swapped).encode().hex(), swapped, name)
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setFont("Honest", 16)
    canvas.drawString(120, 760, TITLE)
    for label, value in (("企业名称", name), *ROWS[1:]):
        canvas.setFont("Honest", 11)
        canvas.drawString(100, WHERE[label], label)
        canvas.setFont(font if value == name else "Honest", 11)
        canvas.drawString(LEFT, WHERE[label], value)
    if lie is not None:
        lie(canvas)
    canvas.save()
    return out.getvalue()


def form_pdf(
    lie: Callable[[Canvas], None] | None = None, font: str = "Honest", left: float = LEFT
) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setFont(font_of("Honest"), 16)
    canvas.drawString(120, 760, TITLE)
    for label, value in ROWS:
        y = WHERE[label]
        canvas.setFont("Honest", 11)
        canvas.rect(90, y - 9, 160, 30)
        canvas.rect(250, y - 9, 250, 30)
        canvas.drawString(100, y, label)
        if lie is not None and y == OFFSET:
            lie(canvas)
        else:
            canvas.setFont(font if y == OFFSET else "Honest", 11)
            canvas.drawString(left, y, value)
    canvas.save()
    return out.getvalue()


def read(data: bytes) -> DocumentReading:
    (document,) = read_document(data, "form.pdf", template())
    return decide(document)


def write(canvas: Canvas, text: str = "6182", x: float = LEFT, font: str = "Honest") -> None:
    canvas.setFont(font, 11)
    canvas.drawString(x, OFFSET, text)


def _covered(canvas: Canvas) -> None:
    write(canvas)
    canvas.setFillGray(1)
    canvas.rect(LEFT - 1, OFFSET - 3, 40, 14, stroke=0, fill=1)
    canvas.setFillGray(0)


def _covered_by_another(canvas: Canvas) -> None:
    _covered(canvas)
    outlined(canvas, "6132", LEFT)


def outlined(canvas: Canvas, text: str, x: float) -> None:
    """Digits as figures of seven bars: print that no text layer names."""
    bars = {"6": "acdefg", "1": "bc", "3": "abcdg", "2": "abdeg"}
    places = {"a": (0, 8, 5, 1), "b": (4, 4, 1, 5), "c": (4, 0, 1, 5), "d": (0, 0, 5, 1),
              "e": (0, 0, 1, 5), "f": (0, 4, 1, 5), "g": (0, 4, 5, 1)}  # fmt: skip
    for number, digit in enumerate(text):
        for bar in bars[digit]:
            dx, dy, wide, high = places[bar]
            canvas.rect(x + 7 * number + dx, OFFSET + dy, wide, high, stroke=0, fill=1)


def _digit_before(canvas: Canvas) -> None:
    write(canvas)
    outlined(canvas, "1", LEFT - 7)


def _invisible(canvas: Canvas) -> None:
    text = canvas.beginText(LEFT, OFFSET)
    text.setFont("Honest", 11)
    text.setTextRenderMode(3)
    text.textOut("6182")
    canvas.drawText(text)


def _white(canvas: Canvas) -> None:
    canvas.setFillGray(1)
    write(canvas)
    canvas.setFillGray(0)


def _struck(canvas: Canvas) -> None:
    write(canvas)
    canvas.line(LEFT - 2, OFFSET + 4, LEFT + 30, OFFSET + 4)


def _overprinted(canvas: Canvas) -> None:
    write(canvas)
    write(canvas, "6132", LEFT + 0.6)


def _strip(canvas: Canvas, x: float, wide: float, grey: float, spacing: float = 0.0) -> None:
    """The value, and a strip as high as a cell beside or in it."""
    text = canvas.beginText(LEFT, OFFSET)
    text.setFont("Honest", 11)
    text.setCharSpace(spacing)
    text.textOut("6182")
    canvas.drawText(text)
    canvas.setFillGray(grey)
    canvas.rect(LEFT + x, OFFSET - 3, wide, 14, stroke=0, fill=1)


def _one_in_a_pale_strip(canvas: Canvas) -> None:
    _strip(canvas, -3.2, 2.3, 0.82)
    canvas.setFillGray(0.24)
    for x, y, wide, high in ((1.0, 0, 1.0, 8), (0.2, 6.2, 0.9, 0.9), (0.5, 7.0, 0.6, 0.8)):
        canvas.rect(LEFT - 3.2 + x, OFFSET + y, wide, high, stroke=0, fill=1)
    canvas.setFillGray(0)


def _stem_in_a_pale_strip(canvas: Canvas) -> None:
    _strip(canvas, -3.2, 1.5, 0.82)
    canvas.setFillGray(0.24)
    canvas.rect(LEFT - 2.95, OFFSET, 1, 8, stroke=0, fill=1)
    canvas.setFillGray(0)


def _minus_in_a_pale_strip(canvas: Canvas) -> None:
    _strip(canvas, -3.2, 1.5, 0.82)
    canvas.setFillGray(0.24)
    canvas.rect(LEFT - 3.2, OFFSET + 3.2, 1.5, 0.9, stroke=0, fill=1)
    canvas.setFillGray(0)


def _bar_before(canvas: Canvas) -> None:
    write(canvas)
    canvas.rect(LEFT - 3.4, OFFSET - 1.5, 1.5, 11, stroke=0, fill=1)


def _bar_between(canvas: Canvas) -> None:
    _strip(canvas, 13.4, 1.5, 0.0, spacing=2.0)


def _point_in_a_pale_line(canvas: Canvas) -> None:
    _strip(canvas, 0.0, 0.0, 1.0, spacing=2.0)
    canvas.setFillGray(0.82)
    canvas.rect(LEFT - 20, OFFSET - 1.6, 70, 1.4, stroke=0, fill=1)
    canvas.setFillGray(0.24)
    canvas.rect(LEFT + 6.6, OFFSET - 1.6, 1.3, 1.4, stroke=0, fill=1)
    canvas.setFillGray(0)


LIES = {
    "a 1 in a pale strip before it": _one_in_a_pale_strip,
    "a stem in a pale strip before it": _stem_in_a_pale_strip,
    "a minus in a pale strip before it": _minus_in_a_pale_strip,
    "a bar as high as a figure before it": _bar_before,
    "a bar between its figures": _bar_between,
    "a point in a pale line below it": _point_in_a_pale_line,
    "covered": _covered,
    "covered by another": _covered_by_another,
    "a digit before it": _digit_before,
    "invisible": _invisible,
    "white": _white,
    "struck out": _struck,
    "overprinted": _overprinted,
}


def moved(char: str, across: int = 0, up: int = 0) -> Contours:
    """The packaged font's outline of a character, moved by thousandths of an em."""
    contours = outlines.glyph(packaged(), char).contours
    return tuple(tuple((x + across, y + up, on) for x, y, on in one) for one in contours)


def bar(left: int, right: int) -> Contours:
    corners = ((left, 0), (left, 700), (right, 700), (right, 0))
    return (tuple((x, y, True) for x, y in corners),)


def lying(char: str, wide: int, contours: Contours) -> str:
    """A font in which one character has these outlines."""
    name, real = f"Lying{next(_FONTS)}", outlines.glyph
    with pytest.MonkeyPatch.context() as patch:
        own = outlines.Glyph(wide, contours)
        patch.setattr(outlines, "glyph", lambda face, one: own if one == char else real(face, one))
        data = truetype(packaged(), [*CHARS, char], name)
    pdfmetrics.registerFont(TTFont(name, io.BytesIO(data)))
    return name


def in_lying_font(text: str, char: str, contours: Contours) -> Lie:
    """Writes ``text`` in a font in which one of its characters has these outlines."""
    font = lying(char, 1000 if char in "，、" else 555, contours)
    return lambda canvas: write(canvas, text, font=font)


def another_level(canvas: Canvas) -> None:
    """A character that stands for itself, far below, whose outline is a 1 before the value."""
    write(canvas)
    canvas.setFont(lying("注", 550, moved("1", up=1800)), 11)
    canvas.drawString(LEFT - 6, OFFSET - 1.8 * 11, "注")


def pale_blank(canvas: Canvas) -> None:
    """A 1 as pale as a shadow in what the layer calls a blank."""
    write(canvas)
    canvas.setFillGray(0.82)
    canvas.setFont(lying("\N{NO-BREAK SPACE}", 550, moved("1")), 11)
    canvas.drawString(LEFT - 6, OFFSET, "\N{NO-BREAK SPACE}")
    canvas.setFillGray(0)


DRAWN_MORE = (
    # Beside a glyph's own outline, and far beyond what glyphs are compared by.
    ("6182", "6", moved("6") + moved("6", -1000) + moved("6", 1000)),
    ("6182", "6", moved("6") + moved("1", -560)),
    ("6182", "8", moved("8") + moved("6", up=1100)),
    # Marks that the comparison of lines folds away, drawn as a figure or as another mark.
    ("6，182", "，", moved("9")),
    ("6，182", "，", moved(".")),
    ("6、182", "、", moved("9")),
)
"""Texts, one of their characters, and its outlines in a font that draws more than it names."""
