"""What people and logs hear when something may not be done to an application: word for word."""

import pytest

from procedure.case import Action, allowed, derive
from procedure.errors import Conflict
from procedure.events import (
    Credited,
    Event,
    Lapsed,
    Matched,
    Returned,
    SurrenderRecorded,
    Withdrawn,
)
from procedure.findings import Finding
from tests.procedure.made import confirmed, event, filed

CAP = Finding("offset-cap", "附件3 §1(1)", "error", "超过上限。")
SEAL = Finding("seal-missing", "附件3", "error", "未见公章。")
NOTE = Finding("window", "通知 二", "warning", "临近截止。")
MATCHED = event(Matched({1: 5_000}, (1,)))
CREDITED = event(Credited("c1", 5_000, None))
SURRENDERED = event(SurrenderRecorded("s1", 5_000, "registered", None))
SENT_BACK = event(Returned(1, 1, "缺章"), "2021-11-04T10:00")
REFUSALS: list[tuple[tuple[Event, ...], str, int | None, str, str, str]] = [
    ((), "confirm", None, "no-application",
     "there is no application 2",
     "本案没有第 2 份申请。"),
    ((filed(), filed(1, 2)), "confirm", 1, "newer-version",
     "version 1 is not the current one (2)",
     "该申请的现行版本为第 2 版，请查看后再操作。"),
    ((filed(), filed(1, 2)), "return", 1, "newer-version",
     "version 1 is not the current one (2)",
     "该申请的现行版本为第 2 版，请查看后再操作。"),
    ((filed(unclear=("offset_t", "uscc")),), "confirm", None, "unclear",
     "unread fields: offset_t, uscc",
     "以下内容尚待人工识读，请先核对更正：申请抵销量、统一社会信用代码。"),
    ((filed(findings=(CAP, NOTE, SEAL)),), "confirm", 1, "findings",
     "findings block it: offset-cap, seal-missing",
     "存在不符合规定的事项，不能确认：超过上限。 未见公章。"),
    ((filed(), SENT_BACK), "confirm", None, "already-returned",
     "already returned by 张某 at 2021-11-04T10:00+08:00",
     "该申请已由 张某 于 2021-11-04 10:00 退回。"),
    ((filed(), SENT_BACK), "return", None, "already-returned",
     "already returned by 张某 at 2021-11-04T10:00+08:00",
     "该申请已由 张某 于 2021-11-04 10:00 退回。"),
    ((filed(), event(Lapsed(1))), "confirm", None, "already-lapsed",
     "already lapsed by 张某 at 2021-11-04T09:00+08:00",
     "该申请已由 张某 于 2021-11-04 09:00 列为逾期。"),
    ((filed(), event(Withdrawn(1))), "correct", None, "already-withdrawn",
     "already withdrawn by 张某 at 2021-11-04T09:00+08:00",
     "该申请已由 张某 于 2021-11-04 09:00 撤回。"),
    ((filed(), confirmed()), "return", None, "already-confirmed",
     "already confirmed by 张某 at 2021-11-05T10:20+08:00",
     "该申请已由 张某 于 2021-11-05 10:20 确认。"),
    ((filed(), confirmed()), "reassign", None, "already-confirmed",
     "already confirmed by 张某 at 2021-11-05T10:20+08:00",
     "该申请已由 张某 于 2021-11-05 10:20 确认。"),
    ((filed(), confirmed(), MATCHED), "withdraw", None, "cancelled-already",
     "CCER were cancelled for it already",
     "该申请对应的CCER已完成注销，不能撤回。"),
    ((filed(), confirmed(), CREDITED), "withdraw", None, "cancelled-already",
     "CCER were cancelled for it already",
     "该申请对应的CCER已完成注销，不能撤回。"),
    ((filed(), confirmed(), CREDITED, SURRENDERED), "withdraw", None, "cancelled-already",
     "CCER were cancelled for it already",
     "该申请对应的CCER已完成注销，不能撤回。"),
    ((filed(), confirmed(), CREDITED), "revoke", None, "credited-already",
     "it is credited already",
     "该申请已生成抵销CCER，不能撤销确认。"),
    ((filed(), confirmed(), CREDITED, SURRENDERED), "revoke", None, "credited-already",
     "it is surrendered already",
     "该申请已登记清缴，不能撤销确认。"),
    ((filed(),), "revoke", None, "not-decided",
     "nothing was decided yet",
     "该申请尚未确认或退回，无需撤销。"),
]  # fmt: skip


@pytest.mark.parametrize(("events", "action", "version", "code", "logged", "told"), REFUSALS)
def test_a_refusal_says_why(
    events: tuple[Event, ...], action: Action, version: int | None,
    code: str, logged: str, told: str,
) -> None:  # fmt: skip
    with pytest.raises(Conflict) as caught:
        allowed(derive(events), 1 if events else 2, action, version)
    assert (caught.value.code, str(caught.value)) == (code, logged)
    assert caught.value.user_message == told


def test_what_only_warns_keeps_nobody_from_confirming() -> None:
    allowed(derive([filed(findings=(NOTE,))]), 1, "confirm", 1)


def test_only_a_decision_asks_for_the_version_that_was_seen() -> None:
    allowed(derive([filed(), filed(1, 2)]), 1, "withdraw", 1)
