""".xls: tests/ocr/form.xls was written with xlwt: merged cells, a hidden sheet, invented values.

Other old office files are refused by name.
"""

from pathlib import Path

import pytest

from ocr import file_type, office, read_document
from ocr.problems import Unreadable
from procedure.acceptance import decide
from tests.ocr.evaluate import template

DATA = (Path(__file__).parent / "form.xls").read_bytes()


def test_an_old_sheet_is_read() -> None:
    (document,) = read_document(DATA, "申请表.xls", template())
    document = decide(document)
    assert {name: one.value for name, one in document.fields.items() if one.accepted} == {
        "enterprise_name": "河北测试热电有限公司",
        "obligation_t": 628679,
        "offset_t": 31433,
        "date": "2021-11-03",
    }


def test_hidden_sheets_are_not_said() -> None:
    assert len(office.read_xls(DATA)) == 1


# Found by these: calamine panics on the last one, which is no `Exception`.
@pytest.mark.parametrize("cut", [600, 2000, len(DATA) - 1500])
def test_a_cut_file_is_refused(cut: int) -> None:
    with pytest.raises(Unreadable):
        office.read_xls(DATA[:cut])


def test_a_wps_sheet_is_one_by_its_content() -> None:
    assert file_type(DATA, "申请表.et") == "application/vnd.ms-excel"
    assert file_type(DATA, "申请表.wps") == "application/vnd.ms-works"
