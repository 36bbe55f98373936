"""Bytes → pictures of pages, one at a time, each checked against the caps before it is decoded."""

import io
import math
import struct
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from typing import Any

import cv2
import numpy as np
import pypdfium2
from PIL import Image, ImageOps

from ocr import limits
from ocr.engines.heap import is_lack
from ocr.engines.port import Picture
from ocr.pdfpages import Pdf, nothing_but
from ocr.problems import Unreadable

SCAN_DPI = 200
LONGEST = 3600
"""No page is looked at in more detail: larger ones are reduced, before they are rendered if they
can be. Scanning apps write PDF pages of metres."""
_MIN_SIDE = 40
_IMAGE_OBJECT = 3


@contextmanager
def open_pdf(data: bytes) -> Iterator[Pdf]:
    """The PDF in pdfium; raises `Unreadable` (encrypted, damaged, too-large)."""
    try:
        pdf = Pdf(data)
    except pypdfium2.PdfiumError as error:
        # pdfium tells a missing password apart from everything else only by its text.
        code = "encrypted" if "password" in str(error).lower() else "damaged"
        raise Unreadable(code, f"pdf: {error}") from error
    try:
        limits.check_pages(len(pdf))
        if len(pdf) == 0:
            raise Unreadable("damaged", "pdf without pages")
        yield pdf
    finally:
        pdf.close()


def scale_of(size: tuple[float, float], dpi: float) -> float:
    """Pixels a point for a page of this size in points."""
    return min(dpi / 72, LONGEST / max(1.0, *size))


def render(
    pdf: Pdf,
    index: int,
    dpi: float = SCAN_DPI,
    part: tuple[int, int, int, int] | None = None,
    *,
    print_too: bool = True,
) -> Picture:
    """Page ``index`` as blue-green-red, rotated as the PDF says; else `Unreadable`.

    ``part``: left, top, right and bottom, in pixels of the page's picture; the rest is not drawn.
    ``print_too``: else the pictures that are laid on the page alone, without its text and lines.
    """
    try:
        page = pdf.page(index)
        for one in filter(_is_picture, pdf.objects(index, 4)):
            # pdfium unpacks a picture wholly, however small it is shown.
            limits.check_pixels(*one.get_px_size())
        scale = scale_of(page.get_size(), dpi)
        crop = _margins(page.get_size(), scale, part)
        shown = nullcontext() if print_too else nothing_but(pdf, index, _is_picture, 1)
        with shown, closing(page.render(scale=scale, crop=crop, may_draw_forms=False)) as bitmap:
            # A copy: the bitmap's memory goes with it.
            picture = bitmap.to_numpy().copy()
    except pypdfium2.PdfiumError as error:
        raise Unreadable("damaged", f"pdf page {index + 1}: {error}") from error
    return _three_channels(picture)


def _is_picture(one: Any) -> bool:
    return bool(one.type == _IMAGE_OBJECT)


def _margins(
    size: tuple[float, float], scale: float, part: tuple[int, int, int, int] | None
) -> tuple[float, float, float, float]:
    """What is not drawn of a page at its left, bottom, right and top, in points."""
    if part is None:
        return (0.0, 0.0, 0.0, 0.0)
    wide, high = (math.ceil(side * scale) for side in size)
    margins = (part[0], high - part[3], wide - part[2], part[1])
    # Half a pixel less: they are rounded up to whole pixels again.
    return tuple(max(0.0, (one - 0.5) / scale) for one in margins)  # type: ignore[return-value]


def scan_dpi(pdf: Pdf, index: int) -> float:
    """What a page wants to be rendered at: its scan's own resolution, 150 to 300."""
    try:
        page = pdf.page(index)
        width = page.get_width() / 72
        found = filter(_is_picture, pdf.objects(index, 2))
        widths = [one.get_px_size()[0] for one in found]
    except (pypdfium2.PdfiumError, AttributeError):
        return SCAN_DPI
    if not widths or not width:
        return SCAN_DPI
    return float(min(300, max(150, max(widths) / width)))


def decode(data: bytes) -> list[Picture]:
    """Every page of a picture file, turned as its EXIF says; transparent parts become white.

    Pages are at most `LONGEST` pixels on a side; thumbnails among a TIFF's pages are left out.
    Raises `Unreadable` (damaged, too-large, unreadable where it is tiny), MemoryError.
    """
    try:
        pages = limits.check_picture(data)
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(data)) as image:
            found = [page for page in _pages(image, pages) if page is not None]
    except Unreadable:
        raise
    except Exception as error:
        if is_lack(error):
            raise MemoryError(str(error)) from error
        # Pillow's readers raise whatever a damaged file leads them to, struct.error included.
        raise Unreadable("damaged", f"picture: {type(error).__name__}: {error}") from error
    if not found:
        raise Unreadable("unreadable", "a tiny picture")
    return found


def _pages(image: Image.Image, count: int) -> Iterator[Picture | None]:
    for number in range(count):
        if count > 1:
            image.seek(number)
        yield _frame(image) if min(image.size) >= _MIN_SIDE else None


def _turned(frame: Image.Image) -> Image.Image:
    """Upright by its EXIF; a damaged EXIF turns nothing."""
    try:
        return ImageOps.exif_transpose(frame)
    except (ValueError, TypeError, KeyError, SyntaxError, struct.error):
        return frame


def _frame(frame: Image.Image) -> Picture:
    # A JPEG can be unpacked at a half or a quarter, which is most of its time and memory.
    frame.draft(None, (LONGEST, LONGEST))
    frame.load()
    upright = _turned(frame)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        rgba = upright.convert("RGBA")
        sheet = Image.new("RGBA", rgba.size, "white")
        upright = Image.alpha_composite(sheet, rgba)
    if upright.mode.startswith(("I", "F")):
        upright = _eight_bit(upright)
    rgb = np.asarray(upright if upright.mode == "RGB" else upright.convert("RGB"))
    return _reduced(np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), np.uint8))


def _reduced(picture: Picture) -> Picture:
    scale = LONGEST / max(picture.shape[:2])
    if scale >= 1:
        return picture
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)


def _eight_bit(image: Image.Image) -> Image.Image:
    """16-bit and float scans, stretched to 8 bits."""
    values = np.asarray(image, dtype=np.float64)
    low, high = float(values.min()), float(values.max())
    scaled = (values - low) * (255 / (high - low) if high > low else 0)
    return Image.fromarray(scaled.astype(np.uint8))


def _three_channels(picture: Any) -> Picture:
    if picture.ndim == 2:
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    return np.ascontiguousarray(picture[:, :, :3])
