"""A text layer is believed only where the page draws the same: every way to lie that we know of."""

import io
import itertools
import struct
from collections.abc import Callable, Sequence

import cv2
import numpy as np
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from clerk.drawing import outlines
from clerk.drawing.fonts import packaged
from clerk.drawing.outlines import truetype
from ocr import drawn, glyphmemory, glyphs, pdftext, pictures, read_document
from ocr.drawn import Char, Views
from ocr.engines import shelf
from ocr.engines.port import Family, Picture, Recognised, Recogniser
from ocr.glyph import Glyph
from ocr.glyphmemory import Memory, _right_places
from ocr.sheet import Line
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
Contours = tuple[tuple[tuple[int, int, bool], ...], ...]


@pytest.fixture(autouse=True)
def _nothing_met_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests' documents taught this process must not matter here."""
    monkeypatch.setattr(glyphs, "_MET", Memory())


def _font(name: str, swapped: str = "") -> str:
    """The packaged font's outlines; with ``swapped`` two characters have each other's."""
    if name not in pdfmetrics.getRegisteredFontNames():
        data = truetype(packaged(), CHARS, name)
        if swapped:
            a, b = ((ord(char), CHARS.index(char) + 1) for char in swapped)
            for (code, own), (_, other) in ((a, b), (b, a)):
                was, now = (struct.pack(">III", code, code, index) for index in (own, other))
                assert was in data
                data = data.replace(was, now)
        pdfmetrics.registerFont(TTFont(name, io.BytesIO(data)))
    return name


def form_pdf(
    lie: Callable[[Canvas], None] | None = None, font: str = "Honest", left: float = LEFT
) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setFont(_font("Honest"), 16)
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


def _no_faces() -> Memory:
    """Of a machine without typefaces: what was not met must be recognised."""
    return Memory(lambda: ())


def _proven(data: bytes, memory: Memory | None = None) -> set[str]:
    with pictures.open_pdf(data) as pdf, pdftext.open_text(data) as text:
        sheet = pdftext.page_sheet(text, 0)
        assert sheet is not None
        boxes = glyphs.proven(pdf, 0, sheet.lines(), shelf().primary, memory)
        return {line.text for line in sheet.lines() if line.box in boxes}


def read(data: bytes) -> DocumentReading:
    (document,) = read_document(data, "form.pdf", template())
    return decide(document)


def write(canvas: Canvas, text: str = "6182", x: float = LEFT) -> None:
    canvas.setFont("Honest", 11)
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


def test_what_is_drawn_as_it_says_is_proven() -> None:
    data = form_pdf()
    assert {value for _, value in ROWS} <= _proven(data)
    document = read(data)
    assert document.fields["offset_t"].value == 6182
    assert all(reading.accepted for reading in document.fields.values())


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("memory", [Memory, _no_faces])
def test_what_is_not_drawn_so_is_not_proven(lie: str, memory: Callable[[], Memory]) -> None:
    proven = _proven(form_pdf(LIES[lie]), memory())
    assert "6182" not in proven
    assert "123,640" in proven


def test_a_font_that_draws_other_digits() -> None:
    font = _font("Swapped", swapped="38")
    data = form_pdf(font=font)
    assert "6182" not in _proven(data)
    offset = read(data).fields["offset_t"]
    assert offset.value == 6182
    assert not offset.accepted
    # A good font with the same characters is believed after it.
    assert read(form_pdf()).fields["offset_t"].accepted


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


