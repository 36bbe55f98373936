"""Text that nobody had to recognise: .docx, .xlsx, and a PDF's layer checked by its picture."""

import io
from typing import Any

import docx
import openpyxl
import pdfplumber
import pytest
from docx.oxml import OxmlElement
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from clerk.drawing.fonts import packaged
from clerk.drawing.outlines import truetype
from ocr import agree, pictures, read_document
from ocr.agree import disagreeing
from ocr.engines import shelf
from ocr.hits import Hit
from ocr.pageview import PageView
from ocr.pdftext import _letter
from ocr.sheet import Line
from ocr.textsheet import once
from procedure.acceptance import decide
from procedure.readings import DocumentReading
from tests.ocr.evaluate import template


def _form() -> Any:
    paper = docx.Document()
    paper.add_paragraph("重点排放单位使用CCER抵销配额清缴申请表")
    table = paper.add_table(rows=6, cols=4)
    name = table.cell(0, 1).merge(table.cell(0, 3))
    table.cell(0, 0).text, name.text = "企业名称", "河北测试钢铁有限公司"
    for column, text in enumerate(("应清缴配额总量（万吨）", "12.3456", "拟抵销量（吨）", "6,172")):
        table.cell(1, column).text = text
    for column, text in enumerate(("序号", "项目名称", "项目编号", "抵销量（吨）")):
        table.cell(2, column).text = text
    for row, cells in enumerate(
        (("1", "甲风电项目", "CCER-0001", "6,000"), ("2", "乙水电项目", "CCER-0002", "172"))
    ):
        for column, text in enumerate(cells):
            table.cell(3 + row, column).text = text
    table.cell(5, 0).merge(table.cell(5, 2)).text = "合计"
    table.cell(5, 3).text = "6,172"
    paper.add_paragraph("申请日期：二〇二一年十一月三日")
    return paper


def _read(paper: Any) -> DocumentReading:
    out = io.BytesIO()
    paper.save(out)
    (document,) = read_document(out.getvalue(), "申请表.docx", template())
    return decide(document)


def test_merged_cells_rows_total_and_units() -> None:
    document = _read(_form())
    values = {name: reading.value for name, reading in document.fields.items()}
    assert values["enterprise_name"] == "河北测试钢铁有限公司"
    assert values["obligation_t"] == 123456
    assert values["offset_t"] == 6172
    assert values["date"] == "2021-11-03"
    assert [row.amount_t and row.amount_t.value for row in document.projects] == [6000, 172]
    assert document.rows_total is not None
    assert document.rows_total.value == 6172
    assert all(reading.accepted for reading in document.fields.values())
    assert all(r.page is None and r.box is None for r in document.fields.values())


def test_a_date_behind_an_unknown_label_is_shown_but_not_accepted() -> None:
    paper = _form()
    paper.paragraphs[-1].text = "备案日子：2021-11-03"
    date = _read(paper).fields["date"]
    assert date.value == "2021-11-03"
    assert not date.accepted


def test_deleted_hidden_and_struck_text_is_not_said() -> None:
    paper = _form()
    cell = paper.tables[0].cell(1, 3).paragraphs[0]
    cell.runs[0].font.strike = True
    cell.add_run("99").font.hidden = True
    inserted = OxmlElement("w:ins")
    inserted.append(cell.add_run("5,999")._r)
    cell._p.append(inserted)
    removed = OxmlElement("w:del")
    removed.append(cell.add_run("77")._r)
    cell._p.append(removed)
    assert _read(paper).fields["offset_t"].value == 5999


def test_label_above_its_value() -> None:
    paper = docx.Document()
    paper.add_paragraph("CCER抵销配额清缴申请表")
    table = paper.add_table(rows=2, cols=3)
    rows = (
        ("企业名称", "应清缴配额总量（吨）", "申请抵销量（吨）"),
        ("甲电力有限公司", "1,000", "50"),
    )
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    values = {name: reading.value for name, reading in _read(paper).fields.items()}
    assert values == {"enterprise_name": "甲电力有限公司", "obligation_t": 1000, "offset_t": 50}


def test_two_numbers_in_a_cell_are_none() -> None:
    paper = _form()
    paper.tables[0].cell(1, 3).text = "6,172\n5,000"
    offset = _read(paper).fields["offset_t"]
    assert offset.value is None
    assert not offset.accepted


def test_the_department_s_date_is_not_the_entity_s() -> None:
    paper = _form()
    row = paper.add_table(rows=1, cols=2)
    row.cell(0, 0).text = "省级生态环境主管部门意见"
    row.cell(0, 1).text = "同意。\n日期：2021年12月1日"
    assert _read(paper).fields["date"].value == "2021-11-03"


