"""Caps, checked from headers before anything is decoded or unpacked."""

import io
import warnings
import zipfile

import pi_heif
from PIL import Image

from ocr.problems import Unreadable
from procedure.language import _

MAX_BYTES = 64 * 1024 * 1024
MAX_PIXELS = 100_000_000
MAX_ALL_PIXELS = 400_000_000
"""Of all pages of a picture file together: thirty scans of 300 dpi are 260 million."""
MAX_PAGES = 30
MAX_UNPACKED = 400 * 1024 * 1024
MAX_RATIO = 200
MAX_MEMBERS = 3_000

# Our own cap is checked from the header; Pillow's would warn or raise at other numbers.
Image.MAX_IMAGE_PIXELS = None
# Thumbnails and depth maps are no pages; a worker has one core.
pi_heif.register_heif_opener(
    thumbnails=False, depth_images=False, aux_images=False, decode_threads=1
)


def check_bytes(data: bytes) -> None:
    """Refuses a file without bytes, and one over the cap."""
    if not data:
        raise Unreadable("empty", "file has no bytes")
    if len(data) > MAX_BYTES:
        raise Unreadable("too-large", "file over 64 MiB", f"{len(data) // 1024 // 1024} MiB")


def check_pixels(width: float, height: float) -> None:
    """Refuses a picture (or a page as it would be rendered) over the cap."""
    if width * height > MAX_PIXELS:
        raise Unreadable(
            "too-large",
            f"{width:.0f} x {height:.0f} pixels",
            _("{amount} 亿像素").said(amount=f"{width * height / 1e8:.1f}"),
        )


def check_pages(pages: int) -> None:
    """Refuses a file with too many pages."""
    if pages > MAX_PAGES:
        raise Unreadable("too-large", f"{pages} pages", _("{pages} 页").said(pages=pages))


def check_picture(data: bytes) -> int:
    """How many pages a picture has; refuses one whose headers promise more than we decode.

    Only a TIFF's frames are pages: a telephone's second picture, an animation's and a burst's are
    none. May raise whatever Pillow does on damaged headers.
    """
    with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(data)) as image:
        check_pixels(*image.size)
        if image.format != "TIFF":
            return 1
        pages = getattr(image, "n_frames", 1)
        check_pages(pages)
        _check_all(image, pages)
        return pages


def _check_all(image: Image.Image, pages: int) -> None:
    """Every page's own header, and all of them together."""
    total = 0
    for number in range(pages):
        image.seek(number)
        check_pixels(*image.size)
        total += image.size[0] * image.size[1]
    if total > MAX_ALL_PIXELS:
        raise Unreadable(
            "too-large", f"{total} pixels", _("{amount} 亿像素").said(amount=f"{total / 1e8:.1f}")
        )


def check_zip(data: bytes) -> None:
    """Refuses an office file that unpacks to far more than it is (zip bomb)."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        raise Unreadable("damaged", f"zip: {error}") from error
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    # Word's own styles pack at 1:40; a ratio counts only where the size hurts as well.
    bomb = total > MAX_UNPACKED or (total > 50_000_000 and total > packed * MAX_RATIO)
    if bomb or len(members) > MAX_MEMBERS:
        raise Unreadable("too-large", "office file unpacks too large", _("解压后过大").said())
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable("encrypted", "zip member is encrypted")
