"""Characters that engines take for one, in a face that the machine lacks: told by faces like it."""

import pytest

from clerk.drawing.fonts import Face as DrawingFace
from clerk.drawing.fonts import faces as drawing_faces
from ocr.faces import Face, faces
from ocr.glyph import Glyph
from ocr.glyphmemory import Memory
from ocr.nearfaces import NearFaces
from tests.ocr.test_glyphfaces import _met, _Mute, _pdf

_NAME = "河北测试钢铁有限公司"
_TOLD = {
    "wqy-zenhei": ("日曰", "甲申", "亨享"),
    "NotoSerifCJK-Regular": ("土士", "王玉", "甲申"),
    "uming": ("甲申", "亨享", "王玉"),
}
_HONEST = "天王土田甲日未人大治洛铜浙睛晴准淮亨享士己已申由玉曰"
_MAKERS = ("Noto", "wqy", "uming gbsn", "ukai gkai", "LXGW")


def _maker(path: str) -> str:
    return next((one for one in _MAKERS if any(name in path for name in one.split())), path)


def _others(face: DrawingFace) -> list[Face]:
    """The machine's faces but those of this one's maker."""
    kept = [one for one in faces() if _maker(one.path) != _maker(face.path)]
    if "Noto" in face.path:
        kept += [one for one in faces() if "Sans" in one.path and "Serif" in face.path]
    return kept


@pytest.fixture(params=sorted(_TOLD))
def face(request: pytest.FixtureRequest) -> DrawingFace:
    found = next((one for one in drawing_faces() if one.name == request.param), None)
    if found is None or len(_others(found)) < 9:
        pytest.skip(f"{request.param} or the faces like it are not installed")
    return found


def test_what_engines_take_for_another_is_told(
    face: DrawingFace, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = _met(_pdf(face, [_NAME, _HONEST]), monkeypatch)
    near = NearFaces([drawn[char] for char in _NAME], _others(face))
    assert [char for char in _HONEST if near.draw_rather_another(drawn[char])] == []
    for pair in _TOLD[face.name]:
        claimed, shown = pair[0], pair[1]
        lie = Glyph(claimed, drawn[shown].cell, drawn[shown].above)
        assert near.draw_rather_another(lie), pair


def test_it_is_refuted_for_good(face: DrawingFace, monkeypatch: pytest.MonkeyPatch) -> None:
    claimed, shown = tuple(_TOLD[face.name][0])
    drawn = _met(_pdf(face, [_NAME, _HONEST]), monkeypatch)
    monkeypatch.undo()
    lie = Glyph(claimed, drawn[shown].cell, drawn[shown].above)
    memory, document = Memory(lambda: _others(face)), [drawn[char] for char in _NAME]
    # Those characters that most documents have tell the faces: these do on the fewest of them.
    memory.learn([], _Mute(), document[:5])
    memory.learn([lie, drawn[claimed]], _Mute(), document)
    assert memory.refutes(lie)
    assert not memory.knows(lie)
    assert not memory.refutes(drawn[claimed])


def test_few_faces_tell_nothing(face: DrawingFace, monkeypatch: pytest.MonkeyPatch) -> None:
    claimed, shown = tuple(_TOLD[face.name][0])
    drawn = _met(_pdf(face, [_NAME, _HONEST]), monkeypatch)
    lie = Glyph(claimed, drawn[shown].cell, drawn[shown].above)
    document = [drawn[char] for char in _NAME]
    assert not NearFaces(document, _others(face)[:8]).draw_rather_another(lie)
    assert not NearFaces(document, ()).draw_rather_another(lie)
    gone = [Face("gone.ttf", number) for number in range(12)]
    assert not NearFaces(document, gone).draw_rather_another(lie)
