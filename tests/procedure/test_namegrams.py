"""By which pieces a name is found, as written and as it sounds."""

import sys

import pytest

from procedure import namegrams


def test_a_name_is_folded_and_kept_from_each_of_its_letters_on() -> None:
    assert namegrams.fold(" ＡＢ河北 ") == "ab河北"
    assert namegrams.written("河北衡岚热力A司") == [
        "河北衡岚热力", "北衡岚热力a", "衡岚热力a司", "岚热力a司", "热力a司", "力a司", "a司", "司",
    ]  # fmt: skip
    assert namegrams.written("哈哈哈") == ["哈哈哈", "哈哈", "哈"]
    assert namegrams.written("") == []


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("河北岚", ["HBL", "BL"]),
        ("河北衡岚热", ["HBHL", "BHLR", "HLR", "LR"]),
        ("河", []),
        ("", []),
        ("A北", ["AB"]),
        # A sign without a sound ends what is read.
        ("河（北岚", ["BL"]),
        ("河北（岚", ["HB"]),
        ("3北岚", ["BL"]),
    ],
)
def test_initials_of_neighbouring_letters(name: str, wanted: list[str]) -> None:
    assert namegrams.sounds(name) == wanted


def test_a_letter_that_is_read_in_several_ways_gives_a_piece_for_each() -> None:
    assert namegrams.initials("重")[:1] == ("z",)
    assert set(namegrams.initials("重")) >= {"z", "c"}
    assert {"ZG", "CG"} <= set(namegrams.sounds("重钢"))
    assert namegrams.initials("B") == ("b",)
    assert namegrams.initials("（") == namegrams.initials("7") == ()
    many = namegrams.sounds("重" * 12)
    assert max(len(piece) for piece in many) == namegrams.SOUNDED
    assert len([piece for piece in many if len(piece) == 4]) <= namegrams.MOST_READINGS


def test_everything_that_a_name_is_found_by() -> None:
    assert namegrams.pieces("河北") == {"河北", "北", "HB"}


@pytest.mark.parametrize(
    ("piece", "end"),
    [
        ("HB", "HC"),
        ("河北", "河" + chr(ord("北") + 1)),
        # No surrogate is a letter: what follows the last one before them lies behind them.
        ("\ud7ff".encode("utf-8", "surrogatepass").decode("utf-8", "surrogatepass"), "\ue000"),
        (chr(sys.maxunicode), chr(sys.maxunicode)),
    ],
)
def test_the_range_of_what_begins_so(piece: str, end: str) -> None:
    assert namegrams.begins(piece) == (piece, end)


@pytest.mark.parametrize(
    ("letters", "name", "wanted"),
    [
        ("hb", "河北衡岚", True),
        ("hl", "河北衡岚", True),
        ("bl", "河北衡岚", False),
        ("cg", "重钢厂", True),
        ("zgc", "重钢厂", True),
        ("zgcx", "重钢厂", False),
        ("", "", True),
    ],
)
def test_some_part_of_a_name_sounds_like_it(letters: str, name: str, wanted: bool) -> None:
    assert namegrams.sounds_like(letters, name) is wanted


def test_the_dictionaries_can_be_loaded_before_they_are_needed() -> None:
    namegrams.initials.cache_clear()
    namegrams.warm()
    assert namegrams.initials.cache_info().currsize == 1
    assert namegrams.initials("中") == ("z",)
