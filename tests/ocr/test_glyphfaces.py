"""Glyphs told by the faces of the machine: what one draws so needs no engine, no other passes."""

import io
import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from clerk.drawing.fonts import Face as DrawingFace
from clerk.drawing.fonts import faces as drawing_faces
from clerk.drawing.outlines import truetype
from ocr import glyphfaces, glyphs, pdfsheet, pdftext, pictures
from ocr.engines.port import Family, Picture, Recognised
from ocr.faces import Face, faces
from ocr.glyph import Glyph
from ocr.glyphmemory import Memory

_NAMES = (
    "河北测试钢铁有限公司",
    "申请抵销量（吨）",
    "123,640",
    "CN-100-QZXW",
)
_LIES = [
    "昊吴",
    "吴昊",
    "霁雾",
    "未末",
    "己已",
    "土士",
    "日曰",
    "晟晨",
    "钢铜",
    "人入",
    "38",
    "83",
    "17",
    "06",
    "56",
    "O0",
    "0O",
    "B8",
    "S5",
    "Z2",
    "1l",
]


_NUMBERS = itertools.count()


class _Mute:
    """Reads nothing."""

    family: Family = "ppocr-v6"

    def __init__(self) -> None:
        self.asked = 0

    def read_lines(self, crops: Sequence[Picture]) -> list[Recognised]:
        self.asked += len(crops)
        return [Recognised("", 0.0) for _ in crops]


def _pdf(face: DrawingFace, texts: Sequence[str], grey: float = 0.0) -> bytes:
    name = f"Face{next(_NUMBERS)}"
    data = truetype(face, sorted(set("".join(texts))), name)
    pdfmetrics.registerFont(TTFont(name, io.BytesIO(data)))
    out = io.BytesIO()
    canvas = Canvas(out, invariant=True)
    canvas.setFillGray(grey)
    for number, text in enumerate(texts):
        canvas.setFont(name, 11)
        canvas.drawString(80 + 0.17 * number, 780 - 19.3 * number, text)
    canvas.save()
    return out.getvalue()


def _met(data: bytes, monkeypatch: pytest.MonkeyPatch) -> dict[str, Glyph]:
    """The glyphs of a page, by what its layer calls them."""
    found: list[Glyph] = []
    monkeypatch.setattr(Memory, "learn", lambda _, new, reads, all_: found.extend(all_))
    _proven(data, Memory())
    return {one.text: one for one in found}


def _proven(data: bytes, memory: Memory) -> tuple[int, int]:
    """Lines proven without an engine, and how many strips one was asked to read."""
    mute = _Mute()
    with pictures.open_pdf(data) as pdf, pdftext.open_text(data) as text:
        sheet = pdfsheet.native(pdf, text, 0)
        assert sheet is not None
        return len(glyphs.compared(pdf, 0, sheet.lines(), mute, memory).proven), mute.asked


@pytest.fixture(params=drawing_faces(), ids=lambda face: f"{face.name}-{face.index}")
def face(request: pytest.FixtureRequest) -> DrawingFace:
    one: DrawingFace = request.param
    return one


@pytest.mark.parametrize("grey", [0.0, 0.1, 0.3])
def test_a_page_in_a_face_of_the_machine_needs_no_engine(face: DrawingFace, grey: float) -> None:
    proven, asked = _proven(_pdf(face, _NAMES, grey), Memory())
    # A letter that FreeType fits to its pixels may be drawn otherwise: one strip, thrice shorter.
    assert proven >= len(_NAMES) - 1
    assert asked <= 3 * (len(_NAMES) - proven)


def test_a_font_file_that_went_away_costs_strips_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    gone = Face(str(tmp_path / "gone.ttf"))
    proven, asked = _proven(_pdf(drawing_faces()[0], _NAMES), Memory(lambda: (gone,)))
    assert proven == 0
    assert asked > 0
    assert "not compared with" in caplog.text


def test_without_that_face_it_is_recognised(face: DrawingFace) -> None:
    proven, asked = _proven(_pdf(face, _NAMES), Memory(lambda: ()))
    assert proven == 0
    assert asked > 0


def test_nothing_else_passes_for_a_character(
    face: DrawingFace, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = _met(_pdf(face, [*_NAMES, "".join(_LIES)]), monkeypatch)
    told = 0
    for pair in _LIES:
        was, claimed = pair[0], pair[1]
        glyph = drawn[was.upper()]
        lie = Glyph(claimed.upper(), glyph.cell, glyph.above)
        assert not any(glyphfaces.draws(one, lie) for one in faces()), (was, claimed)
        told += any(glyphfaces.draws(one, glyph) for one in faces())
    assert told >= len(_LIES) // 2


def test_a_face_has_not_what_it_draws_as_an_empty_box() -> None:
    """Some faces draw the character NULL otherwise than those that they lack."""
    for one in faces():
        assert not any(one.has(char) for char in ("\ue123", "\ufffe", "\U0010fffd"))
        assert one.has("国")
