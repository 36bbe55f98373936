"""The Telegram door: python-telegram-bot, polling or by webhook, in front of `bot.core`.

One process polls a token: a second one gets 409 and both report it. An update is acknowledged
when the next ones are fetched; one that comes twice acts once, for decisions re-check the state and
the ids of the last updates are remembered.
"""

import asyncio
import logging
import os
import re
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Coroutine
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

# The library warns (here: fails, where warnings are errors) when it reads a flood pause as int.
os.environ.setdefault("PTB_TIMEDELTA", "true")

from telegram import Message, Update
from telegram.error import Conflict as SecondPoller
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.ext import Application, ApplicationBuilder, CallbackContext, TypeHandler

from bot import core, texts
from bot.messages import Ask, Reply
from bot.noticing import Noticing, sleep
from bot.pacing import Pacing
from bot.sending import Sending
from bot.talking import until
from bot.webhook import listening
from casework.desk import Desk
from cycles.catalogues import language
from procedure import namegrams
from procedure.errors import WrongUse
from procedure.language import speaking

log = logging.getLogger(__name__)

CHANNEL = "telegram"
REMEMBERED = 2000
"""Update ids that are known to have been handled."""
KINDS = ["message", "callback_query"]
"""Edited messages are left out: an edit must not act again."""


@dataclass(frozen=True)
class TelegramSettings:
    """How to reach the Bot API. Times in seconds."""

    token: str
    base_url: str = "https://api.telegram.org/bot"
    """The token is appended; settable for a local Bot API server and for tests."""
    proxy: str = ""
    """``http://…`` or ``https://…``; "" for none. Needed in mainland China."""
    poll_seconds: float = 25.0
    notice_seconds: float = 5.0
    """How often notices that wait are looked for."""
    retry_seconds: float = 5.0
    """How long to wait before the Bot API is tried again at start."""
    webhook_url: str = ""
    """Where Telegram posts updates to (https); "" polls."""
    webhook_listen: str = ""
    """``host:port`` at which they arrive behind the proxy that has the certificate."""
    webhook_secret: str = ""
    """What Telegram sends with each, 1 to 256 of A-Z a-z 0-9 _ -."""


def run(desk: Desk, settings: TelegramSettings, stop: threading.Event) -> None:
    """Serve until ``stop`` is set; survives network loss. `WrongUse` where the token is refused."""
    # Now, not while somebody waits for the first search by initials.
    namegrams.warm()
    with speaking(language(desk.chat_locale)):
        asyncio.run(until(stop, lambda ended: serve(desk, settings, ended)))


async def serve(desk: Desk, settings: TelegramSettings, stop: asyncio.Event) -> None:
    """Serve on a running event loop until ``stop`` is set."""
    # Its lines hold the whole URL, and with it the token.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    door = Door(desk, settings)
    try:
        if await door.start(stop):
            noticing = asyncio.create_task(door.send_notices(stop))
            await stop.wait()
            await noticing
    finally:
        await door.stop()


App = Application[Any, Any, Any, Any, Any, Any]
Context = CallbackContext[Any, Any, Any, Any]


class Door:
    """One bot: polls, asks the core in a thread, sends what it says."""

    def __init__(self, desk: Desk, settings: TelegramSettings) -> None:
        self.desk = desk
        self.settings = settings
        self.app = application(settings)
        self.app.add_handler(TypeHandler(Update, self.handle))
        self.sending = Sending(self.app.bot)
        self._open = ExitStack()
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def start(self, stop: asyncio.Event) -> bool:
        """Connect, however long the network takes to come; False where ``stop`` came first."""
        while not stop.is_set():
            try:
                await self.app.initialize()
                break
            except InvalidToken:
                # Without its cause: that one's text holds the token.
                raise _bad_token() from None
            except NetworkError as error:
                log.warning("telegram: cannot be reached (%s); trying again", error)
                await sleep(stop, self.settings.retry_seconds)
        if stop.is_set():
            return False
        await self.app.start()
        return await _unless(stop, self._hooked() if self.settings.webhook_url else self._poll())

    async def _hooked(self) -> None:
        """Ask Telegram to post updates, and take them."""
        given, loop = self.settings, asyncio.get_running_loop()

        def take(data: object) -> None:
            update = Update.de_json(data, self.app.bot) if isinstance(data, dict) else None
            if update is not None:
                asyncio.run_coroutine_threadsafe(self.app.update_queue.put(update), loop).result(10)

        self._open.enter_context(listening(given.webhook_listen, given.webhook_secret, take))
        await self.app.bot.set_webhook(
            given.webhook_url, allowed_updates=KINDS, secret_token=given.webhook_secret
        )
        await self.sending.menu(texts.MENU)

    async def _poll(self) -> None:
        if self.app.updater is None:
            raise RuntimeError("the application is always built with an updater")
        await self.app.updater.start_polling(
            timeout=timedelta(seconds=self.settings.poll_seconds),
            bootstrap_retries=-1,
            allowed_updates=KINDS,
            error_callback=_polling_failed,
        )
        await self.sending.menu(texts.MENU)

    async def stop(self) -> None:
        """Finish what is being answered, then disconnect."""
        await asyncio.to_thread(self._open.close)
        if self.app.updater is not None and self.app.updater.running:
            await self.app.updater.stop()
        if self.app.running:
            await self.app.stop()
        await self.app.shutdown()
        # Where the start failed the application holds itself for not started, with open sockets.
        await self.app.bot.shutdown()

    async def handle(self, update: Update, context: Context) -> None:
        """Answer one update: in order within a chat, chats beside each other."""
        if update.effective_chat is None or self._again(update.update_id):
            return
        chat = update.effective_chat.id
        async with self._turns[chat]:
            await self._answer(chat, update)

    def _again(self, update_id: int) -> bool:
        if update_id in self._seen:
            return True
        self._seen[update_id] = None
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return False

    async def _answer(self, chat: int, update: Update) -> None:
        ask = ask_of(update, self.app.bot.id, self.app.bot.username)
        if ask is None:
            return
        if update.callback_query is not None:
            # At once: the client shows a spinner until then, and old queries cannot be answered.
            await self.sending.acknowledge(update.callback_query.id)
        reply = await self._ask(ask)
        tapped = update.callback_query.message if update.callback_query else None
        await self.sending.reply(chat, reply, tapped)

    async def _ask(self, ask: Ask) -> Reply:
        try:
            return await asyncio.to_thread(core.answer, self.desk, ask)
        except Exception:
            # The person must hear of it whatever it was; the log has the rest.
            log.exception("chat: answering failed")
            return Reply(str(texts.FAILED))

    async def send_notices(self, stop: asyncio.Event) -> None:
        """Send what waits, until ``stop``."""
        await Noticing(self.desk, CHANNEL, self._notice, self.settings.notice_seconds).run(stop)

    async def _notice(self, account: str, reply: Reply) -> bool:
        return await self.sending.notice(int(account), reply)


