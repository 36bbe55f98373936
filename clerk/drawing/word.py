"""Application forms as .docx, as Word and WPS users fill them in."""

import io
import zipfile
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from PIL import Image

from clerk.drawing.content import Application, SealPlan
from clerk.drawing.forms import PLEDGE, label, values
from clerk.drawing.seal import paint_seal
from clerk.drawing.sheet import PlacedSeal
from clerk.drawing.style import Style

_EPOCH = datetime(2021, 11, 1)  # noqa: DTZ001  python-docx writes naive UTC
_ZIP_DATE = (2021, 11, 1, 0, 0, 0)


def form_docx(app: Application, style: Style, seal: SealPlan | None, seed: int) -> bytes:
    """The form as a document with tables; the seal is a picture in the place to sign."""
    document = Document()
    _font(document)
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(style.title)
    run.font.size, run.bold = Pt(16), True
    _fields(document, app, style)
    _projects(document, app, style)
    _sign(document, app, style, seal, seed)
    return _bytes(document)


def _font(document: Any) -> None:
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "SimSun", Pt(11)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")


def _fields(document: Any, app: Application, style: Style) -> None:
    said = values(app, style)
    fields = [name for name in said if name != "date"]
    if style.layout in ("stacked", "lines"):
        for field in fields:
            document.add_paragraph(f"{label(style, field)}：{said[field]}")
        return
    pairs = 2 if style.layout == "grid" else 1
    table = document.add_table(rows=0, cols=2 * pairs, style="Table Grid")
    _whole_row(table, label(style, fields[0]), said[fields[0]])
    for first in range(1, len(fields), pairs):
        cells = table.add_row().cells
        for number, field in enumerate(fields[first : first + pairs]):
            cells[2 * number].text = label(style, field)
            cells[2 * number + 1].text = said[field]


def _whole_row(table: Any, name: str, value: str) -> None:
    cells = table.add_row().cells
    cells[0].text = name
    merged = cells[1].merge(cells[-1]) if len(cells) > 2 else cells[1]
    merged.text = value


def _projects(document: Any, app: Application, style: Style) -> None:
    document.add_paragraph(style.label("block"))
    table = document.add_table(rows=1, cols=4, style="Table Grid")
    heads = ("序号", *(label(style, name) for name in ("name", "code", "amount_t")))
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.text = head
    for number, line in enumerate(app.projects, start=1):
        said = (str(number), line.name, line.code, style.tonnes(line.amount_t))
        for cell, text in zip(table.add_row().cells, said, strict=True):
            cell.text = text
    if app.total_t is not None:
        cells = table.add_row().cells
        cells[0].merge(cells[2]).text = style.label("total")
        cells[3].text = style.tonnes(app.total_t)


def _sign(document: Any, app: Application, style: Style, seal: SealPlan | None, seed: int) -> None:
    document.add_paragraph(PLEDGE)
    signed = document.add_paragraph(style.label("sign"))
    signed.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if seal:
        placed = PlacedSeal(0, 0, seal.text, seal.code, seal.kind, oval=seal.oval, face=seal.face)
        signed.add_run().add_picture(_png(paint_seal(placed, 200, seed)), width=Mm(40))
    dated = document.add_paragraph(f"{style.label('date')}：{style.day_text(app.date)}")
    dated.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _png(picture: Image.Image) -> io.BytesIO:
    out = io.BytesIO()
    picture.save(out, "PNG")
    out.seek(0)
    return out


def _bytes(document: Any) -> bytes:
    """The package with fixed dates, so that the same form gives the same bytes."""
    document.core_properties.created = document.core_properties.modified = _EPOCH
    document.core_properties.author = "示例"
    raw, out = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in made.namelist():
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(info, made.read(name))
    return out.getvalue()
