"""Notices to staff, and a restart of the bot between two steps of a dialogue."""

import asyncio
import threading
import time
from pathlib import Path

import pytest

from bot import notices
from bot.messages import Reply
from bot.noticing import Noticing
from casework import decisions, habits
from casework.desk import Desk
from tests.bot.botapi import BotApi, serving
from tests.bot.house import HENGLAN, JINYUE, WANG, ZHAO, House, Phone, bot, bot_at, house, make_desk
from tests.casework.made import Firm, read


def test_notices_reach_who_is_bound_once(office: House, api: BotApi) -> None:
    with office.desk.store.write() as tx:
        for _ in range(2):
            tx.notices.intend("test:1", WANG.name, "测试通知", "")
        tx.notices.intend("test:2", "无账号者", "无人接收", "")
    api.wait(lambda: [one for one in api.to(1) if one.text == "测试通知"])
    Phone(api, 1).say("/help")
    time.sleep(0.5)
    assert sum(one.text == "测试通知" for one in api.to(1)) == 1
    assert not any("无人接收" in one.text for one in api.sent)


def test_a_notice_said_while_the_store_is_read_is_not_said_again(
    office: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two were seen of one on a machine with much to do: what was read was older than the task."""
    with office.desk.store.write() as tx:
        tx.notices.intend("test:1", WANG.name, "测试通知", "")
    told: list[str] = []
    read, settled, looks = threading.Event(), threading.Event(), iter(range(100))
    due, sent = notices.due, notices.sent

    def late(desk: Desk, channel: str) -> list[notices.Notice]:
        found = due(desk, channel)
        if next(looks) == 1:
            read.set()
            assert settled.wait(30)
        return found

    def marked(desk: Desk, notice: notices.Notice) -> None:
        sent(desk, notice)
        settled.set()

    async def send(_account: str, reply: Reply) -> bool:
        told.append(reply.text)
        await asyncio.to_thread(read.wait, 30)
        return True

    async def work() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(Noticing(office.desk, "telegram", send, 0.01).run(stop))
        await asyncio.to_thread(settled.wait, 60)
        await asyncio.sleep(0.3)
        stop.set()
        await running

    monkeypatch.setattr(notices, "due", late)
    monkeypatch.setattr(notices, "sent", marked)
    asyncio.run(work())
    assert told == ["测试通知"]


def test_new_applications_are_told_to_their_province_once(office: House) -> None:
    no = office.file(HENGLAN)
    api = BotApi()
    with serving(api) as url:
        for _ in range(2):
            with bot_at(office.desk, url):
                api.wait(lambda: api.to(1) and api.to(2))
                time.sleep(0.3)
    assert [len(api.to(who)) for who in (1, 2, 3, 4)] == [1, 1, 0, 0]
    notice = api.to(1)[0]
    assert no in notice.text
    assert "下一步" in notice.text
    with serving(api) as url, bot_at(office.desk, url):
        assert HENGLAN.name in Phone(api, 1).tap(notice, no).text
        assert office.file(HENGLAN, 4_000) == no
        decisions.return_(office.desk, WANG, no, 1, "缺公章")
        office.clock.step(minutes=1)
        office.file(HENGLAN, 3_000)
        api.wait(lambda: len([one for one in api.to(2) if no in one.text]) >= 2)


def test_many_notices_at_a_time_come_as_one(office: House) -> None:
    firms = [Firm(n, f"河北第{n}热力有限公司") for n in range(10, 16)]
    office.stock(HENGLAN, *firms)
    for firm in firms:
        office.file(firm)
    with bot(office.desk) as api:
        notice = api.wait(lambda: api.to(1))[0]
        assert "6 项" in notice.text
        assert "待办 6 项" in Phone(api, 1).tap(notice, "待办").text
    assert len(Phone(api, 1).answers()) == 1


def test_a_restart_in_mid_dialogue_loses_nothing(office: House) -> None:
    no = office.file(HENGLAN)
    api = BotApi()
    wang = Phone(api, 1)
    with serving(api) as url:
        with bot_at(office.desk, url):
            asked = wang.say(f"/return {no}")
        again = make_desk(office.folder, office.clock, office.url)
        with bot_at(again, url):
            draft = wang.say("缺少公章", reply_to=asked)
        with bot_at(office.desk, url):
            wang.tap(draft, "退回")
        again.store.close()
    assert office.stage(no) == "returned"
    assert office.events(no, "returned") == 1


def test_later_passes_look_only_at_what_happened_since(tmp_path: Path) -> None:
    """And leave nothing out: the same rows as a pass that looks at everything."""
    with house(tmp_path) as office:
        office.stock(HENGLAN, JINYUE)
        office.bind(WANG, 1)
        planned: notices.Planned = {}
        notices.plan(office.desk, "telegram", planned)
        first = office.file(HENGLAN)
        office.file(JINYUE)
        notices.plan(office.desk, "telegram", planned)
        notices.plan(office.desk, "telegram", planned)
        office.bind(ZHAO, 3)
        notices.plan(office.desk, "telegram", planned)
        with office.desk.store.read() as tx:
            told = {row.person: row.case_no for row, _ in tx.notices.pending("telegram")}
        assert told[WANG.name] == first
        assert set(told) == {WANG.name, ZHAO.name}
        assert len(told) == 2


def test_a_new_version_is_told_once_and_says_what_changed(tmp_path: Path) -> None:
    """While it waits, and when it comes back after a return: never beside "it waits"."""
    with house(tmp_path) as office:
        office.stock(HENGLAN)
        office.bind(WANG, 1)
        planned: notices.Planned = {}
        no = office.file(HENGLAN)
        assert _told(office, planned) == [f"{no} {HENGLAN.name}：待省级确认。"]
        office.file(HENGLAN, 4_000)
        changed = "申请抵销量 5,000 吨 → 4,000 吨；项目 1 申请数量 5,000 吨 → 4,000 吨"
        (told,) = _told(office, planned)
        assert told.startswith(f"{no} {HENGLAN.name}：第 1 份申请已更新为第 2 版：")
        assert changed in told, told
        assert _told(office, {}) == []
        decisions.return_(office.desk, WANG, no, 1, "缺公章")
        office.clock.step(minutes=1)
        office.file(HENGLAN, 4_000, contact=read("李另"))
        (told,) = _told(office, planned)
        assert "第 3 版" in told
        assert "联系人有变化" in told
        assert "李另" not in told
        assert _told(office, {}) == []


def test_a_new_version_is_told_in_the_language_of_its_reader(tmp_path: Path) -> None:
    with house(tmp_path) as office:
        office.stock(HENGLAN)
        office.bind(WANG, 1)
        habits.speak(office.desk, WANG, "en")
        no = office.file(HENGLAN)
        _told(office, {})
        office.file(HENGLAN, 4_000)
        (told,) = _told(office, {})
        assert told.startswith(f"{no} {HENGLAN.name}: application 1 is now version 2: ")
        assert "offset applied for 5,000 t → 4,000 t" in told


def test_of_versions_that_nobody_heard_of_only_the_last_is_told(tmp_path: Path) -> None:
    """In quiet hours; with all that is different from what the person last could hear of."""
    with house(tmp_path) as office:
        office.stock(HENGLAN)
        office.bind(WANG, 1)
        no = office.file(HENGLAN)
        notices.plan(office.desk, "telegram", {})
        office.file(HENGLAN, 4_000)
        (told,) = _told(office, {})
        assert "第 2 版" in told
        office.file(HENGLAN, 3_000)
        office.file(HENGLAN, 3_000, contact=read("李另"))
        (told,) = _told(office, {})
        assert "第 4 版" in told
        assert "申请抵销量 4,000 吨 → 3,000 吨" in told
        assert "联系人有变化" in told
        assert _told(office, {}) == []
        assert no in told


def test_versions_of_one_application_withdraw_no_other_s(tmp_path: Path) -> None:
    with house(tmp_path) as office:
        office.stock(HENGLAN)
        office.bind(WANG, 1)
        no = office.file(HENGLAN)
        office.file(HENGLAN, 4_000)
        decisions.confirm(office.desk, WANG, no, 1)
        office.file(HENGLAN, 2_000)
        office.file(HENGLAN, 1_000)
        first, second = _told(office, {})
        assert "第 1 份申请已更新为第 2 版" in first
        assert "第 2 份申请已更新为第 2 版" in second


def _told(office: House, planned: notices.Planned) -> list[str]:
    """What one pass says, first lines; then it is settled."""
    notices.plan(office.desk, "telegram", planned)
    said = notices.due(office.desk, "telegram")
    for one in said:
        notices.sent(office.desk, one)
    return [one.reply.text.partition("\n")[0] for one in said]
