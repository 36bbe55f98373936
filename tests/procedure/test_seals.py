"""Whose seal it is."""

import pytest

from procedure.seals import NEAR, _said_otherwise, matches, strangeness, verdict
from tests.procedure.made import NAME, OTHER_NAME

PLAIN = "河北朔熙璟电力有限公司"


def test_the_seal_of_the_firm_and_of_another() -> None:
    assert verdict(NAME, NAME, 0.9) == "own"
    assert verdict(NAME + "1301997403917", NAME, 0.9) == "own"
    assert verdict(NAME + "合同专用章", NAME, 0.9) == "own"
    assert verdict(OTHER_NAME, NAME, 0.9) == "foreign"
    assert matches(OTHER_NAME, NAME, 0.9) is False
    assert matches(NAME, NAME, 0.9) is True


def test_another_way_of_reading_may_show_the_name() -> None:
    assert matches("", NAME, 0.9) is None
    assert matches("", NAME, 0.9, (NAME,)) is True


@pytest.mark.parametrize(("name", "ring"), [("河北某公司", "四川另一公司"), ("河北某厂家", "")])
def test_a_name_of_a_few_characters_is_told_by_nobody(name: str, ring: str) -> None:
    """Six characters are enough, five are not; without any ring text nothing is told."""
    assert verdict(ring, name, 0.99) == "unread"


def test_a_name_of_six_characters_is_enough() -> None:
    assert verdict("四川另一公司", "四川另一公司", 0.9) == "own"
    assert verdict("四川另一公司", "河北某某工厂", 0.9) != "unread"


def test_a_ring_that_is_hardly_trusted_is_at_most_near() -> None:
    assert verdict(OTHER_NAME, NAME, 0.7) == "foreign"
    assert verdict(OTHER_NAME, NAME, 0.69) != "foreign"


@pytest.mark.parametrize(
    ("ring", "confidence"),
    [
        ("", 0.9),
        ("河北衡", 0.9),
        ("有限公司", 0.9),
        ("河北街岗热力（集团）有限公司", 0.85),
        ("河北衡热力有限", 0.9),
    ],
)
def test_a_badly_read_ring_is_never_a_false_alarm(ring: str, confidence: float) -> None:
    assert verdict(ring, NAME, confidence) == "unread"
    assert matches(ring, NAME, confidence) is None


@pytest.mark.parametrize(
    ("ring", "otherwise"),
    [
        # 股份 misread, whichever of its two characters; nothing of it; and another form.
        ("吉林璟祥熙热力数分有限公司", False),
        ("吉林璟祥熙热力股扮有限公司", False),
        ("吉林璟祥熙热力有限公司", True),
        ("吉林璟祥熙热力控股有限公司", True),
        ("吉林璟祥熙热力股份有限责任公司", True),
    ],
)
def test_a_misread_form_is_no_other_form(ring: str, otherwise: bool) -> None:
    name = "吉林璟祥熙热力股份有限公司"
    assert (strangeness(ring, name, 0.82, (ring,)) >= NEAR) is otherwise


def test_a_ring_read_in_part_is_nobody_else_s() -> None:
    ring, name = "际鑫淳自备电营有限责任公司", "甘肃泽隆市鑫淳自备电厂运营有限责任公司"
    assert verdict(ring, name, 0.76) == "unread"


def test_the_weightiest_readings_may_show_the_name_where_engines_differ() -> None:
    tries = ("河北湖熙璟电力有限公司", PLAIN, "河北朔熙瑛电力有限公司")
    assert verdict(tries[0], PLAIN, 0.9, tries) == "own"
    # Where nearly all readings agree on another name, one stray reading proves nothing.
    assert verdict(tries[0], PLAIN, 0.98, tries) != "own"


def test_a_name_that_no_single_reading_shows_is_not_pieced_together() -> None:
    tries = ("河明熙璟电力有限公司", "河北湖熙璟电力有限公司", "河北朔熙瑛电力有限公司")
    assert verdict("河北湖熙璟电力有限公司", PLAIN, 0.9, tries) == "unread"


