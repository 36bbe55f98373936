"""Cases found by pieces of their names and counted: the same as looking through all of them."""

import random
from collections.abc import Iterator

import pytest
from rapidfuzz import fuzz
from sqlalchemy import func, select

from casework import searching
from procedure import namegrams
from store import Store
from store import tables as t
from store.erasing import Belongings
from tests.clocks import SteppedClock

FIRST, TRADE = "衡晋岚泰沧汾淄潍晟恒重长乐", ("热力", "发电", "水泥", "钢铁（集团）", "ＡＢ电力")
PLACES = {"13": "河北", "14": "山西", "37": "山东"}


@pytest.fixture
def names() -> dict[str, str]:
    """Case number → name."""
    return {}


@pytest.fixture
def store(database: str, names: dict[str, str]) -> Iterator[Store]:
    made = Store.open(database, SteppedClock(), create=True)
    chance = random.Random(6)
    with made.write() as tx:
        for number in range(120):
            prefix = chance.choice(list(PLACES))
            name = PLACES[prefix] + "".join(chance.choices(FIRST, k=2)) + chance.choice(TRADE)
            name += "有限公司"
            names[tx.cases.open("2019-2020", None, f"key {number}", name, prefix)] = name
    yield made
    made.close()


def _folded(text: str) -> str:
    return namegrams.fold(text)


TEXTS = (
    "衡", "晋岚", "热力", "钢铁(集团", "钢铁（集团）", "AB电", "ａｂ电力", "公司", "河北衡", "司",
    "山西重长发电有限公司", "无此",
)  # fmt: skip
INITIALS = ("hb", "hbh", "cl", "zl", "hyfd", "gt", "xxx", "rlyxgs")


def test_a_part_of_the_name_finds_all_that_have_it(store: Store, names: dict[str, str]) -> None:
    for text in TEXTS:
        for provinces in (None, frozenset({"13"}), frozenset({"14", "37"})):
            with store.read() as tx:
                found = {row.case_no for row in tx.cases.find(text, provinces, limit=1000)}
                few = {row.case_no for row in tx.cases.find(text, provinces, limit=5)}
            wanted = {
                no for no, name in names.items()
                if _folded(text) in _folded(name)
                and (provinces is None or no.split("-")[2] in provinces)
            }  # fmt: skip
            assert found == wanted, text
            assert len(few) == min(5, len(wanted)), text
            assert few <= wanted, text


def test_initials_find_all_that_are_read_so(store: Store, names: dict[str, str]) -> None:
    for letters in INITIALS:
        with store.read() as tx:
            found = set(tx.cases.sounding(letters, None, 1000))
        like = {no for no, name in names.items() if namegrams.sounds_like(letters, name)}
        assert found == like, letters


def test_letters_with_two_readings_are_found_by_both() -> None:
    assert {"ZG", "CG"} <= {piece[:2] for piece in namegrams.sounds("重钢厂")}
    assert namegrams.sounds_like("cgc", "重钢厂")
    assert namegrams.sounds_like("zgc", "重钢厂")
    assert not namegrams.sounds_like("zgx", "重钢厂")


def _slip(chance: random.Random, name: str) -> str:
    """The first six letters with one other, one gone, one too many, or two exchanged."""
    typed, at = list(name[:6]), chance.randrange(5)
    match chance.randrange(4):
        case 0:
            typed[at] = "误"
        case 1:
            del typed[at]
        case 2:
            typed.insert(at, "误")
        case _:
            typed[at], typed[at + 1] = typed[at + 1], typed[at]
    return "".join(typed)


def test_a_name_with_a_wrong_letter_is_found(store: Store, names: dict[str, str]) -> None:
    """What is found is as near as anything that a look through all names finds."""
    chance = random.Random(1)
    for no, name in chance.sample(sorted(names.items()), 60):
        typed, province = _slip(chance, name), frozenset({no.split("-")[2]})
        with store.read() as tx:
            if tx.cases.find(typed, province):
                continue  # it happens to be a part of a name
            found = searching.near(tx, typed, province, 20)
        scores = {
            one: fuzz.partial_ratio(namegrams.fold(typed), namegrams.fold(names[one]))
            for one in names if one.split("-")[2] in province
        }  # fmt: skip
        best = max(scores.values())
        assert best >= searching.LIKENESS, typed
        assert found, typed
        assert scores[found[0]] == best, typed
        assert no in found or scores[no] < best or len(found) == 20, typed


def test_a_name_that_only_sounds_so_is_found(store: Store) -> None:
    with store.write() as tx:
        no = tx.cases.open("2019-2020", None, "new", "福建恒晟水产有限公司", "13")
        assert searching.near(tx, "横圣水产", None, 9) == [no]


def test_a_case_that_is_called_otherwise_is_found_by_its_new_name_only(store: Store) -> None:
    with store.write() as tx:
        no = tx.cases.open("2019-2020", None, "new", "福建旧名水产有限公司", "13")
        tx.cases.rekey(no, "new", "福建新称水产有限公司")
        assert [row.case_no for row in tx.cases.find("新称水", None)] == [no]
        assert tx.cases.find("旧名水", None) == []
        assert list(tx.cases.sounding("xcsc", None, 9)) == [no]


def test_of_an_erased_case_no_piece_of_the_name_is_left(store: Store) -> None:
    with store.write() as tx:
        no = tx.cases.open("2019-2020", None, "gone", "福建旧名水产有限公司", "13")
        tx.erasing.erase(no, Belongings((), (), (), ()))
        left = tx.connection.execute(select(t.name_part).where(t.name_part.c.case_no == no)).all()
        assert left == []
        assert tx.cases.find("旧名水", None) == []


def test_counts_are_those_of_the_cases(store: Store) -> None:
    with store.read() as tx:
        k = t.case.c
        rows = tx.connection.execute(
            select(k.province, k.stage, func.count()).group_by(k.province, k.stage)
        )
        counted = {(province, stage): number for province, stage, number in rows}
        assert tx.cases.counts(None, "2019-2020") == counted
        assert tx.cases.counts(frozenset({"13"}), "2019-2020") == {
            key: number for key, number in counted.items() if key[0] == "13"
        }
        assert tx.cases.counts(None, "2099") == {}
