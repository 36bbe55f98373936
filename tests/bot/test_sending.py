"""Sending through python-telegram-bot to a Bot API server over HTTP."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest
from telegram import Update
from telegram.error import RetryAfter

from bot import sending as sending_module
from bot.messages import Button, File, Reply
from bot.pacing import LONGEST, TRIES, Pacing
from bot.sending import Sending
from bot.telegram import TelegramSettings, application, ask_of
from tests.bot.botapi import TOKEN, BotApi, serving

ANNA, BORIS = 11, 12


def play(scene: Callable[[Sending, BotApi], Awaitable[None]]) -> BotApi:
    """Run one scene against a fresh server; the server with what it got."""
    api = BotApi()

    async def run(url: str) -> None:
        app = application(TelegramSettings(TOKEN, url))
        async with app.bot:
            await scene(Sending(app.bot), api)

    with serving(api) as url:
        asyncio.run(run(url))
    return api


def test_long_text_comes_in_pieces_with_the_buttons_on_the_last() -> None:
    lines = [f"{n} 河北衡岚热力有限公司😀" + "长" * 90 for n in range(120)]

    async def scene(sending: Sending, api: BotApi) -> None:
        await sending.reply(ANNA, Reply("\n".join(lines), ((Button("好", "x:::::"),),)))

    sent = play(scene).to(ANNA)
    assert len(sent) > 2
    assert "\n".join(one.text for one in sent).split("\n") == lines
    assert [bool(one.buttons) for one in sent] == [False] * (len(sent) - 1) + [True]


@pytest.mark.parametrize("name", ["<b>_a*[x](y)`", "a" * 9000, "😀" * 4097, '{"text": 1}', "[1,2]"])
def test_names_that_break_markup_come_through(name: str) -> None:
    async def scene(sending: Sending, api: BotApi) -> None:
        await sending.reply(ANNA, Reply(name))

    assert "".join(one.text for one in play(scene).to(ANNA)) == name


def test_flood_pauses_that_chat_only_and_loses_nothing() -> None:
    async def scene(sending: Sending, api: BotApi) -> None:
        api.floods[ANNA] = [1]
        first = asyncio.create_task(sending.reply(ANNA, Reply("一")))
        await asyncio.to_thread(api.wait, lambda: not api.floods[ANNA])
        await asyncio.sleep(0.2)
        second = asyncio.create_task(sending.reply(ANNA, Reply("二")))
        await sending.reply(BORIS, Reply("三"))
        # Boris has his answer while Anna's chat still pauses.
        assert [one.text for one in api.to(BORIS)] == ["三"]
        assert api.to(ANNA) == []
        await asyncio.gather(first, second)

    api = play(scene)
    assert sorted(one.text for one in api.to(ANNA)) == ["一", "二"]
    tries = [at for at, name, p in api.calls if name == "sendMessage" and p["chat_id"] == str(ANNA)]
    assert min(b - tries[0] for b in tries[1:]) >= 0.95


def test_whoever_blocked_the_bot_settles_the_notice() -> None:
    async def scene(sending: Sending, api: BotApi) -> None:
        api.blocked = {ANNA}
        assert await sending.notice(ANNA, Reply("新的申请")) is True
        assert await sending.notice(BORIS, Reply("新的申请")) is True
        await sending.reply(ANNA, Reply("答复"))

    api = play(scene)
    assert api.to(ANNA) == []
    assert [one.text for one in api.to(BORIS)] == ["新的申请"]


def test_a_notice_waits_while_the_network_is_away() -> None:
    async def scene(sending: Sending, api: BotApi) -> None:
        api.down = True
        assert await sending.notice(ANNA, Reply("新的申请")) is False
        api.down = False
        assert await sending.notice(ANNA, Reply("新的申请")) is True

    assert len(play(scene).to(ANNA)) == 1


def test_an_answer_takes_the_place_of_its_button_once() -> None:
    async def scene(sending: Sending, api: BotApi) -> None:
        await sending.reply(ANNA, Reply("确认吗", ((Button("是", "x:::::"),),)))
        tapped = await sending.bot.send_message(ANNA, "stand-in for the tapped message")
        for _ in range(2):
            await sending.reply(ANNA, Reply("已确认", replaces=True), tapped)

    first, tapped = play(scene).to(ANNA)
    assert first.buttons == {"是": "x:::::"}
    assert (tapped.text, tapped.edits, tapped.buttons) == ("已确认", 1, {})


def test_a_message_that_cannot_be_edited_any_more_is_answered_anew() -> None:
    async def scene(sending: Sending, api: BotApi) -> None:
        tapped = await sending.bot.send_message(ANNA, "old")
        api.sent.clear()
        await sending.reply(ANNA, Reply("已确认", replaces=True), tapped)

    assert [one.text for one in play(scene).to(ANNA)] == ["已确认"]


def test_a_file_arrives_with_its_bytes_and_name() -> None:
    data = bytes(range(256)) * 40

    async def scene(sending: Sending, api: BotApi) -> None:
        file = File("申请表 (盖章).pdf", "application/pdf", data)
        await sending.reply(ANNA, Reply("原件如下", files=(file,)))

    text, file = play(scene).to(ANNA)
    assert text.text == "原件如下"
    assert file.document == ("申请表 (盖章).pdf", data)


def test_a_long_ban_is_reported_not_slept_through() -> None:
    async def scene(sending: Sending, api: BotApi) -> None:
        api.floods[ANNA] = [86_400]
        started = time.monotonic()
        assert await sending.notice(ANNA, Reply("新的申请")) is False
        assert time.monotonic() - started < 5

    assert play(scene).to(ANNA) == []


def test_a_file_too_large_for_the_chat_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending_module, "LARGEST_FILE", 10)
    files = (File("大.pdf", "application/pdf", b"x" * 11), File("小.pdf", "application/pdf", b"x"))

    async def scene(sending: Sending, api: BotApi) -> None:
        await sending.reply(ANNA, Reply("两份", files=files))

    sent = play(scene).to(ANNA)
    assert [one.text for one in sent if one.text][:1] == ["两份"]
    assert any("文件 大.pdf 超过聊天允许的大小" in one.text for one in sent)
    assert len(sent) == 3


@pytest.mark.parametrize("floods", [0, 1, TRIES - 1, TRIES])
def test_a_call_is_repeated_so_often_and_no_more(floods: int) -> None:
    calls: list[int] = []

    async def call() -> str:
        calls.append(1)
        if len(calls) <= floods:
            raise RetryAfter(0)
        return "sent"

    async def paced() -> object:
        return await Pacing().process_request(call, (), {}, "sendMessage", {"chat_id": 1}, None)

    if floods < TRIES:
        assert asyncio.run(paced()) == "sent"
    else:
        with pytest.raises(RetryAfter):
            asyncio.run(paced())
    assert len(calls) == min(floods + 1, TRIES)


def test_a_ban_of_an_hour_is_not_slept_through() -> None:
    async def banned() -> str:
        raise RetryAfter(int(LONGEST) + 1)

    async def paced() -> object:
        return await Pacing().process_request(banned, (), {}, "sendMessage", {"chat_id": 1}, None)

    with pytest.raises(RetryAfter):
        asyncio.run(paced())


def _update(**parts: object) -> Update:
    return Update.de_json({"update_id": 1, **parts})


_USER = {"id": 7, "is_bot": False, "first_name": "王"}
_MESSAGE = {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "from": _USER}
_OWN = {**_MESSAGE, "from": {"id": 99, "is_bot": True, "first_name": "bot"}, "text": "问题"}
_TAP = {"id": "1", "from": _USER, "chat_instance": "1", "message": _OWN}


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        # Nobody's: a channel's post, a poll; without words: a picture, a button without data.
        ({}, None),
        ({"channel_post": {**_MESSAGE, "from": None, "text": "x"}}, None),
        ({"message": _MESSAGE}, None),
        ({"message": {**_MESSAGE, "text": "/todo@another_bot"}}, None),
        ({"callback_query": _TAP}, None),
        ({"message": {**_MESSAGE, "text": "/todo@our_bot 2"}}, ("/todo 2", "", "")),
        ({"message": {**_MESSAGE, "text": "答", "reply_to_message": _OWN}}, ("答", "", "问题")),
        (
            {"message": {**_MESSAGE, "text": "答", "reply_to_message": {**_MESSAGE, "text": "x"}}},
            ("答", "", ""),
        ),
        ({"callback_query": {**_TAP, "data": "t:::::"}}, ("", "t:::::", "问题")),
    ],
)  # fmt: skip
def test_what_an_update_asks(parts: dict[str, object], wanted: tuple[str, str, str] | None) -> None:
    ask = ask_of(_update(**parts), 99, "our_bot")
    assert (ask and (ask.text, ask.reference, ask.quoted)) == wanted