@pytest.mark.parametrize("memory", [Memory, _no_faces])
@pytest.mark.parametrize(
    ("text", "char", "contours"),
    [
        # Beside a glyph's own outline, and far beyond what glyphs are compared by.
        ("6182", "6", moved("6") + moved("6", -1000) + moved("6", 1000)),
        ("6182", "6", moved("6") + moved("1", -560)),
        ("6182", "8", moved("8") + moved("6", up=1100)),
        # Marks that the comparison of lines folds away, drawn as a figure or as another mark.
        ("6，182", "，", moved("9")),
        ("6'182", "'", moved("9")),
        ("(6182", "(", moved("9")),
        ("6182:", ":", moved("0")),
        ("6182-", "-", moved("9")),
        ("6182-", "-", bar(200, 300)),
        ("6，182", "，", moved(".")),
        ("6、182", "、", moved("9")),
    ],
)
def test_a_font_that_draws_more_or_another_mark(
    memory: Callable[[], Memory], text: str, char: str, contours: Contours
) -> None:
    font = lying(char, 1000 if char in "，、" else 555, contours)

    def lie(canvas: Canvas) -> None:
        canvas.setFont(font, 11)
        canvas.drawString(LEFT, OFFSET, text)

    assert text not in _proven(form_pdf(lie), memory())


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


@pytest.mark.parametrize("lie", [another_level, pale_blank])
@pytest.mark.parametrize("memory", [Memory, _no_faces])
def test_what_stands_beside_a_value_is_looked_at(
    lie: Callable[[Canvas], None], memory: Callable[[], Memory]
) -> None:
    assert "6182" not in _proven(form_pdf(lie), memory())


class _Counted:
    """Reads nothing, and counts what it was shown."""

    family: Family = "ppocr-v6"

    def __init__(self) -> None:
        self.strips = 0

    def read_lines(self, crops: Sequence[Picture]) -> list[Recognised]:
        self.strips += len(crops)
        return [Recognised("", 0.0) for _ in crops]


def _boxes(data: bytes, recogniser: Recogniser, memory: Memory) -> int:
    with pictures.open_pdf(data) as pdf, pdftext.open_text(data) as text:
        sheet = pdftext.page_sheet(text, 0)
        assert sheet is not None
        return len(glyphs.proven(pdf, 0, sheet.lines(), recogniser, memory))


def test_a_document_whose_glyphs_nobody_reads_spoils_no_later_one() -> None:
    memory = _no_faces()
    assert _boxes(form_pdf(), _Counted(), memory) == 0
    assert _boxes(form_pdf(), shelf().primary, memory) == len(ROWS) * 2 + 1


def test_a_glyph_that_was_never_read_is_not_tried_for_ever() -> None:
    memory, mute = _no_faces(), _Counted()
    for _ in range(3):
        _boxes(form_pdf(), mute, memory)
    tried = mute.strips
    assert _boxes(form_pdf(), mute, memory) == 0
    assert mute.strips == tried


def test_a_glyph_is_known_again_wherever_it_stands_on_the_pixels_grid() -> None:
    memory, mute = _no_faces(), _Counted()
    _boxes(form_pdf(), shelf().primary, memory)
    # Of nine lines one has a 4 at which its neighbour's rim sticks now and then.
    assert _boxes(form_pdf(left=LEFT + 0.37), mute, memory) >= len(ROWS) * 2


def test_a_glyph_alone_is_asked_for_once() -> None:
    glyph, mute, memory = Glyph("〇", np.zeros((22, 22), np.uint8), 20), _Counted(), _no_faces()
    memory.learn([glyph], mute)
    assert mute.strips == 1


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("ABCDEFGH", "ABCDEFGH"),
        ("ABCDEFXH", "ABCDEFH"),
        ("ABCDEFG", "ABCDE"),
        ("ABCDGH", "AB"),
        ("BCDEFGH", "DEFGH"),
        ("ABCDXEFGH", "ABGH"),
        ("", ""),
    ],
)
def test_beside_a_lost_glyph_none_counts_as_read(said: str, right: str) -> None:
    assert "".join("ABCDEFGH"[at] for at in sorted(_right_places("ABCDEFGH", said, 8))) == right


