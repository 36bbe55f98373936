"""Whose seal it is."""

import pytest

from procedure.seals import matches, verdict
from tests.procedure.made import NAME, OTHER_NAME

PLAIN = "河北朔熙璟电力有限公司"


def test_the_seal_of_the_firm_and_of_another() -> None:
    assert verdict(NAME, NAME, 0.9) == "own"
    assert verdict(NAME + "1301997403917", NAME, 0.9) == "own"
    assert verdict(NAME + "合同专用章", NAME, 0.9) == "own"
    assert verdict(OTHER_NAME, NAME, 0.9) == "foreign"
    assert matches(OTHER_NAME, NAME, 0.9) is False


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


def test_a_ring_read_in_part_is_nobody_else_s() -> None:
    ring, name = "际鑫淳自备电营有限责任公司", "甘肃泽隆市鑫淳自备电厂运营有限责任公司"
    assert verdict(ring, name, 0.76) == "unread"


def test_any_reading_of_the_ring_may_show_the_name() -> None:
    tries = ("河明熙璟电力有限公司", "河北湖熙璟电力有限公司", "河北朔熙瑛电力有限公司")
    assert verdict("河北湖熙璟电力有限公司", PLAIN, 0.9, tries) == "own"


@pytest.mark.parametrize(
    ("name", "ring"),
    [
        ("河北朔熙璟电力有限公司", "湖北朔熙璟电力有限公司"),
        ("河北第一钢铁有限公司", "河北第二钢铁有限公司"),
        ("河北朔熙璟电力有限公司", "河北朔熙璟热力有限公司"),
        ("河北朔熙璟电力有限公司", "河北朔恒璟电力有限公司"),
    ],
)
def test_near_names_are_not_the_same_firm(name: str, ring: str) -> None:
    assert verdict(ring, name, 0.98, (ring,)) in ("near", "foreign")
    assert matches(ring, name, 0.98, (ring,)) is not True


def test_a_ring_of_one_place_that_all_readings_agree_on_is_another_firm_s() -> None:
    ring = "河北沛盛示例钢铁有限公司"
    assert verdict(ring, "河北禹辰示例水泥有限公司", 0.99, (ring,)) == "foreign"


def test_readings_that_do_not_agree_on_a_rare_character_say_nothing() -> None:
    tries = ("陕西昇远煤电有限公司", "陕西弄远煤电有限公司", "陕西葬远煤电有限公司")
    assert verdict(tries[0], "陕西霁远煤电有限公司", 0.96, tries) == "unread"
