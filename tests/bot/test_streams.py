"""WeCom and DingTalk through their own libraries, over WebSockets that speak as theirs do."""

import asyncio
import gc
import io
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PIL import Image

from bot import dingtalk, talking, wecom
from bot.choices import ACCOUNTS, KEPT, Choices, code_of
from bot.dingtalk import Door
from bot.dingtalkrobot import LARGEST, DingTalkSettings, Robot, takes
from bot.messages import Button, File, Reply
from bot.references import Reference
from casework import people
from casework.desk import Desk
from tests.bot.chatpeer import serving
from tests.bot.dingtalkapi import CLIENT, SECRET, DingTalk
from tests.bot.house import HENGLAN, LI, OPERATOR, WANG, house
from tests.bot.streams import DOORS, DoorAt, at_dingtalk, at_wecom, choose, running


@DOORS
def test_a_day_at_the_door(channel: str, door: DoorAt, tmp_path: Path) -> None:
    with house(tmp_path) as office, door(office, tmp_path) as peer:
        office.stock(HENGLAN)
        assert "尚未绑定" in peer.say("wang", "待办")
        assert "绑定成功" in peer.say("wang", f"绑定 {office.invite(WANG)}")
        code = people.invite(office.desk, OPERATOR, LI.name, LI.role, LI.provinces)
        assert "绑定成功" in peer.say("li", f"绑定 {code}")
        no = office.file(HENGLAN)
        # Told once each, through flow control and refusals.
        peer.wait(lambda: {who for who, _ in peer.told} == {"wang", "li"})
        prompt = peer.say("wang", f"确认 {no}")
        assert "5,000 吨" in prompt
        assert office.stage(no) == "submitted"
        assert "已确认" in choose(peer, "wang", prompt, "确认 5,000")
        assert office.stage(no) == "confirmed"
        # The same choice again acts once, and says who was first.
        assert "王敏" in choose(peer, "wang", prompt, "确认 5,000")
        assert "已失效" in peer.say("li", "bcdfg")
        grouped = peer.say("wang", f"案件 {no}", group=True)
        assert no in grouped
        assert HENGLAN.name not in grouped
        # The very same frame once more, as after an acknowledgement that was lost.
        frame = peer.frame("li", f"案件 {no}")
        for _ in range(2):
            peer.push(frame)
        peer.say("li", "帮助")
        said = [text for _, text in peer.said] if isinstance(peer, DingTalk) else [
            text for text, _ in peer.streams.values()
        ]  # fmt: skip
        assert sum(text.startswith(no) and "最近经过" in text for text in said) == 1
        # 李强 hears once of his colleague's decision, who decided it does not.
        peer.wait(lambda: len(peer.told) == 3)
        assert peer.told[2][0] == "li"
        assert "王敏 已确认" in peer.told[2][1]
        # The server hangs up in good order: the door comes back, and nothing is told again.
        told, before = len(peer.told), len(peer.sockets)
        peer.hang_up()
        peer.wait(lambda: len(peer.sockets) > before)
        assert "没有等您处理的案件" in peer.say("wang", "/todo")
        assert len(peer.told) == told == 3
        assert office.events(no, "confirmed") == 1


@DOORS
def test_a_return_in_words_and_a_name_made_to_hurt(
    channel: str, door: DoorAt, tmp_path: Path
) -> None:
    name = "<b>*示例*_热电_\u202e厂" + "长" * 3_900
    firm = replace(HENGLAN, name=name)
    with house(tmp_path) as office, door(office, tmp_path) as peer:
        office.stock(firm)
        peer.say("wang", f"绑定 {office.invite(WANG)}")
        no = office.file(firm)
        peer.say("wang", f"案件 {no}")
        if isinstance(peer, DingTalk):
            # In pieces: the last one says what happens next.
            peer.wait(lambda: "下一步" in peer.said[-1][1])
            shown = "".join(text for _, text in peer.said)
            assert "<b>*示例*_热电_厂" in shown
        else:
            shown = "".join(text for text, _ in peer.streams.values())
            assert "＜b＞＊示例＊＿热电＿厂" in shown
        assert "\u202e" not in shown
        assert shown.count("长") >= 3_900
        peer.say("wang", f"退回 {no}")
        draft = peer.say("wang", "盖章不清")
        assert "盖章不清" in draft
        assert "已退回" in choose(peer, "wang", draft, "退回")
        assert office.stage(no) == "returned"