@pytest.mark.parametrize(
    ("name", "ring"),
    [
        ("河北朔熙璟电力有限公司", "湖北朔熙璟电力有限公司"),
        ("河北第一钢铁有限公司", "河北第二钢铁有限公司"),
        ("河北朔熙璟水泥有限公司", "河北朔熙璟热力有限公司"),
        ("河北朔熙璟电力有限公司", "河北朔熙璟电力有限责任公司"),
        ("河北朔熙璟电力有限责任公司", "河北朔熙璟电力有限公司"),
        ("河北朔熙璟电力有限公司", "河北朔熙璟电力股份有限公司"),
        ("河北朔熙璟电力有限公司", "河北朔熙璟电力有限公司唐山分公司"),
        ("河北朔熙璟电力有限公司唐山分公司", "河北朔熙璟电力有限公司"),
        ("河北朔熙璟电力有限公司", "河北恒岳栎电力有限公司"),
    ],
)
def test_near_names_are_not_the_same_firm(name: str, ring: str) -> None:
    assert verdict(ring, name, 0.98, (ring,)) in ("near", "foreign")
    assert strangeness(ring, name, 0.98, (ring,)) >= NEAR


@pytest.mark.parametrize("ring", ["河北朔恒璟电力有限公司", "河北朔熙璟热力有限公司"])
def test_one_other_character_may_be_a_misreading(ring: str) -> None:
    """It is never the firm's own, and no alarm either: engines read 霁 as 昇 with one voice."""
    assert verdict(ring, PLAIN, 0.99, (ring,)) == "unread"


def test_readings_that_differ_much_are_never_surely_another_s() -> None:
    assert verdict(OTHER_NAME, NAME, 0.6) == "near"


def test_the_own_name_is_no_stranger() -> None:
    assert strangeness(NAME, NAME, 0.5, ("河北衡岗热力（集团）有限公司",)) == 0
    assert strangeness("", NAME, 0.9) == 0


def test_a_ring_of_one_place_that_all_readings_agree_on_is_another_firm_s() -> None:
    ring = "河北沛盛示例钢铁有限公司"
    assert verdict(ring, "河北禹辰示例水泥有限公司", 0.99, (ring,)) == "foreign"


def test_firms_of_the_corps_are_of_no_other_province_and_may_say_that_they_are_of_theirs() -> None:
    """Their names begin with 兵团 or with 新疆生产建设兵团."""
    said = (
        "兵团禹峰示例水泥股份有限公司",
        "兵团属峰示例水泥股份有限公司",
        "民团具峰示供水泥股份有限公司",
    )
    assert verdict(said[0], "广西恒驰水泥股份有限公司", 0.98, said) == "foreign"
    for name in ("新疆禹峰示例水泥股份有限公司", "新疆生产建设兵团禹峰示例水泥股份有限公司"):
        assert strangeness(said[0], name, 0.98, said) < NEAR


def test_readings_that_do_not_agree_on_a_rare_character_say_nothing() -> None:
    tries = ("陕西昇远煤电有限公司", "陕西弄远煤电有限公司", "陕西葬远煤电有限公司")
    assert verdict(tries[0], "陕西霁远煤电有限公司", 0.96, tries) == "unread"


@pytest.mark.parametrize("more", ["工会", "（党委）", "董事会", "财务部", "唐山分公司", "热电厂"])
def test_a_part_of_the_firm_is_not_the_firm_though_an_engine_saw_no_more(more: str) -> None:
    for tries in ((PLAIN + more, PLAIN), (PLAIN, PLAIN + more)):
        assert verdict(tries[0], PLAIN, 0.9, tries) == "unread"
    assert verdict(PLAIN + more, PLAIN + more, 0.9, (PLAIN + more, PLAIN)) == "own"


def test_broken_pieces_behind_a_name_are_no_part_of_the_firm() -> None:
    assert verdict(PLAIN, PLAIN, 0.9, (PLAIN, PLAIN + "所")) == "own"


@pytest.mark.parametrize(
    ("said", "otherwise"),
    [
        (["山东", "山东", "山东", "江苏", "湖南"], True),
        (["山东", "山东", "江苏", "湖南"], False),
        (["山东", "江苏", "湖南"], False),
        (["山东", "", ""], True),
        (["山东", "山东", "河北"], False),
        (["", ""], False),
    ],
)
def test_another_word_counts_where_three_of_five_say_it(said: list[str], otherwise: bool) -> None:
    assert _said_otherwise("河北", said) is otherwise
    assert _said_otherwise("", said) is False
