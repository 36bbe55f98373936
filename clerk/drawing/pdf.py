"""Sheets as PDF: real text with its font in the file, or page images."""

import hashlib
import io
from collections.abc import Sequence

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from clerk.drawing.fonts import BASELINE
from clerk.drawing.outlines import truetype
from clerk.drawing.seal import paint_seal
from clerk.drawing.sheet import Area, Line, PlacedSeal, Sheet, Text

POINTS = 72 / 25.4
"""Points a millimetre."""
_SEAL_DPI = 220


def text_pdf(sheet: Sheet, seed: int) -> bytes:
    """A one-page PDF with a text layer, rules as lines and the seal as a picture."""
    canvas, out = _canvas(sheet.width, sheet.height)
    font = _register(sheet)
    for mark in sheet.marks:
        _paint(canvas, sheet, mark, font)
    for seal in sheet.seals:
        _stamp(canvas, sheet, seal, seed)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def image_pdf(pages: Sequence[Image.Image], dpi: float, quality: int) -> bytes:
    """A PDF whose pages are JPEG pictures and nothing else, as scanners make it."""
    canvas, out = _canvas(210, 297)
    for page in pages:
        width, height = page.width * 72 / dpi, page.height * 72 / dpi
        canvas.setPageSize((width, height))
        jpeg = io.BytesIO()
        page.save(jpeg, "JPEG", quality=quality)
        jpeg.seek(0)
        canvas.drawImage(ImageReader(jpeg), 0, 0, width, height)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _canvas(width: float, height: float) -> tuple[Canvas, io.BytesIO]:
    out = io.BytesIO()
    # invariant: no time of making and no random id, so the same page gives the same bytes.
    return Canvas(out, (width * POINTS, height * POINTS), invariant=1), out


def _register(sheet: Sheet) -> str:
    chars = "".join(sorted({char for text in sheet.texts() for char in text.text}))
    name = "Clerk" + hashlib.sha256(f"{sheet.face}{chars}".encode()).hexdigest()[:10]
    if name not in pdfmetrics.getRegisteredFontNames():
        font = TTFont(name, io.BytesIO(truetype(sheet.face, chars, name)))
        pdfmetrics.registerFont(font)
    return name


def _paint(canvas: Canvas, sheet: Sheet, mark: Line | Area | Text, font: str) -> None:
    red, green, blue = (part / 255 for part in mark.colour)
    if isinstance(mark, Text):
        canvas.setFillColorRGB(red, green, blue)
        canvas.setFont(font, mark.size * POINTS)
        top = sheet.height - mark.y - BASELINE * mark.size
        canvas.drawString(mark.x * POINTS, top * POINTS, mark.text)
    elif isinstance(mark, Area):
        canvas.setFillColorRGB(red, green, blue)
        corner = (mark.x0 * POINTS, (sheet.height - mark.y1) * POINTS)
        size = ((mark.x1 - mark.x0) * POINTS, (mark.y1 - mark.y0) * POINTS)
        canvas.rect(*corner, *size, stroke=0, fill=1)
    else:
        canvas.setStrokeColorRGB(red, green, blue)
        canvas.setLineWidth(mark.width * POINTS)
        ends = (mark.x0, sheet.height - mark.y0, mark.x1, sheet.height - mark.y1)
        canvas.line(*(end * POINTS for end in ends))


def _stamp(canvas: Canvas, sheet: Sheet, seal: PlacedSeal, seed: int) -> None:
    picture = paint_seal(seal, _SEAL_DPI, seed)
    width, height = picture.width * 72 / _SEAL_DPI, picture.height * 72 / _SEAL_DPI
    x = seal.x * POINTS - width / 2
    y = (sheet.height - seal.y) * POINTS - height / 2
    canvas.drawImage(ImageReader(picture), x, y, width, height, mask="auto")
