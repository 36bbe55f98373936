"""When do two voices say the same?"""

import pytest

from ocr.alike import Values, alike, contradicted, odd, only_word, open_fours, reads_figures
from ocr.trim import trim
from procedure.values import Unit

V6, V4, TESSERACT = ("ppocr-v6", "raw"), ("ppocr-v4", "raw"), ("tesseract", "raw")


@pytest.mark.parametrize(
    ("field", "first", "second", "same"),
    [
        ("project_name", "甲垃圾填埋气发电项目", "甲垃圾填理气发电项目", True),
        # Both words are real: the engines differ.
        ("project_name", "甲风电项目", "甲发电项目", False),
        ("project_name", "甲燃气发电项目", "甲沼气发电项目", False),
        ("project_name", "甲一期工程", "甲二期工程", False),
        ("operation", "自愿注销", "自惠注销", True),
        ("operation", "自愿注销", "自动注销", False),
        ("operation", "交易转入", "交易转人", True),
        ("operation", "交易转入", "交易转出", False),
        ("account_no", "1234", "1235", False),
        ("serial", "326117800-326340796", "326117800326340796", True),
        ("serial", "326117800-326340796", "326117800326340790", False),
        # A speck on worn paper may pass for a hyphen.
        ("account_no", "CN-100-3959376", "CN100-3959376", False),
        ("account_no", "CN-100-3959376", "CN10-03959376", False),
        # Letters like the usual ones, where one read these.
        ("account_no", "CN-100-3959376", "QN-100-3959376", True),
        ("account_no", "CN-100-3959376", "QN-100-3959375", False),
        ("account_no", "CN-100-3959376", "QM-100-3959376", False),
        ("project_code", "CCER-0730", "OCER-0730", True),
        ("project_code", "CCER-0730", "GS-0730", False),
        ("project_code", "OCER-0730", "QCER-0730", False),
        # One of them was lost.
        ("account_no", "CN-100-3959376", "C-100-3959376", True),
        ("account_no", "CN-100-3959376", "C-100-3959375", False),
        ("account_no", "CN-100-3959376", "100-3959376", False),
        ("project_code", "CCER-0730", "CER-0730", True),
        ("project_code", "CCER-0730", "CR-0730", False),
        ("project_code", "JX-2013-913", "J-2013-913", True),
    ],
)
def test_alike(field: str, first: str, second: str, same: bool) -> None:
    values = alike(field, {V6: first, V4: second})
    assert (values[V6] == values[V4]) is same
    assert values[V6] == first


@pytest.mark.parametrize(
    "other", ["自动注销", "非自愿注销", "自主注销", "自愿核销", "自愿注册", "待自愿注销"]
)
def test_another_operation_stays_what_it_is(other: str) -> None:
    assert only_word(other) == other


@pytest.mark.parametrize(
    ("field", "value", "wanted"),
    [
        ("serial", "413761744413965037", True),
        ("serial", "413761744-413965037", False),
        ("serial", "413761744", False),
        ("project_code", "OCER-5993", True),
        ("project_code", "CCER-5993", False),
    ],
)
def test_what_both_families_may_misread_alike(field: str, value: str, wanted: bool) -> None:
    assert odd(field, {V6: value, V4: value}) is wanted


@pytest.mark.parametrize(
    ("read", "unit", "wanted"),
    [
        ("38952 696", "吨", "38952696"),
        ("20 303706吨", None, "20303706吨"),
        ("1 954 454", "吨", "1954454"),
        # In 万吨 it may be a point, worn away; others are no groups of a number, or two numbers.
        ("1023 286", "万吨", "1023 286"),
        ("1023 286万吨", None, "1023 286万吨"),
        ("1023 286 万吨", None, "1023 286 万吨"),
        ("12 34", "吨", "12 34"),
        ("1 2345", "吨", "1 2345"),
        ("1,234 567", "吨", "1,234 567"),
        ("12.5 000", "吨", "12.5 000"),
        ("1 234.5", "吨", "1 234.5"),
        ("5 000 60", "吨", "5 000 60"),
    ],
)
def test_figures_whose_blanks_were_lost_in_part(read: str, unit: Unit | None, wanted: str) -> None:
    assert trim("offset_t", read, unit=unit) == wanted