@pytest.mark.parametrize(
    ("wanted", "said", "right"),
    [
        # Whichever of the four was lost, it may be the one that is drawn unlike the others.
        ("111123456", "11123456", "456"),
        ("ABC1111", "ABC111", "A"),
        ("ABC11DEF", "ABC111DEF", "AF"),
        # Where another was misread as well, the run before it may have lost one.
        ("ABC1111DE", "ABC111DX", "ABC"),
        # One of two pairs: either may be gone.
        ("121212345", "1212345", "5"),
        ("1111", "111", ""),
        # A second run begins just where what is behind the first one would count.
        ("12345677778AAAAB", "1234567778AAAAB", "1234B"),
        # One glyph that is read as two characters: nobody can tell which is which.
        ("M²A", "M2A", "MA"),
    ],
)
def test_of_a_run_that_lost_a_glyph_none_counts_as_read(wanted: str, said: str, right: str) -> None:
    places = sorted(_right_places(wanted, said, len(wanted)))
    assert "".join(wanted[at] for at in places) == right


def test_a_pale_hairline_is_no_glyph() -> None:
    text = np.full((30, 20), 255, np.uint8)
    text[5:25, 9:11] = 160
    seen = Views(np.asarray(cv2.cvtColor(text, cv2.COLOR_GRAY2BGR), np.uint8), text, 1.0, 0.0, 0.0)
    ((one, cell),) = glyphs._cells([Char("1", (10, 5, 10, 25), 25.0, 26.0)], seen)
    assert glyphs._glyph(one, cell, seen) is None
    text[5:25, 9:11] = 20
    assert glyphs._glyph(one, cell, seen) is not None


def test_ink_one_row_below_an_outline_is_the_character_s_own() -> None:
    text = np.full((60, 60), 255, np.uint8)
    text[20:42, 27:33] = 0
    own = [Char("1", (27, 20, 33, 40), 40.0, 20.0)]
    line = Line("1", (20.0, 15.0, 40.0, 45.0))
    for below, proven in ((42, True), (46, False)):
        text[20:below, 27:33] = 0
        seen = Views(np.asarray(cv2.cvtColor(text, cv2.COLOR_GRAY2BGR), np.uint8), text, 1.0, 0, 0)
        found = glyphs._glyphs_of([(line, own)], own, seen)
        assert (line.box in found) is proven
        # What counts as its own is seen by whoever is asked whether it is a 1.
        assert all(one.cell.shape[0] == 22 for one in found.get(line.box, ()))


@pytest.mark.parametrize("gap", [0.0, 0.4, 1.0, 2.0, 2.5, 2.99, 3.0, 3.1, 3.9, 4.0, 6.0])
@pytest.mark.parametrize("start", [10.0, 10.3, 10.5, 10.95])
def test_between_characters_each_column_is_one_character_s(start: float, gap: float) -> None:
    """A mark that nobody names has no column between the cells to hide in."""
    text = np.full((40, 60), 255, np.uint8)
    seen = Views(np.zeros((40, 60, 3), np.uint8), text, 1.0, 0.0, 0.0)
    first = Char("3", (start, 5, start + 12, 25), 25.0, 26.0)
    second = Char("4", (first.box[2] + gap, 5, first.box[2] + gap + 12, 25), 25.0, 26.0)
    (_, (_, one)), (_, (_, other)) = glyphs._cells([second, first], seen)
    assert one.stop <= other.start
    # What is farther off than a cell's own margin is looked at as what stands beside characters.
    assert one.stop == other.start or gap > 2
    # Half a pixel of an outline's rim is all that a neighbour may take.
    assert one.stop >= first.box[2] - 0.5


def test_characters_over_one_another_keep_their_cells() -> None:
    seen = Views(np.zeros((9, 60, 3), np.uint8), np.full((9, 60), 255, np.uint8), 1.0, 0.0, 0.0)
    chars = [Char("A", (5, 1, 20, 8), 8.0, 9.0), Char("V", (18, 1, 30, 8), 8.0, 9.0)]
    cells = [(columns.start, columns.stop) for _, (_, columns) in glyphs._cells(chars, seen)]
    assert cells == [(4, 21), (17, 31)]