def test_spreadsheet() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["CCER抵销配额清缴申请表"])
    sheet.append(["企业名称", "甲电力有限公司"])
    sheet.append(["应清缴配额总量（万吨）", 62.8679])
    sheet.append(["申请抵销量（吨）", 31433])
    out = io.BytesIO()
    book.save(out)
    (document,) = read_document(out.getvalue(), "form.xlsx", template())
    assert document.fields["obligation_t"].value == 628679
    assert document.fields["offset_t"].value == 31433


def test_a_layer_that_says_something_else_than_the_picture() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(300, 100))
    canvas.setFont("Helvetica", 20)
    canvas.drawString(25, 60, "124833")
    canvas.drawString(25, 20, "6182")
    canvas.save()
    shown = Line("124833", (22, 22, 107, 45))
    lying = Line("6132", (22, 62, 82, 85))
    hits = [
        Hit("obligation_t", "124833", (shown,), shown.box),
        Hit("offset_t", "6132", (lying,), lying.box),
    ]
    with pictures.open_pdf(out.getvalue()) as pdf:
        page = PageView(pdf, 0)
        assert disagreeing(hits, page, shelf(), frozenset({shown.box, lying.box})) == frozenset()
        assert "whole" not in vars(page), "nothing is drawn where nothing is looked at"
        assert disagreeing(hits, page, shelf()) == {lying.box}


@pytest.mark.parametrize(
    ("layer", "seen", "same"),
    [
        ("〇一〇钢铁有限公司", "0一O钢铁有限公司", True),
        ("二〇二一年", "二O二一年", True),
        ("O’Neil（天津）有限公司", "O'Neil(天津)有限公司", True),
        ("6082", "6O82", False),
        ("河北长治钢铁有限公司", "河北长冶钢铁有限公司", False),
        ("河北钢铁有限公司", "河北新钢铁有限公司", False),
        ("6182吨", "6182万吨", False),
    ],
)
def test_what_a_layer_says_is_read_to_the_character(layer: str, seen: str, same: bool) -> None:
    assert agree._agrees(layer, seen) is same


def test_what_is_printed_twice_counts_once_as_the_library_has_it() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(600, 300))
    for shift in (0.0, 0.4, 3.0):
        canvas.drawString(25 + shift, 60, "124833 kk llll")
    canvas.drawString(25, 60.5, "124833")
    canvas.setFont("Helvetica-Bold", 12)
    canvas.drawString(25, 60, "124833")
    canvas.save()
    with pdfplumber.open(io.BytesIO(out.getvalue())) as pdf:
        (page,) = pdf.pages
        wanted = [_letter(char, page) for char in page.dedupe_chars().chars]
        found = once([_letter(char, page) for char in page.chars])
    assert 0 < len(wanted) < len(page.chars)
    assert sorted(found) == sorted(wanted)


@pytest.mark.parametrize(
    ("layer", "differs"), [("２６４３．４８８５", False), ("２６４３．４８８６", True)]
)
def test_a_layer_in_full_width_figures_is_what_the_picture_shows(layer: str, differs: bool) -> None:
    font = truetype(packaged(), set("２６４３．８５"), "packaged")
    pdfmetrics.registerFont(TTFont("packaged", io.BytesIO(font)))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(300, 100))
    canvas.setFont("packaged", 12)
    canvas.drawString(25, 60, "２６４３．４８８５")
    canvas.save()
    line = Line(layer, (24, 29, 134, 43))
    hits = [Hit("obligation_t", layer, (line,), line.box)]
    with pictures.open_pdf(out.getvalue()) as pdf:
        found = disagreeing(hits, PageView(pdf, 0), shelf())
    assert found == ({line.box} if differs else set())


@pytest.mark.parametrize(
    ("name", "doubt"),
    [
        ("河北测试钢铁有限公司", ""),
        ("河北测试钢铁有限", "not-a-firm"),
        ("河北测试…", "left-out"),
        ("河北测试钢铁有限公司 Hebei Test Steel", ""),
        ("Hebei Test Steel Co., Ltd.", ""),
        ("“河北测试发电厂”*", ""),
    ],
)
def test_half_a_name_is_a_doubt(name: str, doubt: str) -> None:
    paper = _form()
    paper.tables[0].cell(0, 1).text = name
    found = _read(paper).fields["enterprise_name"]
    assert found.accepted is (doubt == "")
    assert not doubt or doubt in found.against


def test_radicals_in_a_document_are_the_characters_that_were_written() -> None:
    paper = _form()
    paper.tables[0].cell(0, 1).text = "河北⻛电⼚有限公司"
    assert _read(paper).fields["enterprise_name"].value == "河北风电厂有限公司"
