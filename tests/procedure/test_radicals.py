"""Radicals that browsers print for characters."""

import unicodedata

import pytest

from procedure import names
from procedure.radicals import _SUPPLEMENT, as_written


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("新疆晟盛⼾⽤沼⽓利⽤项⽬", "新疆晟盛户用沼气利用项目"),
        ("⿊⻰江⻛电⼚", "黑龙江风电厂"),
        ("河北测试钢铁有限公司 6182", "河北测试钢铁有限公司 6182"),
    ],
)
def test_radicals_are_the_characters_that_were_written(printed: str, written: str) -> None:
    assert as_written(printed) == written
    assert names.same(printed, written)


def test_each_pair_is_a_radical_and_a_character_of_the_common_set() -> None:
    for radical, character in zip(_SUPPLEMENT[::2], _SUPPLEMENT[1::2], strict=True):
        assert unicodedata.name(radical).startswith("CJK RADICAL")
        assert unicodedata.name(character).startswith("CJK UNIFIED")


def test_all_kangxi_radicals_are_characters() -> None:
    for code in range(0x2F00, 0x2FD6):
        assert "\u4e00" <= as_written(chr(code)) <= "\u9fff"
