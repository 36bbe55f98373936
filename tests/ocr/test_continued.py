"""A table that goes on on the next page without its heading."""

import io
from collections.abc import Sequence

import pytest
from reportlab.pdfgen.canvas import Canvas

from ocr import read_document
from procedure.acceptance import decide
from procedure.readings import DocumentReading
from tests.ocr.evaluate import template
from tests.ocr.lies import ROWS, TITLE, font_of

Cells = Sequence[str]
HEADING = ("序号", "项目名称", "项目编号", "抵销量（吨）")
FIRST = (("1", "甲风电项目", "CCER-0001", "6,000"), ("2", "乙水电项目", "CCER-0002", "182"))
NEXT = (("3", "丙光伏项目", "CCER-0003", "500"), ("4", "丁沼气项目", "CCER-0004", "28"))
WIDE = (40, 200, 160, 120)
SEALING = "申请单位（盖章）："
CONTACT = (("", "联系人", "王建国", "13812345678"),)
TOTAL = (("", "合计", "", "6,182"),)


def _cells(canvas: Canvas, top: float, rows: Sequence[Cells], wide: Sequence[int]) -> None:
    for row, texts in enumerate(rows):
        left = 40
        for text, width in zip(texts, wide, strict=True):
            canvas.rect(left, top - 26 * row, width, 26)
            canvas.drawString(left + 6, top - 26 * row + 8, text)
            left += width


def _read(
    second: Sequence[Cells],
    wide: Sequence[int] = WIDE,
    *,
    first: Sequence[Cells] = FIRST,
    header: str = "",
) -> DocumentReading:
    texts = [text for row in (HEADING, *FIRST, *NEXT, *CONTACT, *TOTAL) for text in row]
    font = font_of("Continued", more="".join({*"".join(texts), *SEALING} - {""}))
    out = io.BytesIO()
    canvas = Canvas(out, (595, 842))
    canvas.setFont(font, 11)
    canvas.drawString(100, 790, TITLE)
    _cells(canvas, 740, ROWS, (200, 320))
    _cells(canvas, 120, (HEADING, *first), WIDE)
    canvas.showPage()
    canvas.setFont(font, 11)
    canvas.drawString(100, 815, header)
    _cells(canvas, 780, second, wide)
    canvas.drawString(60, 600, SEALING)
    canvas.save()
    document, *_ = read_document(out.getvalue(), "申请表.pdf", template())
    return decide(document)


def _accepted(document: DocumentReading) -> list[bool]:
    cells = [cell for row in document.projects for cell in (row.name, row.code, row.amount_t)]
    return [bool(cell and cell.accepted) for cell in cells]


@pytest.mark.parametrize("rows", [NEXT, (("", "", "", ""), *NEXT)])
def test_rows_on_a_page_without_a_heading_are_not_lost(rows: Sequence[Cells]) -> None:
    assert _accepted(_read(rows)) == [False] * 6


def test_rows_below_a_heading_that_is_printed_again_are_read() -> None:
    assert _accepted(_read((HEADING, *NEXT))) == [True] * 12


@pytest.mark.parametrize("rows", [(), CONTACT, TOTAL])
def test_what_else_stands_on_a_second_page_leaves_the_rows(rows: Sequence[Cells]) -> None:
    assert _accepted(_read(rows)) == [True] * 6


def test_a_table_of_other_columns_is_another_one() -> None:
    assert _accepted(_read(NEXT, (40, 120, 160, 200))) == [True] * 6


def test_rows_below_a_title_that_is_printed_again_are_not_lost() -> None:
    assert _accepted(_read(NEXT, header=TITLE)) == [False] * 6


def test_behind_its_total_a_table_does_not_go_on() -> None:
    assert _accepted(_read(NEXT, first=(*FIRST, *TOTAL))) == [True] * 6
