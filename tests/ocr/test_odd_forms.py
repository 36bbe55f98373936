"""Forms as strangers draw them: read right, or left to a person."""

import io
from collections.abc import Sequence

import docx
import openpyxl
import pytest

from ocr import read_document
from ocr.beside import SEVERAL
from ocr.units import DOUBT
from procedure.acceptance import decide
from procedure.readings import DocumentReading
from tests.ocr.evaluate import template

Rows = Sequence[Sequence[str]]
NAME = ("企业名称", "河北测试热电有限公司")
AMOUNTS = (("应清缴配额总量（吨）", "1,234,567"), ("申请抵销量（吨）", "61,728"))
PROJECTS = (
    ("序号", "项目名称", "备案编号", "数量（吨）"),
    ("1", "甲风电项目", "CCER-0001", "60,000"),
    ("2", "乙水电项目", "CCER-0002", "1,728"),
)


def _read(rows: Rows, *, above: Sequence[str] = (), more: Rows = ()) -> DocumentReading:
    paper = docx.Document()
    paper.add_heading("重点排放单位使用CCER抵销配额清缴申请表", 1)
    for text in above:
        paper.add_paragraph(text)
    for table in (rows, more):
        if table:
            made = paper.add_table(rows=0, cols=max(map(len, table)))
            for row in table:
                cells = made.add_row().cells
                for cell, text in zip(cells, row, strict=False):
                    cell.text = text
    out = io.BytesIO()
    paper.save(out)
    (document,) = read_document(out.getvalue(), "申请表.docx", template())
    return decide(document)


def _accepted(document: DocumentReading) -> dict[str, object]:
    return {name: one.value for name, one in document.fields.items() if one.accepted}


@pytest.mark.parametrize("note", ["单位：万吨", "（计量单位：万吨二氧化碳当量）"])
def test_a_unit_above_the_table_leaves_amounts_without_one_to_a_person(note: str) -> None:
    rows = (NAME, ("应清缴配额总量", "120"), ("申请抵销量", "6"))
    document = _read(rows, above=[note])
    assert set(_accepted(document)) == {"enterprise_name"}
    assert DOUBT in document.fields["offset_t"].against
    # With units of their own they do not hang on the note.
    assert _accepted(_read((NAME, *AMOUNTS), above=[note]))["offset_t"] == 61728


def test_a_unit_in_a_cell_behind_the_amount() -> None:
    rows = ((*NAME, ""), ("应清缴配额总量", "120", "万吨"), ("申请抵销量", "6", "万吨"))
    assert set(_accepted(_read(rows))) == {"enterprise_name"}


def test_a_unit_that_is_not_known() -> None:
    rows = (NAME, ("应清缴配额总量（kt）", "120"), ("申请抵销量（kt）", "6"))
    assert set(_accepted(_read(rows))) == {"enterprise_name"}


def test_years_side_by_side_are_left_to_a_person() -> None:
    rows = (
        (*NAME, "", ""),
        ("年度", "2019年", "2020年", "合计"),
        ("应清缴配额量（吨）", "600,000", "634,567", "1,234,567"),
        ("申请抵销量（吨）", "30,000", "31,728", "61,728"),
    )
    document = _read(rows)
    assert set(_accepted(document)) == {"enterprise_name"}
    assert SEVERAL in document.fields["obligation_t"].against


def test_two_pairs_in_a_row_are_not_several_values() -> None:
    rows = ((*NAME, "联系人", "王磊"), (*AMOUNTS[0], *AMOUNTS[1]))
    accepted = _accepted(_read(rows))
    assert (accepted["obligation_t"], accepted["offset_t"]) == (1234567, 61728)


def test_a_total_whose_word_stands_in_a_column_of_no_heading_of_ours() -> None:
    document = _read((NAME, *AMOUNTS), more=(*PROJECTS, ("合计", "", "", "61,728")))
    assert [row.amount_t and row.amount_t.value for row in document.projects] == [60000, 1728]
    assert document.rows_total is not None
    assert document.rows_total.value == 61728


def test_a_last_row_that_is_no_sum_stays_a_row() -> None:
    document = _read((NAME, *AMOUNTS), more=(*PROJECTS, ("3", "", "", "61,729")))
    assert len(document.projects) == 3
    assert document.rows_total is None


@pytest.mark.parametrize("hint", ["（盖章）", "（加盖公章）", "(公章)", "____"])
def test_what_is_no_part_of_a_name(hint: str) -> None:
    rows = (("企业名称", f"河北测试热电有限公司{hint}"), *AMOUNTS)
    assert _accepted(_read(rows))["enterprise_name"] == "河北测试热电有限公司"


def test_lines_to_write_on() -> None:
    rows = (NAME, ("应清缴配额总量", "__1234567__吨"), ("申请抵销量", "__61728__吨"))
    accepted = _accepted(_read(rows))
    assert (accepted["obligation_t"], accepted["offset_t"]) == (1234567, 61728)


@pytest.mark.parametrize(
    ("choices", "meant"),
    [
        ("□北京 □天津 ☑河北 □山西", "河北省"),
        ("√河北省", "河北省"),
        ("☑河北 ☑山西", None),
        ("□河北 □山西", None),
        ("□河北", None),
    ],
)
def test_ticked_choices(choices: str, meant: str | None) -> None:
    document = _read((NAME, *AMOUNTS, ("所属省份", choices)))
    assert document.fields["province"].value == meant


def test_a_label_of_two_things_gives_no_person() -> None:
    accepted = _accepted(_read((NAME, *AMOUNTS, ("联系人及电话", "王磊 13800138000"))))
    assert "contact" not in accepted
    assert "phone" not in accepted


def test_pairs_set_apart_by_tabulators() -> None:
    lines = [
        "企业名称\t河北测试热电有限公司\t所属省份\t河北省",
        "应清缴配额总量（吨）\t1,234,567\t申请抵销量（吨）\t61,728",
        "联系人：王磊\t联系电话：13800138000",
    ]
    assert _accepted(_read((), above=lines)) == {
        "enterprise_name": "河北测试热电有限公司",
        "province": "河北省",
        "obligation_t": 1234567,
        "offset_t": 61728,
        "contact": "王磊",
        "phone": "13800138000",
    }


def test_a_sheet_with_a_note_of_its_unit() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("CCER抵销配额清缴申请表",), ("单位：万吨",), NAME, ("应清缴配额总量", 120)):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    (document,) = read_document(out.getvalue(), "form.xlsx", template())
    assert set(_accepted(decide(document))) == {"enterprise_name"}
