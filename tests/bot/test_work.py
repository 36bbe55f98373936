"""Correcting, finding, the tray, digests, deadlines, figures, quiet hours: asked of the core."""

import io
from dataclasses import replace

import pytest
from PIL import Image

from bot import notices
from bot.fake import FakeDoor as Talk
from casework import decisions, tray, views
from procedure.readings import Reading
from store.rows import Person
from tests.bot.house import HENGLAN, LI, OPERATOR, WANG, ZHAO, House

MISREAD = Reading(None, "6,I82", 0.4, page=1, box=(0.1, 0.1, 0.5, 0.2), candidates=("6,182 吨",))


@pytest.fixture
def unclear(office: House) -> str:
    return office.file(HENGLAN, offset_t=MISREAD)


def test_a_field_is_picked_read_off_and_corrected(office: House, unclear: str) -> None:
    talk = Talk(office.desk, WANG)
    fields = talk.say(f"更正 {unclear}")
    assert "? 申请抵销量" in fields.text
    question = talk.tap("申请抵销量")
    assert question.wants_answer
    draft = talk.tap("6,182 吨")
    assert "更正为：\n6,182 吨\n" in draft.text
    done = talk.tap("更正")
    assert "已更正为 6,182 吨" in done.text
    card = views.case_view(office.desk, WANG, unclear).applications[0]
    assert card.values["offset_t"] == 6182
    assert card.stage == "submitted"


def test_a_value_is_typed_in_reply_or_at_once(office: House, unclear: str) -> None:
    talk = Talk(office.desk, WANG)
    talk.say(f"更正 {unclear} 申请抵销量")
    assert "更正为：\n4,200 吨\n" in talk.say("4200", reply=True).text
    assert "已更正为 4,200 吨" in talk.tap("更正").text
    assert "更正为：\n4,300 吨\n" in talk.say(f"更正{unclear} 申请抵销量 4300").text
    assert "4,300" in talk.tap("更正").text
    assert office.events(unclear, "field-corrected") == 2


def test_a_correction_draft_acts_once_and_not_on_a_changed_case(
    office: House, unclear: str
) -> None:
    first, second = Talk(office.desk, WANG), Talk(office.desk, LI)
    first.say(f"更正 {unclear} 申请抵销量 4200")
    second.say(f"更正 {unclear} 申请抵销量 5300")
    draft = first.last
    assert "已更正" in first.tap("更正").text
    first.last = draft
    assert "您已办理过" in first.tap("更正").text
    refused = second.tap("更正")
    assert "已有变化" in refused.text
    assert "王敏" in refused.text
    assert office.events(unclear, "field-corrected") == 1


def test_a_paper_that_speaks_like_a_draft_changes_no_value(office: House) -> None:
    """The name on the form ends with the draft's own heading."""
    tricky = replace(HENGLAN, name="河北衡岚热力有限公司更正为：")
    case_no = office.file(tricky)
    talk = Talk(office.desk, WANG)
    talk.say(f"更正 {case_no} 单位名称 河北衡岚热力有限公司")
    assert "已更正为 河北衡岚热力有限公司。" in talk.tap("更正").text


@pytest.mark.parametrize("value", ["不是数字", "1.5吨", "-3", "x" * 300, "〔更正 1〕"])
def test_a_bad_value_changes_nothing(office: House, unclear: str, value: str) -> None:
    talk = Talk(office.desk, WANG)
    if talk.say(f"更正 {unclear} 申请抵销量 {value}").buttons:
        talk.tap("更正")
    assert office.events(unclear, "field-corrected") == 0


@pytest.mark.parametrize("typed", ["hbhl", "HB HL", "河北恒岚热力", "衡兰热力有限公司", "衡兰热"])
def test_names_are_found_by_initials_and_with_a_wrong_character(office: House, typed: str) -> None:
    case_no = office.file(HENGLAN)
    assert case_no in Talk(office.desk, WANG).say(f"查找 {typed}").text
    assert case_no not in Talk(office.desk, ZHAO).say(f"查找 {typed}").text


