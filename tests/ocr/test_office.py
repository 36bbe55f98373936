"""What a .docx and a spreadsheet may hold besides paragraphs and plain cells."""

import io
import re
import subprocess
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml.parser import parse_xml

from ocr import office, xlsbook
from ocr.limits import check_zip
from ocr.office import read_docx, read_xls, read_xlsx
from ocr.problems import Unreadable

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
XLS = Path(__file__).parent / "form.xls"


def _paper(*parts: str) -> bytes:
    """A .docx whose body holds these elements."""
    paper = docx.Document()
    body: Any = paper.element.body
    for part in parts:
        named = re.sub(r"^<[\w:]+", lambda found: f"{found[0]} {_W} {_MC}", part)
        body.insert(len(body) - 1, parse_xml(named))
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def _p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _tc(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def _tr(*cells: str) -> str:
    return f"<w:tr>{''.join(cells)}</w:tr>"


def _tbl(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def _box(text: str) -> str:
    return f"<w:p><w:r><w:pict><w:txbxContent>{_p(text)}</w:txbxContent></w:pict></w:r></w:p>"


def _texts(data: bytes) -> list[str]:
    return [block.text for block in read_docx(data)[0].blocks]


@pytest.mark.parametrize(
    "unsaid",
    [
        f"<w:del>{_p('旧')}</w:del>",
        f"<w:moveFrom>{_p('旧')}</w:moveFrom>",
        f"<mc:Fallback>{_p('旧')}</mc:Fallback>",
    ],
)
def test_a_paragraph_that_was_taken_out_is_not_said(unsaid: str) -> None:
    assert _texts(_paper(_p("新"), unsaid, _p("后"))) == ["新", "后"]


def test_a_content_control_and_a_text_box_are_said_where_they_stand() -> None:
    control = f"<w:sdt><w:sdtContent>{_p('中')}</w:sdtContent></w:sdt>"
    assert _texts(_paper(_p("前"), control, _box("框"), _p("后"))) == ["前", "中", "框", "后"]


def test_a_text_box_in_a_cell_is_the_cell_s() -> None:
    data = _paper(_tbl(_tr(_tc(_p("单位")), _tc(_p("甲") + _box("乙")))))
    assert _texts(data) == ["单位", "甲\n乙"]


def test_rows_and_cells_in_content_controls_are_rows_and_cells() -> None:
    row = f"<w:sdt><w:sdtContent>{_tr(_tc(_p('一')), _tc(_p('二')))}</w:sdtContent></w:sdt>"
    inserted = f"<w:ins>{_tr(_tc(_p('三')), _tc(_p('四')))}</w:ins>"
    sheet = read_docx(_paper(_tbl(row, inserted)))[0]
    assert [block.text for block in sheet.blocks] == ["一", "二", "三", "四"]
    assert sheet.blocks[2].box[1] == sheet.blocks[0].box[3]


def test_cells_merged_downwards_are_one_cell() -> None:
    restart, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = (
        _tr(_tc(_p("单位"), restart), _tc(_p("甲"))),
        _tr(_tc(_p(""), goes_on), _tc(_p("乙"))),
        # One that goes on with nothing is a cell of its own.
        _tr(_tc(_p("丙")), _tc(_p("丁"), goes_on)),
    )
    blocks = read_docx(_paper(_tbl(*rows)))[0].blocks
    assert [block.text for block in blocks] == ["单位", "甲", "乙", "丙", "丁"]
    assert blocks[0].height == 2 * blocks[1].height
    assert blocks[4].height == blocks[1].height


def test_a_table_within_a_cell_stands_below_its_own() -> None:
    inner = _tbl(_tr(_tc(_p("里"))))
    blocks = read_docx(_paper(_tbl(_tr(_tc(_p("外") + inner + _p(""))), _tr(_tc(_p("下"))))))[
        0
    ].blocks
    assert [block.text for block in blocks] == ["外", "下", "里"]
    assert blocks[2].box[1] >= blocks[1].box[3]


def test_a_table_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "_MAX_CELLS", 3)
    table = _tbl(_tr(_tc(_p("一")), _tc(_p("二"))), _tr(_tc(_p("三")), _tc(_p("四"))))
    with pytest.raises(Unreadable, match="too many cells"):
        read_docx(_paper(table))


def test_a_broken_picture_takes_no_word_from_the_form() -> None:
    whole = _paper(_p("单位"))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        new.writestr("word/media/a.png", b"PICTURE-ONE")
        new.writestr("word/media/b.png", b"PICTURE-TWO")
    spoilt = out.getvalue().replace(b"PICTURE-ONE", b"PICTURE-ODD", 1)
    sheet, found = read_docx(spoilt)
    assert [block.text for block in sheet.blocks] == ["单位"]
    assert found == (b"PICTURE-TWO",)


def test_cells_are_shown_as_a_person_sees_them() -> None:
    book = openpyxl.Workbook()
    moment = datetime(2021, 11, 5, 9, 30)  # noqa: DTZ001 - a cell knows no zone
    values = [None, "文字", 5000.0, 1.5, 1e16, date(2021, 11, 5), moment, True]
    sheet = book.active
    assert sheet is not None
    sheet.append(values)
    hidden = book.create_sheet("隐")
    hidden.append(["看不见"])
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    (read,) = read_xlsx(out.getvalue())
    wanted = ["", "文字", "5000", "1.5", "1e+16", "2021-11-05", "2021-11-05 09:30:00", "True"]
    assert [block.text for block in read.blocks] == wanted


def test_a_spreadsheet_of_too_many_cells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["B15000"] = "x"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(Unreadable, match="too many cells"):
        read_xlsx(out.getvalue())
    monkeypatch.setattr(office, "_MAX_CELLS", 3)
    with pytest.raises(Unreadable, match="too many cells"):
        read_xls(XLS.read_bytes())


def test_who_ends_the_program_while_a_sheet_is_read_ends_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        read_xls(XLS.read_bytes())


def test_a_locked_member_makes_an_office_file_encrypted() -> None:
    data = bytearray(_paper(_p("单位")))
    # The flag of the first member, in the directory at the end (APPNOTE 4.3.12).
    data[data.index(b"PK\1\2") + 8] |= 1
    with pytest.raises(Unreadable) as raised:
        check_zip(bytes(data))
    assert raised.value.code == "encrypted"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(5000.0, "5000"), (-0.0, "0"), (0.25, "0.25"), (1e15, "1000000000000000.0")],
)
def test_a_whole_number_has_no_point(value: float, shown: str) -> None:
    assert xlsbook.shown(value) == shown
