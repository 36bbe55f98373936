from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedure import values
from procedure.errors import BadInput
from procedure.values import Tonnes, Unit
from tests.procedure.made import at


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("124833吨", "吨", 124833),
        ("6,182", "吨", 6182),
        ("７，４３４，１４０吨", "吨", 7434140),
        ("1'234'567", "吨", 1234567),
        ("1’234’567", "吨", 1234567),
        ("1 234 567 吨", "吨", 1234567),
        ("6182.00", "吨", 6182),
        ("106,833 tCO2e", "吨", 106833),
        ("106,833tCO₂", "吨", 106833),
        ("6182吨（占4.9%）", "吨", 6182),
        ("2724.8764", "万吨", 27248764),
        ("2,724.8764", "万吨", 27248764),
        ("3.1433", "万吨", 31433),
        ("0.3040", "万吨", 3040),
        ("418.871", "万吨", 4188710),
        # A unit in the cell wins over the label's.
        ("6182吨", "万吨", 6182),
        ("3.14万吨CO2", "吨", 31400),
        ("3万", "吨", 30000),
        ("0", "吨", 0),
    ],
)
def test_amounts(text: str, unit: Unit, value: int) -> None:
    assert values.read_tonnes(text, unit) == Tonnes(value)
    assert values.tonnes(text, unit) == value


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("418.871", "吨", 418871),
        ("1.234.567", "吨", 1234567),
        ("1,234.567", "吨", 1234567),
        ("2724,8764", "万吨", 27248764),
        ("171884", "万吨", 1718840000),
        ("1,000", "万吨", 10000000),
        ("0123", "吨", 123),
    ],
)
def test_ambiguous_amounts_say_so(text: str, unit: Unit, value: int) -> None:
    assert values.read_tonnes(text, unit) == Tonnes(value, suspicious=True)
    with pytest.raises(BadInput, match="ambiguous"):
        values.tonnes(text, unit)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("4,18,871", "吨"),
        ("6182.5", "吨"),
        ("17.18841", "万吨"),
        ("-5", "吨"),
        ("", "吨"),
        ("万吨", "吨"),
        ("12 34", "吨"),
        ("l06833", "吨"),
        ("五千吨", "吨"),
        ("5%", "吨"),
        ("6182 6183", "吨"),
    ],
)
def test_what_is_no_whole_tonnes_is_refused(text: str, unit: Unit) -> None:
    with pytest.raises(BadInput) as caught:
        values.read_tonnes(text, unit)
    assert text in caught.value.user_message


@given(st.integers(0, 10**10))
def test_every_amount_comes_back_however_it_is_printed(tonnes: int) -> None:
    assert values.tonnes(str(tonnes)) == tonnes
    assert values.tonnes(f"{tonnes:,}") == tonnes
    assert values.tonnes(f"{tonnes:,} 吨".replace(",", "，")) == tonnes
    assert values.tonnes(f"{tonnes // 10000}.{tonnes % 10000:04}", "万吨") == tonnes
    assert values.tonnes(values.format_tonnes(tonnes)) == tonnes


@given(st.text("〇一二三九十1年月日 ", max_size=6), st.text("〇一二三九十1", max_size=5))
def test_a_misread_chinese_date_is_refused_and_nothing_worse(month: str, day: str) -> None:
    """二〇二一年十二月三十十日 made the whole paper unreadable."""
    for text in (f"二〇二一年{month}月{day}日", f"二〇二一年十二月{day}日"):
        try:
            found = values.day(text)
        except BadInput:
            continue
        assert found.year == 2021


@given(st.text(max_size=12))
def test_any_text_is_a_value_or_bad_input(text: str) -> None:
    readers = (values.read_tonnes, values.day, values.moment, values.account, values.phone)
    for read in (*readers, values.serial, values.project_code, values.name):
        try:
            read(text)
        except BadInput:
            continue


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("2019-2020年度应清缴配额总量(万吨CO2)", "万吨"),
        ("拟抵销配额清缴量(\n吨)", "吨"),
        ("注销数量(tCO2e)", "吨"),
        ("使用数量（万tCO2e）", "万吨"),
        ("项目名称", None),
        ("CCER项目", None),
        ("total", None),
    ],
)
def test_units_of_labels(label: str, unit: str | None) -> None:
    assert values.unit_of(label) == unit


