"""Words of the trade: what is mended, and what is another word and stays."""

import pytest

from ocr.lexicon import (
    capacity_places,
    doubtful,
    has_odd_unit,
    own_places,
    spelt,
    value_spans,
)


@pytest.mark.parametrize(
    ("read", "wanted"),
    [
        ("广东禹翔垃圾填理气发电项目", "广东禹翔垃圾填埋气发电项目"),
        ("陕西隆润20MW光伏发电现目", "陕西隆润20MW光伏发电项目"),
        ("示例电力有限贵任公司", "示例电力有限责任公司"),
        # Other words that differ in one character are no misreadings.
        ("示例燃气发电股份有限公司", "示例燃气发电股份有限公司"),
        ("示例水力发电项目", "示例水力发电项目"),
        ("示例风电场三期工程", "示例风电场三期工程"),
        ("", ""),
    ],
)
def test_spelt(read: str, wanted: str) -> None:
    assert spelt(read) == wanted


@pytest.mark.parametrize(
    "word",
    [
        "甲风电项目",
        "水电项目",
        "热电项目",
        "竹林项目",
        "白龙江",
        "光热电站",
        "农用沼气",
        "甲三期工程",
    ],
)
def test_words_that_resemble_a_term_stay(word: str) -> None:
    assert spelt(word) == word


def test_a_capacity_without_its_w_is_no_word() -> None:
    assert spelt("甲15M发电项目") == spelt("甲15MM发电项目") == "甲15MW发电项目"
    assert spelt("甲15MW发电项目") == "甲15MW发电项目"
    assert spelt("甲15M瓦发电项目") == "甲15M瓦发电项目"
    assert spelt("甲15Mp光伏发电项目") == spelt("甲15MMp光伏发电项目") == "甲15MWp光伏发电项目"
    assert spelt("甲15MWh储能项目") == spelt("甲15Mh储能项目") == "甲15MWh储能项目"
    assert spelt("甲2OMW光伏发电项目") == spelt("甲20mW光伏发电项目") == "甲20MW光伏发电项目"


@pytest.mark.parametrize(
    ("unit", "odd"),
    [
        *((one, False) for one in ("MW", "MWp", "MWh", "KW", "kW", "GW", "kV", "", "号", "A")),
        *((one, True) for one in ("Mh", "Mp", "W", "NW", "WM", "K", "MN", "MMW", "kM")),
    ],
)  # fmt: skip
def test_letters_that_look_like_a_unit_and_are_none(unit: str, odd: bool) -> None:
    assert has_odd_unit(f"甲48.5{unit}光伏发电项目") is odd


def test_places_of_a_capacity() -> None:
    text = "甲2期49.5MW工程20M发电8MWp光伏"
    found = "".join(text[at] for at in capacity_places(text, (1, len(text))))
    assert found == "49.5MW20M8MWp"
    assert capacity_places(text, (3, 11)) == [3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize("capacity", ["20×2MW", "20X2M", "1,200MW", "49. 5M", "20-30MW", "A20M"])
def test_what_follows_another_mark_is_no_capacity_of_its_own(capacity: str) -> None:
    text = f"甲20MW工程{capacity}光伏"
    assert capacity_places(text, (0, len(text))) == []


def test_doubtful_characters() -> None:
    assert doubtful("名称：吴明有限公司", (3, 9), all_of=False) == [3, 4]
    assert doubtful("名称：吴坡有限公司", (3, 9), all_of=False) == [3]
    assert doubtful("名称：吴坡有限公司", (3, 9), all_of=True) == [3, 4]
    assert doubtful("20MW发电项目", (0, 8), all_of=True) == []


def test_the_characters_of_the_value_itself_are_looked_at() -> None:
    pairs = "单位名称：河北银岚热力有限公司 联系人：李明"
    name, person = value_spans([pairs], "河北银岚热力有限公司"), value_spans([pairs], "李明")
    assert [pairs[at] for at in doubtful(pairs, name[0], all_of=False)] == ["银"]
    assert [pairs[at] for at in doubtful(pairs, person[0], all_of=False)] == ["明"]
    # Over two lines; not there; there twice.
    assert value_spans(["名称：河北银", "岚公司 电话：1"], "河北银岚公司") == [(3, 6), (0, 3)]
    # A label's value is told with narrow brackets, whichever are printed.
    assert value_spans(["户名：青海（集团）公司"], "青海(集团)公司") == [(3, 11)]
    assert value_spans([pairs], "河北锟岚热力有限公司") == []
    assert value_spans(["经办人：李明 联系人：李明"], "李明") == value_spans([pairs], "") == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("青海瑞远电力（集团）有限公司", "青海瑞远电力集团"),
        ("广东骏和垃圾填埋气发电项目", "广东骏和"),
        # Read so by one engine: the word that it is.
        ("广东骏和垃圾填理气发电项目", "广东骏和"),
        ("浙江翎衡20MW光伏发电项目", "浙江翎衡20"),
        ("浙江翎衡20M光伏发电项目", "浙江翎衡20"),
        ("江苏栎翔风电场一期49. 5MW工程", "江苏栎翔风电场一期495"),
        # Letters that are no capacity are a name's own.
        ("广东TCL电力MW厂", "广东TCL电力MW厂"),
    ],
)
def test_what_no_word_of_the_trade_vouches_for(text: str, wanted: str) -> None:
    assert "".join(text[at] for at in own_places(text, (0, len(text)))) == wanted
    label = f"户名：{text}"
    assert "".join(label[at] for at in own_places(label, (3, len(label)))) == wanted
