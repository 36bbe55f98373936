"""Lines of one cell: a value that is wrapped in it, or the values of several rows."""

import io
from dataclasses import replace

import docx
import openpyxl
import pytest

from ocr import read_document
from ocr.cellvalues import (
    amounts_in,
    breaks_at_mark,
    joins_names,
    several_amounts,
    several_codes,
    several_names,
)
from ocr.convert import convert, suspicious
from ocr.hits import Layout, hit_of
from ocr.sheet import Block
from procedure.acceptance import decide
from procedure.readings import DocumentReading
from tests.ocr.evaluate import template
from tests.ocr.test_layout import grid, layout_of
from tests.ocr.test_ruledrows import _HEADS, _all_doubted, _cell, _free, _lines, _read, _row


@pytest.mark.parametrize(
    ("lines", "several"),
    [
        ("1,324,86\n1", False),
        ("1, 3 2 4, 8\n6 1", False),
        ("1,324,\n861吨", False),
        ("6,000\n（tCO2e）", False),
        ("6,000\n（约占50%）", False),
        ("1,3\n24,8\n61", False),
        ("6,000.00\n72.00", True),
        ("6,000.0\n72.0", True),
        ("1,200.50\n300", True),
        ("6,000tCO2e\n72tCO2e", True),
        ("约6,000\n约72", True),
        ("6,O00\n72", True),
        ("12,34\n5,678", True),
        ("1,32\n4,861", True),
        ("6,000、\n720", True),
        ("1,324\n861", True),
    ],
)
def test_an_amount_is_wrapped_only_where_its_last_line_completes_it(
    lines: str, several: bool
) -> None:
    assert several_amounts(lines.split("\n")) is several
    assert convert("amount_t", lines) is None or not several


def test_a_line_that_ends_in_a_mark_of_thousands_may_be_an_amount_by_itself() -> None:
    assert breaks_at_mark(["6,000,", "720"])
    assert not breaks_at_mark(["1,324,86", "1"])
    assert suspicious("amount_t", "6,000,\n720", "吨")


@pytest.mark.parametrize(("text", "twice"), [("6,000、720", True), ("6、000、720", False)])
def test_a_comma_and_another_mark_of_thousands_may_be_two_amounts(text: str, twice: bool) -> None:
    assert suspicious("amount_t", text, "吨") is twice


def test_a_telephone_is_no_amount() -> None:
    assert convert("amount_t", "13912345678") is None


@pytest.mark.parametrize(
    ("lines", "several"),
    [
        ("CCER-\n0001", False),
        ("CCER-01-\n0001", False),
        ("CCER-0001-\nCCER-0002", True),
        ("CCER-01\n98", False),
        ("CCER-0001\n（备案）", False),
        ("JX-2013-\n291", False),
        ("0364\n0365", True),
        ("0364、\n0365", True),
        ("CCER-0001\nCCER-0002", True),
        ("CCER-0001\n0002", True),
        ("0364、0365", True),
        ("CCER-0364/CCER-0365", True),
        ("0364 0365", True),
        ("JX-2013-291", False),
        ("0001~0003", True),
        ("CCER-0001～CCER-0003", True),
        ("0001至0003", True),
        ("0001-0003", True),
        ("CCER-0001-0003", True),
        ("JX-2013-2545", False),
        ("CCER-01-02", False),
        ("JX-13-44", False),
        ("0364-2016", False),
        ("201501-201502", False),
        ("CCER-0291-\n0293", True),
        ("JX-2013-\n2545", False),
        ("JX-2013-2545~JX-2013-2547", True),
        ("2013-0291", False),
        ("CCER-01-0001", False),
        ("CCER~0001", False),
    ],
)
def test_a_code_is_wrapped_only_where_no_part_of_it_is_one(lines: str, several: bool) -> None:
    assert several_codes(lines.split("\n")) is several


