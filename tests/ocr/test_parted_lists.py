"""A list of projects in two tables, and another list below it."""

import io
from collections.abc import Callable, Sequence

import docx
import openpyxl
import pytest

from ocr import read_document
from procedure.acceptance import decide
from procedure.readings import DocumentReading
from tests.ocr.evaluate import template

Rows = Sequence[Sequence[str]]
TITLE = "重点排放单位使用CCER抵销配额清缴申请表"
HEADING = ("序号", "项目名称", "项目编号", "抵销量（吨）")
OFFSET = ("申请抵销量（吨）", "6,572", "", "")
FIRST = (("1", "甲风电项目", "CCER-0001", "6,000"), ("2", "乙水电项目", "CCER-0002", "72"))
LAST = ("3", "丙光伏项目", "CCER-0003", "500")
TOTAL = ("", "合计", "", "6,572")
MATERIALS = (("序号", "材料名称", "文件编号", "份数"), ("1", "营业执照", "A-01", "2"))
HOLDINGS = ((*HEADING[:3], "持有量（吨）"), ("1", "甲风电项目", "CCER-0001", "60,000"))
EMISSIONS = (("年度", "机组名称", "核查报告", "2019年排放量（tCO2）"), ("1", "一号", "01", "6,000"))
SHORT = (("序", "件", "号", "份"), ("1", "申请表", "HB-01", "2"))
UNITS = (("年度", "机组", "核查报告编号", "排放量（吨）"), ("2019", "1号机组", "0101", "600,000"))
UNDECIDED = (("乙水电项目", "无", "待定"), ("丙光伏项目", "CCER-0003", "500"))


def _docx(*tables: Rows, between: str = "") -> DocumentReading:
    paper = docx.Document()
    paper.add_paragraph(TITLE)
    for rows in tables:
        table = paper.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
        paper.add_paragraph(between)
    out = io.BytesIO()
    paper.save(out)
    (document,) = read_document(out.getvalue(), "申请表.docx", template())
    return decide(document)


def _xlsx(rows: Rows) -> DocumentReading:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ((TITLE,), *rows):
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    (document,) = read_document(out.getvalue(), "申请表.xlsx", template())
    return decide(document)


def _amounts(document: DocumentReading) -> list[object]:
    """The projects' amounts, None where a row is not wholly accepted."""
    rows = [(row.name, row.code, row.amount_t) for row in document.projects]
    return [
        row[2].value if row[2] and all(cell and cell.accepted for cell in row) else None
        for row in rows
    ]


@pytest.mark.parametrize("between", ["", "续表"])
@pytest.mark.parametrize("last", [(LAST,), (LAST, TOTAL)])
def test_a_list_in_two_tables_of_one_heading_is_one_list(between: str, last: Rows) -> None:
    form = _docx((OFFSET,), (HEADING, *FIRST), (HEADING, *last), between=between)
    assert _amounts(form) == [6000, 72, 500]
    assert form.fields["offset_t"].accepted


def test_a_list_in_two_parts_of_a_spreadsheet_is_one_list() -> None:
    form = _xlsx((OFFSET, HEADING, *FIRST, ("", "", "", ""), ("续表",), HEADING, LAST, TOTAL))
    assert _amounts(form) == [6000, 72, 500]


def test_a_list_in_another_unit_is_none_of_the_rows() -> None:
    other = (*HEADING[:3], "抵销量（万吨）")
    form = _docx((OFFSET,), (HEADING, *FIRST), (other, (*LAST[:3], "0.05")))
    assert _amounts(form) == [6000, 72]
    assert not form.fields["offset_t"].accepted


def test_behind_its_total_a_list_does_not_go_on() -> None:
    form = _docx((HEADING, *FIRST, ("", "合计", "", "6,072")), (HEADING, LAST))
    assert _amounts(form) == [6000, 72]


