"""What a file is, its bytes say: MIME type by content."""

import io
import re
import zipfile

APPLE_FORK = "application/applefile"
"""A resource fork: what the Finder knows of a file, nothing of the file."""
MAIL = re.compile(
    rb"\A(?:From [^\r\n]*\r?\n)?(?:[!-9;-~]+:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n){2,}\r?\n"
)
MAIL_HEADER = re.compile(rb"^(?:from|subject|received|message-id|date|content-type):", re.I | re.M)
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
    (b"-----BEGIN PGP MESSAGE-----", "application/pgp-encrypted"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"\x00\x05\x16\x07", APPLE_FORK),
)
SEALED = "application/pkcs7-mime"
PGP = "application/pgp-encrypted"
CLOSED = (SEALED, PGP)
"""Mails that only their recipient's key opens, or (S/MIME) that are wrapped to be signed."""
CMS = re.compile(
    rb"\A\x30[\x80-\x84].{0,4}\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07[\x02\x03]", re.S
)
"""RFC 5652 §3: a ContentInfo of signed-data or enveloped-data."""
OFFICE = "application/vnd.openxmlformats-officedocument."
MEMBERS: tuple[tuple[str, str], ...] = (
    ("word/", f"{OFFICE}wordprocessingml.document"),
    ("xl/", f"{OFFICE}spreadsheetml.sheet"),
    ("ppt/", f"{OFFICE}presentationml.presentation"),
    ("OFD.xml", "application/ofd"),
)
ENDINGS = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/bmp": "bmp",
    "image/tiff": "tif",
    "image/webp": "webp",
    "image/heic": "heic",
    "application/zip": "zip",
    f"{OFFICE}wordprocessingml.document": "docx",
    f"{OFFICE}spreadsheetml.sheet": "xlsx",
    "message/rfc822": "eml",
    "text/plain": "txt",
    "text/csv": "csv",
    "text/html": "html",
}
OLE_ENDINGS = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "wps": "application/vnd.ms-works",
    "msg": "application/vnd.ms-outlook",
}


def type_of(data: bytes, name: str = "", declared: str = "") -> str:
    """MIME type: by content first, then by the name's ending, then as the mail says."""
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _zip_type(data)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc"):
        return "image/heic"
    found = next((mime for magic, mime in MAGIC if data.startswith(magic)), "")
    if CMS.match(data[:32]):
        return SEALED
    ending = name.rpartition(".")[2].lower()
    if not found and (ending in ("eml", "mht") or declared == "message/rfc822") and is_mail(data):
        return "message/rfc822"
    if not found and data[257:262] == b"ustar":
        return "application/x-tar"
    if not found and ending in ("zip", "docx", "xlsx") and zipfile.is_zipfile(io.BytesIO(data)):
        return _zip_type(data)
    if found == "application/x-ole-storage":
        return OLE_ENDINGS.get(ending, found)
    # Some generators write a few bytes before the PDF header (ISO 32000-1 Annex H allows 1024).
    if not found and b"%PDF-" in data[:1024]:
        return "application/pdf"
    return found or _by_name(ending, declared, data)


def is_mail(data: bytes) -> bool:
    """Whether it begins as a mail does: headers, some of them those of a mail, an empty line."""
    head = data[: 64 * 1024].lstrip(b"\r\n").removeprefix(b"\xef\xbb\xbf")
    found = MAIL.match(head)
    return bool(found and len(MAIL_HEADER.findall(found[0])) >= 2)


def _by_name(ending: str, declared: str, data: bytes) -> str:
    known = {short: mime for mime, short in ENDINGS.items() if mime.startswith("text/")}
    if ending in known:
        return known[ending]
    if declared.startswith("text/") or declared == PGP:
        return declared
    return "application/octet-stream"


def _zip_type(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()[:2000]
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return "application/zip"
    for start, mime in MEMBERS:
        if any(name.startswith(start) for name in names) and (
            start == "OFD.xml" or "[Content_Types].xml" in names
        ):
            return mime
    return "application/zip"


def made_name(mime: str, number: int) -> str:
    """A name for a part that has none."""
    return f"附件{number}.{ENDINGS.get(mime, 'bin')}"
