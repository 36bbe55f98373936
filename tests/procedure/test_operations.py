"""What an operation and its status are called."""

import pytest

from procedure.operations import is_finished, is_voluntary_cancellation


@pytest.mark.parametrize("text", ["自愿注销", "自愿 注销", " 自 愿\n注销 ", "注 销", ""])
def test_voluntary_cancellations(text: str) -> None:
    assert is_voluntary_cancellation(text)


@pytest.mark.parametrize("text", ["交易转入", "强制注销", "x"])
def test_other_operations(text: str) -> None:
    assert not is_voluntary_cancellation(text)


def test_spaces_within_a_status_do_not_finish_it() -> None:
    assert not is_finished("审核 中")
    assert not is_finished("已 提 交")
    assert is_finished("已 完成")