@pytest.mark.parametrize(
    ("lines", "several"),
    [
        ("甲乙水电站项目\n乙丙光伏电站项目", True),
        ("甲风电场\n乙水电站", True),
        ("甲风电场（一期）\n乙水电站（二期）", True),
        ("甲风电项目、乙水电项目", True),
        ("甲乙水电站\n二期项目", False),
        ("甲县、乙县风电项目", False),
        ("宝龙山风电场项目\n49.5MW工程", False),
        ("宝龙山风电场项目\n第二期工程", False),
        ("宝龙山风电场\n风力发电项目", False),
        ("甲县某镇水电站\n二级电站", False),
    ],
)
def test_a_line_that_names_a_part_of_a_project_is_no_second_name(lines: str, several: bool) -> None:
    assert several_names(lines.split("\n")) is several


@pytest.mark.parametrize(
    "lines",
    [
        "甲某风电项目\n水电站项目",
        "甲项目一期\n甲项目二期",
        "甲项目\n和丁项目",
        "甲风电场一期\n甲风电场二期",
    ],
)
def test_a_project_of_another_kind_or_phase_is_a_second_one(lines: str) -> None:
    assert several_names(lines.split("\n"))


@pytest.mark.parametrize(
    ("text", "two"),
    [
        ("甲项目和丁项目", True),
        ("甲项目（一期）及丁项目", True),
        ("甲项目一期、甲项目二期", True),
        ("甲项目/丁项目", True),
        ("甲某风电场与乙某风电场", True),
        ("甲某风电项目水电站项目", True),
        ("甲某风电项目 丁某水电项目", True),
        ("甲风电场、乙风电场项目", False),
        ("甲风电场一、二期工程", False),
        ("甲风电场及配套工程", False),
        ("甲县风电项目和储能电站工程", False),
        ("甲水利枢纽工程水电站项目", False),
        ("甲风电项目二期项目", False),
        ("和顺县与众风电项目", False),
        ("大安风电场大安新艾里风电场项目", False),
    ],
)
def test_two_projects_in_one_text_are_no_name(text: str, two: bool) -> None:
    assert joins_names(text) is two


def test_two_projects_in_one_cell_leave_only_their_name_to_a_person() -> None:
    paper = docx.Document()
    paper.add_paragraph("重点排放单位使用CCER抵销配额清缴申请表")
    table = paper.add_table(rows=0, cols=3)
    rows = (("项目名称", "项目编号", "抵销量（吨）"), ("甲项目和丁项目", "CCER-0001", "6,000"))
    for row in (*rows, ("乙某水电站", "CCER-0002", "72")):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    out = io.BytesIO()
    paper.save(out)
    (form,) = map(decide, read_document(out.getvalue(), "申请表.docx", template()))
    names = [row.name and row.name.accepted for row in form.projects]
    assert names == [False, True]
    assert all(row.amount_t and row.amount_t.accepted for row in form.projects)


NAMES = "甲乙水电站\n乙丙光伏电站"


@pytest.mark.parametrize("codes", ["0364\n0365", "CCER-0364\nCCER-0365"])
@pytest.mark.parametrize(
    "amounts",
    ["6,000.00\n72.00", "6,000tCO2e\n72tCO2e", "约6,000\n约72", "6,O00\n72", "6,000,\n720"],
)
def test_two_rows_in_one_cell_are_no_row_however_their_amounts_are_written(
    codes: str, amounts: str
) -> None:
    assert _all_doubted(_read(*_row(160, 280, NAMES, codes, amounts)))


@pytest.mark.parametrize("merged", [(False, True), (True, True)])
def test_cells_of_two_rows_that_reach_over_the_total_too_are_no_row(
    merged: tuple[bool, bool],
) -> None:
    """The rule above 合计 was lost in some columns besides that between the rows in all."""
    code, amount = (340 if tall else 280 for tall in merged)
    rows = _read(
        _cell(NAMES, 0, 160, 400, 280),
        Block((*_lines("0364", 410, 178), *_lines("0365", 410, 238)), (400, 160, 700, code), True),
        Block(
            (*_lines("6,000", 710, 178), *_lines("72", 710, 238), *_lines("6,072", 710, 298)),
            (700, 160, 1000, amount),
            ruled=True,
        ),
        _cell("合计", 0, 280, 400, 340),
    )
    assert _all_doubted(rows)


