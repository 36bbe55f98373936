import pytest

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


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("某〔Ａｂc〕公司", "某(ABC)公司"),
        ("某【一】[二]{三}〈四〉<五>", "某(一)(二)(三)(四)(五)"),
        (" 某·热.力，公“司”_ ", "某热力公司"),
        ("", ""),
    ],
)
def test_a_name_is_folded_for_comparing(printed: str, folded: str) -> None:
    assert names.normalise(printed) == folded


@pytest.mark.parametrize(
    ("a", "b", "share"),
    [
        ("河北热力", "河北 热力", 1.0),
        ("河北热力", "湖北热力", 0.75),
        ("", "河北", 0.0),
        ("河", "·", 0.0),
    ],
)
def test_names_are_alike_by_characters_in_common_order(a: str, b: str, share: float) -> None:
    assert names.similarity(a, b) == share


def test_long_names_are_compared_whole() -> None:
    """Above 200 characters the comparison would leave out the frequent ones by itself."""
    long = "热" * 300
    assert names.similarity(long, long + "力") == pytest.approx(600 / 601)


@pytest.mark.parametrize(
    ("ring", "owner"),
    [
        ("某热力有限公司公章", "某热力有限公司"),
        ("某热力有限公司行政公章", "某热力有限公司"),
        ("某热力有限公司合同专用章(1)", "某热力有限公司"),
        ("某热力有限公司1301000012345", "某热力有限公司"),
        ("某热力有限公司(1301000012345)", "某热力有限公司"),
        ("某热力12345有限公司", "某热力12345有限公司"),
        ("某(1)热力有限公司", "某(1)热力有限公司"),
    ],
)
def test_whose_a_seal_is(ring: str, owner: str) -> None:
    assert names.seal_owner(ring) == owner


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("河北省某公司", "河北"), ("河北某公司", "河北"), ("北京市某公司", "北京"),
        ("广西壮族自治区某公司", "广西"), ("内蒙古自治区某公司", "内蒙古"),
        ("某河北公司", ""), ("", ""),
    ],
)  # fmt: skip
def test_the_province_that_a_name_begins_with(text: str, place: str) -> None:
    assert names.place(text) == place
    assert names.begins_with_place(text) is bool(place)


@pytest.mark.parametrize(
    ("text", "form", "ends"),
    [
        ("某热力股份有限公司", "股份有限公司", True),
        ("某热力有限责任公司公章", "有限责任公司", True),
        ("某热力有限公司石家庄分公司", "有限公司石家庄分公司", True),
        ("某热力厂", "", True),
        ("某热力有限公", "", False),
    ],
)
def test_how_a_name_ends(text: str, form: str, ends: bool) -> None:
    assert names.firm_form(text) == form
    assert names.ends_as_firm(text) is ends


def test_bodies_within_a_firm() -> None:
    assert names.body("河北衡岚热力有限公司工会委员会") == "工会委员会"
    assert names.body(NAME + "财务部章") == "财务部"
    assert names.body(NAME) == names.body("河北衡岚电厂") == names.body("河北衡岚供热处") == ""
