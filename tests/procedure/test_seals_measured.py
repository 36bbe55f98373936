"""How strange a ring is to a name, piece by piece, and the verdict at its borders."""

import pytest

from procedure.seals import matches, strangeness, verdict

NAME = "河北衡岚热力有限公司"


@pytest.mark.parametrize(
    ("ring", "tries", "confidence", "wanted"),
    [
        (NAME, (), 0.9, 0.0),
        ("河北衡", (), 0.9, 0.0),
        ("", (), 0.9, 0.0),
        # A character of its own that the ring shows otherwise, for certain or not.
        ("河北恒岚热力有限公司", (), 0.9, 1.0),
        ("河北恒岚热力有限公司", (), 0.89, 0.5),
        ("河北恒岚热力有限公司", ("河北恒岚热力有限公司",) * 2, 0.5, 1.0),
        ("河北恒岚热力有限公司", ("河北恒岚热力有限公司",), 0.5, 0.5),
        # Three of five agree, two of four do not.
        ("河北恒岚热力有限公司", tuple(f"河北{c}岚热力有限公司" for c in "恒恒横珩"), 0.5, 1.0),
        ("河北恒岚热力有限公司", tuple(f"河北{c}岚热力有限公司" for c in "恒横珩"), 0.5, 0.5),
        # One reading that shows the character is enough for it.
        ("河北恒岚热力有限公司", ("河北衡岗热力有限公司",), 0.9, 0.0),
        ("河北恒岗热力有限公司", (), 0.9, 2.0),
        # Characters that are not there at all.
        ("河北热力有限公司", (), 0.9, 1.0),
        ("河北衡热力有限公司", (), 0.9, 0.5),
        # The place.
        ("河南衡岚热力有限公司", (), 0.9, 2.5),
        ("河南衡岚热力有限公司", ("河北衡岗热力有限公司",), 0.9, 0.0),
        ("某某衡岚热力有限公司", (), 0.9, 0.0),
        # The form.
        ("河北衡岚热力股份有限公司", (), 0.9, 2.5),
        ("河北衡岚热力有限责任公司", (), 0.9, 2.5),
        ("河北衡岚热力某某某", (), 0.9, 0.0),
        # The trade, by its characters.
        ("河北衡岚水泥有限公司", (), 0.9, 2.5),
        ("河北衡岚热电有限公司", (), 0.9, 1.25),
        ("河北衡岚某某有限公司", (), 0.9, 0.0),
        ("河北衡岚水泥有限公司", ("河北衡岚热力某公司",), 0.9, 0.0),
        # All together.
        ("河南恒岗水泥股份有限公司", (), 0.9, 1.0 + 2.5 + 2.5 + 2.5),
    ],
)
def test_strangeness(ring: str, tries: tuple[str, ...], confidence: float, wanted: float) -> None:
    assert strangeness(ring, NAME, confidence, tries) == wanted


def test_a_numeral_that_is_another_one_tells_firms_apart() -> None:
    name = "河北第一热力有限公司"
    assert strangeness("河北第二热力有限公司", name, 0.9) == 2.5
    assert strangeness("河北第某热力有限公司", name, 0.9) == 1.0
    assert strangeness("河北第热力有限公司", name, 0.9) == 0.5


PLACE = "河南衡岚热力有限公司"
PLACE_AND_MORE = "河南恒岚热力有限公司"


@pytest.mark.parametrize(
    ("ring", "tries", "confidence", "wanted"),
    [
        (NAME, (), 0.1, "own"),
        (f"{NAME}公章", (), 0.9, "own"),
        (PLACE, (), 0.9, "near"),
        (PLACE, (), 0.1, "near"),
        (PLACE_AND_MORE, (), 0.9, "foreign"),
        (PLACE_AND_MORE, ("某",) * 3, 0.9, "foreign"),
        (PLACE_AND_MORE, (PLACE_AND_MORE,) * 2, 0.7, "foreign"),
        (PLACE_AND_MORE, (PLACE_AND_MORE,) * 2, 0.69, "near"),
        ("河北恒岗热力有限公司", (), 0.9, "unread"),
        ("", (), 0.9, "unread"),
        ("河北衡岚热", (), 0.9, "unread"),
        # The name among the weightiest readings; where the first is nearly sure, it alone.
        (PLACE, (PLACE, PLACE, NAME), 0.96, "own"),
        (PLACE, (PLACE, PLACE, PLACE, NAME), 0.96, "unread"),
        (PLACE, (NAME,), 0.97, "unread"),
        (NAME, (), 0.97, "own"),
        # The ring goes on behind the name, as one of its readings shows.
        (NAME, (f"{NAME}工会",), 0.9, "unread"),
        (NAME, (f"{NAME}石家庄分公司",), 0.9, "unread"),
    ],
)
def test_verdict(ring: str, tries: tuple[str, ...], confidence: float, wanted: str) -> None:
    assert verdict(ring, NAME, confidence, tries) == wanted
    told = {"own": True, "foreign": False}.get(wanted)
    assert matches(ring, NAME, confidence, tries) is told


def test_a_name_too_short_to_tell_is_told_by_nobody() -> None:
    assert verdict("河北衡岚公司", "河北衡岚公司", 0.9) == "own"
    assert verdict("河北衡公司", "河北衡公司", 0.9) == "unread"
