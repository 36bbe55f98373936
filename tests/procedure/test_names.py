import pytest

from procedure import names
from tests.procedure.made import NAME, OTHER_NAME


def test_brackets_and_spaces_do_not_matter() -> None:
    assert names.same("河北衡岚热力(集团) 有限公司", NAME)


def test_limited_and_limited_liability_are_different_names() -> None:
    assert not names.same("河北衡岚热力有限公司", "河北衡岚热力有限责任公司")
    assert not names.same("", "")


def test_seal_of_the_firm_and_of_another() -> None:
    assert names.seal_matches(NAME, NAME, 0.9) is True
    assert names.seal_matches(NAME + "1301997403917", NAME, 0.9) is True
    assert names.seal_matches(OTHER_NAME, NAME, 0.9) is False


@pytest.mark.parametrize(
    ("ring", "confidence"),
    [
        ("", 0.9),
        ("河北衡", 0.9),
        ("河北街岗热力（集团）有限公司", 0.9),
        ("河北衡热力有限", 0.9),
        (OTHER_NAME, 0.4),
        ("四川澄野水泥股", 0.9),
    ],
)
def test_a_badly_read_ring_is_never_a_false_alarm(ring: str, confidence: float) -> None:
    assert names.seal_matches(ring, NAME, confidence) is not False


def test_one_wrong_character_is_still_the_name() -> None:
    assert names.seal_matches("河北衡风热力（集团）有限公司", NAME, 0.8) is True


def test_special_seals() -> None:
    assert names.special_seal(NAME + "合同专用章") == "合同专用章"
    assert names.special_seal(NAME) is None
    assert names.seal_owner(NAME + "财务专用章") == names.normalise(NAME)
