"""Values as letters, cards and lists show them."""

import pytest

from casework.labels import said_value, shown
from casework.receipts import read_lines
from procedure.readings import Value
from tests.casework.made import Firm, proof


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("time", "2021-11-26T14:06:12+08:00", "2021-11-26 14:06:12"),
        ("time", "2021-11-26T06:06:12+00:00", "2021-11-26 14:06:12"),
        ("time", "2021-11-26", "2021-11-26"),
        ("time", "0001-01-01T00:00:00+08:00", "0001-01-01T00:00:00+08:00"),
        ("time", "昨日下午", "昨日下午"),
        ("date", "2021-11-26", "2021-11-26"),
        ("quantity_t", 6182, "6,182 吨"),
        ("year", 2021, "2021"),
        ("time", None, ""),
    ],
)
def test_a_value_is_said_as_people_write_it(field: str, value: Value | None, said: str) -> None:
    assert shown(field, value) == said
    assert said_value(field, value) == (said or "（无）")


def test_a_record_s_line_tells_its_time_as_the_screen_does() -> None:
    line = read_lines(proof(Firm(), time="2021-11-26T14:06:12+08:00"))[-1]
    assert "，2021-11-26 14:06:12" in line.value
    assert "T14" not in line.value
