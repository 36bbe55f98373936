"""The Telegram door at its edges: two pollers, a refused token, no network, kill -9."""

import json
import logging
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot import telegram
from bot.telegram import TelegramSettings
from bot.webhook import LARGEST
from procedure.errors import WrongUse
from tests.bot.botapi import TOKEN, BotApi, serving
from tests.bot.house import HENGLAN, LI, WANG, House, Phone, bot_at, bot_with, house, settings

ROOT = Path(__file__).parents[2]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        made.bind(WANG, 1)
        yield made


def test_the_second_poller_is_told_and_the_bot_goes_on(
    office: House, caplog: pytest.LogCaptureFixture
) -> None:
    api = BotApi()
    with caplog.at_level(logging.ERROR), serving(api) as url, bot_at(office.desk, url):
        assert Phone(api, 1).say("/help").text
        api.wait(lambda: api.polling)
        # Another process polls the same token for a moment: the bot's own poll gets 409.
        answer = httpx.post(f"{url}{TOKEN}/getUpdates", json={"timeout": 0})
        assert answer.json() == {"ok": True, "result": []}
        api.wait(lambda: any("409" in record.getMessage() for record in caplog.records))
        assert "没有等您处理的案件" in Phone(api, 1).say("待办").text


def test_a_refused_token_ends_it_with_what_to_do(office: House) -> None:
    with serving(BotApi()) as url:
        wrong = TelegramSettings("100001:WRONGWRONGWRONGWRONGWRONGWRONGWRONG", url)
        with pytest.raises(WrongUse, match="token"):
            telegram.run(office.desk, wrong, threading.Event())


def test_no_network_at_the_start_is_waited_for(office: House) -> None:
    api = BotApi()
    api.down = True
    with serving(api) as url, bot_at(office.desk, url):
        api.wait(lambda: api.dropped >= 2)
        api.down = False
        assert "没有等您处理的案件" in Phone(api, 1).say("待办").text


def test_it_stops_while_there_is_no_network(office: House) -> None:
    api = BotApi()
    api.down = True
    with serving(api) as url, bot_at(office.desk, url):
        api.wait(lambda: api.dropped >= 1)


def test_it_stops_while_the_network_broke_between_two_calls(office: House) -> None:
    api = BotApi()
    api.down_after = "getMe"
    with serving(api) as url, bot_at(office.desk, url):
        api.wait(lambda: api.dropped >= 1)


def test_a_proxy_is_used_where_one_is_set(office: House) -> None:
    """The name does not exist: only the proxy (here the server itself) can have answered."""
    api = BotApi()
    with serving(api) as url:
        proxied = replace(settings("http://telegram.invalid/bot"), proxy=url.removesuffix("/bot"))
        with bot_with(office.desk, proxied):
            assert "没有等您处理的案件" in Phone(api, 1).say("待办").text


def test_a_proxy_of_another_kind_is_refused(office: House) -> None:
    with pytest.raises(WrongUse, match="proxy"):
        telegram.run(
            office.desk, TelegramSettings(TOKEN, proxy="socks5://127.0.0.1:1"), threading.Event()
        )


def test_the_token_is_never_logged(office: House, caplog: pytest.LogCaptureFixture) -> None:
    api = BotApi()
    with caplog.at_level(logging.INFO), serving(api) as url, bot_at(office.desk, url):
        Phone(api, 1).say("/help")
    assert not any(TOKEN in record.getMessage() for record in caplog.records)


def test_the_menu_lists_the_commands(office: House) -> None:
    api = BotApi()
    with serving(api) as url, bot_at(office.desk, url):
        api.wait(lambda: api.count("setMyCommands"))
    menu = next(params for _, name, params in api.calls if name == "setMyCommands")
    assert "confirm" in [one["command"] for one in menu["commands"]]


def test_settings_of_the_tests_are_quick() -> None:
    assert settings("http://127.0.0.1:1/bot").notice_seconds < 1


def _announced(listen: str, secret: str, size: int) -> int:
    """The answer to a request that only says how large it will be."""
    asked = HTTPConnection(listen, timeout=20)
    asked.putrequest("POST", "/")
    asked.putheader("X-Telegram-Bot-Api-Secret-Token", secret)
    asked.putheader("Content-Length", str(size))
    asked.endheaders()
    status = asked.getresponse().status
    asked.close()
    return status


