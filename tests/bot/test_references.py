"""Callback data: small, plain, and never trusted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import references
from bot.references import Reference

numbers = st.integers(min_value=0, max_value=999)


@given(
    verb=st.sampled_from(sorted(references.VERBS)),
    seq=st.integers(min_value=0, max_value=999_999_999_999),
    application=numbers,
    version=numbers,
    pick=st.integers(min_value=references.NO_PICK, max_value=999),
    number=st.integers(min_value=0, max_value=999_999_999),
)
def test_round_trip_within_64_bytes(
    verb: str, seq: int, application: int, version: int, pick: int, number: int
) -> None:
    made = Reference(verb, f"CCER-2019-13-{number:04d}", application, version, seq, pick)
    assert len(str(made).encode()) <= 64
    assert references.parse(str(made)) == made


@pytest.mark.parametrize(
    "data",
    [
        "",
        "C",
        "Z:CCER-2019-13-0007:1:1:5:",
        "C:CCER-2019-13-0007:1:1:5:;drop",
        "C:CCER-2019-13-0007:-1:1:5:",
        "C:CCER-2019-13-0007:1:1:5:0" + "0" * 64,
        "C:CCER-2019-13-0007:１:1:5:",
        "C:../../etc:1:1:5:",
        "C:CCER-2019-13-0007:1:1:5:\n",
    ],
)
def test_what_we_never_wrote_is_nothing(data: str) -> None:
    assert references.parse(data) is None
