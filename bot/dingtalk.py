"""The DingTalk door: dingtalk-stream's outbound WebSocket in front of `bot.core`.

Frames are acknowledged at once and worked on later: DingTalk delivers again what is not. Answers go
to the session's webhook, notices through the robot's own interface. Text is plain, without markup.
"""

import asyncio
import json
import logging
import threading
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote_plus

import dingtalk_stream
import httpx
import websockets

from bot import plain, texts
from bot.dingtalkrobot import DingTalkSettings, NoSuchMember, Refused, Robot, takes
from bot.messages import ChatKind, File, Reply
from bot.noticing import Noticing, sleep
from bot.talking import Talking, until
from casework.desk import Desk

__all__ = ["DingTalkSettings", "run"]

log = logging.getLogger(__name__)
CHANNEL = "dingtalk"
LONGEST = 4000
"""Characters of one message (a message may have 20,000 bytes)."""
REFUSALS = (
    httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, LookupError, TypeError, AttributeError,
)  # fmt: skip
"""How asking fails, answers of another shape among them."""


def run(desk: Desk, settings: DingTalkSettings, stop: threading.Event) -> None:
    """Serve until ``stop`` is set; survives network loss."""
    # Their lines hold whole URLs and messages.
    for name in ("httpx", "dingtalk_stream.client"):
        logging.getLogger(name).setLevel(logging.WARNING)
    asyncio.run(until(stop, Door(desk, settings).serve))


class Stream(dingtalk_stream.DingTalkStreamClient):  # type: ignore[misc]
    """The library's client, with ends to its waiting: its own blocks the loop and never stops."""

    def __init__(self, settings: DingTalkSettings) -> None:
        credential = dingtalk_stream.Credential(settings.client_id, settings.client_secret)
        super().__init__(credential, logging.getLogger("dingtalk_stream.client"))
        self._settings = settings

    async def serve(self, stop: asyncio.Event) -> None:
        """Stay connected until ``stop``."""
        self.pre_start()
        while not stop.is_set():
            try:
                await self._session(stop)
            except (OSError, httpx.HTTPError, websockets.WebSocketException, ValueError) as error:
                log.warning("dingtalk: cannot be reached (%s); trying again", error)
            await sleep(stop, self._settings.retry_seconds)

    async def _session(self, stop: asyncio.Event) -> None:
        opened = await self._open()
        uri = f"{opened['endpoint']}?ticket={quote_plus(opened['ticket'])}"
        async with websockets.connect(uri, ping_interval=30, ping_timeout=30) as socket:
            self.websocket = socket
            closing = asyncio.create_task(_close_at(stop, socket))
            try:
                async for raw in socket:
                    await self._frame(socket, json.loads(raw))
            finally:
                closing.cancel()

    async def _frame(self, socket: Any, frame: dict[str, Any]) -> None:
        """A message goes to the library; what the gateway itself says it cannot parse."""
        if frame.get("type") != "SYSTEM":
            await self.background_task(frame)
            return
        headers = frame.get("headers", {})
        answer = {
            "code": 200,
            "headers": {
                "contentType": "application/json",
                "messageId": headers.get("messageId", ""),
            },
            "message": "OK",
            "data": frame.get("data", "{}"),
        }
        await socket.send(json.dumps(answer))
        if headers.get("topic") == "disconnect":
            await socket.close()

    async def _open(self) -> dict[str, str]:
        """Ask where to connect, with which ticket."""
        topics = [{"type": "CALLBACK", "topic": topic} for topic in self.callback_handler_map]
        body = {
            "clientId": self._settings.client_id,
            "clientSecret": self._settings.client_secret,
            "subscriptions": topics,
            "ua": "ccer-clerk",
        }
        async with httpx.AsyncClient(timeout=20) as client:
            url = f"{self._settings.base_url}/v1.0/gateway/connections/open"
            answer = await client.post(url, json=body)
        answer.raise_for_status()
        opened = answer.json()
        if not isinstance(opened, dict) or not {"endpoint", "ticket"} <= opened.keys():
            raise ValueError("no endpoint and ticket were given")
        return opened


