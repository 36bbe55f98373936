"""File types: what can be read, what each page of it is, and caps before anything is unpacked."""

import functools
import io
import struct
import time
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from ocr import file_type, limits, pictures, read_document
from ocr.problems import Unreadable
from tests.ocr.evaluate import template

SAMPLES = Path(__file__).parent / "samples"
HEIC = (SAMPLES / "mark.heic").read_bytes()


def marked(size: tuple[int, int] = (160, 120), mode: str = "RGB") -> Image.Image:
    """White with a black box in its top left part."""
    picture = Image.new("RGB", size, "white")
    picture.paste("black", (20, 10, 60, 40))
    return picture.convert(mode)


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + stream.encode("utf-16-le")


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"<x/>")
    return out.getvalue()


def tiff_tags(data: bytes, page: int, **changed: int) -> bytes:
    """A little-endian TIFF whose page says another width or height."""
    out = bytearray(data)
    at = struct.unpack_from("<I", out, 4)[0]
    for _ in range(page):
        at = struct.unpack_from("<I", out, at + 2 + 12 * struct.unpack_from("<H", out, at)[0])[0]
    for entry in range(struct.unpack_from("<H", out, at)[0]):
        spot = at + 2 + 12 * entry
        tag = {256: "width", 257: "height"}.get(struct.unpack_from("<H", out, spot)[0], "")
        if tag in changed:
            struct.pack_into("<HII", out, spot + 2, 4, 1, changed[tag])
    return bytes(out)


def tiff(pages: int, size: tuple[int, int] = (160, 120)) -> bytes:
    frames = [marked(size) for _ in range(pages)]
    return saved(frames[0], "TIFF", save_all=True, append_images=frames[1:])


