"""Rows in little memory: a sequence like any other, the same bytes, read back as they were."""

import base64
import hashlib
import tracemalloc
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from procedure.clock import BEIJING
from procedure.dressed import Attachment
from procedure.facts import (
    DailyRecords,
    WeeklySummary,
)
from procedure.jsonable import dump, load
from procedure.language import Said, Text, joined
from procedure.packed import Packed, PackedBytes
from tests.letters import made


@dataclass(frozen=True)
class Line:
    name: str
    tonnes: int | None
    at: datetime | None


lines = st.builds(
    Line,
    st.text(),
    st.none() | st.integers(),
    st.none() | st.integers(10**9, 2 * 10**9).map(lambda at: datetime.fromtimestamp(at, BEIJING)),
)


@given(st.lists(lines))
def test_it_gives_back_what_was_packed(rows: list[Line]) -> None:
    packed = Packed.of(Line, rows)
    assert (list(packed), len(packed)) == (rows, len(rows))
    assert packed == rows
    assert packed[:2] == tuple(rows[:2])
    assert packed.dumped() == Packed.of(Line, iter(rows)).dumped()


def test_it_differs_where_a_row_does() -> None:
    one, other = Line("甲", 1, None), Line("甲", 2, None)
    assert Packed.of(Line, [one]) != Packed.of(Line, [other])
    assert Packed.of(Line, [one]) != (one, one)
    assert Packed.of(Line, [one]) != "甲"


@pytest.mark.parametrize("facts", [made.weekly(), made.daily(3), made.national(2), made.daily(0)])
def test_facts_keep_their_rows_and_read_those_that_were_stored_as_lists(
    facts: WeeklySummary | DailyRecords,
) -> None:
    stored = dump(facts)
    assert set(stored["rows"]) == {"count", "packed"}
    assert load(type(facts), stored) == facts
    assert dump(load(type(facts), stored)) == stored
    before = stored | {"rows": [dump(row) for row in facts.rows]}
    assert load(type(facts), before) == facts


def test_it_shows_how_much_it_is_not_what() -> None:
    packed = Packed.of(Line, [Line("甲", 1, None)] * 3)
    assert repr(packed) == "Packed(Line, 3 rows)"
    assert (packed[-1], packed[1:]) == (Line("甲", 1, None), (Line("甲", 1, None),) * 2)
    assert packed.dumped()["count"] == 3
    longer = [Line("甲", 1, None)] * 4
    assert packed != longer
    assert packed != packed.dumped()


def test_words_remember_what_they_are() -> None:
    facts = made.daily()
    words = joined([Text("甲").said(), "乙"], Text("；"))
    facts = replace(facts, rows=(replace(facts.rows[0], findings=words),))
    (row,) = load(DailyRecords, dump(facts, memory=True)).rows
    assert isinstance(row.findings, Said)
    assert row.findings.record() == words.record()


def test_what_is_no_rows_is_refused() -> None:
    with pytest.raises(ValidationError, match="rows are a list, or packed"):
        load(DailyRecords, dump(made.daily()) | {"rows": "新增"})


def test_ten_times_the_rows_are_walked_through_in_the_same_memory() -> None:
    (row,) = made.daily().rows

    def peak(count: int) -> int:
        # Of the same texts: pydantic keeps some thousands of short ones for the next row.
        rows = Packed.of(type(row), repeat(row, count))
        tracemalloc.start()
        try:
            assert sum(1 for _ in rows) == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(10_000) < 1.5 * peak(1_000)


@given(st.lists(st.binary(max_size=40), max_size=20), st.integers(1, 50))
def test_a_large_file_is_what_its_pieces_were(pieces: list[bytes], size: int) -> None:
    whole = b"".join(pieces)
    packed = PackedBytes.of(pieces)
    assert packed == PackedBytes.of([whole])
    parts = list(packed.pieces(size))
    assert b"".join(parts) == whole
    assert {len(one) for one in parts[:-1]} <= {size}
    # A letter makes no difference between this one and a small one.
    small, large = Attachment("a", "b", whole), Attachment("a", "b", packed)
    assert list(small.pieces(size)) == parts
    assert small.content() == large.content() == whole
    assert small.sha256 == large.sha256 == hashlib.sha256(whole).hexdigest()


def test_no_time_of_making_is_in_what_is_packed() -> None:
    (row,) = made.daily().rows
    some = Packed.of(type(row), [row]).dumped()["packed"]
    assert isinstance(some, str)
    # RFC 1952 §2.3.1: MTIME, zero where none is there.
    for packed in (base64.b64decode(some), PackedBytes.of([b"a"]).packed):
        assert packed[4:8] == bytes(4)