@pytest.mark.parametrize(
    "text",
    [
        "2021-11-03",
        "2021 年 11 月 3 日",
        "2021年11月03日",
        "二〇二一年十一月三日",
        "二○二一年十一月三日",
        "2021/11/3",
        "2021.11.3",
        "20211103",
        "２０２１－１１－０３",
        "2021 11 3",
        "2021-11-03 15:00",
        "2021年11月3号",
    ],
)
def test_dates(text: str) -> None:
    assert values.day(text) == date(2021, 11, 3)


@pytest.mark.parametrize("zh", ["十", "二十", "二十一", "三十一"])
def test_chinese_days(zh: str) -> None:
    want = {"十": 10, "二十": 20, "二十一": 21, "三十一": 31}[zh]
    assert values.day(f"二〇二一年十二月{zh}日") == date(2021, 12, want)


@pytest.mark.parametrize(
    "text",
    [
        "年 月 日",
        "11/3/2021",
        "2021-13-01",
        "2021-02-30",
        "2021年11月",
        "21年11月3日",
        "2021-11-253",
    ],
)
def test_doubtful_dates_are_refused(text: str) -> None:
    with pytest.raises(BadInput):
        values.day(text)


@pytest.mark.parametrize(
    "text",
    [
        "2021-11-25 15:18:46",
        "2021-11-2515:18:46",
        "2021-11-25T15:18:46+08:00",
        "2021-11-25T07:18:46Z",
        "2021年11月25日 15时18分46秒",
        "2021.11.25 15：18：46",
        "2021/11/25 下午3:18:46",
    ],
)
def test_moments(text: str) -> None:
    assert values.moment(text) == at("2021-11-25T15:18:46")
    assert values.iso_moment(values.moment(text)) == "2021-11-25T15:18:46+08:00"


@pytest.mark.parametrize("text", ["2021-11-25", "2021-11-25 25:18:46", "15:18:46"])
def test_a_moment_needs_day_and_time(text: str) -> None:
    with pytest.raises(BadInput):
        values.moment(text)


def test_codes() -> None:
    assert values.account("CN－100－ 2055383") == "CN-100-2055383"
    assert values.account("2120 5066 4570") == "212050664570"
    assert values.project_code("ccer-1194") == "CCER-1194"
    assert values.project_code("0364") == "0364"
    assert values.phone("(010)62345678") == "010-62345678"
    assert values.phone("+86 13800138048") == "13800138048"
    assert values.phone("0571-87654321转12") == "0571-87654321转12"
    for read in (values.account, values.project_code, values.phone):
        with pytest.raises(BadInput):
            read("一般")


def test_names_keep_what_is_printed_but_spaces_and_narrow_brackets() -> None:
    assert values.name("河北 衡岚热力(集团)\n有限公司") == "河北衡岚热力（集团）有限公司"
    assert values.name("安徽翎骏一期 49.5MW 风电场") == "安徽翎骏一期49.5MW风电场"
    assert values.name("New Energy  Co") == "New Energy Co"


def test_serials() -> None:
    assert values.serial("321836834 — 321843015") == "321836834-321843015"
    assert values.serial_total("321836834-321843015") == 6182
    assert values.serial_total("100000-100009;200000-200009") == 20
    assert values.serial_total("CN-1-2") is None
    assert values.serial_total("321843015-321836834") is None


def test_a_group_of_four_is_a_slip_of_its_point_in_ten_thousands_alone() -> None:
    assert values.read_tonnes("12,3456 万吨") == Tonnes(123_456, suspicious=True)
    assert values.read_tonnes("6,182") == Tonnes(6_182)
    with pytest.raises(BadInput, match="not grouped by threes"):
        values.read_tonnes("12,3456 吨")


def test_an_extension_counts_for_no_length_and_an_x_at_an_end_stays() -> None:
    assert values.phone("0571-87654321转123456") == "0571-87654321转123456"
    with pytest.raises(BadInput):
        values.phone("05718转123456")
    assert values.account("CN-100-1X:") == "CN-100-1X"