def pdf(page: str, *objects: bytes) -> bytes:
    """A PDF of one page whose cross-reference table pdfium builds itself."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R{page}>>".encode(),
        *objects,
    ]
    body = b"".join(b"%d 0 obj%b endobj\n" % (n, part) for n, part in enumerate(parts, start=1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF"


def stream(head: str, data: bytes) -> bytes:
    return f"<<{head}/Length {len(data)}>>stream\n".encode() + data + b"\nendstream"


def pdf_with_picture(width: int, height: int) -> bytes:
    image = f"/Type/XObject/Subtype/Image/Width {width}/Height {height}/BitsPerComponent 8"
    image += "/ColorSpace/DeviceRGB/Filter/FlateDecode"
    page = "/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>"
    drawn = stream("", b"595 0 0 842 0 0 cm /I Do")
    return pdf(page, drawn, stream(image, zlib.compress(bytes(9000))))


KINDS = {
    "jpeg": (saved(marked(), "JPEG"), "image/jpeg"),
    "png": (saved(marked(), "PNG"), "image/png"),
    "grey png": (saved(marked(mode="L"), "PNG"), "image/png"),
    "palette png": (saved(marked(mode="P"), "PNG"), "image/png"),
    "16 bit png": (saved(marked(mode="L").convert("I;16"), "PNG"), "image/png"),
    "cmyk jpeg": (saved(marked(mode="CMYK"), "JPEG"), "image/jpeg"),
    "fax tiff": (saved(marked(mode="1"), "TIFF", compression="group4"), "image/tiff"),
    "lzw tiff": (saved(marked(), "TIFF", compression="tiff_lzw"), "image/tiff"),
    "webp": (saved(marked(), "WEBP", lossless=True), "image/webp"),
    "bmp": (saved(marked(), "BMP"), "image/bmp"),
    "gif": (saved(marked(), "GIF"), "image/gif"),
    "avif": (saved(marked(), "AVIF", quality=90), "image/avif"),
    "heic": (HEIC, "image/heic"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_pictures_of_every_kind_are_decoded(kind: str) -> None:
    data, mime = KINDS[kind]
    assert file_type(data) == mime
    (page,) = pictures.decode(data)
    assert page.shape == (120, 160, 3)
    assert page[25, 40].max() < 60
    assert page[100, 120].min() > 200


@pytest.mark.parametrize("turn", range(1, 9))
def test_every_exif_turn_is_undone(turn: int) -> None:
    upright = marked()
    undo = {
        2: [Image.Transpose.FLIP_LEFT_RIGHT], 3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM], 5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90], 7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }  # fmt: skip
    turned = upright
    for one in undo.get(turn, []):
        turned = turned.transpose(one)
    exif = Image.Exif()
    exif[0x0112] = turn
    (page,) = pictures.decode(saved(turned, "PNG", exif=exif))
    assert np.array_equal(page, np.asarray(upright)[:, :, ::-1])


def test_a_damaged_exif_turns_nothing() -> None:
    data = saved(marked(), "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\x12\x01" * 40)
    assert pictures.decode(data)[0].shape == (120, 160, 3)


def test_a_tiff_has_as_many_pages_as_it_shows() -> None:
    assert len(pictures.decode(tiff(3))) == 3
    preview = marked((30, 24))
    data = saved(marked(), "TIFF", save_all=True, append_images=[preview, marked()])
    assert len(pictures.decode(data)) == 2


def test_animations_and_second_pictures_are_no_pages() -> None:
    frames = [marked(), Image.new("RGB", (160, 120), "red")]
    for kind in ("GIF", "WEBP", "MPO", "PNG"):
        data = saved(frames[0], kind, save_all=True, append_images=frames[1:])
        (page,) = pictures.decode(data)
        assert page[100, 120].min() > 200, kind


def test_a_large_picture_is_reduced_and_an_odd_page_rendered_small() -> None:
    (page,) = pictures.decode(saved(Image.new("L", (9000, 6000), 255), "PNG"))
    assert max(page.shape) == pictures.LONGEST
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(9000, 6000))
    canvas.drawString(100, 700, "metres")
    canvas.save()
    with pictures.open_pdf(out.getvalue()) as opened:
        assert max(pictures.render(opened, 0, 300).shape) <= pictures.LONGEST + 1


def _gif(width: int, height: int) -> bytes:
    data = bytearray(saved(marked(), "GIF"))
    struct.pack_into("<HH", data, 6, width, height)
    return bytes(data)


def _bmp(width: int, height: int) -> bytes:
    data = bytearray(saved(marked(), "BMP"))
    struct.pack_into("<ii", data, 18, width, height)
    return bytes(data)


def _webp(width: int, height: int) -> bytes:
    data = bytearray(saved(marked(), "WEBP", quality=50))
    struct.pack_into("<HH", data, data.index(b"\x9d\x01\x2a") + 3, width, height)
    return bytes(data)


def _heic(width: int, height: int) -> bytes:
    data = bytearray(HEIC)
    struct.pack_into(">II", data, data.index(b"ispe") + 8, width, height)
    return bytes(data)


HUGE = {
    "gif": _gif(30_000, 20_000),
    "bmp": _bmp(30_000, 20_000),
    "webp": _webp(16_000, 16_000),
    "heic": _heic(30_000, 20_000),
    "tiff": tiff_tags(tiff(1), 0, width=30_000, height=20_000),
    "second page of a tiff": tiff_tags(tiff(3), 1, width=30_000, height=20_000),
    "all pages of a tiff": functools.reduce(
        lambda data, page: tiff_tags(data, page, width=9_500, height=9_500), range(5), tiff(5)
    ),
    "picture in a pdf": pdf_with_picture(30_000, 20_000),
}


@pytest.mark.parametrize("case", HUGE)
def test_what_is_too_large_is_refused_before_it_is_unpacked(case: str) -> None:
    start = time.perf_counter()
    (document,) = read_document(HUGE[case], "file", template())
    assert time.perf_counter() - start < 2
    assert document.problem is not None
    assert document.problem.code == "too-large"


def test_more_bytes_than_we_take() -> None:
    (document,) = read_document(b"%PDF-" + bytes(limits.MAX_BYTES), "x.pdf", template())
    assert document.problem is not None
    assert document.problem.code == "too-large"


OTHERS = {
    "通知.doc": (ole("WordDocument"), ".doc"),
    "申请表.wps": (ole("WordDocument"), ".wps"),
    "申请表.ofd": (zipped("OFD.xml", "Doc_0/Document.xml"), ".ofd"),
    "申请表.rtf": (b"{\\rtf1 x}", ".rtf"),
    "汇报.pptx": (zipped("[Content_Types].xml", "ppt/presentation.xml"), "演示文稿"),
    "页.html": (b"<!DOCTYPE html><html></html>", "网页"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_cannot_be_read_is_named_and_says_what_to_send(name: str) -> None:
    data, said = OTHERS[name]
    (document,) = read_document(data, name, template())
    assert document.problem is not None
    assert document.problem.code == "unsupported"
    assert said in document.problem.message
    assert "PDF" in document.problem.message


@pytest.mark.parametrize("kind", [k for k in KINDS if k not in ("bmp", "16 bit png")])
def test_half_a_picture_is_damaged(kind: str) -> None:
    data = KINDS[kind][0]
    with pytest.raises(Unreadable) as caught:
        pictures.decode(data[: len(data) * 2 // 5])
    assert caught.value.code == "damaged"


def test_an_archive_of_other_things_is_no_office_file() -> None:
    assert file_type(zipped("word/document.xml")) == "application/zip"
    assert file_type(zipped("[Content_Types].xml", "other/x.xml")) == "application/zip"


def test_a_pdf_without_pages_is_damaged() -> None:
    empty = pdf("").replace(b"/Kids[3 0 R]/Count 1", b"/Kids[]/Count 0")
    with pytest.raises(Unreadable) as caught, pictures.open_pdf(empty):
        pass
    assert caught.value.code == "damaged"
