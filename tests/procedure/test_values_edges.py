"""Printed text just inside and just outside of what is read for certain, and what is said then."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from procedure import values
from procedure.errors import BadInput
from procedure.tonnes import Tonnes
from tests.procedure.made import at


@pytest.mark.parametrize(
    ("read", "text", "log", "told"),
    [
        (values.name, " ", "name: cannot read ' '", "名称“ ”无法识别。"),
        (values.day, "某日", "date: cannot read '某日'", "日期“某日”无法识别。"),
        (values.day, "2021-02-30", "date: cannot read '2021-02-30'",
         "日期“2021-02-30”无法识别。"),
        (values.day, "1999-12-31", "date: cannot read '1999-12-31'",
         "日期“1999-12-31”无法识别。"),
        (values.day, "2021-11-03某", "date: cannot read '2021-11-03某'",
         "日期“2021-11-03某”无法识别。"),
        (values.moment, "2021-11-03", "moment: cannot read '2021-11-03'",
         "时间“2021-11-03”无法识别。"),
        (values.moment, "2021-11-03 24:61", "moment: cannot read '2021-11-03 24:61'",
         "时间“2021-11-03 24:61”无法识别。"),
        (values.account, "AB-CD", "account number: cannot read 'AB-CD'",
         "账户号码“AB-CD”无法识别。"),
        (values.account, "1234", "account number: cannot read '1234'", "账户号码“1234”无法识别。"),
        (values.project_code, "CCER", "project number: cannot read 'CCER'",
         "项目编号“CCER”无法识别。"),
        (values.phone, "无", "phone number: cannot read '无'", "电话“无”无法识别。"),
        (values.phone, "1-2-3-4-5-6", "phone number: cannot read '1-2-3-4-5-6'",
         "电话“1-2-3-4-5-6”无法识别。"),
        (values.serial, "无", "serial number: cannot read '无'", "序列号“无”无法识别。"),
        (values.year, "2020和2021", "year: cannot read '2020和2021'", "年度“2020和2021”无法识别。"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_with_its_text(
    read: Any, text: str, log: str, told: str
) -> None:
    with pytest.raises(BadInput) as caught:
        read(text)
    assert (str(caught.value), caught.value.user_message) == (log, told)
    assert caught.value.code == "bad-value"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2000-01-01", date(2000, 1, 1)),
        ("2099-12-31", date(2099, 12, 31)),
        ("2021-11-03。", date(2021, 11, 3)),
        ("2021-11-03)", date(2021, 11, 3)),
        ("2021-11-03 星期三 10:20", date(2021, 11, 3)),
        ("2021年11月03日下午3:05", date(2021, 11, 3)),
        ("二〇二一年 十二月 三十一日", date(2021, 12, 31)),
        ("二零二一年十月九日", date(2021, 10, 9)),
        ("2021、11、3", date(2021, 11, 3)),
        ("2100-01-01", None),
        ("二〇二一年十三月一日", None),
        ("202111031", None),
        ("2021 11 3某", None),
    ],
)
def test_days(text: str, wanted: date | None) -> None:
    if wanted:
        assert values.day(text) == wanted
        return
    with pytest.raises(BadInput):
        values.day(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2021-11-25 15:18", "2021-11-25T15:18:00"),
        ("2021-11-25 15:18:46.123", "2021-11-25T15:18:46"),
        ("2021-11-25 下午12:30", "2021-11-25T12:30:00"),
        ("2021-11-25 下午1:30", "2021-11-25T13:30:00"),
        ("2021-11-25 上午9:05", "2021-11-25T09:05:00"),
        ("2021-11-25 上午12:05", "2021-11-25T12:05:00"),
        ("2021-11-25 12:30 PM", "2021-11-25T12:30:00"),
        ("2021-11-25 11:59 PM", "2021-11-25T23:59:00"),
        ("2021-11-25 11:59 AM", "2021-11-25T11:59:00"),
        # Half past midnight.
        ("2021-11-25 12:30 AM", "2021-11-25T00:30:00"),
        ("2021-11-25 PM 15:18", "2021-11-25T15:18:00"),
        ("2021-11-25T23:30:00+00:00", "2021-11-26T07:30:00"),
        ("20211125 151846", None),
        ("2021-11-25 15:18:46 CST", None),
    ],
)
def test_moments(text: str, wanted: str | None) -> None:
    if wanted:
        assert values.moment(text) == at(wanted)
        assert values.moment(text).utcoffset() == at(wanted).utcoffset()
        return
    with pytest.raises(BadInput):
        values.moment(text)


def test_a_moment_is_kept_in_beijing_to_the_second() -> None:
    told = datetime.fromisoformat("2021-11-25T07:18:46.999+00:00")
    assert values.iso_moment(told) == "2021-11-25T15:18:46+08:00"


@pytest.mark.parametrize(
    ("read", "text", "wanted"),
    [
        (values.name, "河北 衡岚 (集团)", "河北衡岚（集团）"),
        (values.name, "Green (Power)\n Co", "Green (Power) Co"),
        (values.account, "12345", "12345"),
        (values.account, "A1234", "A1234"),
        (values.account, "账号1234", None),
        (values.account, "ABC12-3", None),
        (values.account, "1" * 40, "1" * 40),
        (values.account, "1" * 41, None),
        (values.account, ": cn-100—2055383 。", None),
        (values.account, ":cn-100—2055383.", "CN-100-2055383"),
        (values.project_code, "JX－2013－304；", "JX-2013-304"),
        (values.project_code, "a/1.2", "A/1.2"),
        (values.project_code, "-1", None),
        (values.phone, "1234567", "1234567"),
        (values.phone, "123456", None),
        (values.phone, "0086-13800138000", "13800138000"),
        (values.phone, "8613800138000", "13800138000"),
        (values.phone, "86-010-62345678", "010-62345678"),
        (values.phone, "(0571)-87654321", "0571-87654321"),
        (values.phone, "0571—8765 4321", "0571-87654321"),
        (values.phone, "0571-87654321*12", "0571-87654321*12"),
        (values.phone, "1" * 18, "1" * 18),
        (values.phone, "1" * 19, None),
        (values.phone, "87654321转1234567", None),
        (values.serial, "321836834 至 321843015", "321836834-321843015"),
        (values.serial, "cn－1～9", "CN-1-9"),
        (values.serial, "第1号", None),
        (values.year, "2021年度", 2021),
        (values.year, "2021至2021", 2021),
        (values.year, "１２０２１", None),
        (values.year, "２０２２", 2022),
        (values.year, "年度", None),
    ],
)
def test_codes_and_numbers(read: Any, text: str, wanted: Any) -> None:
    if wanted is not None:
        assert read(text) == wanted
        return
    with pytest.raises(BadInput):
        read(text)


@pytest.mark.parametrize(
    ("text", "spans", "total"),
    [
        ("1000-1000", ((1000, 1000),), 1),
        ("1000-1009;2000-2009", ((1000, 1009), (2000, 2009)), 20),
        ("1000-1009,2000-2009、3000-3000", ((1000, 1009), (2000, 2009), (3000, 3000)), 21),
        ("1000-0999", None, None),
        ("1000-1009;无", None, None),
        ("100-109", None, None),
        ("", None, None),
    ],
)
def test_spans_of_serials(text: str, spans: Any, total: int | None) -> None:
    assert values.serial_spans(text) == spans
    assert values.serial_total(text) == total


@pytest.mark.parametrize(
    ("text", "unit", "wanted"),
    [
        ("1,234", "吨", Tonnes(1_234)),
        ("1,234", "千吨", Tonnes(1_234_000, suspicious=True)),
        ("12", "千吨", Tonnes(12_000)),
        ("1.5", "千吨", Tonnes(1_500)),
        ("1.2345", "千吨", None),
        ("9999", "万吨", Tonnes(99_990_000)),
        ("10000", "万吨", Tonnes(100_000_000, suspicious=True)),
        ("10000", "吨", Tonnes(10_000)),
        ("0", "万吨", Tonnes(0)),
        ("00", "吨", Tonnes(0, suspicious=True)),
        ("0,123", "吨", None),
        ("2,7248", "万吨", Tonnes(27_248, suspicious=True)),
        ("2,7248", "吨", None),
        ("1,23", "吨", None),
        ("1.234", "吨", Tonnes(1_234, suspicious=True)),
        ("1.2340", "吨", None),
        ("1.0000", "吨", Tonnes(1)),
        ("12.x", "吨", None),
        ("x.5", "万吨", None),
        ("1.2.3", "吨", None),
        ("12,345.67", "万吨", Tonnes(123_456_700)),
        ("1.23450", "万吨", Tonnes(12_345)),
        ("6182吨（约占4.9%）", "吨", Tonnes(6_182)),
        ("6182（5%）", "吨", Tonnes(6_182)),
        ("（6182）", "吨", Tonnes(6_182)),
        ("=6182", "吨", Tonnes(6_182)),
        ("1 ，234", "吨", Tonnes(1_234)),
        ("1 2345", "吨", None),
        ("1万", "吨", Tonnes(10_000)),
        ("1千吨", "万吨", Tonnes(1_000)),
    ],
)
def test_amounts(text: str, unit: Any, wanted: Tonnes | None) -> None:
    if wanted:
        assert values.read_tonnes(text, unit) == wanted
        return
    with pytest.raises(BadInput):
        values.read_tonnes(text, unit)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("6182.5", "not a whole number of tonnes"),
        ("418.871", "ambiguous: decimal point or mark of thousands?"),
        ("12.x", "no number"),
        ("4,18,871", "no number, or not grouped by threes"),
        ("12 34", "spaces inside the number"),
    ],
)
def test_an_amount_that_is_refused_says_why(text: str, why: str) -> None:
    with pytest.raises(BadInput) as caught:
        values.tonnes(f" {text} ")
    assert str(caught.value) == f"amount ' {text} ': {why}"
    assert caught.value.code == "bad-amount"
    assert caught.value.user_message == (f"数量“{text}”无法确定为整吨数，请以吨为单位填写整数。")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("数量（千吨）", "千吨"),
        ("数量（万）", "万吨"),
        ("二氧化碳当量", "吨"),
        ("数量 t", "吨"),
        ("MT", None),
    ],
)
def test_units(text: str, unit: str | None) -> None:
    assert values.unit_of(text) == unit


def test_an_amount_for_people_is_marked_by_thousands() -> None:
    assert [values.format_tonnes(t) for t in (0, 999, 1_000, 1_234_567)] == [
        "0 吨", "999 吨", "1,000 吨", "1,234,567 吨",
    ]  # fmt: skip
    assert {"吨": 1, "千吨": Decimal(1_000), "万吨": 10_000} == values.FACTORS