def test_dingtalk_shows_pictures_to_the_member_and_names_what_was_not_sent(tmp_path: Path) -> None:
    with house(tmp_path) as office, at_dingtalk(office, tmp_path) as peer:
        office.stock(HENGLAN)
        peer.say("wang", f"绑定 {office.invite(WANG)}")
        office.file(HENGLAN)
        assert "案件 1 个" in peer.say("wang", "统计")
        peer.wait(lambda: peer.shown)
        who, name, data = peer.shown[0]
        assert (who, Path(name).suffix) == ("wang", ".png")
        assert Image.open(io.BytesIO(data)).format == "PNG"
        peer.wait(lambda: peer.told)
        # Uploads are used up: the words come all the same, then what is missing.
        peer.full = 1
        peer.say("wang", "统计")
        peer.wait(lambda: "暂时未能发送" in peer.said[-1][1])
        assert name in peer.said[-1][1]
        # So it is where DingTalk asks to wait; and the next one comes again.
        peer.refuse = 1
        peer.say("wang", "统计")
        peer.wait(lambda: sum("暂时未能发送" in text for _, text in peer.said) == 2)
        peer.say("wang", "统计")
        peer.wait(lambda: len(peer.shown) == 2)
        # Its own words too are in the person's language.
        assert "English" in peer.say("wang", "语言 English")
        peer.full = 1
        peer.say("wang", "统计")
        peer.wait(lambda: "could not be sent just now" in peer.said[-1][1])


def test_dingtalk_takes_files_of_its_kinds() -> None:
    names = ("周汇总.xlsx", "表.csv", "图.webp", "大.pdf", "图.JPG", "没有")
    sizes = {"大.pdf": LARGEST + 1}
    files = [File(name, "application/octet-stream", bytes(sizes.get(name, 1))) for name in names]
    assert [takes(one) for one in files] == [True, False, False, False, True, False]


def test_a_token_that_dingtalk_gave_up_is_asked_for_anew() -> None:
    peer = DingTalk()

    async def play(url: str) -> None:
        robot = Robot(DingTalkSettings(CLIENT, SECRET, "", url, url))
        sheet = File("周\r\n\u202e汇总.xlsx", "application/octet-stream", b"PK")
        picture = File("图.png", "image/png", b"PNG", picture=True)
        acts: tuple[Callable[[], Awaitable[bool]], ...] = (
            lambda: robot.text("wang", "您好"), lambda: robot.show("wang", sheet),
            lambda: robot.show("wang", picture),
        )  # fmt: skip
        for act in acts:
            robot._token = ("an old one", float("inf"))
            assert await act()
        await robot.http.aclose()

    with serving(peer) as host:
        asyncio.run(play(f"http://{host}"))
    assert peer.told == [("wang", "您好")]
    assert peer.shown == [("wang", "周 汇总.xlsx", b"PK"), ("wang", "图.png", b"PNG")]


def test_a_host_that_is_not_there_costs_one_wait_and_all_files_are_named(tmp_path: Path) -> None:
    peer = DingTalk()
    with house(tmp_path) as office, serving(peer) as host:
        # Nobody listens there.
        given = DingTalkSettings(CLIENT, SECRET, "", f"http://{host}", "http://127.0.0.1:1")
        files = [File(f"{n}.png", "image/png", b"PNG", picture=True) for n in range(3)]
        files.append(File("表.csv", "text/csv", b"a"))

        async def play() -> list[str]:
            door = Door(office.desk, given)
            said = await door._sent("wang", files)
            await door._robot.http.aclose()
            return said

        said = asyncio.run(play())
    assert "表.csv 不能" in said[0]
    assert "0.png、1.png、2.png 暂时未能发送" in said[1]
    assert peer.shown == []


