"""Confirm, return, revoke, withdraw, correct, reassign: rights, order, and who is told."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from casework import decisions, reminders
from cycles.catalogues import language
from procedure.errors import BadInput, ClerkError, Conflict, NotAllowed, WrongUse
from procedure.events import Evidence
from procedure.facts import Decision
from procedure.language import speaking, told
from store.rows import Person
from tests.casework.made import Firm, form, mail, read
from tests.casework.office import HANDLER, HEBEI, OPERATOR, SHANXI, Office

A = Firm(1)


def outcomes(office: Office, kind: str) -> list[str]:
    return [one.outcome for one in office.facts(kind) if isinstance(one, Decision)]


def test_the_second_of_two_is_told_who_was_first_and_what_was_decided(office: Office) -> None:
    number = office.apply(A)
    decisions.confirm(office.desk, HEBEI, number, 1)
    with pytest.raises(Conflict) as caught:
        decisions.return_(office.desk, HANDLER, number, 1, "盖章不清")
    assert "陈示例" in caught.value.user_message
    assert "2021-11-03 09:00" in caught.value.user_message
    assert "确认" in caught.value.user_message
    assert office.stage(number) == "confirmed"
    assert len(office.letters("confirmation")) == 1
    assert office.letters("return") == []


@pytest.mark.parametrize(
    "who", [SHANXI, OPERATOR, Person("审计", "auditor"), Person("无省", "handler")]
)
def test_only_the_case_s_own_province_decides(office: Office, who: Person) -> None:
    number = office.apply(A)
    desk = office.desk
    actions: tuple[Callable[[], object], ...] = (
        lambda: decisions.confirm(desk, who, number, 1),
        lambda: decisions.return_(desk, who, number, 1, "理由"),
        lambda: decisions.correct(desk, who, number, 1, "offset_t", "1"),
        lambda: decisions.withdraw(desk, who, number, 1),
        lambda: decisions.revoke(desk, who, number, 1, "理由"),
        lambda: decisions.reassign(desk, who, number, 1, None),
    )
    for action in actions:
        with pytest.raises(NotAllowed):
            action()
    assert office.events(number) == {"application-filed": 1}


def test_a_revoked_person_may_nothing(office: Office) -> None:
    number = office.apply(A)
    with pytest.raises(NotAllowed):
        decisions.confirm(office.desk, Person("陈示例", "reviewer", ("13",), True), number, 1)


def test_a_foreign_and_a_missing_case_look_alike(office: Office) -> None:
    number = office.apply(A)
    said = []
    for one in (number, "CCER-2019-13-9999"):
        with pytest.raises(NotAllowed) as caught:
            decisions.confirm(office.desk, SHANXI, one, 1)
        said.append(caught.value.user_message)
    assert said[0] == said[1]


def test_a_newer_version_than_the_one_looked_at_is_a_conflict(office: Office) -> None:
    number = office.apply(A)
    office.apply(A, 4_000)
    with pytest.raises(Conflict):
        decisions.confirm(office.desk, HEBEI, number, 1, version=1)
    decisions.confirm(office.desk, HEBEI, number, 1, version=2)
    assert office.state(number).confirmed_t == 4_000


def test_what_changed_since_it_was_looked_at_is_told(office: Office) -> None:
    number = office.apply(A)
    seen = office.state(number).last_seq
    decisions.correct(office.desk, HANDLER, number, 1, "offset_t", "4,000")
    acts: tuple[Callable[[], object], ...] = (
        lambda: decisions.confirm(office.desk, HEBEI, number, 1, seen_seq=seen),
        lambda: decisions.return_(office.desk, HEBEI, number, 1, "理由", seen_seq=seen),
    )
    for act in acts:
        with pytest.raises(Conflict) as caught:
            act()
        assert caught.value.code == "changed"
        assert "李示例" in caught.value.user_message
        assert "申请抵销量 改为 4,000 吨" in caught.value.user_message
    assert office.stage(number) == "submitted"
    decisions.correct(office.desk, HANDLER, number, 1, "amount_t", "4,000", row=0)
    decisions.confirm(office.desk, HEBEI, number, 1, seen_seq=office.state(number).last_seq)
    assert office.state(number).confirmed_t == 4_000


def test_a_report_or_a_duplicate_since_is_no_change(office: Office) -> None:
    number = office.apply(A)
    seen = office.state(number).last_seq
    office.send(mail(A.email, next(iter(office.reader.readings))))
    decisions.confirm(office.desk, HEBEI, number, 1, seen_seq=seen)
    assert office.stage(number) == "confirmed"


def test_a_revoked_confirmation_that_went_out_is_followed_by_a_letter_that_says_stop(
    office: Office,
) -> None:
    number = office.apply(A)
    decisions.confirm(office.desk, HEBEI, number, 1)
    (letter,) = office.letters("confirmation")
    with office.store.write() as tx:
        tx.outbox.dress(letter.key, "<1@x>", b"bytes")
        tx.outbox.begin_attempt(letter.key, letter.to[0], office.clock.now())
    decisions.revoke(office.desk, HEBEI, number, 1, "核对有误")
    (facts,) = office.facts("revocation")
    assert isinstance(facts, Decision)
    assert (facts.outcome, facts.reason) == ("revoked", "核对有误")
    assert "请勿再按原确认内容注销" in facts.next_steps[0]
    assert office.stage(number) == "submitted"


def test_one_that_did_not_go_out_is_withheld_and_nothing_is_said(office: Office) -> None:
    number = office.apply(A)
    decisions.confirm(office.desk, HEBEI, number, 1)
    decisions.revoke(office.desk, HEBEI, number, 1, "核对有误")
    assert office.letters("confirmation") == []
    assert office.letters("revocation") == []
    decisions.confirm(office.desk, HEBEI, number, 1)
    assert len(office.letters("confirmation")) == 1


def test_revoking_needs_a_reason(office: Office) -> None:
    number = office.apply(A)
    decisions.confirm(office.desk, HEBEI, number, 1)
    with pytest.raises(WrongUse):
        decisions.revoke(office.desk, HEBEI, number, 1, "  ")
    with pytest.raises(NotAllowed):
        decisions.revoke(office.desk, HANDLER, number, 1, "经办人不能撤销")


def test_a_withdrawal_is_told_and_frees_the_cap(office: Office) -> None:
    number = office.apply(A)
    decisions.confirm(office.desk, HEBEI, number, 1)
    decisions.withdraw(office.desk, HEBEI, number, 1, "单位来函撤回")
    office.apply(A, 5_000)
    state = office.state(number)
    assert [app.stage for app in state.applications] == ["withdrawn", "submitted"]
    decisions.confirm(office.desk, HEBEI, number, 2)
    assert office.state(number).confirmed_t == 5_000
    with pytest.raises(Conflict) as caught:
        decisions.confirm(office.desk, HEBEI, number, 1)
    assert "撤回" in caught.value.user_message


def test_the_cap_is_over_the_sum_of_live_applications(office: Office) -> None:
    number = office.apply(A, 3_000)
    decisions.confirm(office.desk, HEBEI, number, 1)
    office.apply(A, 2_001)
    with pytest.raises(Conflict) as caught:
        decisions.confirm(office.desk, HEBEI, number, 2)
    assert "5,001" in caught.value.user_message
    office.apply(A, 2_000)
    decisions.confirm(office.desk, HEBEI, number, 2)
    assert office.state(number).confirmed_t == 5_000


def test_the_confirmation_goes_to_the_entity_s_registered_address_too(office: Office) -> None:
    office.entities(A)
    office.post("agent@consult.example", form(A))
    decisions.confirm(office.desk, HEBEI, office.case(A), 1)
    assert sorted(one.to for one in office.letters("confirmation")) == [
        ("agent@consult.example",),
        (A.email,),
    ]


def test_a_correction_keeps_the_old_value_and_never_undoes_a_confirmation(office: Office) -> None:
    number = office.apply(A)
    decisions.confirm(office.desk, HEBEI, number, 1)
    done = decisions.correct(office.desk, HEBEI, number, 1, "offset_t", "4,000 吨")
    app = office.state(number).applications[0]
    assert (app.stage, app.amount_t, app.tonnes("offset_t")) == ("confirmed", 5_000, 4_000)
    (fixed,) = app.current.corrections
    assert (fixed.old, fixed.new) == (5_000, 4_000)
    assert "撤销" in done.text
    assert "5,000 吨" in done.text


def test_a_row_s_old_value_is_kept_too_and_a_row_that_is_not_there_is_wrong_use(
    office: Office,
) -> None:
    number = office.apply(A)
    decisions.correct(office.desk, HEBEI, number, 1, "amount_t", "4,999", row=0)
    app = office.state(number).applications[0]
    assert app.current.corrections[0].old == 5_000
    assert "rows-total" in [one.rule for one in app.findings]
    for row in (-1, 2):
        with pytest.raises(WrongUse):
            decisions.correct(office.desk, HEBEI, number, 1, "amount_t", "1", row=row)
    assert len(office.state(number).applications[0].current.corrections) == 1


def test_a_corrected_value_is_kept_in_its_usual_form(office: Office) -> None:
    number = office.apply(A, province=None, account_no=read(None), phone=None)
    for field, text in (("province", "河北"), ("account_no", "ＣＮ-100-000001")):
        decisions.correct(office.desk, HEBEI, number, 1, field, text)
    values = office.state(number).applications[0].values
    assert (values["province"], values["account_no"]) == ("河北省", "CN-100-000001")
    with pytest.raises(BadInput):
        decisions.correct(office.desk, HEBEI, number, 1, "province", "亚特兰蒂斯")


def test_an_unread_required_field_blocks_until_a_person_fills_it(office: Office) -> None:
    number = office.apply(A, offset_t=read(None))
    assert office.stage(number) == "unclear"
    with pytest.raises(Conflict):
        decisions.confirm(office.desk, HEBEI, number, 1)
    decisions.correct(office.desk, HEBEI, number, 1, "offset_t", "0.5万吨")
    assert office.stage(number) == "submitted"
    decisions.confirm(office.desk, HEBEI, number, 1)
    assert office.state(number).confirmed_t == 5_000


def test_a_corrected_name_moves_the_form_to_its_entity_s_case(office: Office) -> None:
    """Read wrong, without a code: a case of its own, with a cap of its own, would be wrong."""
    office.entities(A)
    first = office.apply(A)
    decisions.confirm(office.desk, HEBEI, first, 1)
    misread = Firm(1, "河北衡凤热力有限公司")
    office.post("x@y.example", form(misread, 100, uscc=None))
    stray = next(one for one in office.cases() if one != first)
    done = decisions.correct(office.desk, HEBEI, stray, 1, "enterprise_name", A.name)
    assert done.case_no == first
    assert office.state(stray).stage == "withdrawn"
    moved = office.state(first).applications[1]
    assert moved.stage == "submitted"
    assert "offset-cap" in [one.rule for one in moved.findings]
    with pytest.raises(Conflict):
        decisions.confirm(office.desk, HEBEI, first, 2)


def test_a_corrected_name_without_another_case_keeps_the_case(office: Office) -> None:
    office.entities(A)
    office.post(A.email, form(Firm(1, "河北衡凤热力有限公司"), uscc=None))
    (number,) = office.cases()
    decisions.correct(office.desk, HEBEI, number, 1, "enterprise_name", A.name)
    assert office.apply(A, 4_000) == number
    assert office.cases() == [number]


def test_a_new_version_can_be_made_a_further_application(office: Office) -> None:
    number = office.apply(A, 3_000)
    office.apply(A, 2_500)
    decisions.reassign(office.desk, HEBEI, number, 1, None)
    state = office.state(number)
    assert [(app.number, app.amount_t) for app in state.applications] == [(1, 3_000), (2, 2_500)]
    assert any("offset-cap" in [f.rule for f in app.findings] for app in state.applications)


def test_what_was_not_cancelled_in_time_lapses_whatever_else_the_case_holds(office: Office) -> None:
    number = office.apply(A, 3_000)
    decisions.confirm(office.desk, HEBEI, number, 1)
    office.apply(A, 1_000)
    now = office.clock.to("2021-12-16 09:00")
    assert reminders.lapse_due(office.desk, now) == []
    office.cancellations(until="2021-12-15 17:00")
    assert reminders.lapse_due(office.desk, now) == [number]
    assert reminders.lapse_due(office.desk, now) == []
    assert [app.stage for app in office.state(number).applications] == ["lapsed", "submitted"]


def test_a_decision_through_a_door_that_is_closed_is_refused(tmp_path: Path) -> None:
    office = Office(tmp_path, confirm_channels=frozenset({"cli"}))
    number = office.apply(A)
    with pytest.raises(NotAllowed):
        decisions.confirm(office.desk, HEBEI, number, 1, channel="chat")
    assert json.dumps(office.events(number)) == '{"application-filed": 1}'
    office.close()


def test_what_the_receipt_said_wrong_is_put_right_with_the_decision(office: Office) -> None:
    number = office.apply(A, 50_000)
    for field, value, row in (
        ("offset_t", "4,000", None), ("offset_t", "5,000", None), ("amount_t", "5,000", 0),
        ("contact", "林知远", None),
    ):  # fmt: skip
        decisions.correct(office.desk, HEBEI, number, 1, field, value, row)
    decisions.confirm(office.desk, HEBEI, number, 1)
    (facts,) = office.facts("confirmation")
    assert isinstance(facts, Decision)
    assert [(x.label, x.value, x.note) for x in facts.corrections] == [
        ("申请抵销量", "5,000 吨", "50,000 吨"),
        ("项目 1 申请数量", "5,000 吨", "50,000 吨"),
    ]


@pytest.mark.parametrize("said", ["有", "是", "已盖公章", "未盖章", "没有公章"])
def test_a_word_about_a_seal_is_no_text_of_its_ring(office: Office, said: str) -> None:
    number = office.apply(A)
    with pytest.raises(BadInput) as caught:
        decisions.correct(office.desk, HANDLER, number, 1, "seal", said)
    assert "请填写印章上的单位名称" in caught.value.user_message
    assert office.events(number) == {"application-filed": 1}


def test_none_says_that_there_is_no_seal(office: Office) -> None:
    number = office.apply(A)
    decisions.correct(office.desk, HANDLER, number, 1, "seal", "无")
    with pytest.raises(Conflict, match="seal-missing"):
        decisions.confirm(office.desk, HEBEI, number, 1)


def test_after_a_deadline_no_letter_asks_for_what_is_too_late(office: Office) -> None:
    number, other = office.apply(A), office.apply(Firm(3, "河北岚山热力有限公司"))
    office.clock.to("2021-12-15 17:00")
    decisions.confirm(office.desk, HEBEI, number, 1)
    decisions.return_(office.desk, HEBEI, other, 1, "盖章不清")
    (told,) = [one for one in office.facts("confirmation") if isinstance(one, Decision)]
    (back,) = [one for one in office.facts("return") if isinstance(one, Decision)]
    assert len(told.next_steps) == 1
    assert "2021-12-15 17:00 已过" in told.next_steps[0]
    assert "申请受理已于 2021-12-10 截止" in back.next_steps[0]


def test_a_return_says_until_when_the_form_may_come_again(office: Office) -> None:
    number = office.apply(A)
    decisions.return_(office.desk, HEBEI, number, 1, "盖章不清")
    (back,) = [one for one in office.facts("return") if isinstance(one, Decision)]
    (step,) = back.next_steps
    assert step.endswith("（附件3 §2 第3步）。本周期申请截止日为 2021-12-10。")
    with speaking(language("en")):
        assert told(step).endswith("The last day for applications in this cycle is 2021-12-10.")


def test_a_further_application_made_by_staff_is_answered_to_whoever_sent_it(
    office: Office,
) -> None:
    office.entities(A)
    number = office.apply(A, 3_000)
    office.post("agent@x.example", form(A, 2_000), rfc_message_id="<2@x>")
    decisions.reassign(office.desk, HEBEI, number, 1, None)
    decisions.confirm(office.desk, HEBEI, number, 1)
    assert [one.to for one in office.letters("confirmation")] == [(A.email,)]
    decisions.confirm(office.desk, HEBEI, number, 2)
    _, *second = office.letters("confirmation")
    assert sorted((one.to, one.in_reply_to) for one in second) == [
        (("agent@x.example",), "<2@x>"), ((A.email,), ""),
    ]  # fmt: skip
    # Whose form the province confirmed is the entity's own address from then on.
    told = [one.to for one in office.letters("progress")]
    office.cancellations((A, 5_000, "2021-11-03 10:00:00"))
    office.prove(A, 5_000, time="2021-11-03T10:00:00+08:00")
    more = [one.to for one in office.letters("progress")][len(told) :]
    assert ("agent@x.example",) in more


def test_a_document_whose_version_was_made_another_application_comes_again(
    office: Office,
) -> None:
    number = office.apply(A, 3_000)
    data = office.reader.lay(form(A, 2_000))
    first = office.send(mail(A.email, data))
    decisions.reassign(office.desk, HEBEI, number, 1, None)
    decisions.withdraw(office.desk, HEBEI, number, 1, "企业撤回")
    again = office.send(mail(A.email, data))
    assert office.places(again) == ["duplicate"]
    assert office.events(number)["application-filed"] == 2
    assert [app.number for app in office.state(number).applications if app.live] == [2]
    with office.store.read() as tx:
        assert [one.application for one in tx.messages.placements(first)] == [2]


def test_a_version_is_made_one_of_another_application_that_is_there(office: Office) -> None:
    number = office.apply(A, 3_000)
    office.apply(A, 2_000)
    before = office.events(number)
    for wanted in (1, 9):
        with pytest.raises(WrongUse):
            decisions.reassign(office.desk, HEBEI, number, 1, wanted)
    assert office.events(number) == before
    decisions.reassign(office.desk, HEBEI, number, 1, None)
    decisions.reassign(office.desk, HEBEI, number, 1, 2)
    # The only application is number 2: a further one has a number of its own.
    office.apply(A, 1_000)
    decisions.reassign(office.desk, HEBEI, number, 2, None)
    assert [(app.number, app.version) for app in office.state(number).applications] == [
        (2, 2), (3, 1),
    ]  # fmt: skip


def test_the_same_mail_read_again_decides_once(office: Office) -> None:
    number = office.apply(A)
    said = Evidence("m1", "", 0, 1)
    first = decisions.return_(office.desk, HEBEI, number, 1, "盖章不清", evidence=said)
    again = decisions.return_(office.desk, HEBEI, number, 1, "盖章不清", evidence=said)
    assert again.text == first.text
    assert office.events(number)["returned"] == 1
    assert len(office.letters("return")) == 1
    other = Evidence("m2", "", 0, 1)
    with pytest.raises(Conflict):
        decisions.return_(office.desk, HEBEI, number, 1, "盖章不清", evidence=other)


def test_an_application_that_is_not_there_is_named(office: Office) -> None:
    number = office.apply(A)
    given: dict[str, tuple[str, ...]] = {
        "confirm": (), "return_": ("x",), "withdraw": ("x",), "correct": ("offset_t", "1"),
    }  # fmt: skip
    for action, more in given.items():
        with pytest.raises(ClerkError) as caught:
            getattr(decisions, action)(office.desk, HEBEI, number, 7, *more)
        assert "7" in caught.value.user_message, action
    assert office.events(number) == {"application-filed": 1}
