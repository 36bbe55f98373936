"""The doors of WeCom and DingTalk at work in a thread, and a member of staff who types codes."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from bot import dingtalk, wecom
from tests.bot.chatpeer import serving
from tests.bot.dingtalkapi import CLIENT, SECRET, DingTalk
from tests.bot.house import House
from tests.bot.wecomapi import BOT, WeCom, certificate
from tests.bot.wecomapi import SECRET as WECOM_SECRET

CODE = re.compile(r"^　?回复 ([a-z]{5}) (.+)$", re.MULTILINE)


@contextmanager
def running(serve: Callable[[threading.Event], None]) -> Iterator[None]:
    """A door in a thread; an error of it fails the test."""
    stop, failed = threading.Event(), []

    def body() -> None:
        try:
            serve(stop)
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=body)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(60)
    assert not thread.is_alive(), "the door did not stop"
    if failed:
        raise failed[0]


@contextmanager
def at_dingtalk(office: House, _folder: Path) -> Iterator[DingTalk]:
    peer = DingTalk()
    with serving(peer) as host:
        given = dingtalk.DingTalkSettings(
            CLIENT, SECRET, "", f"http://{host}", f"http://{host}",
            notice_seconds=0.2, retry_seconds=0.1,
        )  # fmt: skip
        with running(lambda stop: dingtalk.run(office.desk, given, stop)):
            yield peer


@contextmanager
def at_wecom(office: House, folder: Path) -> Iterator[WeCom]:
    context, authority = certificate(folder)
    peer = WeCom()
    with serving(peer, context) as host:
        given = wecom.WeComSettings(
            BOT, WECOM_SECRET, f"wss://{host}/", authority, notice_seconds=0.2, retry_seconds=0.1
        )
        with running(lambda stop: wecom.run(office.desk, given, stop)):
            yield peer


DoorAt = Callable[[House, Path], AbstractContextManager[DingTalk | WeCom]]
"""Opens a door of an office; gives the peer."""
DOORS = pytest.mark.parametrize(
    ("channel", "door"), [("dingtalk", at_dingtalk), ("wecom", at_wecom)]
)


def choose(peer: DingTalk | WeCom, who: str, text: str, label: str) -> str:
    """Type the code of the choice that begins with ``label``."""
    code = next(code for code, said in CODE.findall(text) if said.startswith(label))
    return peer.say(who, code)