def _layout(*blocks: Block) -> Layout:
    sheet = grid(_HEADS)
    return layout_of(replace(sheet, blocks=(*sheet.blocks, *blocks)))


FIRST = (("甲风电项目", "CCER-0001", "6,000"), ("乙水电项目", "CCER-0002", "72"))


def _rows_down(*rows: tuple[str, str, str]) -> list[Block]:
    return [cell for k, row in enumerate(rows) for cell in _row(160 + 60 * k, 220 + 60 * k, *row)]


@pytest.mark.parametrize("last", [True, False])
def test_the_sum_of_a_group_ends_no_table_and_is_no_total_of_all(last: bool) -> None:
    more = [("小计", "", "6,072"), ("丙光伏项目", "CCER-0003", "500"), ("小计", "", "500")]
    layout = _layout(*_rows_down(*FIRST, *more, *([("合计", "", "6,572")] if last else [])))
    assert [row["amount_t"].text for row in layout.rows] == ["6,000", "72", "500"]
    assert not any(hit.doubts for row in layout.rows for hit in row.values())
    assert (layout.total.text if layout.total else None) == ("6,572" if last else None)


def test_the_sum_of_the_only_group_is_the_total() -> None:
    layout = _layout(*_rows_down(*FIRST, ("小计", "", "6,072")))
    assert layout.total is not None
    assert layout.total.text == "6,072"
    assert len(layout.rows) == 2


def test_a_total_in_one_cell_with_its_label_is_no_row() -> None:
    cell = Block(
        (*_lines("合计", 410, 298), *_lines("6,072", 710, 298)), (400, 280, 1000, 340), True
    )
    layout = _layout(*_rows_down(*FIRST), _cell("", 0, 280, 400, 340), cell)
    assert [row["amount_t"].text for row in layout.rows] == ["6,000", "72"]
    assert layout.total is not None


@pytest.mark.parametrize("loose", [True, False])
def test_a_part_of_an_amount_that_a_false_rule_cut_off_is_no_row(loose: bool) -> None:
    tops = ((160, "7,766,57"), (200, "6"))
    amounts = [
        _free(text, 710, top + 8) if loose else _cell(text, 700, top, 1000, top + 40)
        for top, text in tops
    ]
    rows = _read(
        _cell("甲乙丙丁戊\n己庚光伏电站", 0, 160, 400, 240),
        _cell("CCER-0198", 400, 160, 700, 200),
        _cell("", 400, 200, 700, 240),
        *amounts,
    )
    assert _all_doubted([row for row in rows if row["amount_t"].text])
    assert rows


@pytest.mark.parametrize("right", [700, 1000])
def test_rows_below_a_strip_are_not_lost(right: int) -> None:
    """A false rule cut off the rest of a name, and no walls were found in what is left of it."""
    rows = _read(
        _cell("甲乙丙丁戊己垃圾填埋", 0, 160, 400, 200),
        _cell("0103", 400, 160, 700, 200),
        _cell("6,000", 700, 160, 1000, 200 if right == 1000 else 236),
        Block(_lines("气发电一期", 10, 206), (0, 200, right, 236), ruled=True),
        *_row(236, 296, "京河甲水电站", "0509", "635"),
    )
    assert _all_doubted(rows) or [row["amount_t"].text for row in rows] == ["6,000", "635"]


def test_an_amount_below_the_last_cells_is_not_lost_beside_a_cell_that_reaches_down() -> None:
    """The rule between two rows was found in the amounts' column alone, and no cell below it."""
    rows = _read(
        *_row(160, 220, *FIRST[0]),
        Block(
            (
                *_lines("乙水电项目", 10, 236),
                *_lines("CCER-0002", 410, 236),
                *_lines("丙光伏项目", 10, 290),
                *_lines("CCER-0003", 410, 290),
            ),
            (0, 220, 700, 340),
            ruled=True,
        ),
        _cell("72", 700, 220, 1000, 280),
        _free("500", 710, 290),
    )
    assert _all_doubted(rows) or [row["amount_t"].text for row in rows] == ["6,000", "72", "500"]