def test_a_glyph_of_two_letters_is_read_as_none() -> None:
    assert _right_places("M2A", "M2A", 2) == set()


def test_a_memory_that_is_full_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    memory, mute = _no_faces(), _Counted()
    for _ in range(3):
        _boxes(form_pdf(), mute, memory)
    tried = mute.strips
    monkeypatch.setattr(glyphmemory, "_MOST_KNOWN", 10)
    # What was struck out is tried once more.
    _boxes(form_pdf(), mute, memory)
    assert mute.strips > tried


@pytest.mark.parametrize(
    ("rows", "columns", "rules"),
    [
        # Rules above and beside a value; one through it, and a bar of a figure's width.
        (slice(0, 2), slice(0, 0), True),
        (slice(0, 0), slice(3, 5), True),
        # The sides of a printed table's cell: a point and a half with its rims.
        (slice(0, 0), slice(3, 9), True),
        (slice(14, 16), slice(0, 0), False),
        (slice(0, 0), slice(10, 17), False),
        # Between its figures no cell has a side.
        (slice(0, 0), slice(30, 32), False),
    ],
)
def test_rules_beside_a_value_are_no_strokes_of_it(
    rows: slice, columns: slice, rules: bool
) -> None:
    strange = np.zeros((30, 60), np.bool_)
    strange[rows] = True
    strange[:, columns] = True
    whole = np.repeat(np.where(strange, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)
    assert glyphs._only_rules(strange, whole, slice(20, 50)) is rules


@pytest.mark.parametrize(("rows", "shown"), [(slice(0, 0), True), (slice(5, 25), False)])
def test_a_seal_that_covers_a_figure_leaves_nothing_proven(rows: slice, shown: bool) -> None:
    text = np.full((30, 60), 255, np.uint8)
    text[5:25, 28:32] = 0
    whole = np.asarray(cv2.cvtColor(text, cv2.COLOR_GRAY2BGR), np.uint8)
    whole[rows, 26:34] = (40, 40, 200)
    seen = Views(whole, text, 1.0, 0.0, 0.0)
    own = [Char("1", (28, 5, 32, 25), 25.0, 20.0)]
    assert glyphs._nothing_else(own, seen, np.full((30, 60), 255, np.uint8)) is shown


def test_a_layer_of_few_or_strange_characters_is_none() -> None:
    with pdftext.open_text(b"nothing that is a PDF") as text:
        assert pdftext.page_sheet(text, 0) is None
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(100, 100, "6182")
    canvas.save()
    with pdftext.open_text(out.getvalue()) as text:
        assert pdftext.page_sheet(text, 0) is None
    chars = [{"text": char} for char in "重点排放单位"]
    assert not pdftext._garbled(chars)
    for strange in ("(cid:12)", "\ufffd", "\ue001", "\x03"):
        assert pdftext._garbled([*chars, {"text": strange}])


@pytest.mark.parametrize(("noted", "places"), [(False, ()), (True, None)])
def test_a_note_on_a_page_may_be_a_seal(noted: bool, places: tuple[()] | None) -> None:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(100, 100, "6182")
    if noted:
        canvas.linkURL("https://firm.example", (10, 10, 90, 90))
    canvas.save()
    with pictures.open_pdf(out.getvalue()) as pdf:
        assert drawn.seal_places(pdf, 0) == places


def test_blanks_in_a_layer_are_no_line() -> None:
    def texts(data: bytes) -> list[str]:
        with pdftext.open_text(data) as text:
            sheet = pdftext.page_sheet(text, 0)
            return [line.text for line in sheet.lines()] if sheet else []

    def blank(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.setFont("Helvetica", 11)
        canvas.drawString(100, 100, "    ")
        canvas.restoreState()
        write(canvas)

    blanks = form_pdf(blank)
    assert texts(blanks) == texts(form_pdf())
    assert TITLE in texts(blanks)
