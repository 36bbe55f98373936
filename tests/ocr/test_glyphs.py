"""A text layer is believed only where the page draws the same: every way to lie that we know of."""

import io
from collections.abc import Callable, Sequence

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ocr import agree, drawn, glyphmemory, glyphs, pdfsheet, pdftext, pictures, textsheet
from ocr.drawn import Views
from ocr.engines import shelf
from ocr.engines.port import Family, Picture, Recognised, Recogniser
from ocr.faces import Face, faces
from ocr.glyph import Glyph
from ocr.glyphmemory import Memory, _right_places
from ocr.pdfchars import Char
from ocr.sheet import Line
from tests.ocr import lies
from tests.ocr.lies import (
    DRAWN_MORE,
    LEFT,
    LIES,
    ROWS,
    TITLE,
    Contours,
    another_level,
    bar,
    font_of,
    form_pdf,
    in_lying_font,
    moved,
    named_pdf,
    pale_blank,
    read,
    write,
)


@pytest.fixture(autouse=True)
def _nothing_met_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests' documents taught this process must not matter here."""
    monkeypatch.setattr(glyphs, "_MET", Memory())


def _no_faces() -> Memory:
    """Of a machine without typefaces: what was not met must be recognised."""
    return Memory(lambda: ())


def _proven(data: bytes, memory: Memory | None = None) -> set[str]:
    with pictures.open_pdf(data) as pdf, pdftext.open_text(data) as text:
        sheet = pdfsheet.native(pdf, text, 0)
        assert sheet is not None
        boxes = glyphs.compared(pdf, 0, sheet.lines(), shelf().primary, memory).proven
        return {line.text for line in sheet.lines() if line.box in boxes}


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
    font = font_of("Swapped", swapped="38")
    data = form_pdf(font=font)
    assert "6182" not in _proven(data)
    offset = read(data).fields["offset_t"]
    assert offset.value == 6182
    assert not offset.accepted
    # A good font with the same characters is believed after it.
    assert read(form_pdf()).fields["offset_t"].accepted


@pytest.mark.parametrize("memory", [Memory, _no_faces])
@pytest.mark.parametrize(
    ("name", "swapped"),
    [
        ("河北王氏钢铁有限公司", "王玉"),
        ("河北长治钢铁有限公司", "治冶"),
        ("河北长冶钢铁有限公司", "冶治"),
        ("河南洛阳钢铁有限公司", "洛洺"),
        ("河北洺河钢铁有限公司", "洺洛"),
        ("河北未来钢铁有限公司", "未末"),
        ("河北亨通钢铁有限公司", "亨享"),
        ("河北淮河钢铁有限公司", "淮准"),
        ("河北士林钢铁有限公司", "士土"),
        ("河北甲钢铁有限公司", "甲乙"),
    ],
)
def test_a_layer_that_names_another_firm_than_the_page_draws(
    monkeypatch: pytest.MonkeyPatch, memory: Callable[[], Memory], name: str, swapped: str
) -> None:
    """Firms may differ by one character: it is a person who sees which one stands there."""
    monkeypatch.setattr(glyphs, "_MET", memory())
    told, lied = (read(named_pdf(name, way)).fields["enterprise_name"] for way in ("", swapped))
    assert (told.value, told.accepted) == (name, True)
    assert (lied.value, lied.accepted) == (name, False)
    assert agree.DIFFERS in lied.against


@pytest.mark.parametrize("swapped", ["日曰", "已己", "崇祟", "汨汩", "浙淅", "晴睛", "昇昪"])
def test_a_character_that_engines_take_for_another_is_told_by_the_face(swapped: str) -> None:
    name = f"河北{swapped[0]}新钢铁有限公司"
    told, lied = (read(named_pdf(name, way)).fields["enterprise_name"] for way in ("", swapped))
    assert (told.value, told.accepted) == (name, True)
    assert (lied.value, lied.accepted) == (name, False)
    assert agree.DIFFERS in lied.against


def test_what_engines_told_is_asked_of_the_face_that_another_document_is_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine: list[Face] = []
    monkeypatch.setattr(glyphs, "_MET", Memory(lambda: machine))
    name = "河北日新钢铁有限公司"
    lied = named_pdf(name, "日曰")
    # No engine tells the two from each other.
    assert read(lied).fields["enterprise_name"].accepted
    machine += faces()
    assert not read(lied).fields["enterprise_name"].accepted
    assert read(named_pdf(name)).fields["enterprise_name"].accepted


@pytest.mark.parametrize("memory", [Memory, _no_faces])
@pytest.mark.parametrize(
    ("text", "char", "contours"),
    [
        *DRAWN_MORE,
        ("6'182", "'", moved("9")),
        ("(6182", "(", moved("9")),
        ("6182:", ":", moved("0")),
        ("6182-", "-", moved("9")),
        ("6182-", "-", bar(200, 300)),
    ],
)
def test_a_font_that_draws_more_or_another_mark(
    memory: Callable[[], Memory], text: str, char: str, contours: Contours
) -> None:
    assert text not in _proven(form_pdf(in_lying_font(text, char, contours)), memory())


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
        sheet = pdfsheet.native(pdf, text, 0)
        assert sheet is not None
        return len(glyphs.compared(pdf, 0, sheet.lines(), recogniser, memory).proven)


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


