"""What a tired person does: taps twice, answers the last message, mends a draft, mistypes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import bymail, notices
from bot.choices import Choices
from bot.fake import FakeDoor as Talk
from bot.messages import Reply
from casework import people, views
from clerk.drawing.invent import credit_code
from procedure.facts import TaskItem
from procedure.readings import Reading
from store.rows import Person
from tests.bot.house import HENGLAN, LI, OPERATOR, WANG, House, house
from tests.casework.made import Firm

AUDITOR = Person("孙静", "auditor")
MANY = [Firm(n, f"河北第{n}热力有限公司") for n in range(10, 22)]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        made.stock(HENGLAN, *MANY)
        yield made


def labels(reply: Reply) -> list[str]:
    return [one.label for row in reply.buttons for one in row]


def test_what_one_did_otherwise_is_named_and_not_taken_for_the_tap(office: House) -> None:
    no = office.file(HENGLAN)
    wang = Talk(office.desk, WANG)
    prompt = wang.say(f"确认 {no}")
    wang.say(f"更正 {no} 申请抵销量 4200")
    assert "已更正" in wang.tap("更正").text
    stale = wang.send(prompt.buttons[0][0].reference)
    assert stale.text.startswith("您已办理过下列事项，本次点按未再作任何改动：\n")
    assert "更正" in stale.text.splitlines()[1]
    assert "确认…" in labels(stale)
    assert office.events(no, "confirmed") == 0


def test_a_repeated_tap_says_that_it_is_done(office: House) -> None:
    no = office.file(HENGLAN)
    wang, li = Talk(office.desk, WANG), Talk(office.desk, LI)
    prompt = wang.say(f"确认 {no}")
    li.say(f"确认 {no}")
    assert "已确认" in wang.tap("确认").text
    again = wang.send(prompt.buttons[0][0].reference)
    assert again.text.startswith("您已办理过")
    assert "王敏：省级确认：5,000 吨" in again.text
    assert "核对" not in again.text
    assert labels(again) == [no]
    # Whoever is second is told who was first.
    assert li.tap("确认").text.startswith("按钮对应的案件已有变化")
    assert office.events(no, "confirmed") == 1


def test_a_bad_answer_is_asked_for_again_where_it_was_given(office: House) -> None:
    no = office.file(HENGLAN)
    wang = Talk(office.desk, WANG)
    wang.say(f"更正 {no} 申请抵销量")
    for bad in ("六千", "x" * 201):
        said = wang.say(bad, reply=True)
        assert "下一步：回复本消息重新填写" in said.text
        assert said.wants_answer
    assert "更正为：\n38,000 吨\n" in wang.say("3.8万吨", reply=True).text
    wang.say(f"退回 {no}")
    assert "500 字以内" in wang.say("长" * 501, reply=True).text
    assert "退回原因：\n缺公章\n" in wang.say("缺公章", reply=True).text


def test_a_draft_is_mended_by_answering_it(office: House) -> None:
    no = office.file(HENGLAN, 6_000)
    wang = Talk(office.desk, WANG)
    wang.say(f"退回 {no}")
    draft = wang.tap("以第1项")
    assert "要改原因，回复本消息写明" in draft.text
    assert draft.wants_answer
    wang.say("数量请改到 5,000 吨以内", reply=True)
    assert "已退回" in wang.tap("退回").text
    assert "数量请改到 5,000 吨以内" in wang.say(f"案件 {no}").text


def test_without_buttons_words_below_a_draft_answer_it() -> None:
    choices = Choices()
    reply = Reply("请核对后退回", wants_answer=True)
    choices.spoken("wang", reply)
    assert choices.ask("wecom", "wang", "另一个原因", "private").quoted == "请核对后退回"


class Sound(Firm):
    """A firm whose code no rule finds fault with."""

    @property
    def uscc(self) -> str:
        return credit_code("13", 500_000 + self.number)


def test_where_nothing_can_be_picked_nothing_is_to_be_tapped(office: House) -> None:
    firm = Sound(50, "河北无瑕热力有限公司")
    office.stock(HENGLAN, firm)
    no = office.file(firm)
    wang = Talk(office.desk, WANG)
    prompt = wang.say(f"退回 {no}")
    assert prompt.text.count("点按") == 0
    assert "直接回复本消息写明原因" in prompt.text
    assert prompt.buttons == ()
    # What stands there and is sure is no choice.
    question = wang.say(f"更正 {no} 申请抵销量")
    assert question.text.count("点按") == 0
    assert labels(question) == ["取消"]


@pytest.mark.parametrize(
    ("said", "field"),
    [("应清缴量", "应清缴配额总量"), ("抵销量", "申请抵销量"), ("企业名称", "单位名称"),
     ("账号", "一般持有账户"), ("offset_t", "申请抵销量"), ("第1行抵销量", "第1行抵销量")],
)  # fmt: skip
def test_a_field_is_known_by_what_people_call_it(office: House, said: str, field: str) -> None:
    no = office.file(HENGLAN)
    assert f"的“{field}”" in Talk(office.desk, WANG).say(f"更正 {no} {said}").text


def test_who_decides_nothing_is_not_told_to(office: House) -> None:
    no = office.file(HENGLAN)
    auditor = Talk(office.desk, AUDITOR)
    auditor.say(f"案件 {no}")
    said = auditor.tap("第1份印章")
    assert "核对后可" not in said.text
    assert "下一步：请省级" in said.text
    assert not said.buttons
    assert "待办" not in auditor.say(f"确认 {no}").text
    assert "下一步：发送“查询 企业名称”" in auditor.say("统计").text
    assert "下一步：发送“查询 企业名称”" in auditor.say("期限").text
    code = people.invite(office.desk, OPERATOR, "审计", "auditor", ())
    stranger = Talk(office.desk, account="77")
    assert "私聊中发送" in stranger.say("你好").text
    assert "下一步：发送“查询 企业名称”" in stranger.say(f"绑定 {code}").text


def test_from_the_paper_the_way_leads_on(office: House) -> None:
    no = office.file(HENGLAN)
    wang = Talk(office.desk, WANG)
    wang.say(f"案件 {no}")
    said = wang.tap("第1份印章")
    assert "没有可显示的印章图像，请查看原件" in said.text
    assert labels(said) == ["确认…", "退回…", "更正…"]
    wang.tap("确认…")
    assert "已确认" in wang.tap("确认 5,000").text


def test_many_notices_are_one_message_that_names_what_no_list_has(office: House) -> None:
    office.bind(WANG, 1)
    for firm in MANY[:8]:
        office.file(firm)
    notices.plan(office.desk, "telegram", {})
    with office.desk.store.write() as tx:
        tx.notices.intend(
            "bounce:1", WANG.name, "信函被退回：a@b.example。\n下一步：核对地址。", ""
        )
    (one,) = notices.due(office.desk, "telegram")
    lines = one.reply.text.splitlines()
    assert lines[0] == "有 9 项新的提醒："
    assert sum(line.startswith("· CCER-") for line in lines) == notices.NAMED
    assert "· 信函被退回：a@b.example。" in lines
    assert "另有 3 件待办。" in lines
    assert one.reply.text.count("下一步") == 1
    assert len(one.keys) == 9


def test_a_list_by_mail_has_all_its_pages(office: House) -> None:
    numbers = [office.file(firm) for firm in MANY[:10]]
    said = "\n".join(bymail.look(office.desk, WANG, "待办"))
    assert all(f"{place}. {no} " in said for place, no in enumerate(numbers, 1))
    assert "下一页" not in said


def test_a_province_is_found_by_its_name_in_the_language_spoken(office: House) -> None:
    office.desk = replace(office.desk, chat_locale="en")
    wang = Talk(office.desk, WANG)
    assert labels(wang.say("/digest Hebei")) == [
        "Preview Hebei weekly summary", "Preview Hebei daily records",
    ]  # fmt: skip
    assert "No province is called" in wang.say("/digest Atlantis").text


def test_by_mail_what_was_not_read_can_be_returned(office: House) -> None:
    no = office.file(HENGLAN, offset_t=Reading(None, "7?", 0.3))
    card = views.case_view(office.desk, WANG, no).applications[0]
    seq = views.case_view(office.desk, WANG, no).last_seq
    item = TaskItem(no, 1, card.version, seq, HENGLAN.name, "", office.desk.now())
    (said,) = bymail.act(office.desk, WANG, [item], "确认", "m1")
    assert "尚待人工识读" in said
    assert "可回复“退回”加原因" in said


def test_a_term_of_today_says_so_and_a_preview_shows_its_chart(office: House) -> None:
    office.file(HENGLAN)
    office.clock.to("2021-12-10 10:00")
    wang = Talk(office.desk, WANG)
    assert "2021-12-10（今天）" in wang.say("期限").text
    assert "发送“汇总 省份”" in wang.say("汇总").text
    wang.say("汇总 河北")
    shown = {one.type: one.picture for one in wang.tap("预览河北省周汇总").files}
    assert shown["image/png"]
    assert not shown["text/csv"]