def test_dingtalks_own_frames_are_answered_and_its_disconnect_obeyed(tmp_path: Path) -> None:
    with house(tmp_path) as office, at_dingtalk(office, tmp_path) as peer:
        ping = peer.system("ping", {"opaque": "1"})
        peer.wait(lambda: any(one["headers"]["messageId"] == ping for one in peer.acks))
        assert '"opaque"' in next(
            one["data"] for one in peer.acks if one["headers"]["messageId"] == ping
        )
        before = len(peer.sockets)
        peer.system("disconnect", {"reason": "maintenance"})
        peer.wait(lambda: len(peer.sockets) > before)
        assert "尚未绑定" in peer.say("x", "待办")


@DOORS
def test_a_refused_notice_comes_later_and_once(channel: str, door: DoorAt, tmp_path: Path) -> None:
    with house(tmp_path) as office, door(office, tmp_path) as peer:
        office.stock(HENGLAN)
        peer.say("wang", f"绑定 {office.invite(WANG)}")
        peer.refuse = 2
        no = office.file(HENGLAN)
        peer.wait(lambda: peer.told)
        assert peer.refuse == 0
        assert "没有" in peer.say("wang", "查询 没有这家")
        assert [who for who, text in peer.told if no in text] == ["wang"]


def test_wecom_says_at_once_that_it_works(tmp_path: Path) -> None:
    with house(tmp_path) as office, at_wecom(office, tmp_path) as peer:
        answer = peer.say("x", "待办")
        assert "处理" in peer.firsts[0]
        assert peer.firsts[0] != answer


def test_wecom_closes_its_connection_however_slow_the_other_side_is(tmp_path: Path) -> None:
    with house(tmp_path) as office, at_wecom(office, tmp_path) as peer:
        peer.say("x", "待办")
        assert peer.loop is not None
        # It answers nobody while the door stops.
        peer.loop.call_soon_threadsafe(time.sleep, 0.5)
    # Here a socket that nobody closed is warned of, which fails the test.
    gc.collect()


def test_a_code_is_of_its_button_alone() -> None:
    codes = {code_of(f"C:CCER-2019-13-{n:04}:1:1:{n}:", "x") for n in range(500)}
    assert len(codes) == 500
    assert code_of("x::::::", "a") == code_of("x::::::", "a") != code_of("x::::::", "b")


def test_dingtalk_is_talked_to_after_all_that_went_wrong(tmp_path: Path) -> None:
    """A gateway that gives no ticket, a picture, an answer that was refused."""
    peer = DingTalk()
    peer.odd = 1
    with house(tmp_path) as office, serving(peer) as host:
        given = DingTalkSettings(
            CLIENT, SECRET, "", f"http://{host}", f"http://{host}", retry_seconds=0.05
        )
        with running(lambda stop: dingtalk.run(office.desk, given, stop)):
            frame = peer.frame("x", "")
            told = json.loads(frame["data"])
            picture = {"msgtype": "picture", "content": {"downloadCode": "x"}}
            for change in (picture, {"text": {"content": "  "}}):
                frame["headers"]["messageId"] = f"odd{peer.next_id()}"
                frame["data"] = json.dumps({**told, "msgId": f"m{peer.next_id()}", **change})
                peer.push(frame)
            peer.deaf = 1
            peer.push(peer.frame("x", "待办"))
            peer.wait(lambda: not peer.deaf)
            assert "尚未绑定" in peer.say("x", "帮助")
            assert len(peer.said) == 1
            # All were acknowledged: none is delivered again.
            assert len({one["headers"]["messageId"] for one in peer.acks}) == 4