def test_names_of_several_rows_in_a_cell_between_their_values_are_not_lost() -> None:
    names = "\n".join(["甲乙丙丁戊己庚辛壬癸水电站一期"] * 4)
    rows = _read(
        _cell("", 0, 160, 400, 180),
        _cell("CCER-0001", 400, 160, 700, 220),
        _cell("6,000", 700, 160, 1000, 220),
        _cell(names, 0, 180, 400, 340),
    )
    assert _all_doubted(rows)


@pytest.mark.parametrize(
    ("text", "count"), [("6,000", 1), ("1,324,86\n1", 1), ("6,000\n72\n500", 3), ("", 0)]
)
def test_amounts_in_the_cells_tell_how_many_rows_there_are(text: str, count: int) -> None:
    cell = _cell(text, 700, 160, 1000, 280)
    assert amounts_in([{"amount_t": hit_of("amount_t", cell.lines, cell.box)}]) == count


@pytest.mark.parametrize(
    ("rest", "whole"), [("气发电一期", False), ("备注：无", True), ("以上信息属实。", True)]
)
def test_a_strip_may_hold_the_rest_of_the_last_name_where_its_line_is_full(
    rest: str, whole: bool
) -> None:
    name = "甲乙丙丁戊己庚辛壬癸甲乙丙垃圾填埋"
    strip = Block(_lines(rest, 10, 206), (0, 200, 1000, 236), ruled=True)
    (row,) = _read(*_row(160, 200, name, "0103", "6,000"), strip)
    assert (row["name"].text, not row["name"].doubts) == (name, whole)
    (short,) = _read(*_row(160, 200, "甲水电站", "0103", "6,000"), strip)
    assert not any(hit.doubts for hit in short.values())


@pytest.mark.parametrize("label", ["合计", "联系人"])
def test_a_row_in_the_band_of_what_ends_the_table_is_not_lost(label: str) -> None:
    """The rule above 合计 or a contact was not found below the last row, nor cells beside it."""
    rows = _read(
        *_row(160, 220, *FIRST[0]),
        _cell("", 0, 220, 400, 340),
        _free("乙水电项目", 10, 240),
        _free("CCER-0002", 410, 240),
        _free("72", 710, 240),
        _free(label, 410, 300),
        _cell("6,072", 700, 280, 1000, 340),
    )
    assert _all_doubted(rows) or [row["amount_t"].text for row in rows] == ["6,000", "72"]


HEADING = ("序号", "项目名称", "项目编号", "抵销量（吨）")


def _form(name: str, code: str, amount: str, below: tuple[str, ...] = ()) -> DocumentReading:
    """A form of one project; ``below`` stands in a further row, its first text where all else is
    free."""
    paper = docx.Document()
    paper.add_paragraph("重点排放单位使用CCER抵销配额清缴申请表")
    table = paper.add_table(rows=0, cols=4)
    for texts in (HEADING, ("1", name, code, amount)):
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = text
    if below:
        cells = table.add_row().cells
        cells[0].merge(cells[4 - len(below)]).text = below[0]
        for cell, text in zip(cells[5 - len(below) :], below[1:], strict=True):
            cell.text = text
    out = io.BytesIO()
    paper.save(out)
    (document,) = read_document(out.getvalue(), "申请表.docx", template())
    return decide(document)


def _accepted(document: DocumentReading) -> list[bool]:
    (row,) = document.projects
    return [bool(cell and cell.accepted) for cell in (row.name, row.code, row.amount_t)]


@pytest.mark.parametrize("codes", ["0364\n0365", "CCER-0001\nCCER-0002"])
@pytest.mark.parametrize("amounts", ["6,072", "6,000\n72", "6,000,\n720"])
def test_two_projects_in_one_row_of_a_text_form_are_not_accepted(codes: str, amounts: str) -> None:
    assert not any(_accepted(_form(NAMES, codes, amounts)))


