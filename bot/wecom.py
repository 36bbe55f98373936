"""The WeCom door: wecom-aibot-python-sdk's outbound WebSocket in front of `bot.core`.

A message is answered at once with a stream that says so, and the stream ends with the answer. WeCom
shows Markdown only, so what would be markup is written in full-width characters.
"""

import asyncio
import base64
import hashlib
import logging
import threading
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

with warnings.catch_warnings():
    # The SDK imports a name that websockets means to give up.
    warnings.simplefilter("ignore", DeprecationWarning)
    import aibot
    import aibot.ws

from bot import plain, texts
from bot.messages import ChatKind, File, Reply
from bot.noticing import Noticing, sleep
from bot.talking import Talking, until
from casework.desk import Desk

log = logging.getLogger(__name__)
CHANNEL = "wecom"
LONGEST = 5000
"""UTF-16 units of one message (20,480 bytes of UTF-8 are allowed)."""
PICTURES = 10
CLOSING = 15.0
"""Seconds for the end of a connection; the library waits ten for the other side's word."""
LARGEST_PICTURE = 10 * 1024 * 1024
_MARKUP = str.maketrans("*_`<>#[]~|\\", "＊＿｀＜＞＃［］～｜＼")


@dataclass(frozen=True)
class WeComSettings:
    """How to reach WeCom. Times in seconds."""

    bot_id: str
    secret: str
    url: str = "wss://openws.work.weixin.qq.com"
    ca_file: Path | None = None
    """Further authorities that may vouch for the server (a gateway of the office's own)."""
    notice_seconds: float = 5.0
    retry_seconds: float = 5.0


def run(desk: Desk, settings: WeComSettings, stop: threading.Event) -> None:
    """Serve until ``stop`` is set; survives network loss."""
    asyncio.run(until(stop, Door(desk, settings).serve))


def literal(text: str) -> str:
    """The text as Markdown that shows it as it is."""
    return text.translate(_MARKUP)


class _Log:
    """The SDK's logger without its debug and info lines, which hold whole messages."""

    def debug(self, message: str, *_: Any) -> None:
        """Dropped."""

    info = debug

    def warn(self, message: str, *_: Any) -> None:
        log.warning("wecom: %s", message.partition(":")[0])

    error = warn


class Door:
    """One bot."""

    def __init__(self, desk: Desk, settings: WeComSettings) -> None:
        self._desk = desk
        self._settings = settings
        self._talking = Talking(desk, CHANNEL)
        self._client: Any = None

    async def serve(self, stop: asyncio.Event) -> None:
        """Answer and notify until ``stop``."""
        if self._settings.ca_file is not None:
            aibot.ws._SSL_CONTEXT.load_verify_locations(self._settings.ca_file)
        noticing = Noticing(self._desk, CHANNEL, self._notice, self._settings.notice_seconds)
        told = asyncio.create_task(noticing.run(stop))
        try:
            while not stop.is_set():
                await self._session(stop)
                await sleep(stop, self._settings.retry_seconds)
        finally:
            stop.set()
            await told
            await self._talking.finish()

    async def _session(self, stop: asyncio.Event) -> None:
        """One connection until it ends: the SDK does not come back from an orderly close."""
        given = self._settings
        options = aibot.WSClientOptions(
            given.bot_id, given.secret, max_reconnect_attempts=0, ws_url=given.url, logger=_Log()
        )
        client, lost = aibot.WSClient(options), asyncio.Event()
        client.on("error", lambda error: self._failed(error, lost))
        client.on("disconnected", lambda _reason: lost.set())
        client.on("authenticated", lambda: setattr(self, "_client", client))
        client.on("message.text", self._take)
        try:
            await client.connect()
            while not stop.is_set() and not lost.is_set() and client.is_connected:
                await sleep(stop, 0.2)
            await self._talking.finish()
        finally:
            self._client = None
            await _close(client)

    def _failed(self, error: Exception, lost: asyncio.Event) -> None:
        log.warning("wecom: the connection failed (%s); trying again", type(error).__name__)
        lost.set()

    def _take(self, frame: dict[str, Any]) -> None:
        body = frame.get("body", {})
        account = str(body.get("from", {}).get("userid", ""))
        text = str(body.get("text", {}).get("content", ""))
        group = body.get("chattype") == "group"
        chat: ChatKind = "group" if group else "private"
        client, stream = self._client, f"s{body.get('msgid', '')}"
        if not account or not text.strip() or client is None:
            return

        async def say(reply: Reply) -> None:
            await self._say(client, frame, stream, account, reply)

        typed = _without_mention(text) if group else text
        known = not self._talking.begin(str(body.get("msgid", "")), account, typed, chat, say)
        if not known and not group:
            # At once: WeCom waits for a first word only some seconds.
            work = asyncio.ensure_future(
                client.reply_stream(frame, stream, str(texts.WORKING), finish=False)
            )
            work.add_done_callback(_heard)

    async def _say(
        self, client: Any, frame: dict[str, Any], stream: str, account: str, reply: Reply
    ) -> None:
        pieces = self._pieces(account, reply)
        items = [_picture(one) for one in reply.files if _shown(one)][:PICTURES]
        for number, piece in enumerate(pieces):
            last = items if number == len(pieces) - 1 else []
            name = stream if number == 0 else f"{stream}-{number}"
            await client.reply_stream(frame, name, piece, finish=True, msg_item=last)

    def _pieces(self, account: str, reply: Reply, notice: bool = False) -> list[str]:
        said = self._talking.choices.spoken(account, reply, notice=notice)
        if unshown := [one for one in reply.files if not _shown(one)]:
            names = "、".join(plain.name(one.name) for one in unshown)
            said = f"{said}\n{texts.FILES_ELSEWHERE.format(names=names)}"
        return plain.chunks(literal(said), LONGEST)

    async def _notice(self, account: str, reply: Reply) -> bool:
        if self._client is None:
            return False
        try:
            for piece in self._pieces(account, reply, notice=True):
                body = {"msgtype": "markdown", "markdown": {"content": piece}}
                await self._client.send_message(account, body)
        except (RuntimeError, TimeoutError, OSError) as error:
            log.warning("wecom: a notice waits (%s)", type(error).__name__)
            return False
        return True


async def _close(client: Any) -> None:
    """Disconnect and wait for it: the SDK only starts a task, and the loop may end before it."""
    before = asyncio.all_tasks()
    client.disconnect()
    if closing := asyncio.all_tasks() - before:
        await asyncio.wait(closing, timeout=CLOSING)


def _heard(work: "asyncio.Future[Any]") -> None:
    if not work.cancelled() and work.exception() is not None:
        log.info("wecom: a first word was not taken (%s)", type(work.exception()).__name__)


def _without_mention(text: str) -> str:
    """@碳抵销 /todo → /todo."""
    word, _, rest = text.strip().partition(" ")
    return rest.strip() if word.startswith("@") else text


def _shown(file: File) -> bool:
    return file.picture and len(file.data) <= LARGEST_PICTURE


def _picture(file: File) -> dict[str, Any]:
    digest = hashlib.md5(file.data, usedforsecurity=False).hexdigest()
    image = {"base64": base64.b64encode(file.data).decode("ascii"), "md5": digest}
    return {"msgtype": "image", "image": image}
