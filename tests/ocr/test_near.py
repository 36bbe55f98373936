"""Doubtful lines of an undamaged picture, read again from near."""

import io
from collections.abc import Callable
from datetime import datetime
from functools import cache

import cv2
import numpy as np
import pytest
from PIL import Image

from clerk.drawing.content import Cancellation, RecordLine
from clerk.drawing.documents import draw_cancellation
from clerk.drawing.fonts import faces, packaged
from clerk.drawing.style import Style
from ocr import read_document
from ocr.drawnproof import DrawnProof
from ocr.engines.port import Picture
from ocr.near import is_drawn, undamaged
from ocr.sheet import Line
from procedure.acceptance import decide
from procedure.fieldrules import DRAWN, NEAR
from procedure.readings import DocumentReading, Reading
from tests.ocr.evaluate import template

_RIGHT = "海南陀隆电力（集团）有限公司"
_AT = datetime(2021, 12, 11, 9, 30, 5)  # noqa: DTZ001  what the screen prints
_MISREAD = "陕西朔诐水电站工程"
"""Both families read it as 陕西朔波水电站工程, enlarged too."""


@cache
def _screen() -> bytes:
    """A registry's screen, with print of 13 pixels."""
    record = RecordLine(_MISREAD, "CCER-1000", 1200, _AT, "321836834-321838033")
    return _drawn(record, Style(packaged(), screen="detail", wording=3))


def _drawn(record: RecordLine, style: Style) -> bytes:
    said = Cancellation(_RIGHT, "CN-100-2055383", (record,))
    return draw_cancellation(said, style, "digital", 5, None).data


def _picture() -> Picture:
    rgb = np.asarray(Image.open(io.BytesIO(_screen())).convert("RGB"))
    return np.ascontiguousarray(rgb[:, :, ::-1])


def _as_jpeg(picture: Picture) -> bytes:
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()


def _copied(picture: Picture) -> Picture:
    return np.asarray(cv2.imdecode(np.frombuffer(_as_jpeg(picture), np.uint8), 1), np.uint8)


def _noisy(picture: Picture, spread: float, gain: float = 1.0) -> Picture:
    noise = np.random.default_rng(3).normal(0, spread, picture.shape)
    return np.clip(np.rint((picture + noise) * gain), 0, 255).astype(np.uint8)


def _two_colours(picture: Picture) -> Picture:
    return np.where(picture.min(axis=2, keepdims=True) > 150, 255, 0).repeat(3, 2).astype(np.uint8)


def _read(data: bytes, name: str) -> DocumentReading:
    (document,) = read_document(data, name, template())
    return decide(document)


def test_a_name_that_is_plain_from_near_is_accepted_and_one_misread_alike_is_not() -> None:
    read = _read(_screen(), "screen.png")
    name, project = read.fields["account_name"], read.records[0].project_name
    assert name.value == _RIGHT
    assert name.confidence < 0.98, "the engines are sure of it now: find another name"
    assert name.accepted
    assert NEAR in name.evidence
    assert project is not None
    assert project.value != _MISREAD, "the engines know it now: find another character"
    assert not project.accepted
    assert NEAR not in project.evidence


@pytest.mark.parametrize("name", ["江苏昊峰水电站工程", "江苏吴峰水电站工程"])
def test_what_both_engines_read_for_a_rarer_character_is_told_by_drawing(name: str) -> None:
    """Both read 吴 on either screen; only one of them shows a 昊."""
    record = RecordLine(name, "CCER-1000", 1200, _AT, "321836834-321838033")
    found = _read(_drawn(record, Style(packaged())), "screen.png").records[0].project_name
    assert found is not None
    assert found.text == "江苏吴峰水电站工程", "an engine knows it now: find another name"
    assert found.value == name
    assert found.accepted
    assert DRAWN in found.evidence


def test_a_gap_that_an_engine_saw_in_a_number_is_none_from_near(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A brush type's narrow figures: 7 72979; on a machine that has not this type."""
    monkeypatch.setattr(DrawnProof, "as_drawn", lambda _, hit, values: values)
    brush = next((face for face in faces() if face.name == "ukai"), None)
    if brush is None:
        pytest.skip("no brush type: apt-get install fonts-arphic-ukai")
    record = RecordLine("四川凌祥水电站工程", "JX-2014-134", 772979, _AT, "321836834-322609812")
    quantity = _read(_drawn(record, Style(brush, wording=3)), "screen.png").records[0].quantity_t
    assert quantity is not None
    assert quantity.value == 772979
    assert quantity.accepted
    assert NEAR in quantity.evidence, "both engines read it at once now: find another number"


def test_a_copy_is_read_as_before() -> None:
    read = _read(_as_jpeg(_picture()), "screen.jpg")
    assert not read.fields["account_name"].accepted
    assert not any(NEAR in one.evidence for one in _readings(read))


def _readings(read: DocumentReading) -> list[Reading]:
    cells = [getattr(row, name) for row in read.records for name in row.__dataclass_fields__]
    return [*read.fields.values(), *(cell for cell in cells if cell is not None)]


@pytest.mark.parametrize(
    ("copy", "line", "page"),
    [
        (lambda picture: picture, True, True),
        (_copied, False, True),
        (lambda picture: _noisy(picture, 0.4), False, False),
        # The paper is white again, and as even as a drawing's.
        (lambda picture: _noisy(picture, 3, 1.1), True, False),
        (_two_colours, True, False),
    ],
    ids=["drawn", "jpeg", "scanned", "whitened", "black-and-white"],
)
def test_what_a_computer_drew_is_told_from_its_copies(
    copy: Callable[[Picture], Picture], line: bool, page: bool
) -> None:
    picture = copy(_picture())
    height, width = picture.shape[:2]
    # The line 注销详情, by itself on white.
    x0, y0, x1, y1 = 0.145 * width, 0.158 * height, 0.196 * width, 0.196 * height
    place = Line("", (x0, y0, x1, y1), 1.0, ((x0, y0), (x1, y0), (x1, y1), (x0, y1)))
    assert undamaged(picture, place) is line
    assert is_drawn(picture) is page


def test_an_empty_place_is_no_line() -> None:
    picture = np.full((60, 300, 3), 255, np.uint8)
    quad = ((10.0, 10.0), (90.0, 10.0), (90.0, 30.0), (10.0, 30.0))
    assert not undamaged(picture, Line("", (10, 10, 90, 30), 1.0, quad))
    beyond = tuple((x + 900, y) for x, y in quad)
    assert not undamaged(picture, Line("", (910, 10, 990, 30), 1.0, beyond))
    assert not is_drawn(picture)
