"""Words of the trade: what is mended, and what is another word and stays."""

import pytest

from ocr.lexicon import TERMS, WORDS, spelt


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


@pytest.mark.parametrize("word", [*TERMS, *WORDS])
def test_no_word_is_taken_for_another(word: str) -> None:
    assert spelt(word) == word
