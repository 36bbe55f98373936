"""What of a voice's text is the value, and what stands beside it."""

import pytest

from ocr.convert import convert
from ocr.votes import _trim


@pytest.mark.parametrize(
    ("text", "red", "wanted"),
    [
        # A seal's digits behind the date.
        ("2021年12月5日0", True, "2021-12-05"),
        ("2021年12月5日 13", True, "2021-12-05"),
        ("2021年12月5日0", False, None),
        # What may be meant is not dropped.
        ("2021年12月5日-10", True, None),
        ("2021年12月5日（改为6", True, None),
        ("2021年11月1日/12", False, None),
        ("2021年12月5日。", False, "2021-12-05"),
        ("填报日：2021年12月5日", False, "2021-12-05"),
    ],
)
def test_what_stands_behind_a_date(text: str, red: bool, wanted: str | None) -> None:
    assert convert("date", _trim("date", text, red=red)) == wanted