@pytest.mark.parametrize(
    "below",
    [
        ("注：1吨CCER等于1tCO2e。",),
        ("本单位申请使用CCER抵销2019-2020年度配额",),
        ("备注：CCER须在2021年12月15日前注销",),
        ("合计抵销量（吨）", "6,072"),
        ("CCER抵销量合计（吨）", "6,072"),
        ("以上一个项目抵销量合计", "6,072"),
        ("剩余应清缴配额量（吨）", "1,227,995"),
        ("占应清缴配额比例（%）", "0.53"),
        ("最大可抵销量（吨）", "61,728"),
        ("负责人", "王明", "传真", "87654321"),
    ],
)
def test_a_remark_or_a_total_of_many_words_below_the_projects_is_no_row(
    below: tuple[str, ...],
) -> None:
    assert _accepted(_form("甲乙水电站项目", "CCER-0001", "6,072", below)) == [True] * 3


@pytest.mark.parametrize("names", ["甲乙水电站项目\n乙丙光伏电站项目", "甲风电场\n乙水电站"])
def test_two_whole_names_in_a_cell_of_a_text_form_are_not_accepted(names: str) -> None:
    assert not any(_accepted(_form(names, "CCER-0001", "6,072")))


@pytest.mark.parametrize(
    "name", ["甲乙水电站二期项目", "甲乙水电站\n二期项目", "宝龙山风电场项目\n49.5MW工程"]
)
def test_one_project_whose_name_is_wrapped_is_accepted(name: str) -> None:
    assert _accepted(_form(name, "CCER-0001", "6,072")) == [True] * 3


def test_a_share_below_the_rows_of_a_text_form_is_no_row() -> None:
    paper = docx.Document()
    paper.add_paragraph("重点排放单位使用CCER抵销配额清缴申请表")
    table = paper.add_table(rows=0, cols=4)
    for texts in (HEADING, ("1", "甲乙水电站", "CCER-0001", "6,072"), ("", "", "", "0.5%")):
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = text
    table.cell(2, 0).merge(table.cell(2, 2)).text = "占应清缴总量"
    out = io.BytesIO()
    paper.save(out)
    (document,) = read_document(out.getvalue(), "申请表.docx", template())
    assert _accepted(decide(document)) == [True] * 3


@pytest.mark.parametrize("amounts", ["6,000、720", "6,000，720"])
def test_two_amounts_in_one_line_are_not_accepted(amounts: str) -> None:
    assert _accepted(_form("甲乙水电站", "CCER-0001", amounts))[2] is False


def test_commas_of_one_width_are_marks_of_thousands() -> None:
    assert _accepted(_form("甲乙水电站", "CCER-0001", "6，000，720"))[2] is True


def test_a_span_of_codes_is_no_code() -> None:
    assert not any(_accepted(_form("甲乙水电站", "0001~0003", "6,000")))


@pytest.mark.parametrize("more", ["", "\n2020年3,000"])
def test_what_an_amount_is_made_of_leaves_it_alone_to_a_person(more: str) -> None:
    form = _form("甲乙水电站", "CCER-0001", f"6,000\n其中2019年3,000{more}")
    assert _accepted(form) == [True, True, False]


def test_a_name_that_goes_on_in_a_row_of_its_own_is_a_doubt() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ("CCER抵销配额清缴申请表",),
        HEADING,
        ("1", "甲乙水电站", "CCER-0001", 6000),
        ("2", "乙丙县风电场", "CCER-0002", 72),
        (None, "二期项目", None, None),
    ):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    (document,) = read_document(out.getvalue(), "申请表.xlsx", template())
    names = [row.name for row in decide(document).projects]
    assert [bool(name and name.accepted) for name in names] == [True, False, False]


def test_two_codes_in_a_cell_that_two_rows_share_are_not_accepted() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(("CCER抵销配额清缴申请表",))
    sheet.append(HEADING)
    sheet.append(("1", "甲乙水电站", "0364\n0365", 6000))
    sheet.append(("2", "乙丙光伏电站", None, 72))
    sheet.merge_cells("C3:C4")
    out = io.BytesIO()
    book.save(out)
    (document,) = read_document(out.getvalue(), "申请表.xlsx", template())
    codes = [row.code for row in decide(document).projects]
    assert not any(code is not None and code.accepted for code in codes)