def test_a_notice_to_a_member_who_left_is_not_tried_for_ever() -> None:
    peer = DingTalk()
    peer.gone = {"gone"}

    async def play(desk: Desk, url: str) -> list[bool]:
        door = Door(desk, DingTalkSettings(CLIENT, SECRET, "", url, url))
        told = [await door._notice(who, Reply("提醒")) for who in ("gone", "wang")]
        peer.refuse = 1
        told.append(await door._notice("wang", Reply("提醒")))
        await door._robot.http.aclose()
        return told

    with serving(peer) as host:
        # Refused for ever, told, and to be told later.
        assert asyncio.run(play(cast("Desk", None), f"http://{host}")) == [True, True, False]
    assert peer.told == [("wang", "提醒")]


def test_wecom_names_the_files_that_it_cannot_show_and_waits_for_a_connection() -> None:
    door = wecom.Door(
        cast("Desk", None), wecom.WeComSettings("bot", "secret", "wss://127.0.0.1:1/")
    )
    files = (
        File("表.docx", "application/octet-stream", b"PK"),
        File("页.png", "image/png", b"PNG", picture=True),
    )
    (said,) = door._pieces("wang", Reply("原件", files=files))
    assert "文件 表.docx 不能在此聊天中发送" in said
    assert "页.png" not in said
    assert asyncio.run(door._notice("wang", Reply("提醒"))) is False


def test_a_message_without_words_or_sender_is_not_answered() -> None:
    said: list[str] = []

    async def play() -> None:
        door = wecom.Door(cast("Desk", None), wecom.WeComSettings("bot", "secret", "wss://x/"))
        door._client = object()
        for body in (
            {},
            {"from": {"userid": "x"}, "text": {"content": " "}},
            {"text": {"content": "x"}},
        ):
            door._take({"body": body})
        said.extend(map(str, door._talking._seen))

    asyncio.run(play())
    assert said == []


def test_what_was_offered_long_ago_is_forgotten_first() -> None:
    choices = Choices()

    def offer(account: str, number: int) -> str:
        reference = str(Reference("s", f"CCER-2019-13-{number:04}"))
        choices.spoken(account, Reply("x", ((Button("看", reference),),)))
        return code_of(reference, "x")

    codes = [offer("wang", number) for number in range(KEPT + 1)]
    asked = [choices.ask("wecom", "wang", code, "private").reference for code in codes]
    assert asked[0] == codes[0], "a code that is forgotten stands for nothing"
    assert all(one.startswith("s:CCER") for one in asked[1:])
    for number in range(ACCOUNTS):
        offer(f"member {number}", 1)
    assert choices.ask("wecom", "wang", codes[-1], "private").reference == codes[-1]
    kept = choices.ask("wecom", f"member {ACCOUNTS - 1}", codes[1], "private").reference
    assert kept.startswith("s:CCER")


def test_a_message_is_answered_once_and_silence_is_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talking, "REMEMBERED", 2)
    said: list[str] = []

    async def say(reply: Reply) -> None:
        said.append(reply.text)
        raise OSError("the connection is gone")

    async def play(desk: Desk) -> list[bool]:
        talk = talking.Talking(desk, "wecom")
        await talk.finish()
        begun = [talk.begin(name, "x", "待办", "private", say) for name in ("1", "1", "2")]
        # Chatter of a group that nobody is bound in.
        begun.append(talk.begin("3", "x", "大家好", "group", say))
        await talk.finish()
        # Of so many messages the first one is forgotten.
        begun.append(talk.begin("1", "x", "待办", "private", say))
        await talk.finish()
        return begun

    with house(tmp_path) as office:
        assert asyncio.run(play(office.desk)) == [True, False, True, True, True]
    assert len(said) == 3
    assert all("尚未绑定" in one for one in said)