def test_the_figures_come_with_a_chart(office: House) -> None:
    office.file(HENGLAN)
    reply = Talk(office.desk, WANG).say("统计")
    assert "案件 1 个" in reply.text
    image = Image.open(io.BytesIO(reply.files[0].data))
    assert image.width == 900
    colours = image.getcolors(maxcolors=100_000)
    assert colours is not None
    assert len(colours) > 2


def test_the_terms_say_what_is_left(office: House) -> None:
    text = Talk(office.desk, WANG).say("期限").text
    assert "2021-12-15 17:00（还有 30 个工作日）" in text
    assert "2021-12-10" in text
    office.clock.to("2021-12-15 17:00")
    assert "2021-12-15 17:00（已过）" in Talk(office.desk, WANG).say("期限").text


def test_digests_are_listed_with_their_delivery_and_previewed(office: House) -> None:
    office.file(HENGLAN)
    talk = Talk(office.desk, WANG)
    assert "还没有汇总" in talk.say("汇总").text
    shown = talk.tap("预览河北省周汇总")
    assert "未保存也未发送" in shown.text
    assert shown.files
    assert not [b for row in talk.say("汇总").buttons for b in row if "山西" in b.label]


def test_quiet_hours_hold_notices_back_and_lose_none(office: House) -> None:
    Talk(office.desk, WANG).say("静音 08:00-10:00")
    office.file(HENGLAN)
    notices.plan(office.desk, "telegram", {})
    assert {one.channel_user for one in notices.due(office.desk, "telegram")} == {"2"}
    office.clock.to("2021-11-03 10:00")
    assert {one.channel_user for one in notices.due(office.desk, "telegram")} == {"1", "2"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("静音 22:00-07:30", "每天 22:00 至 07:30"),
        ("免打扰 22点", "下一步：发送“静音"),
        ("静音 2小时", "2021-11-03 11:00 前不提醒"),
        ("静音 99天", "最长 31 天"),
        ("静音 25:00-26:00", "下一步：发送“静音"),
        ("静音 关", "随时提醒"),
    ],
)
def test_mute(office: House, typed: str, said: str) -> None:
    assert said in Talk(office.desk, WANG).say(typed).text


def test_an_account_that_guesses_codes_is_locked_for_an_hour(office: House) -> None:
    code = office.invite(replace(WANG, name="周新"))
    stranger = Talk(office.desk, None, account="77")
    for _ in range(5):
        assert "邀请码无效" in stranger.say("绑定 AAAA").text
    assert "已锁定至 2021-11-03 10:00" in stranger.say(f"绑定 {code}").text
    office.clock.to("2021-11-03 10:00")
    assert "绑定成功" in stranger.say(f"绑定 {code}").text


@pytest.fixture
def lost(office: House) -> str:
    """A sealed screenshot of which nothing could be read; the number of its item."""
    return office.lose()


BOTH = Person("周全", "handler", ("13", "14"))


def test_an_item_of_the_tray_is_filed_once(office: House, lost: str) -> None:
    case_no = office.file(HENGLAN)
    talk, other = Talk(office.desk, BOTH), Talk(office.desk, replace(BOTH, name="吴双"))
    assert "待处理 1 项" in talk.say("待处理").text
    assert talk.tap(f"第{lost}项").files
    assert talk.tap("归入").wants_answer
    said = talk.say(case_no.lower(), reply=True).text
    # Whose it is, for a slip in the number to be seen before anybody is told.
    assert f"\n单位：{HENGLAN.name}\n归入案件或单位：\n{case_no}\n" in said
    other.last = talk.last
    assert f"归入 {case_no}" in talk.tap("作为注销截图归入").text
    assert "已由 周全 处理" in other.tap("作为注销截图归入").text
    assert office.events(case_no, "proof-filed") == 1
    assert "没有等您处理的来件" in talk.say("/tray").text


def test_an_item_goes_to_no_case_that_is_not_there(office: House, lost: str) -> None:
    talk = Talk(office.desk, BOTH)
    refused = talk.say(f"归入 {lost} CCER-2019-13-9999").text
    assert "没有编号为 CCER-2019-13-9999 的案件" in refused
    assert "未作任何改动" in refused
    assert len(tray.listed(office.desk, OPERATOR)) == 1


