"""What a file is, by its bytes and not by its label."""

import io
import zipfile
from collections.abc import Mapping

from procedure.language import _

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
PICTURES = frozenset(
    {
        "image/jpeg", "image/png", "image/tiff", "image/webp", "image/bmp", "image/gif",
        "image/heic", "image/avif",
    }
)  # fmt: skip
UNKNOWN = "application/octet-stream"
OLE = "application/x-ole-storage"
ENCRYPTED_OFFICE = "application/x-encrypted-office"

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),
    (b"MM\x00+", "image/tiff"),
    (b"GIF8", "image/gif"),
    (b"{\\rtf", "application/rtf"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
)
_OOXML = (("word/", DOCX), ("xl/", XLSX), ("ppt/", "application/vnd.ms-powerpoint"))
_HEIF = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_OLE_STREAMS: tuple[tuple[str, str], ...] = (
    ("EncryptedPackage", ENCRYPTED_OFFICE),
    ("WordDocument", "application/msword"),
    ("Workbook", XLS),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
)
NAMES: Mapping[str, str] = {
    "application/msword": ".doc",
    "application/vnd.ms-powerpoint": _("演示文稿").said(),
    "application/vnd.ms-works": ".wps",
    "application/ofd": ".ofd",
    "application/rtf": ".rtf",
    "application/zip": _("压缩包").said(),
    "application/vnd.rar": _("压缩包").said(),
    "application/x-7z-compressed": _("压缩包").said(),
    "application/gzip": _("压缩包").said(),
    "text/html": _("网页").said(),
    "text/plain": _("纯文本").said(),
}
"""How a type that we cannot read is named to its sender."""


def file_type(data: bytes, name: str = "") -> str:
    """MIME type by content; ``name`` only decides between kinds that share a container."""
    for magic, mime in _MAGIC:
        if data.startswith(magic):
            return mime
    # Readers allow some junk before the header, and scanners write it.
    if b"%PDF-" in data[:1024]:
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return _zip(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole(data, name)
    return _riff_and_co(data) or _text(data)


def _riff_and_co(data: bytes) -> str | None:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[:2] == b"BM" and len(data) > 26 and data[6:10] == b"\0\0\0\0":
        return "image/bmp"
    if data[4:8] == b"ftyp" and data[8:12] in (b"avif", b"avis"):
        return "image/avif"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF:
        return "image/heic"
    return None


def _zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        # A cut-off file has no directory; its first member still tells what it was to be.
        head = data[:4096]
        found = next((mime for folder, mime in _OOXML if folder.encode() in head), None)
        return (
            DOCX if found is None and b"[Content_Types].xml" in head else found or "application/zip"
        )
    if "OFD.xml" in names:
        return "application/ofd"
    for folder, mime in _OOXML:
        if "[Content_Types].xml" in names and any(n.startswith(folder) for n in names):
            return mime
    return "application/zip"


def _ole(data: bytes, name: str) -> str:
    if name.lower().endswith(".wps"):
        return "application/vnd.ms-works"
    for stream, mime in _OLE_STREAMS:
        if stream.encode("utf-16-le") in data:
            return mime
    return OLE


def _text(data: bytes) -> str:
    head = data[:4096]
    if not head or b"\0" in head:
        return UNKNOWN
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character may be cut at the end of the head; GBK text is fine too.
        if error.start < len(head) - 4:
            try:
                head[:-1].decode("gb18030")
            except UnicodeDecodeError:
                return UNKNOWN
    lowered = head.lstrip()[:200].lower()
    return "text/html" if lowered.startswith((b"<!doctype html", b"<html")) else "text/plain"