@pytest.mark.parametrize("other", [MATERIALS, SHORT, HOLDINGS, EMISSIONS, UNITS])
def test_rows_of_another_list_below_are_no_projects(other: Rows) -> None:
    rows = (HEADING, *FIRST, LAST)
    assert _amounts(_docx(rows, other)) == [6000, 72, 500]
    assert _amounts(_xlsx((*rows, *other))) == [6000, 72, 500]


@pytest.mark.parametrize("code", ["未编号", "备案中", "无"])
@pytest.mark.parametrize("amount", ["七十二吨", "全部", "若干", "待定"])
def test_a_row_of_words_alone_ends_no_list(code: str, amount: str) -> None:
    form = _docx((HEADING, FIRST[0], ("2", "乙水电项目", code, amount), LAST))
    assert _amounts(form) == [6000, None, 500]


def _above_a_list_of_its_own(title: str) -> list[list[object]]:
    rows, others = (HEADING, *FIRST), (HEADING, ("1", "丁风电项目", "CCER-0009", "999"))
    strip = (title, "", "", "")
    forms = (_docx(rows, others, between=title), _docx((*rows, strip, *others)))
    return [_amounts(form) for form in forms]


@pytest.mark.parametrize(
    "title",
    [
        "附表：拟抵销项目明细",
        "二、林业碳汇类",
        "上年度购入、本次抵销的项目",
        "附：上一年度（2018）已抵销的项目",
        "已注销项目情况",
        "以下项目CCER已全部注销",
        "注：上述CCER均已注销。",
        "续：3 己某水电项目 CCER-0003 500",
        "3 己某续建水电项目",
    ],
)
def test_a_list_below_a_title_of_its_own_is_accepted_nowhere(title: str) -> None:
    assert _above_a_list_of_its_own(title) == [[None, None]] * 2


def test_a_list_goes_on_behind_the_sum_of_a_group() -> None:
    form = _docx((HEADING, *FIRST, ("", "小计", "", "6,072"), HEADING, LAST))
    assert _amounts(form) == [6000, 72, 500]
    assert all(row.amount_t and row.amount_t.accepted for row in form.projects)


@pytest.mark.parametrize("last", ["以下空白", "（以下空白）", "以下无正文", "无", "/"])
def test_what_stands_below_the_last_row_leaves_its_name_in_no_doubt(last: str) -> None:
    form = _docx((HEADING, *FIRST, ("", last, "", "")))
    assert all(row.name and row.name.accepted for row in form.projects[:2])


@pytest.mark.parametrize(
    "foot", [("4", "以下空白", "", ""), ("", "（以 下 空 白）", "", ""), ("/", "/", "/", "/")]
)
@pytest.mark.parametrize("total", [(), (TOTAL,)])
def test_what_says_that_no_rows_follow_is_none(foot: Sequence[str], total: Rows) -> None:
    rows = (HEADING, *FIRST, LAST, foot, *total)
    assert _amounts(_docx(rows)) == [6000, 72, 500]
    assert _amounts(_xlsx(rows)) == [6000, 72, 500]


def test_an_amount_beside_what_says_that_no_rows_follow_is_shown() -> None:
    form = _docx((HEADING, *FIRST, ("3", "以下空白", "", "500")))
    assert _amounts(form) == [6000, 72, None]


def test_a_project_whose_amount_is_undecided_ends_no_list() -> None:
    rows = (HEADING[1:], FIRST[0][1:], *UNDECIDED)
    assert _amounts(_docx(rows)) == [6000, None, 500]


def test_who_signed_and_when_is_no_project() -> None:
    signed = ("法人", "张三", "签字时间", "20211126")
    assert _amounts(_docx((OFFSET,), (HEADING, *FIRST, LAST, signed))) == [6000, 72, 500]


PAIRED = (
    ("签发年度", "项目名称", "来源", "项目编号", "抵销量（吨）"),
    ("2015年度", "甲风电项目", "自有", "CCER-0001", "6000"),
    ("2016年度", "乙水电项目", "关联单位", "CCER-0002", "72"),
    ("2017年度", "丙光伏项目", "自有", "CCER-0003", "500"),
)


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (0, 2, 1, 3)])
def test_a_project_beside_words_that_headings_end_in_ends_no_list(order: Sequence[int]) -> None:
    rows = [PAIRED[at] for at in order]
    for form in (_docx(rows), _xlsx(rows)):
        assert _amounts(form) == [int(row[4]) for row in rows[1:]]


