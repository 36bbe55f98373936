"""A blank application form to hand out. Its cells are those that the province checks
(附件3 §2 step 4); whoever fills it in gets a form that is read without a person.
"""

import io
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from procedure.cycle import Cycle
from procedure.errors import WrongUse

ROWS = 6
"""Blank lines for projects."""
PLEDGE = (
    "本单位承诺：所填信息真实、准确、完整；申请用于抵销的CCER来源合法，"
    "并非来自纳入全国碳市场配额管理的减排项目。"
)


def title(cycle: Cycle, year: int | None = None) -> str:
    """The form's title, also its file's name.

    ``year``: which one it is for, where the cap is per year; `WrongUse` without it or for another.
    """
    if not cycle.cap_per_year:
        return f"{cycle.title}使用CCER抵销配额清缴申请表"
    if year not in cycle.years:
        known = ", ".join(map(str, cycle.years))
        raise WrongUse(f"cycle {cycle.id} has a form for each year: say which with --year: {known}")
    return f"全国碳市场{year}年度使用CCER抵销配额清缴申请表"


def labels(cycle: Cycle, year: int | None = None) -> tuple[str, ...]:
    """What is asked for, in the order of the paper."""
    first, last = (year, year) if year else (cycle.years[0], cycle.years[-1])
    years = f"{first}年度" if first == last else f"{first}-{last}年度"
    return (
        "重点排放单位名称",
        "统一社会信用代码",
        "所属省（自治区、直辖市）",
        f"{years}应清缴配额总量（吨）",
        "申请使用CCER抵销量（吨）",
        "自愿减排注册登记系统一般持有账户账号",
        "联系人",
        "联系电话",
    )


HEADS = ("序号", "CCER项目名称", "项目备案编号", "抵销量（吨）")
WIDTHS = (Mm(14), Mm(70), Mm(42), Mm(40))


def blank(cycle: Cycle, year: int | None = None) -> bytes:
    """The form as .docx (A4); ``year`` as for `title`."""
    document = Document()
    _set_up(document)
    head = document.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = head.add_run(title(cycle, year))
    run.bold, run.font.size = True, Pt(16)
    _fields(document, labels(cycle, year))
    document.add_paragraph("拟使用的CCER（每个项目一行，数量为整数吨）")
    _projects(document)
    _sign(document, cycle)
    return _bytes(document, cycle, title(cycle, year))


def _set_up(document: Any) -> None:
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "SimSun", Pt(11)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)


def _fields(document: Any, asked: tuple[str, ...]) -> None:
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for label in asked:
        cells = table.add_row().cells
        cells[0].text = label
        cells[0].width, cells[1].width = Mm(66), Mm(100)
    _tall(table, Mm(9))


def _projects(document: Any) -> None:
    table = document.add_table(rows=ROWS + 2, cols=len(HEADS), style="Table Grid")
    for column, (head, width) in enumerate(zip(HEADS, WIDTHS, strict=True)):
        table.cell(0, column).text = head
        for cell in table.columns[column].cells:
            cell.width = width
    for number in range(1, ROWS + 1):
        table.cell(number, 0).text = str(number)
    last = ROWS + 1
    table.cell(last, 0).merge(table.cell(last, 2)).text = "合计"
    _tall(table, Mm(8))


def _tall(table: Any, height: int) -> None:
    """Rows high enough to write in by hand, each kept on one page."""
    for row in table.rows:
        row.height = height
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _sign(document: Any, cycle: Cycle) -> None:
    document.add_paragraph(PLEDGE)
    for text in ("重点排放单位（加盖公章）：", "申请日期：　　　　年　　月　　日"):
        paragraph = document.add_paragraph(text)
        paragraph.paragraph_format.left_indent = Mm(80)
        paragraph.paragraph_format.space_before = Pt(14)
    note = document.add_paragraph(
        f"受理时间：{cycle.apply_first}至{cycle.apply_last}。依据：{cycle.rule_text}。"
    )
    note.runs[0].font.size = Pt(9)


def _bytes(document: Any, cycle: Cycle, said: str) -> bytes:
    properties = document.core_properties
    # Naive UTC is what the format holds; fixed, so that the same form has the same bytes.
    fixed = datetime(cycle.apply_first.year, cycle.apply_first.month, cycle.apply_first.day)  # noqa: DTZ001
    properties.created = properties.modified = fixed
    properties.title, properties.author = said, ""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
