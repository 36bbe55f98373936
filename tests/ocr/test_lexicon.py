"""Words of the trade: what is mended, and what is another word and stays."""

import pytest

from ocr.lexicon import spelt


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
