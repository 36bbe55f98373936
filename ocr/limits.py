"""Caps, checked from headers before anything is decoded or unpacked."""

import io
import warnings
import zipfile

from PIL import Image

from ocr.problems import Unreadable

MAX_BYTES = 64 * 1024 * 1024
MAX_PIXELS = 100_000_000
MAX_PAGES = 30
MAX_UNPACKED = 400 * 1024 * 1024
MAX_RATIO = 200
MAX_MEMBERS = 3_000

# Our own cap is checked from the header; Pillow's would warn or raise at other numbers.
Image.MAX_IMAGE_PIXELS = None


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
            f"{width * height / 1e8:.1f} 亿像素",
        )


def check_pages(pages: int) -> None:
    """Refuses a file with too many pages."""
    if pages > MAX_PAGES:
        raise Unreadable("too-large", f"{pages} pages", f"{pages} 页")


def check_picture(data: bytes) -> None:
    """Refuses a picture whose header promises more pixels or frames than we decode."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data)) as image:
            check_pixels(*image.size)
            check_pages(getattr(image, "n_frames", 1))


def check_zip(data: bytes) -> None:
    """Refuses an office file that unpacks to far more than it is (zip bomb)."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Unreadable("damaged", f"zip: {error}") from error
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    # Word's own styles pack at 1:40; a ratio counts only where the size hurts as well.
    bomb = total > MAX_UNPACKED or (total > 50_000_000 and total > packed * MAX_RATIO)
    if bomb or len(members) > MAX_MEMBERS:
        raise Unreadable("too-large", "office file unpacks too large", "解压后过大")
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable("encrypted", "zip member is encrypted")
