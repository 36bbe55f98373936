"""Edges of what is asked of the core: commands without a case, drafts that are lost, odd mails."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot import core
from bot.fake import FakeDoor as Talk
from bot.messages import Ask
from bot.references import OVERLAY, Reference
from casework import digests, tray
from casework.imports import import_registry
from procedure.errors import WrongUse
from store import Store, Tx
from store.errors import StoreBusy
from store.rows import Envelope, MailFacts
from tests.bot.house import HENGLAN, OPERATOR, WANG, House, house
from tests.bot.test_work import BOTH, MISREAD


@pytest.fixture
def office(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        made.stock(HENGLAN)
        yield made


@pytest.fixture
def unclear(office: House) -> str:
    return office.file(HENGLAN, offset_t=MISREAD)


@pytest.fixture
def lost(office: House) -> str:
    """A file of which nothing could be read; the number of its item."""
    return office.lose()


@pytest.mark.parametrize("word", ["确认", "更正"])
def test_a_command_without_its_case_leads_to_one(office: House, word: str) -> None:
    no = office.file(HENGLAN)
    talk = Talk(office.desk, WANG)
    assert no in talk.say(word).text
    assert no in talk.say(f"{word} 衡岚").text
    assert office.stage(no) == "submitted"


def test_an_amount_typed_wrongly_confirms_nothing(office: House) -> None:
    no = office.file(HENGLAN)
    talk = Talk(office.desk, WANG)
    talk.say(f"确认 {no}")
    said = talk.say(f"确认 {no} 是 4999")
    assert "您写的是 4999，而申请抵销量是 5,000 吨，因此没有确认。" in said.text
    assert office.stage(no) == "submitted"
    # Its prompt leads on all the same.
    talk.tap("确认 5,000 吨")
    assert office.stage(no) == "confirmed"


def test_a_field_that_no_form_has_is_told_with_those_that_it_has(
    office: House, unclear: str
) -> None:
    said = Talk(office.desk, WANG).say(f"更正 {unclear} 天气 晴")
    assert "没有找到“天气 晴”所指的栏目" in said.text
    assert any("申请抵销量" in one.label for row in said.buttons for one in row)


def test_a_draft_that_cannot_be_read_any_more_corrects_nothing(office: House, unclear: str) -> None:
    talk = Talk(office.desk, WANG)
    draft = talk.say(f"更正 {unclear} 申请抵销量 4200")
    correct = next(one for row in draft.buttons for one in row if one.label.startswith("更正"))
    talk.say("帮助")
    assert "原消息已读不到，未作任何改动" in talk.send(correct.reference).text
    assert office.events(unclear, "field-corrected") == 0


def test_a_binding_needs_its_code_and_is_made_once(office: House) -> None:
    assert "请连同邀请码一起发送" in Talk(office.desk, None, account="77").say("绑定").text
    assert "已绑定为王敏" in Talk(office.desk, WANG).say("bind ABCDE23456").text
    assert "私聊" in Talk(office.desk, None, "group", account="77").say("绑定 ABCDE23456").text


def test_an_office_without_cases_has_no_figures(office: House) -> None:
    said = Talk(office.desk, WANG).say("统计")
    assert "还没有案件" in said.text
    assert not said.files


def test_a_button_that_is_not_there_cannot_be_tapped(office: House) -> None:
    talk = Talk(office.desk, WANG)
    talk.say("帮助")
    with pytest.raises(WrongUse, match="no button"):
        talk.tap("确认")


def test_a_digest_is_looked_at_and_one_that_is_not_there_is_not(office: House) -> None:
    until = office.clock.to("2021-11-16 18:00")
    office.desk = replace(office.desk, province_mailboxes={"13": "hebei@province.example"})
    nothing = "账户名称,账号,项目编号,数量,操作类型,状态,完成时间\n".encode()
    assert import_registry(office.desk, "cancellations", nothing, "none.csv", until, "运维").ok
    digests.make_due(office.desk, until)
    talk = Talk(office.desk, WANG)
    listed = talk.say("汇总")
    button = next(one for row in listed.buttons for one in row if one.reference.startswith("f:"))
    shown = talk.send(button.reference)
    assert shown.files
    assert "hebei@province.example" in shown.text
    assert not talk.send("f::::1:").files


@pytest.fixture
def letter(office: House) -> str:
    """A mail without any file that nobody could place; the number of its item."""
    envelope = Envelope("smtp", "odd", "who@known.example", ("c@x.example",), office.clock.now())
    taken = office.desk.store.take(envelope, b"Subject: ?\r\n\r\n")
    facts = MailFacts("other", from_addr="who@known.example", subject="说明", text="请看这一句话。")
    with office.desk.store.write() as tx:
        tx.messages.describe(taken.message_id, facts)
        tx.tray.put(taken.message_id, "", "unplaced", "来信无法归类。", office.clock.now())
    return tray.listed(office.desk, OPERATOR)[0].item


def test_a_mail_without_files_can_be_read_and_set_aside_alone(office: House, letter: str) -> None:
    talk = Talk(office.desk, BOTH)
    shown = talk.say(f"待处理 {letter}")
    assert "　正文：请看这一句话。" in shown.text
    assert not shown.files
    assert [one.label for row in shown.buttons for one in row] == ["不予归入…"]
    assert f"第{letter}项没有可归入的文件" in talk.say(f"归入 {letter} CCER-2019-13-0001").text
    assert len(tray.listed(office.desk, OPERATOR)) == 1


@pytest.mark.parametrize("note", ["\u202e", "长" * 301])
def test_a_note_that_says_nothing_or_too_much_sets_nothing_aside(
    office: House, lost: str, note: str
) -> None:
    talk = Talk(office.desk, BOTH)
    assert "内容须为 1 至 300 字" in talk.say(f"不予归入 {lost} {note}").text
    assert len(tray.listed(office.desk, OPERATOR)) == 1


def test_a_reply_to_what_asked_for_nothing_is_a_message_of_its_own(
    office: House, lost: str
) -> None:
    talk = Talk(office.desk, BOTH)
    talk.say("待处理")
    assert "待处理 1 项" in talk.say("待处理", reply=True).text
    assert "没有看懂" in talk.say("广告", reply=True).text
    assert len(tray.listed(office.desk, OPERATOR)) == 1


def test_a_paper_without_pages_has_no_picture_of_them(office: House) -> None:
    no = office.file(HENGLAN)
    talk = Talk(office.desk, WANG)
    talk.say(f"案件 {no}")
    said = talk.send(str(Reference(OVERLAY, no, 1)))
    assert "没有页面图像" in said.text
    assert not said.files


class Locked(Store):
    """A database that can be read, and not written to for a while."""

    @contextmanager
    def write(self, *, beside: bool = False) -> Iterator[Tx]:
        raise StoreBusy("database is locked")
        yield


def test_a_door_that_tries_again_hears_that_the_database_is_busy(office: House) -> None:
    no = office.file(HENGLAN)
    desk = replace(office.desk, store=Locked(office.desk.store.engine, office.clock))
    ask = Ask("fake", "9", f"案件 {no}", "private", person=WANG)
    # Whoever waits is told so, and what to do; a door that comes again by itself is not.
    assert "下一步" in core.answer(desk, ask).text
    with pytest.raises(StoreBusy):
        core.answer(desk, ask, again=True)
    assert core.answer(office.desk, ask, again=True).text.startswith(no)
