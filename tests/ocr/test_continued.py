"""A table that goes on on the next page without its heading."""

import io
from collections.abc import Sequence

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from ocr import read_document
from ocr.continued import rest_of_row
from ocr.pictures import SCAN_DPI, open_pdf, render
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
HALF = (("1", "甲风电项目", "CCER-0001", "6,000"), ("2", "乙丙县水电站", "CCER-0002", "182"))
SIGNED = ("", "以上承诺属实", "", "")
REST = ("", "二期项目", "", "")
MATERIALS = (("序号", "材料名称", "文件编号", "份数"), ("1", "申请表", "HB-001", "2"))
SIGNING = (("法人", "张三", "签字时间", "20211126"),)
BLANK = ("", "", "", "")
NUMBERED = (
    ("3", "", "", "500"),
    ("4", "丁沼气项目", "CCER-0004", "五百吨"),
    ("三", "", "", "500"),
)
CONTACT = (("", "联系人", "王建国", "13812345678"),)
TOTAL = (("", "合计", "", "6,182"),)
SAID = (
    ("3", "丙光伏项目", "", "约500吨"),
    ("3", "丙光伏项目", "", "伍佰"),
    ("3", "丙光伏项目", "", "5OO"),
    ("3", "丙光伏项目", "CCER-0003", "见附件2"),
    ("3", "丙光伏项目", "CCER-0003", "500t"),
    ("3", "丙光伏项目", "CCER-0003", "全部"),
)
OTHER_LISTS = (
    (("1", "营业执照", "复印件", "2份"), ("2", "申请表", "原件", "一份")),
    (("1", "申请表", "HB-001", "2份"),),
    (("A", "属地意见", "同意", "无"),),
    (("1", "申请表", "原件", "2021年11月3日"),),
)
LISTS = (FIRST, HALF, NEXT, CONTACT, TOTAL, MATERIALS, SIGNING, NUMBERED, SAID, *OTHER_LISTS)
KNOWN = (HEADING, REST, SIGNED, *(row for rows in LISTS for row in rows))


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
    scanned: bool = False,
) -> DocumentReading:
    texts = [text for row in KNOWN for text in row]
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
    data = _pictures(out.getvalue()) if scanned else out.getvalue()
    document, *_ = read_document(data, "申请表.pdf", template())
    return decide(document)


def _pictures(data: bytes) -> bytes:
    """The pages of a PDF as scans."""
    with open_pdf(data) as pdf:
        shown = [render(pdf, number)[:, :, ::-1] for number in range(len(pdf))]
    first, *more = map(Image.fromarray, shown)
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=more, resolution=SCAN_DPI)
    return out.getvalue()


def _accepted(document: DocumentReading) -> list[bool]:
    cells = [cell for row in document.projects for cell in (row.name, row.code, row.amount_t)]
    return [bool(cell and cell.accepted) for cell in cells]


@pytest.mark.parametrize("rows", [NEXT, (("", "", "", ""), *NEXT)])
def test_rows_on_a_page_without_a_heading_are_not_lost(rows: Sequence[Cells]) -> None:
    assert _accepted(_read(rows)) == [False] * 6


def test_rows_below_a_heading_that_is_printed_again_are_read() -> None:
    assert _accepted(_read((HEADING, *NEXT))) == [True] * 12


@pytest.mark.parametrize("row", NUMBERED)
@pytest.mark.parametrize("above", [0, 3])
def test_a_numbered_row_with_an_amount_is_not_lost(row: Cells, above: int) -> None:
    assert _accepted(_read((*[BLANK] * above, row))) == [False] * 6


@pytest.mark.parametrize("row", SAID)
def test_a_numbered_row_is_one_however_its_amount_is_said(row: Cells) -> None:
    assert _accepted(_read((row,))) == [False] * 6


@pytest.mark.parametrize("rows", OTHER_LISTS)
def test_a_numbered_list_of_other_things_leaves_the_rows(rows: Sequence[Cells]) -> None:
    assert _accepted(_read(rows)) == [True] * 6


@pytest.mark.parametrize("rows", [(), CONTACT, TOTAL, SIGNING])
def test_what_else_stands_on_a_second_page_leaves_the_rows(rows: Sequence[Cells]) -> None:
    assert _accepted(_read(rows)) == [True] * 6


def test_a_table_of_other_columns_is_another_one() -> None:
    assert _accepted(_read(NEXT, (40, 120, 160, 200))) == [True] * 6


def test_rows_below_a_title_that_is_printed_again_are_not_lost() -> None:
    assert _accepted(_read(NEXT, header=TITLE)) == [False] * 6


def test_behind_its_total_a_table_does_not_go_on() -> None:
    assert _accepted(_read(NEXT, first=(*FIRST, *TOTAL))) == [True] * 6


@pytest.mark.parametrize(
    ("rows", "scanned"),
    [
        ((REST,), False),
        ((("3", *REST[1:]),), False),
        ((REST,), True),
        ((REST, *TOTAL), False),
        ((HEADING, REST), True),
    ],
)
def test_half_a_name_above_the_end_of_a_page_is_a_doubt(
    rows: Sequence[Cells], scanned: bool
) -> None:
    whole, half, *_ = _read(rows, first=HALF, scanned=scanned).projects
    assert half.name is not None
    assert half.amount_t is not None
    assert (half.name.value, half.name.accepted) == ("乙丙县水电站", False)
    assert half.amount_t.accepted
    assert whole.name is not None
    assert whole.name.accepted


@pytest.mark.parametrize("scanned", [False, True])
def test_one_row_alone_on_a_page_is_not_lost(scanned: bool) -> None:
    assert _accepted(_read(NEXT[:1], scanned=scanned)) == [False] * 6


def test_a_table_of_other_things_in_columns_as_wide_is_another_one() -> None:
    assert _accepted(_read(MATERIALS)) == [True] * 6


@pytest.mark.parametrize("rest", [("3", "", "", ""), SIGNED])
def test_a_number_or_what_is_signed_is_no_rest_of_a_row(rest: Cells) -> None:
    assert _accepted(_read((rest,))) == [True] * 6


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("程", {"name"}),
        ("签约二期", {"name"}),
        ("县说明坪水电站", {"name"}),
        ("附件：1.营业执照", set()),
        ("以下空白", set()),
        ("填报说明", set()),
        ("经办人签字", set()),
    ],
)
def test_a_note_below_the_last_row_is_no_rest_of_it(text: str, rest: set[str]) -> None:
    columns = {"name": (0.1, 0.5), "amount_t": (0.5, 0.8)}
    assert rest_of_row(columns, [[((0.1, 0.5), text), ((0.5, 0.8), "")]]) == rest
