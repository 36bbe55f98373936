"""When do two voices say the same?"""

import pytest

from ocr.alike import alike, odd, only_word
from ocr.votes import _trim

V6, V4 = ("ppocr-v6", "raw"), ("ppocr-v4", "raw")


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
        ("account_no", "1234", "1235", False),
        ("serial", "326117800-326340796", "326117800326340796", True),
        ("serial", "326117800-326340796", "326117800326340790", False),
        # Letters like the usual ones, where one read these.
        ("account_no", "CN-100-3959376", "QN-100-3959376", True),
        ("account_no", "CN-100-3959376", "QN-100-3959375", False),
        ("account_no", "CN-100-3959376", "QM-100-3959376", False),
        ("project_code", "CCER-0730", "OCER-0730", True),
        ("project_code", "CCER-0730", "GS-0730", False),
        ("project_code", "OCER-0730", "QCER-0730", False),
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
    ("field", "read", "wanted"),
    [
        # Specks behind a word are no part of it.
        ("operation", "自愿注销。", "自愿注销"),
        ("status", "已完成 ·", "已完成"),
        ("project_name", "甲20MW光伏发电项目。", "甲20MW光伏发电项目"),
        ("project_name", "甲风电场一期49. 5MW工程", "甲风电场一期49.5MW工程"),
        ("date", "2021年12月5日0", "2021年12月5日"),
        ("uscc", "91629999MA3141278W", "91629999MA3141278W"),
    ],
)
def test_what_is_no_part_of_a_value(field: str, read: str, wanted: str) -> None:
    assert _trim(field, read) == wanted
