from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedure.case import CaseState, derive
from procedure.events import Event, Matched
from procedure.matching import match, rows_shown
from procedure.operations import is_finished, is_voluntary_cancellation
from tests.procedure.made import CYCLE, accepted, cancelled, confirmed, filed, proof, shot
from tests.procedure.test_case import ERROR

BOTH = [cancelled(), cancelled("r2", "CCER-1194", 1_000)]


def run(*events: Event) -> Matched:
    return match(derive(events), CYCLE)


def rules(matched: Matched) -> list[str]:
    return [finding.rule for finding in matched.findings]


def test_as_confirmed_in_time_and_shown() -> None:
    assert run(filed(), confirmed(), *BOTH, proof()) == Matched({1: 5_000}, (1,))


def test_without_a_screenshot_it_is_cancelled_but_not_verified() -> None:
    assert run(filed(), confirmed(), *BOTH) == Matched({1: 5_000}, ())


def test_a_screenshot_without_its_seal_does_not_count() -> None:
    unsealed = proof(findings=(replace(ERROR, rule="seal-missing"),))
    assert run(filed(), confirmed(), *BOTH, unsealed).verified == ()


def test_screenshots_in_parts() -> None:
    first = proof(1, accepted(shot(rows=(("CCER-0730", 4_000),))))
    second = proof(2, accepted(shot(rows=(("CCER-1194", 1_000),))))
    assert run(filed(), confirmed(), *BOTH, first).verified == ()
    assert run(filed(), confirmed(), *BOTH, first, second).verified == (1,)


def test_a_screenshot_alone_is_no_proof() -> None:
    assert run(filed(), confirmed(), proof()) == Matched({1: 0}, ())


@pytest.mark.parametrize(
    ("change", "rule", "allotted"),
    [
        ({"tonnes": 3_999}, "cancel-quantity", 3_999),
        ({"tonnes": 4_001}, "cancel-quantity", 4_000),
        ({"code": "JX-1"}, "cancel-project", 0),
        ({"account": "CN-100-9"}, "cancel-account", 0),
        ({"time": "2021-12-15T17:00:00"}, "cancel-deadline", 0),
        ({"time": "2021-12-15T16:59:59"}, None, 4_000),
        ({"time": "2021-11-05T10:19:59"}, "cancel-before-confirmation", 4_000),
        ({"operation": "交易转出"}, None, 0),
        ({"status": "待审核"}, None, 0),
    ],
)
def test_differences(change: dict[str, Any], rule: str | None, allotted: int) -> None:
    matched = run(filed(rows=(("CCER-0730", "某", 4_000),), offset_t=4_000),
                  confirmed(amount=4_000), cancelled(**change))  # fmt: skip
    assert rules(matched) == ([rule] if rule else [])
    assert matched.allotted_t == {1: allotted}


def test_twice_and_a_serial_used_twice() -> None:
    twice = [cancelled("r1"), cancelled("r2", time="2021-11-26T09:00")]
    assert "cancel-twice" in rules(run(filed(), confirmed(), *twice))
    same = [cancelled("r1", tonnes=2_000, serial="100000-101999"),
            cancelled("r2", tonnes=2_000, serial="101000-102999")]  # fmt: skip
    matched = run(filed(), confirmed(), *same)
    assert "serial-reused" in rules(matched)
    (said,) = (one.message for one in matched.findings if one.rule == "serial-reused")
    assert said == "减排量序列号 101000-102999 已在其他注销记录中使用，不予计入，请核对。"
    # Of units no second record is counted; what is no block of units may be a batch's number.
    assert matched.allotted_t == {1: 2_000}
    batch = [cancelled("r1", tonnes=2_000, serial="某批"),
             cancelled("r2", tonnes=2_000, serial="某批")]  # fmt: skip
    assert run(filed(), confirmed(), *batch).allotted_t == {1: 4_000}


def test_several_operations_add_up() -> None:
    parts = [cancelled("r1", tonnes=1_500), cancelled("r3", tonnes=2_500), BOTH[1]]
    assert run(filed(), confirmed(), *parts) == Matched({1: 5_000}, ())


def test_two_applications_are_filled_in_the_order_of_confirmation() -> None:
    rows = (("CCER-0730", "某", 3_000),)
    events = [
        filed(rows=rows, offset_t=3_000),
        confirmed(1, amount=3_000),
        filed(2, rows=rows, offset_t=3_000),
        confirmed(2, amount=3_000, when="2021-11-09T10:00"),
    ]
    assert run(*events, cancelled(tonnes=4_000)).allotted_t == {1: 3_000, 2: 1_000}
    assert rules(run(*events, cancelled(tonnes=6_000))) == []


def test_a_form_without_projects_takes_any() -> None:
    assert run(filed(rows=()), confirmed(), *BOTH).allotted_t == {1: 5_000}


def test_nothing_confirmed_nothing_matched() -> None:
    assert run(filed(), *BOTH) == Matched({}, ())


def test_a_screenshot_shows_each_row_once() -> None:
    state = derive([cancelled("r1"), cancelled("r2", time="2021-11-26T09:00")])
    one = accepted(shot(rows=(("CCER-0730", 4_000),), time="2021-11-26T09:00:00+08:00"))
    assert rows_shown(one, state.cancellations) == ("r2",)
    two = accepted(shot(rows=(("CCER-0730", 4_000), ("CCER-0730", 4_000))))
    assert sorted(rows_shown(two, state.cancellations)) == ["r1", "r2"]


CODES = st.sampled_from(["CCER-0730", "CCER-1194", "JX-1"])


@given(st.lists(st.tuples(CODES, st.integers(1, 5_000)), max_size=6))
def test_never_more_is_allotted_than_confirmed_or_cancelled(rows: list[tuple[str, int]]) -> None:
    events = [cancelled(f"r{n}", code, tonnes) for n, (code, tonnes) in enumerate(rows)]
    state: CaseState = derive([filed(), confirmed(), *events])
    allotted = match(state, CYCLE).allotted_t[1]
    assert 0 <= allotted <= min(5_000, sum(tonnes for _, tonnes in rows))


@pytest.mark.parametrize("text", ["自愿注销", "CCER 自愿注销", "注销", ""])
def test_voluntary(text: str) -> None:
    assert is_voluntary_cancellation(text)


@pytest.mark.parametrize("text", ["交易转入", "强制注销", "签发"])
def test_not_voluntary(text: str) -> None:
    assert not is_voluntary_cancellation(text)


def test_finished() -> None:
    assert all(map(is_finished, ["已完成", "成功", "已注销", ""]))
    assert not any(map(is_finished, ["待审核", "未完成", "处理中", "失败", "已撤销", "已提交"]))
