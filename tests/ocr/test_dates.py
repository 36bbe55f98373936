"""Recognised dates that may have lost their end."""

import pytest

from ocr.votes import _may_be_cut


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        # 17日 lost its end on a photo; both families read 1.
        ("2021年12月1", True),
        ("2021年12月17", True),
        ("2021-12-1", True),
        ("2021/12/1", True),
        ("2021年12月1日", False),
        ("2021-12-17", False),
        ("二〇二一年十二月一日", False),
        ("2021-12-11 15:09:50", False),
    ],
)
def test_a_date_that_may_be_cut(text: str, cut: bool) -> None:
    assert _may_be_cut(text) is cut
