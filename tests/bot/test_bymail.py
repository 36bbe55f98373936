"""What an answer by mail says: acted on only where it is beyond doubt."""

from datetime import UTC, datetime

import pytest

from bot import bymail
from letters.staff import ABOVE
from procedure.errors import BadInput
from procedure.facts import TaskItem

AT = datetime(2021, 11, 3, 1, tzinfo=UTC)
ITEMS = [
    TaskItem(f"CCER-2019-13-000{n}", 1, 1, 10, f"示例{n}热电有限公司", "待省级确认", AT, 1_000 * n)
    for n in (1, 2, 3)
]
ONE = ITEMS[:1]
QUOTES = (
    "\n\n在 2021-11-03 09:05，受理处 写道：\n> 退回 1",
    "\n------------------ 原始邮件 ------------------\n退回 1 没有",
    "\n-----Original Message-----\nFrom: clerk\n退回 1 没有",
    "\nOn Wed, Nov 3, 2021 at 9:05 AM clerk <c@x.example> wrote:\n退回 1",
    "\n发件人: 受理处\n退回 1 没有",
    f"\n{ABOVE}\n退回 1 没有",
    "\n_______________\n退回 1",
    "\n发自我的iPhone\n退回 1 没有",
    "",
)


@pytest.mark.parametrize("quote", QUOTES)
@pytest.mark.parametrize(
    "said",
    ["确认", "同意。", "您好：\n确认", "确认 1", "确认 1,000 吨", "  确认 第1项",
     "确认！\n\n王敏\n河北省厅", "确认 CCER-2019-13-0001", "确认 ccer－2019－13－0001 第1份",
     "Confirm", "确认，谢谢", "确认 全部"],
)  # fmt: skip
def test_a_confirmation_of_one(said: str, quote: str) -> None:
    assert bymail.is_order(said + quote)
    (order,) = bymail.read(said + quote, ONE)
    assert (order.what, order.items) == ("confirm", (0,))


@pytest.mark.parametrize("quote", QUOTES)
@pytest.mark.parametrize(
    "said",
    ["确认，但请先核实数量", "确认\n退回 缺章", "确认 2", "确认 999 吨", "确认？", "确认吗",
     "不确认", "确认\n\n请先等财务核实。", "确认 CCER-2019-13-9999", "收到，谢谢", "", "> 确认",
     "确认 1、1", "确认 1\n确认 1", "请确认", "确认函已收到", "退回来的件我看一下",
     "确认 1 2021", "我同意\n确认", "确认\n" + "一" * 90,
     "退回 " + "长" * 501, "退回 缺章\n\n但请先不要发"],
)  # fmt: skip
def test_what_nobody_may_act_on(said: str, quote: str) -> None:
    with pytest.raises(BadInput):
        bymail.read(said + quote, ONE)


@pytest.mark.parametrize("quote", QUOTES)
def test_a_reason_is_its_paragraph(quote: str) -> None:
    said = "退回：2021年的量，\n与名录不符（差 5% 以上）。\n\n王敏"
    (order,) = bymail.read(said + quote, ONE)
    assert (order.what, order.items) == ("return", (0,))
    assert order.reason == ["2021年的量，", "与名录不符（差 5% 以上）。"]


def test_a_return_without_a_reason_is_left_to_casework() -> None:
    (order,) = bymail.read("退回", ONE)
    assert order.reason == []


@pytest.mark.parametrize(
    ("said", "orders"),
    [
        ("确认 1、3\n退回 2：缺章", [("confirm", (0, 2), []), ("return", (1,), ["缺章"])]),
        ("确认1,2,3", [("confirm", (0, 1, 2), [])]),
        ("确认全部", [("confirm", (0, 1, 2), [])]),
        ("退回 第3项 原因：不清\n确认 第1项", [("return", (2,), ["不清"]), ("confirm", (0,), [])]),
        ("退回 CCER-2019-13-0002 数量有误", [("return", (1,), ["数量有误"])]),
        ("确认 2 2,000 吨", [("confirm", (1,), [])]),
        ("退回 2 3 项目不符", [("return", (1, 2), ["项目不符"])]),
    ],
)  # fmt: skip
def test_decisions_on_several(
    said: str, orders: list[tuple[str, tuple[int, ...], list[str]]]
) -> None:
    found = bymail.read(said, ITEMS)
    assert [(one.what, one.items, one.reason) for one in found] == orders


@pytest.mark.parametrize(
    "said", ["确认", "退回 缺章", "确认 4", "确认 1\n退回 1 缺章", "确认 全部\n退回 1 缺"]
)
def test_of_several_each_is_meant_once_and_by_name(said: str) -> None:
    with pytest.raises(BadInput):
        bymail.read(said, ITEMS)