class _Says(_Counted):
    """Reads the same in every strip, and keeps what it was shown."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text, self.shown = text, list[Picture]()

    def read_lines(self, crops: Sequence[Picture]) -> list[Recognised]:
        """What it always reads."""
        self.shown += crops
        return [Recognised(self._text, 1.0) for _ in crops]


def _square(text: str) -> Glyph:
    return Glyph(text, np.zeros((22, 22), np.uint8), 20)


def test_fourteen_new_glyphs_take_one_strip_that_is_quick_to_read() -> None:
    # By their code points, but for 一: engines lose it at a strip's beginning.
    said, memory = "AB丁丙一乙壬子己庚戊甲癸辛", _no_faces()
    engine = _Says(said)
    memory.learn([_square(char) for char in said], engine)
    (strip,) = engine.shown
    assert strip.shape[1] / strip.shape[0] <= 320 / 48
    assert all(memory.knows(_square(char)) for char in said)


@pytest.mark.parametrize(
    ("layer", "said", "known"),
    [("O", "0", True), ("〇", "0", True), ("0", "O", True), ("Q", "0", False), ("O", "Q", False)],
)
def test_what_is_one_drawing_is_read_as_either(layer: str, said: str, known: bool) -> None:
    memory = _no_faces()
    memory.learn([_square(layer)], _Says(said))
    assert memory.knows(_square(layer)) is known


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


def _sealed(canvas: Canvas) -> None:
    """A ring's upper rim over the value, as a seal laid on a page is: a picture."""
    ring = Image.new("RGBA", (480, 480))
    ImageDraw.Draw(ring).ellipse((10, 10, 470, 470), outline=(200, 30, 30, 120), width=16)
    side = 40 / 25.4 * 72
    canvas.drawImage(ImageReader(ring), LEFT - 45, lies.OFFSET + 14 - side, side, side, mask="auto")


def test_a_seal_of_which_a_part_lies_over_lines_is_seen_as_one() -> None:
    data = named_pdf(ROWS[0][1], lie=_sealed)
    with pictures.open_pdf(data) as pdf:
        places = drawn.seal_places(pdf, 0)
        with pdftext.open_text(data) as text:
            sheet = pdftext.page_sheet(text, 0)
        assert sheet is not None
        assert places
        (line,) = (line for line in sheet.lines() if line.text == "6182")
        engine, memory = shelf().primary, Memory()
        assert glyphs.compared(pdf, 0, [line], engine, memory, places).proven == {line.box}
        # Of the rim alone nobody can tell whether it is a seal's or a figure's.
        assert glyphs.compared(pdf, 0, [line], engine, memory).proven == frozenset()


@pytest.mark.parametrize(
    ("text", "shown", "strange"),
    [(0, 150, False), (0, 200, True), (255, 200, False), (255, 180, False), (255, 148, True)],
)
def test_what_hides_ink_or_is_too_dark_is_no_seal(text: int, shown: int, strange: bool) -> None:
    """In red light, where it is red: ink shows through a seal, and its own red is pale."""
    whole = np.full((1, 1, 3), shown, np.int16)
    red = np.ones((1, 1), np.bool_)
    found = glyphs._strange(whole, np.full((1, 1), text, np.int16), red, red & (text < 128))
    assert bool(found[0, 0]) is strange


@pytest.mark.parametrize(
    ("beside", "proven"), [("额", True), ("3", False), ("B", False), ("℃", False)]
)
def test_a_label_of_two_rows_in_the_next_cell_is_no_figure_of_a_value(
    beside: str, proven: bool
) -> None:
    def second_row(canvas: Canvas) -> None:
        write(canvas, x=LEFT - 5)
        canvas.setFont(font_of("Beside", more="额3B℃"), 11)
        canvas.drawRightString(LEFT - 11, lies.OFFSET - 7, beside)

    assert ("6182" in _proven(form_pdf(second_row), Memory())) is proven


def test_a_layer_of_few_or_strange_characters_is_none() -> None:
    with pdftext.open_text(b"nothing that is a PDF") as text:
        assert pdftext.page_sheet(text, 0) is None
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(100, 100, "6182")
    canvas.save()
    with pdftext.open_text(out.getvalue()) as text:
        assert pdftext.page_sheet(text, 0) is None
    assert not textsheet.is_garbled("重点排放单位")
    for strange in ("(cid:12)", "\ufffd", "\ue001", "\x03", "\ud83d"):
        assert textsheet.is_garbled("重点排放单位" + strange)


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
