"""Forms as strangers draw them: read right, or left to a person."""

import io
import zipfile
from collections.abc import Sequence

import docx
import openpyxl
import pytest
from PIL import Image

from clerk.drawing.seal import paint_seal
from clerk.drawing.sheet import PlacedSeal
from ocr import read_document, reader
from ocr.beside import SEVERAL
from procedure.acceptance import decide
from procedure.evidence import UNIT_UNCLEAR
from procedure.readings import DocumentReading
from tests.ocr.evaluate import template
from tests.ocr.scripted import First, Said, shelf

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
    assert UNIT_UNCLEAR in document.fields["offset_t"].against
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


def _docx(rows: Rows, *embedded: bytes) -> bytes:
    paper = docx.Document()
    paper.add_heading("重点排放单位使用CCER抵销配额清缴申请表", 1)
    table = paper.add_table(rows=0, cols=2)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    out = io.BytesIO()
    paper.save(out)
    with zipfile.ZipFile(out, "a") as archive:
        for number, data in enumerate(embedded):
            archive.writestr(f"word/media/{number}.bin", data)
    return out.getvalue()


def _picture(wide: int, high: int) -> Image.Image:
    return Image.new("RGB", (wide, high), "white")


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _stamp(wide: int) -> Image.Image:
    """A seal alone, or on a picture that has room around it."""
    ink = paint_seal(PlacedSeal(30, 30, NAME[1]), 150, 0)
    picture = _picture(max(wide, ink.width), max(wide, ink.height))
    picture.paste(ink, (0, 0), ink)
    return picture


@pytest.mark.parametrize(
    ("embedded", "seals"),
    [
        ((b"no picture at all",), 0),
        # Cut short, decoration, a page without text, and a seal in a corner of one.
        ((_png(_picture(300, 300))[:60],), 0),
        ((_png(_picture(300, 300)),), 0),
        ((_png(_picture(600, 500)),), 0),
        ((_png(_stamp(0)),), 1),
        ((_png(_stamp(1600)),), 1),
    ],
    ids=["none", "broken", "small", "blank", "seal", "page with a seal"],
)
def test_a_picture_in_a_text_document_takes_nothing_from_the_text(
    monkeypatch: pytest.MonkeyPatch, embedded: tuple[bytes, ...], seals: int
) -> None:
    """What the engines read of a seal's ring is told: it is the firm's name, or nothing."""
    looks = ("raw", "near")
    said: Said = {(shade, look): (NAME[1], 0.99) for shade in range(256) for look in looks}
    engines = shelf(First(said), said)
    monkeypatch.setattr(reader, "shelf", lambda: engines)
    data = _docx((NAME, *AMOUNTS), *embedded)
    (document,) = read_document(data, "申请表.docx", template())
    assert document.fields["offset_t"].value == 61728
    assert [seal.box for seal in document.seals] == [None] * seals
    assert all(NAME[1] in seal.text for seal in document.seals)


def test_two_amounts_under_one_label_leave_it_to_a_person() -> None:
    twice = _read((NAME, *AMOUNTS, ("申请抵销量（吨）", "61,729")))
    assert "two-places-differ" in twice.fields["offset_t"].against
    again = _read((NAME, *AMOUNTS, ("申请抵销量（吨）", "61,728")))
    assert "two-places-differ" not in again.fields["offset_t"].against


@pytest.mark.parametrize(("second", "doubted"), [("61,728", False), ("61,729", True)])
def test_the_same_amount_twice_in_a_row_is_one(second: str, doubted: bool) -> None:
    rows = ((*NAME, ""), (*AMOUNTS[0], "1,234,567"), (*AMOUNTS[1], second))
    found = _read(rows).fields
    assert (SEVERAL in found["offset_t"].against) is doubted
    assert SEVERAL not in found["obligation_t"].against
