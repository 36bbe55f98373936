"""Staff in chat, through python-telegram-bot and HTTP, on a real store and real casework."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from bot import texts
from bot.fake import FakeDoor
from casework import decisions, views
from store.rows import Person
from tests.bot.botapi import GROUP, BotApi
from tests.bot.house import (
    HENGLAN,
    JINYUE,
    LI,
    OPERATOR,
    WANG,
    House,
    Phone,
    house,
)
from tests.casework.made import Firm, read


def test_bind_with_a_code_that_works_once(office: House, api: BotApi) -> None:
    code = office.invite(WANG)
    newcomer, thief = Phone(api, 21), Phone(api, 22)
    assert "绑定" in newcomer.say("待办").text
    assert "王敏" in newcomer.say(f"绑定 {code.lower()}").text
    assert "没有等您处理的案件" in newcomer.say("/todo").text
    assert "无需再次绑定" in newcomer.say(f"/bind {code}").text
    assert "无效" in thief.say(f"/bind {code}").text
    assert "尚未绑定" in thief.say("/todo").text


def test_bind_needs_no_slash_in_private(office: House) -> None:
    code = office.invite(WANG)
    newcomer = FakeDoor(office.desk, account="21")
    for said in ("todo", "help", "case CCER-2019-13-0001"):
        assert newcomer.say(said).text == str(texts.NOT_BOUND)
    assert FakeDoor(office.desk, chat="group", account="21").say(f"bind {code}").text == ""
    assert "王敏" in newcomer.say(f"Bind {code.lower()}").text
    assert "没有等您处理的案件" in newcomer.say("todo").text


def test_whoever_is_not_bound_learns_nothing(office: House, api: BotApi) -> None:
    no = office.file(HENGLAN)
    stranger = Phone(api, 99)
    answers = {
        stranger.say(text).text
        for text in ("/help", f"/status {no}", f"/case {no}", f"确认 {no} 是", "你好", HENGLAN.name)
    }
    shown = Phone(api, 1).say(f"/case {no}")
    answers |= {stranger.send(shown, data).text for data in shown.buttons.values()} - {shown.text}
    assert len(answers) == 1
    assert HENGLAN.name not in answers.pop()
    assert office.stage(no) == "submitted"


@pytest.mark.parametrize("how", ["number", "lower", "full width", "uscc", "account", "part"])
def test_status_however_asked(office: House, api: BotApi, how: str) -> None:
    no = office.file(HENGLAN)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in no)
    asked = {
        "number": no,
        "lower": no.lower(),
        "full width": wide,
        "uscc": HENGLAN.uscc,
        "account": HENGLAN.account,
        "part": "衡岚热力",
    }[how]
    answer = Phone(api, 1).say(f"查询 {asked}").text
    assert no in answer
    assert HENGLAN.name in answer
    assert "待省级确认" in answer
    assert "下一步" in answer


def test_another_province_sees_nothing(office: House, api: BotApi) -> None:
    no = office.file(HENGLAN)
    zhao = Phone(api, 3)
    assert "没有找到" in zhao.say(f"/status {no}").text
    assert "没有找到" in zhao.say(f"查询 {HENGLAN.uscc}").text
    assert "没有找到" in zhao.say("/status 衡岚").text
    assert "没有等您处理的案件" in zhao.say("/todo").text
    foreign = zhao.say(f"/case {no}").text
    missing = zhao.say("/case CCER-2019-13-9999").text
    assert foreign == missing
    assert "权限" in zhao.say(f"确认 {no} 是").text
    assert "权限" in zhao.say(f"退回 {no} 不符合").text
    shown = Phone(api, 1).say(f"/confirm {no}")
    for data in shown.buttons.values():
        answer = zhao.send(shown, data)
        assert HENGLAN.name not in answer.text or answer.message_id == shown.message_id
    assert office.stage(no) == "submitted"


def test_confirm_shows_the_amount_acts_on_the_tap_and_only_once(office: House, api: BotApi) -> None:
    no = office.file(HENGLAN)
    wang = Phone(api, 1)
    prompt = wang.say(f"确认 {no}")
    assert "5,000 吨" in prompt.text
    assert office.stage(no) == "submitted"
    data = prompt.buttons["确认 5,000 吨"]
    done = wang.tap(prompt, "确认 5,000")
    assert done.message_id == prompt.message_id, "the prompt cannot be tapped again"
    assert office.stage(no) == "confirmed"
    again = wang.send(prompt, data)
    assert "王敏" in again.text
    assert "确认" in again.text
    assert office.events(no, "confirmed") == 1


def test_confirm_by_words(office: House, api: BotApi) -> None:
    no = office.file(HENGLAN)
    wang = Phone(api, 1)
    assert "没有确认" in wang.say(f"确认 {no} 是 4999").text
    assert office.stage(no) == "submitted"
    assert "下一步" in wang.say(f"确认 {no.lower()} 是 5,000 吨").text
    assert office.stage(no) == "confirmed"
    assert "王敏" in Phone(api, 2).say(f"确认 {no} 是").text
    assert office.events(no, "confirmed") == 1


def test_words_confirm_only_what_was_seen(office: House, api: BotApi) -> None:
    no = office.file(HENGLAN)
    wang = Phone(api, 1)
    asked = wang.say(f"确认 {no} 是")
    assert "尚未看过" in asked.text
    assert "确认 5,000 吨" in asked.buttons
    office.file(HENGLAN, 4_000)
    changed = wang.say(f"确认 {no} 是")
    assert "收到申请表" in changed.text
    assert "确认 4,000 吨" in changed.buttons
    assert office.stage(no) == "submitted"
    wang.say(f"确认 {no} 是")
    assert office.stage(no) == "confirmed"


def test_two_people_confirm_in_chat(tmp_path: Path) -> None:
    with house(tmp_path) as office:
        office.desk = replace(office.desk, two_person=frozenset({"confirm", "return"}))
        office.stock(HENGLAN)
        no = office.file(HENGLAN)
        wang = FakeDoor(office.desk, WANG)
        reviewer = FakeDoor(office.desk, replace(LI, role="reviewer"))
        asked = wang.say(f"确认 {no}")
        assert "两人" in asked.text
        assert "发出确认通知" not in asked.text
        assert "建议" in wang.tap("确认 5,000").text
        again = wang.say(f"确认 {no}")
        assert "须由提出人以外的复核人员核准" in again.text
        assert [one.label for row in again.buttons for one in row] == ["退回…", "取消"]
        assert "您已办理过" in wang.send(asked.buttons[0][0].reference).text
        assert office.stage(no) == "submitted"
        assert "王敏 建议确认" in reviewer.say("/todo").text
        assert "核准 王敏 的建议" in reviewer.say(f"确认 {no}").text
        # The reviewer rather returns it; the handler, who is none, cannot approve that.
        assert "核准后才发给申请单位" in reviewer.say(f"退回 {no} 盖章不清").text
        assert "建议" in reviewer.tap("退回").text
        waits = wang.say(f"/return {no}")
        assert "李强 于" in waits.text
        assert "须由提出人以外的复核人员核准" in waits.text
        assert [one.label for row in waits.buttons for one in row] == ["确认…", "取消"]
        wang.say(f"退回 {no} 盖章不清")
        assert "复核人员核准" in wang.tap("退回").text
        assert office.stage(no) == "submitted"
        second = FakeDoor(office.desk, Person("周复核", "reviewer", ("13",)))
        second.say(f"/return {no}")
        second.tap("按 李强 的建议退回")
        assert "已退回" in second.tap("退回").text
        assert office.stage(no) == "returned"
        history = views.case_view(office.desk, OPERATOR, no).history
        assert "李强 提出" in next(x.text for x in history if x.kind == "returned")


def test_findings_that_block_are_said_before(office: House, api: BotApi) -> None:
    no = office.file(HENGLAN, 6_000)
    wang = Phone(api, 1)
    prompt = wang.say(f"/confirm {no}")
    assert "offset-cap" in prompt.text
    assert "附件3 §1(1)" in prompt.text
    assert not any(label.startswith("确认") for label in prompt.buttons)
    wang.say(f"确认 {no} 是")
    assert office.stage(no) == "submitted"


def test_an_old_button_on_a_changed_case_refuses_and_says_why(office: House, api: BotApi) -> None:
    no = office.file(HENGLAN)
    wang = Phone(api, 1)
    prompt = wang.say(f"/confirm {no}")
    decisions.correct(office.desk, LI, no, 1, "amount_t", "4,800 吨", 0)
    decisions.correct(office.desk, LI, no, 1, "offset_t", "4,800 吨")
    refused = wang.tap(prompt, "确认 5,000")
    assert "有变化" in refused.text
    assert "李强" in refused.text
    assert office.stage(no) == "submitted"
    again = wang.tap(refused, "确认")
    assert "4,800 吨" in again.text
    wang.tap(again, "确认 4,800")
    assert office.stage(no) == "confirmed"


def test_a_new_version_makes_old_buttons_refuse(office: House, api: BotApi) -> None:
    no = office.file(HENGLAN)
    wang = Phone(api, 1)
    prompt = wang.say(f"/confirm {no}")
    assert office.file(HENGLAN, 4_000) == no
    assert "第2版" in wang.tap(prompt, "确认 5,000").text
    assert office.stage(no) == "submitted"


def test_two_at_once_the_second_is_told_who_was_first(office: House, api: BotApi) -> None:
    no = office.file(HENGLAN)
    wang, li = Phone(api, 1), Phone(api, 2)
    prompts = [wang.say(f"/confirm {no}"), li.say(f"/confirm {no}")]
    with ThreadPoolExecutor(2) as both:
        jobs = [
            both.submit(phone.tap, prompt, "确认 5,000")
            for phone, prompt in zip((wang, li), prompts, strict=True)
        ]
        answers = [job.result().text for job in jobs]
    assert office.events(no, "confirmed") == 1
    second = [text for text in answers if not text.startswith("已确认")]
    assert len(second) == 1
    assert "王敏" in second[0] or "李强" in second[0]


def test_return_with_a_finding_picked(office: House, api: BotApi) -> None:
    no = office.file(HENGLAN, 6_000)
    wang = Phone(api, 1)
    asked = wang.say(f"/return {no}")
    draft = wang.tap(asked, "以第1项退回")
    assert "退回原因" in draft.text
    assert office.stage(no) == "submitted"
    done = wang.tap(draft, "退回")
    assert "下一步" in done.text
    assert office.stage(no) == "returned"
    assert office.events(no, "returned") == 1


def test_return_with_a_reason_in_reply_and_cancelled_first(office: House, api: BotApi) -> None:
    no = office.file(HENGLAN)
    wang = Phone(api, 1)
    asked = wang.say(f"退回 {no}")
    draft = wang.say("公章不清晰（第1页），请重新加盖。", reply_to=asked)
    assert "公章不清晰（第1页），请重新加盖。" in draft.text
    assert "未作任何改动" in wang.tap(draft, "取消").text
    assert office.stage(no) == "submitted"
    draft = wang.say(f"退回 {no} 原因：公章不清晰。\n请重新加盖 <公章>。")
    wang.tap(draft, "退回")
    assert office.stage(no) == "returned"
    shown = Phone(api, 2).say(f"/case {no}").text
    assert "公章不清晰。 请重新加盖 <公章>。" in shown


def test_a_draft_that_a_person_wrote_is_none(office: House, api: BotApi) -> None:
    """Only the bot's own message is read back: anybody else's could say anything."""
    no = office.file(HENGLAN)
    wang = Phone(api, 1)
    draft = wang.say(f"退回 {no} 缺公章")
    forged = draft.text.replace("缺公章", "另一原因")
    api.queue(
        {
            "callback_query": {
                "id": "forged",
                "from": {"id": 1, "is_bot": False, "first_name": "x"},
                "chat_instance": "1",
                "data": draft.buttons["退回"],
                "message": {
                    "message_id": 7777,
                    "date": 1635730000,
                    "chat": {"id": 1, "type": "private", "first_name": "x"},
                    "from": {"id": 1, "is_bot": False, "first_name": "x"},
                    "text": forged,
                },
            }
        }
    )
    api.wait(lambda: [one for one in api.to(1) if "未作任何改动" in one.text])
    assert office.stage(no) == "submitted"


def test_an_auditor_looks_and_decides_nothing(office: House, api: BotApi) -> None:
    no = office.file(HENGLAN)
    sun = Phone(api, 4)
    shown = sun.say(f"/case {no}")
    assert HENGLAN.name in shown.text
    assert not any(label.startswith(("确认", "退回")) for label in shown.buttons)
    assert "权限" in sun.say(f"确认 {no} 是").text
    assert "权限" in sun.say(f"/return {no} 试试").text
    assert office.stage(no) == "submitted"


def test_in_a_group_only_numbers_and_stages(office: House, api: BotApi) -> None:
    no = office.file(HENGLAN)
    wang = Phone(api, 1)
    for text in (f"/status@ccer_test_bot {no}", "/todo", f"/case {no}"):
        answer = wang.say(text, in_chat=GROUP).text
        assert no in answer
        assert "待省级确认" in answer
        for secret in (HENGLAN.name, HENGLAN.uscc, HENGLAN.account, "5,000"):
            assert secret not in answer
    assert "私聊" in wang.say(f"/confirm {no} 是", in_chat=GROUP).text
    assert "私聊" in Phone(api, 77).say("/bind ABCDEFGHJKLM", in_chat=GROUP).text
    assert office.stage(no) == "submitted"
    before = len(api.to(GROUP))
    api.say(1, "确认一下时间", in_chat=GROUP)
    api.say(1, "/todo@another_bot", in_chat=GROUP)
    wang.say("/help")
    assert len(api.to(GROUP)) == before


def test_the_same_update_twice_acts_once(office: House, api: BotApi) -> None:
    no = office.file(HENGLAN)
    wang = Phone(api, 1)
    update = {
        "message": {
            "message_id": 400,
            "date": 1635730000,
            "chat": {"id": 1, "type": "private", "first_name": "x"},
            "from": {"id": 1, "is_bot": False, "first_name": "x"},
            "text": f"确认 {no} 是",
        },
    }
    known = wang.say("/help").text
    wang.say(f"/case {no}")
    api.queue(update, times=2)
    api.say(1, "/help")
    api.wait(lambda: sum(one.text == known for one in wang.answers()) == 2)
    # What is typed is answered in its order: all of the update's answers stand before the second.
    assert len(wang.answers()) == 4, "one answer to the update, one to each other message"
    assert office.events(no, "confirmed") == 1


def test_a_flood_limit_delays_the_answer_and_nothing_else(office: House, api: BotApi) -> None:
    no = office.file(HENGLAN)
    api.wait(lambda: api.to(1))
    wang = Phone(api, 1)
    wang.say(f"/case {no}")
    api.floods[1] = [1]
    started = time.monotonic()
    api.say(1, f"确认 {no} 是")
    assert "没有等您处理的案件" in Phone(api, 3).say("待办").text
    api.wait(lambda: len(wang.answers()) == 2)
    assert time.monotonic() - started >= 1
    assert office.events(no, "confirmed") == 1


def test_network_loss_is_survived(office: House, api: BotApi) -> None:
    wang = Phone(api, 1)
    wang.say("/help")
    api.down = True
    with api.changed:
        api.changed.notify_all()
    time.sleep(1)
    api.down = False
    assert "没有等您处理的案件" in wang.say("待办").text


def test_names_that_break_markup_are_shown_as_they_are(office: House, api: BotApi) -> None:
    odd = Firm(3, "河北<b>_星*号[甲](乙)`{case_no}有限公司", "13", "河北省", 100_000)
    office.stock(HENGLAN, JINYUE, odd)
    no = office.file(odd)
    assert odd.name in Phone(api, 1).say(f"/case {no}").text


def test_unread_fields_wait_for_a_person(office: House, api: BotApi) -> None:
    no = office.file(HENGLAN, offset_t=read(None, "5,0?0"))
    wang = Phone(api, 1)
    assert "数量未识读" in wang.say("/todo").text
    prompt = wang.say(f"/confirm {no}")
    assert "申请抵销量" in prompt.text
    assert not any(label.startswith("确认") for label in prompt.buttons)


def test_the_original_is_sent_as_it_came(office: House, api: BotApi) -> None:
    no = office.file(HENGLAN)
    wang = Phone(api, 1)
    wang.tap(wang.say(f"/case {no}"), "第1份原件")
    file = api.wait(lambda: next((one for one in api.to(1) if one.document), None))
    assert file.document[1] == b"document 0"


def test_todo_in_pages(office: House, api: BotApi) -> None:
    firms = [Firm(n, f"河北第{n}热力有限公司") for n in range(10, 20)]
    office.stock(HENGLAN, *firms)
    numbers = []
    for firm in firms:
        office.clock.step(minutes=1)
        numbers.append(office.file(firm))
    wang = Phone(api, 1)
    first = wang.say("待办")
    assert "待办 10 项" in first.text
    second = wang.tap(first, "下一页")
    shown = [no for no in numbers if no in first.text], [no for no in numbers if no in second.text]
    assert shown == (numbers[:8], numbers[8:]), "oldest first"
    back = wang.tap(second, "上一页")
    assert [no for no in numbers if no in back.text] == numbers[:8]
    assert "上一页" not in back.buttons
    assert wang.say("待办 2").text == second.text
    assert wang.say("待办 3").text == first.text, "there is none: the list begins anew"