def test_what_looks_like_a_signature_above_a_total_is_no_end_of_a_list() -> None:
    signed = ("法人", "张三", "签字时间", "20211126")
    assert _amounts(_docx((HEADING, *FIRST, signed, LAST, TOTAL))) == [None, None]


STRUCK = (
    ("来源", "项目编号", "项目名称", "抵销量（吨）"),
    ("甲风电项目", "CCER-0001", "风电", "6000"),
    ("乙水电项目", "/", "/", "/"),
    ("丙光伏项目", "CCER-0003", "光伏", "500"),
)


def test_struck_cells_beside_a_name_are_a_row() -> None:
    for form in (_docx(STRUCK), _xlsx(STRUCK)):
        assert len(form.projects) == 3
        assert _amounts(form)[1] is None


def test_a_name_in_the_numbers_column_is_no_row_s_number() -> None:
    form = _docx((HEADING, *FIRST, ("3、丙光伏项目", "", "/", "/")))
    assert _amounts(form) == [6000, 72, None] or _amounts(form) == [None, None]


def test_a_row_with_a_label_for_a_code_is_a_doubt() -> None:
    signed = ("", "张三", "签字时间", "20211126")
    form = _docx((OFFSET,), (HEADING, *FIRST, signed))
    accepted = [bool(row.amount_t and row.amount_t.accepted) for row in form.projects]
    assert accepted == [True, True, False]


@pytest.mark.parametrize("who", ["经办人", "授权代表", "碳排放管理员"])
def test_a_number_of_a_telephone_is_no_amount_of_a_project(who: str) -> None:
    contact = (who, "王明", "电话/传真", "87654321")
    assert _amounts(_docx((OFFSET,), (HEADING, *FIRST, LAST, contact))) == [6000, 72, 500]


NO_CODES = ("项目名称", "类型", "来源", "抵销量（吨）")
NO_CODE_ROWS = (
    ("甲风电项目", "风电", "自有", "6,000"),
    ("乙余热项目", "余热", "购买", "72"),
    ("丙光伏项目", "光伏", "自有", "500"),
)


@pytest.mark.parametrize("headings", [NO_CODES, ("项目名称", "备注", "年份", "抵销量（吨）")])
@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("read", [_docx, _xlsx])
def test_the_first_row_of_a_list_without_codes_is_not_the_whole_offset(
    headings: Sequence[str], count: int, read: Callable[[Rows], DocumentReading]
) -> None:
    offset = read((headings, *NO_CODE_ROWS[:count])).fields["offset_t"]
    assert (offset.value, offset.accepted, offset.against) == (6000, False, ("rows-unclear",))


def test_an_amount_above_others_of_its_column_is_not_the_whole_offset() -> None:
    rows = (("单位", "抵销量（吨）"), ("一厂", "6,000"), ("二厂", "待定"), ("三厂", "72"))
    offset = _docx(rows).fields["offset_t"]
    assert (offset.value, offset.accepted) == (6000, False)


def test_a_value_below_its_label_is_the_whole_offset() -> None:
    heads = ("企业名称", "应清缴配额总量（吨）", "申请抵销量（吨）")
    below = (("河北测试热电有限公司", "1,234,567", "6,572"), ("申请日期", "", "联系电话"))
    form = _docx((heads, *below, ("2021年11月3日", "", "13812345678")))
    assert form.fields["offset_t"].value == 6572
    assert form.fields["offset_t"].accepted
    assert form.fields["obligation_t"].accepted


def test_the_offset_beside_its_label_is_sound_below_a_list_without_codes() -> None:
    form = _docx((NO_CODES, NO_CODE_ROWS[0]), (("申请抵销量（吨）", "6,000", "", ""),))
    assert form.fields["offset_t"].accepted