def test_updates_come_by_webhook_with_the_secret_alone(office: House) -> None:
    """Over HTTP, as Telegram posts: a wrong secret, no JSON, the same update twice."""
    api, secret, no = BotApi(), "s3cret_of-ours", office.file(HENGLAN)
    with serving(api) as url:
        listen = f"127.0.0.1:{free_port()}"
        given = replace(
            settings(url), webhook_url="https://clerk.example/hook", webhook_listen=listen,
            webhook_secret=secret,
        )  # fmt: skip
        with bot_with(office.desk, given):
            api.wait(lambda: api.hook)
            assert api.hook["secret_token"] == secret
            assert api.hook["url"] == "https://clerk.example/hook"
            assert set(api.hook["allowed_updates"]) == {"message", "callback_query"}

            def post(body: bytes, given: str = secret) -> int:
                headers = {"X-Telegram-Bot-Api-Secret-Token": given}
                return httpx.post(f"http://{listen}/", content=body, headers=headers).status_code

            api.say(1, f"案件 {no}")
            update = json.dumps(api.updates[-1]).encode()
            assert post(update, "guess") == 403
            assert httpx.post(f"http://{listen}/", content=update).status_code == 403
            assert post(b"no json") == 400
            assert _announced(listen, secret, LARGEST + 1) == 413
            assert post(b"[]") == 200
            assert [post(update), post(update)] == [200, 200]
            wang = Phone(api, 1)
            api.wait(lambda: any("最近经过" in one.text for one in wang.answers()))
            api.say(1, "/help")
            assert post(json.dumps(api.updates[-1]).encode()) == 200
            api.wait(lambda: len(wang.answers()) >= 2)
            assert len(wang.answers()) == 2
    assert api.count("getUpdates") == 0


def test_updates_out_of_order_act_once(office: House) -> None:
    """Several connections post as they like: a tap before what was typed first."""
    api, secret, no = BotApi(), "s3cret_of-ours", office.file(HENGLAN)
    office.bind(LI, 2)
    wang = Phone(api, 1)
    with serving(api) as url:
        listen = f"127.0.0.1:{free_port()}"
        given = replace(
            settings(url), webhook_url="https://clerk.example/hook", webhook_listen=listen,
            webhook_secret=secret,
        )  # fmt: skip
        with bot_with(office.desk, given):
            api.wait(lambda: api.hook)

            def post(update: Mapping[str, Any]) -> None:
                headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
                answer = httpx.post(f"http://{listen}/", json=update, headers=headers)
                assert answer.status_code == 200

            api.say(1, f"/confirm {no}")
            post(api.updates[-1])
            prompt = api.wait(
                lambda: next(
                    (one for one in wang.answers() if "确认 5,000 吨" in one.buttons), None
                )
            )
            api.say(1, f"/return {no}")
            api.say(1, f"确认 {no} 是")
            api.tap(1, prompt, "确认 5,000 吨")
            *typed, tap = api.updates[-3:]
            post(tap)
            api.wait(lambda: office.stage(no) == "confirmed")
            known = len(wang.answers())
            for late in (*reversed(typed), tap):
                post(late)
            api.wait(lambda: len(wang.answers()) >= known + 2)
            api.wait(lambda: any("已确认" in one.text for one in api.to(2)))
    assert office.stage(no) == "confirmed"
    assert (office.events(no, "confirmed"), office.events(no, "returned")) == (1, 0)
    assert sum("已确认" in one.text for one in api.to(2)) == 1


@pytest.mark.parametrize(
    "wrong", [{"webhook_url": "http://x.example"}, {"webhook_secret": ""}, {"webhook_listen": "x"}]
)
def test_a_webhook_that_cannot_be_is_refused(office: House, wrong: dict[str, str]) -> None:
    right: dict[str, Any] = {
        "webhook_url": "https://x.example",
        "webhook_secret": "s",
        "webhook_listen": "h:1",
    }
    with pytest.raises(WrongUse, match="webhook"):
        telegram.application(
            TelegramSettings(TOKEN, "http://127.0.0.1:1/bot", **{**right, **wrong})
        )


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