def test_an_item_is_set_aside_with_a_note(office: House, lost: str) -> None:
    talk = Talk(office.desk, BOTH)
    talk.say("待处理")
    talk.tap(f"第{lost}项")
    talk.tap("不予归入")
    assert "处理说明：\n广告\n" in talk.say("广告", reply=True).text
    draft = talk.last
    assert "已了结" in talk.tap("不予归入").text
    talk.last = draft
    assert "已由 周全 处理" in talk.tap("不予归入").text
    assert tray.listed(office.desk, OPERATOR) == []


def test_staff_of_one_province_see_no_tray_of_several(office: House, lost: str) -> None:
    for text in ("待处理", f"待处理 {lost}", f"归入 {lost} X", f"不予归入 {lost} 无关"):
        assert "系统管理员" in Talk(office.desk, WANG).say(text).text


@pytest.mark.parametrize(
    "typed", [HENGLAN.account, "衡岚热力", HENGLAN.uscc, f"case {HENGLAN.name}"]
)
def test_what_stands_alone_is_a_question_about_it(office: House, typed: str) -> None:
    no = office.file(HENGLAN)
    assert no in Talk(office.desk, WANG).say(typed).text
    assert no not in Talk(office.desk, ZHAO).say(typed).text


@pytest.mark.parametrize("typed", ["find hbhl", "status 衡岚", "FIND 衡岚"])
def test_an_english_word_needs_no_slash_in_private(office: House, typed: str) -> None:
    no = office.file(HENGLAN)
    assert no in Talk(office.desk, WANG).say(typed).text
    assert Talk(office.desk, WANG, chat="group").say(typed).text == ""


@pytest.mark.parametrize(
    "typed",
    ["更正 {no} 申请抵销量 abc", "待处理 99", "汇总 火星", "确认 CCER-2019-13-9999", "你好"],
)
def test_every_message_says_what_happens_next(office: House, typed: str) -> None:
    no = office.file(HENGLAN)
    said = Talk(office.desk, replace(WANG, provinces=("13", "14"))).say(typed.format(no=no)).text
    assert "下一步" in said or "发送“" in said, said


def test_what_blocks_a_confirmation_is_one_tap_from_its_correction(
    office: House, unclear: str
) -> None:
    talk = Talk(office.desk, WANG)
    assert "目前不能确认" in talk.say(f"确认 {unclear}").text
    assert "? 申请抵销量" in talk.tap("更正…").text


def test_ncsc_is_told_of_a_province_that_is_none_and_that_it_decides_nothing(office: House) -> None:
    talk = Talk(office.desk, Person("赵示例", "ncsc"))
    said = talk.say("汇总 火星").text
    assert "没有名为“火星”的省份" in said
    assert "下一步" in said
    assert "您的角色不办理案件" in talk.say("待办").text


def test_who_confirms_after_the_deadline_is_told_that_it_has_passed(office: House) -> None:
    number = office.file(HENGLAN)
    office.clock.to("2021-12-15 17:00")
    talk = Talk(office.desk, WANG)
    assert "自愿注销截止时间 2021-12-15 17:00 已过" in talk.say(f"确认 {number}").text
    done = talk.tap("确认 5,000 吨").text
    assert "已按时注销" in done
    assert "应在" not in done


def test_a_code_that_went_astray_is_void_once_there_is_another(office: House) -> None:
    astray, good = office.invite(WANG), office.invite(WANG)
    thief = Talk(office.desk, account="31").say(f"绑定 {astray}").text
    assert "无效" in thief
    assert "从系统管理员处得到新的邀请码" in thief
    assert "待办" not in thief
    assert "王敏" in Talk(office.desk, account="32").say(f"绑定 {good}").text


def test_the_paper_can_be_looked_at_once_all_is_decided(office: House) -> None:
    number = office.file(HENGLAN)
    decisions.confirm(office.desk, replace(LI, role="reviewer"), number, 1)
    talk = Talk(office.desk, Person("孙静", "auditor"))
    talk.say(f"案件 {number}")
    said = talk.tap("第1份原件")
    assert said.files
    # An auditor decides nothing, and here nothing is left to decide.
    assert "可确认或退回" not in said.text
    assert "下一步" in said.text