def application(settings: TelegramSettings) -> App:
    if settings.webhook_url and not _webhook_fits(settings):
        raise WrongUse(
            "the webhook needs an https:// address, host:port to listen on and a secret of"
            " A-Z a-z 0-9 _ -",
            user_message=str(texts.DOOR_WEBHOOK),
        )
    if settings.proxy and not settings.proxy.startswith(("http://", "https://")):
        raise WrongUse(
            f"the bot's proxy must be an http:// or https:// address, not {settings.proxy!r}",
            user_message=str(texts.DOOR_PROXY),
        )
    builder = (
        ApplicationBuilder()
        .token(settings.token)
        .base_url(settings.base_url)
        .rate_limiter(Pacing())
        .concurrent_updates(32)
        .connect_timeout(10)
        .read_timeout(20)
        .get_updates_connect_timeout(10)
    )
    if settings.proxy:
        builder = builder.proxy(settings.proxy).get_updates_proxy(settings.proxy)
    return builder.build()


def _webhook_fits(settings: TelegramSettings) -> bool:
    listen = re.fullmatch(r".+:\d{1,5}", settings.webhook_listen)
    secret = re.fullmatch(r"[A-Za-z0-9_-]{1,256}", settings.webhook_secret)
    return settings.webhook_url.startswith("https://") and bool(listen and secret)


def ask_of(update: Update, own_id: int, own_name: str) -> Ask | None:
    """What the core is asked; None for what is not for it (no text, another bot's command)."""
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None:
        return None
    kind = "private" if chat.type == "private" else "group"
    ask = Ask(CHANNEL, str(user.id), chat="private" if kind == "private" else "group")
    if update.callback_query is not None:
        return _ask_of_tap(update, ask, own_id)
    if update.message is None or update.message.text is None:
        return None
    text = _without_bot_name(update.message.text, own_name)
    quoted = _own_text(update.message.reply_to_message, own_id)
    if text is None:
        return None
    return Ask(ask.channel, ask.channel_user, text, ask.chat, quoted=quoted)


def _ask_of_tap(update: Update, ask: Ask, own_id: int) -> Ask | None:
    query = update.callback_query
    if query is None or not query.data:
        return None
    quoted = _own_text(query.message if isinstance(query.message, Message) else None, own_id)
    return Ask(ask.channel, ask.channel_user, "", ask.chat, query.data, quoted)


def _own_text(message: Message | None, own_id: int) -> str:
    """The text of a message that the bot itself wrote: anybody else's could say anything."""
    if message is None or message.from_user is None or message.from_user.id != own_id:
        return ""
    return message.text or ""


def _without_bot_name(text: str, own_name: str) -> str | None:
    """/todo@our_bot → /todo; None where another bot of the group is addressed."""
    word, space, rest = text.partition(" ")
    if not word.startswith("/") or "@" not in word:
        return text
    command, _, name = word.partition("@")
    return command + space + rest if name.lower() == own_name.lower() else None


def _polling_failed(error: TelegramError) -> None:
    if isinstance(error, SecondPoller):
        log.error("telegram: another process polls with this token (409); stop one of them")
    else:
        log.warning("telegram: polling failed (%s); it goes on", error)


def _bad_token() -> WrongUse:
    return WrongUse(
        "telegram refused the token: check the bot's token setting",
        user_message=str(texts.DOOR_REFUSED),
    )


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Do the work; give it up and say False where ``stop`` comes first."""
    doing, stopped = asyncio.create_task(work), asyncio.create_task(stop.wait())
    await asyncio.wait({doing, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if doing.done():
        await doing
        return True
    doing.cancel()
    await asyncio.wait({doing})
    return False
