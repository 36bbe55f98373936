"""Bytes → pictures of pages, one at a time, each checked against the caps before it is decoded."""

import io
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import cv2
import numpy as np
import pypdfium2
from PIL import Image, ImageOps, ImageSequence

from ocr import limits
from ocr.engines.port import Picture
from ocr.problems import Unreadable

SCAN_DPI = 200
_MIN_SIDE = 40


@contextmanager
def open_pdf(data: bytes) -> Iterator[Any]:
    """The PDF in pdfium; raises `Unreadable` (encrypted, damaged, too-large)."""
    try:
        pdf = pypdfium2.PdfDocument(data)
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


def render(pdf: Any, index: int, dpi: float = SCAN_DPI) -> Picture:
    """Page ``index`` as blue-green-red, rotated as the PDF says; else `Unreadable`."""
    try:
        scale = dpi / 72
        with closing(pdf[index]) as page:
            width, height = page.get_size()
            limits.check_pixels(width * scale, height * scale)
            with closing(page.render(scale=scale, may_draw_forms=False)) as bitmap:
                # A copy: the bitmap's memory goes with it.
                picture = bitmap.to_numpy().copy()
    except pypdfium2.PdfiumError as error:
        raise Unreadable("damaged", f"pdf page {index + 1}: {error}") from error
    return _three_channels(picture)


def scan_dpi(pdf: Any, index: int) -> float:
    """What a page wants to be rendered at: its scan's own resolution, 150 to 300."""
    try:
        with closing(pdf[index]) as page:
            width = page.get_width() / 72
            found = page.get_objects(max_depth=2)
            widths = [obj.get_px_size()[0] for obj in found if obj.type == 3]
    except (pypdfium2.PdfiumError, AttributeError):
        return SCAN_DPI
    if not widths or not width:
        return SCAN_DPI
    return float(min(300, max(150, max(widths) / width)))


def decode(data: bytes) -> list[Picture]:
    """Every frame of a picture file, turned as its EXIF says; transparent parts become white.

    Raises `Unreadable` (damaged, too-large).
    """
    try:
        limits.check_picture(data)
        with warnings.catch_warnings(), Image.open(io.BytesIO(data)) as image:
            warnings.simplefilter("ignore")
            return [_frame(frame) for frame in ImageSequence.Iterator(image)][: limits.MAX_PAGES]
    except Unreadable:
        raise
    except (OSError, ValueError, SyntaxError, EOFError, OverflowError, KeyError, IndexError,
            TypeError, AttributeError, MemoryError) as error:  # fmt: skip
        raise Unreadable("damaged", f"picture: {error}") from error


def _frame(frame: Image.Image) -> Picture:
    upright = ImageOps.exif_transpose(frame)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        rgba = upright.convert("RGBA")
        sheet = Image.new("RGBA", rgba.size, "white")
        upright = Image.alpha_composite(sheet, rgba)
    if upright.mode.startswith(("I", "F")):
        upright = _eight_bit(upright)
    if min(upright.size) < _MIN_SIDE:
        raise Unreadable("unreadable", f"picture of {upright.size}")
    rgb = np.asarray(upright.convert("RGB"))
    return np.ascontiguousarray(rgb[:, :, ::-1])


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
