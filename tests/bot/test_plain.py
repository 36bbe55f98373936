"""Plain text: nothing reorders, nothing is cut inside a character."""

from hypothesis import given
from hypothesis import strategies as st

from bot import plain


@given(st.text(max_size=300), st.integers(min_value=2, max_value=40))
def test_chunks_fit_and_lose_only_blank_ends(text: str, limit: int) -> None:
    pieces = plain.chunks(text, limit)
    assert all(0 < len(p.encode("utf-16-le", "surrogatepass")) // 2 <= limit for p in pieces)
    visible = "".join(text.split())
    assert "".join("".join(pieces).split()) == visible


def test_direction_marks_do_not_reach_the_screen() -> None:
    assert plain.name("甲\u202e司公乙\u2066 \u200b有限\n公司\x00") == "甲司公乙 有限 公司"


def test_a_long_name_is_cut_for_lists() -> None:
    assert plain.name("长" * 4000).endswith("…")
    assert len(plain.name("长" * 4000)) == plain.NAME_LIMIT


def test_an_amount_that_is_not_read_is_a_dash() -> None:
    assert plain.tonnes(6182) == "6,182 吨"
    assert plain.tonnes(None) == "—"
