"""Whatever comes, a reading comes back: with a problem that its sender can act on."""

import io
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import cv2
import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

import ocr.reader
from ocr import file_type, office, read_document
from ocr.convert import _CONVERTERS, convert, suspicious
from ocr.engines import Shelf
from ocr.engines.neural import Orientation
from ocr.engines.port import Picture
from ocr.problems import Unreadable
from procedure.errors import Temporary
from procedure.readings import DocumentReading
from procedure.values import Unit
from tests.ocr.evaluate import template

SAMPLES = Path(__file__).parent / "samples"
HEADS = [b"", b"%PDF-1.4\n", b"PK\x03\x04", b"BM", b"GIF89a"]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def _png_header(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    data = b"IDAT" + zlib.compress(b"\0" * 100)
    idat = struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))
    return b"\x89PNG\r\n\x1a\n" + chunk + idat


def _jpeg_header(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64)).save(out, "JPEG")
    data = bytearray(out.getvalue())
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def _locked_pdf() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt="secret")
    canvas.drawString(100, 700, "secret")
    canvas.save()
    return out.getvalue()


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", bytes(80_000_000))
    return out.getvalue()


def _pages(count: int) -> bytes:
    out = io.BytesIO()
    frames = [Image.new("1", (64, 64), 1) for _ in range(count)]
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def _sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


CASES = {
    "empty": (b"", "empty"),
    "huge png": (_png_header(30_000, 20_000), "too-large"),
    "huge jpeg": (_jpeg_header(30_000, 20_000), "too-large"),
    "many pages": (_pages(31), "too-large"),
    "locked pdf": (_locked_pdf(), "encrypted"),
    "locked docx": (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    "old word": (OLE + "WordDocument".encode("utf-16-le"), "unsupported"),
    "heic": (b"\0\0\0\x18ftypheic" + bytes(40), "damaged"),
    "plain text": ("各位老师好".encode(), "unsupported"),
    "rubbish": (b"\0\1\2\3" * 100, "unsupported"),
    "cut pdf": (_sample("c0000-form.pdf")[:3000], "damaged"),
    "cut docx": (_sample("c0001-form.docx")[:60_000], "damaged"),
    "cut png": (_png_header(900, 900), "damaged"),
    "zip bomb": (_bomb(), "too-large"),
}


def _read(data: bytes, name: str = "file") -> DocumentReading:
    documents = read_document(data, name, template())
    assert len(documents) == 1
    return documents[0]


@pytest.mark.parametrize("case", CASES)
def test_bad_files_are_named(case: str) -> None:
    data, code = CASES[case]
    start = time.perf_counter()
    document = _read(data)
    assert document.kind == "other"
    assert document.problem is not None
    assert document.problem.code == code
    assert "请" in document.problem.message
    assert time.perf_counter() - start < 3


def test_a_text_document_that_is_no_form() -> None:
    out = io.BytesIO()
    paper = docx.Document()
    paper.add_paragraph("关于召开会议的通知")
    paper.save(out)
    document = _read(out.getvalue(), "通知.docx")
    assert document.problem is not None
    assert document.problem.code == "not-a-form"


def test_a_blank_page_is_no_form() -> None:
    out = io.BytesIO()
    Image.new("RGB", (800, 600), "white").save(out, "PNG")
    document = _read(out.getvalue())
    assert document.problem is not None
    assert document.problem.code == "not-a-form"


def test_type_is_told_by_content_not_by_name() -> None:
    assert file_type(_sample("c0000-form.pdf"), "picture.jpg") == "application/pdf"
    assert file_type(_sample("c0003-form.jpg"), "form.pdf") == "image/jpeg"
    assert file_type(_sample("c0001-form.docx")).endswith("wordprocessingml.document")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=300), st.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", b"BM", b"GIF89a"])
)
def test_no_bytes_raise(tail: bytes, head: bytes) -> None:
    assert _read(head + tail).kind == "other"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_damaged_docx_is_refused_or_read(data: st.DataObject) -> None:
    whole = bytearray(_sample("c0001-form.docx"))
    at = data.draw(st.integers(0, len(whole) - 200))
    whole[at : at + 100] = data.draw(st.binary(min_size=100, max_size=100))
    with suppress(Unreadable):
        sheet, _ = office.read_docx(bytes(whole))
        assert sheet.native


class _Crash(Orientation):
    def turn(self, image: Picture) -> int:
        raise RuntimeError("engine crashed")


def test_an_engine_that_crashes_costs_one_document(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Shelf(orientation=_Crash())
    monkeypatch.setattr(ocr.reader, "shelf", lambda: broken)
    document = _read(_sample("c0000-screenshot.png"))
    assert document.problem is not None
    assert document.problem.code == "unreadable"
    monkeypatch.undo()
    assert _read(_sample("c0001-form.docx")).kind == "application"


def test_a_broken_machine_is_temporary(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> Shelf:
        raise Temporary("no engine")

    monkeypatch.setattr(ocr.reader, "shelf", none)
    with pytest.raises(Temporary):
        read_document(_sample("c0000-screenshot.png"), "x.png", template())


def _lacking(error: Exception) -> Callable[..., Picture]:
    def lacks(*_: object, **__: object) -> Picture:
        raise error

    return lacks


_LACKS = (MemoryError(), cv2.error("(-4:Insufficient memory) Failed to allocate 4800000000 bytes"))


@pytest.mark.parametrize("error", _LACKS)
@pytest.mark.parametrize("place", ["ocr.pictures._frame", "ocr.reader.scan"])
def test_too_little_memory_is_no_fault_of_the_document(
    monkeypatch: pytest.MonkeyPatch, error: Exception, place: str
) -> None:
    monkeypatch.setattr(place, _lacking(error))
    with pytest.raises(Temporary):
        read_document(_sample("c0000-screenshot.png"), "x.png", template())


_ODD = "〇零一二三九十百千万亿元吨年月日时分秒:.,-/()（）％0123456789OlI|'²½①Ⅲ٣१ \n　☑√至ABCNJX□"


@pytest.mark.parametrize("field", sorted(_CONVERTERS))
@given(text=st.text(_ODD, max_size=24), unit=st.sampled_from(["吨", "万吨", None]))
def test_whatever_was_read_is_a_value_or_none(field: str, text: str, unit: Unit | None) -> None:
    """An error in one field would make the whole paper unreadable."""
    assert convert(field, text, unit) is None or str(convert(field, text, unit))
    assert suspicious(field, text, unit) in (True, False)