async def _close_at(stop: asyncio.Event, socket: Any) -> None:
    await stop.wait()
    await socket.close()


class Door(dingtalk_stream.CallbackHandler):  # type: ignore[misc]
    """One robot."""

    def __init__(self, desk: Desk, settings: DingTalkSettings) -> None:
        super().__init__()
        self._desk = desk
        self._settings = settings
        self._talking = Talking(desk, CHANNEL)
        self._robot = Robot(settings)

    async def serve(self, stop: asyncio.Event) -> None:
        """Answer and notify until ``stop``."""
        stream = Stream(self._settings)
        stream.register_callback_handler(dingtalk_stream.ChatbotMessage.TOPIC, self)
        noticing = Noticing(self._desk, CHANNEL, self._notice, self._settings.notice_seconds)
        told = asyncio.create_task(noticing.run(stop))
        try:
            await stream.serve(stop)
        finally:
            stop.set()
            await told
            await self._talking.finish()
            await self._robot.http.aclose()

    async def process(self, callback: Any) -> tuple[int, str]:
        """The library's hook: take the message and acknowledge it."""
        message = dingtalk_stream.ChatbotMessage.from_dict(callback.data)
        account, text = str(message.sender_staff_id or ""), _text(message)
        if account and text is not None:
            chat: ChatKind = "private" if str(message.conversation_type) == "1" else "group"
            webhook = str(message.session_webhook)

            async def say(reply: Reply) -> None:
                await self._say(account, webhook, reply)

            self._talking.begin(str(message.message_id), account, text, chat, say)
        return dingtalk_stream.AckMessage.STATUS_OK, "OK"

    async def _say(self, account: str, webhook: str, reply: Reply) -> None:
        for piece in self._pieces(account, reply):
            await self._answer(webhook, piece)
        for text in await self._sent(account, reply.files):
            await self._answer(webhook, text)

    async def _sent(self, account: str, files: Sequence[File]) -> list[str]:
        """Send them; what is said of those that were not."""
        others = [one for one in files if not takes(one)]
        waiting = [one for one in files if takes(one)]
        while waiting and await self._shown(account, waiting[0]):
            del waiting[0]
        said = [(texts.FILES_ELSEWHERE, others), (texts.FILES_LATER, waiting)]
        return [
            text.format(names=plain.listing(plain.name(one.name) for one in some))
            for text, some in said
            if some
        ]

    async def _answer(self, webhook: str, text: str) -> None:
        body = {"msgtype": "text", "text": {"content": text}}
        answer = await self._robot.http.post(webhook, json=body)
        answer.raise_for_status()
        told = answer.json()
        if told.get("errcode", 0) != 0:
            raise OSError(f"dingtalk refused an answer: {told.get('errmsg', '')}")

    async def _shown(self, account: str, file: File) -> bool:
        """Whether it was sent. After one that was not the others are not tried: it takes long."""
        try:
            if await self._robot.show(account, file):
                return True
            log.warning("dingtalk: a file was not sent: too many at once")
        except REFUSALS as error:
            # Others' texts may hold the whole URL, and with it the token.
            why = str(error) if isinstance(error, Refused) else type(error).__name__
            log.warning("dingtalk: a file was not sent (%s)", why)
        return False

    def _pieces(self, account: str, reply: Reply, notice: bool = False) -> list[str]:
        said = self._talking.choices.spoken(account, reply, notice=notice)
        return plain.chunks(said, LONGEST)

    async def _notice(self, account: str, reply: Reply) -> bool:
        try:
            for piece in self._pieces(account, reply, notice=True):
                if not await self._robot.text(account, piece):
                    return False
        except NoSuchMember:
            log.warning("dingtalk: a notice was refused, no such member")
        except REFUSALS as error:
            log.warning("dingtalk: a notice waits (%s)", type(error).__name__)
            return False
        return True


def _text(message: Any) -> str | None:
    """What was typed; None for a message without text."""
    if message.message_type != "text" or message.text is None:
        return None
    return str(message.text.content or "").strip() or None