@pytest.mark.parametrize(
    ("field", "read", "wanted"),
    [
        # Specks behind a word are no part of it.
        ("operation", "自愿注销。", "自愿注销"),
        ("status", "已完成 ·", "已完成"),
        ("project_name", "甲20MW光伏发电项目。", "甲20MW光伏发电项目"),
        ("project_name", "甲风电场一期49. 5MW工程", "甲风电场一期49.5MW工程"),
        ("uscc", "91629999MA3141278W", "91629999MA3141278W"),
        # A full-width point in the middle of its square; before a figure alone it is none.
        ("offset_t", "174·5717万吨", "174.5717万吨"),
        ("offset_t", "174·吨", "174·吨"),
        ("offset_t", "2·724万吨", "2·724万吨"),
        ("contact", "，韩伟", "韩伟"),
        ("contact", ".韩伟。", "韩伟"),
        ("contact", "阿依·买买提", "阿依·买买提"),
    ],
)
def test_what_is_no_part_of_a_value(field: str, read: str, wanted: str) -> None:
    assert trim(field, read) == wanted


@pytest.mark.parametrize(
    ("field", "both", "third", "wanted"),
    [
        # One word of Tesseract makes no other letters of what both families read.
        ("account_no", "HN-2021-000123", "CN-2021-000123", "HN-2021-000123"),
        ("account_no", "QN-2021-000123", "CN-2021-000123", "CN-2021-000123"),
        ("project_code", "OCER-0730", "CCER-0730", "CCER-0730"),
        ("project_code", "BCER-0730", "CCER-0730", "BCER-0730"),
        ("project_code", "OCER-0730", "CCER-0780", "OCER-0730"),
        ("project_code", "CER-0730", "CCER-0730", "CER-0730"),
    ],
)
def test_letters_that_tesseract_alone_read_as_the_usual_ones(
    field: str, both: str, third: str, wanted: str
) -> None:
    values = alike(field, {V6: both, V4: both, TESSERACT: third})
    assert values[V6] == values[V4] == wanted


@pytest.mark.parametrize(
    ("third", "wanted"),
    [
        ("甘肃远岫18MW风电项目", True),
        # Chinese characters are told by their shapes.
        ("甘肃远山18MW风电项目", True),
        ("甘肃远岫16MW风电项目", False),
        (None, False),
    ],
)
def test_the_figures_of_a_name_need_a_voice_of_their_own(third: str | None, wanted: bool) -> None:
    assert reads_figures("甘肃远岫18MW风电项目", {TESSERACT: third}) is wanted
    assert not reads_figures("甘肃远岫18MW风电项目", {})


SPAN = "293476299-293753992"


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({V6: SPAN, V4: SPAN}, ""),
        ({V6: SPAN, V4: "293476299-293753982"}, "half-differs"),
        ({V6: SPAN, V4: "298476299-293753992", TESSERACT: "ZIMATEZW"}, "half-differs"),
        ({V6: SPAN, V4: "298476299-293753982"}, "engine-disagrees"),
        ({V6: SPAN, V4: "293476299293753982"}, "engine-disagrees"),
        ({V6: SPAN, TESSERACT: "293476299-293753982"}, "engine-disagrees"),
        ({V6: "1000-1004", V4: "1000-1009"}, "engine-disagrees"),
        ({V6: "CN-100-2055383", V4: "CN-100-2055388"}, "engine-disagrees"),
        ({V6: "JX-2013-304", V4: "JX-2013-804"}, "engine-disagrees"),
    ],
)
def test_a_span_of_which_engines_read_one_half_alike(values: Values, wanted: str) -> None:
    assert contradicted(values[V6], values) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("6+88", "6488"),
        ("CCER-9+69", "CCER-9469"),
        ("7501±1343-750690819", "750141343-750690819"),
        ("2726+9", "272649"),
        # An international number, and what is no figure.
        ("+8613800138000", "+8613800138000"),
        ("1+一", "1+一"),
        ("A+1", "A+1"),
    ],
)
def test_a_cross_among_figures_is_an_open_four(text: str, wanted: str) -> None:
    assert open_fours(text) == wanted
