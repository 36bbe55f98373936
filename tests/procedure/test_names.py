from procedure import names
from tests.procedure.made import NAME


def test_brackets_and_spaces_do_not_matter() -> None:
    assert names.same("河北衡岚热力(集团) 有限公司", NAME)


def test_limited_and_limited_liability_are_different_names() -> None:
    assert not names.same("河北衡岚热力有限公司", "河北衡岚热力有限责任公司")
    assert not names.same("", "")


def test_special_seals() -> None:
    assert names.special_seal(NAME + "合同专用章") == "合同专用章"
    assert names.special_seal(NAME) is None
    assert names.seal_owner(NAME + "财务专用章") == names.normalise(NAME)
