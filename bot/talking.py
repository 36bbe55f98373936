"""What doors without buttons share: each message once, in order, answered in a thread."""

import asyncio
import logging
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable

from bot import core, texts
from bot.choices import Choices
from bot.messages import Ask, ChatKind, Reply
from casework.desk import Desk
from procedure.language import CHINESE, Language, speaking

log = logging.getLogger(__name__)
REMEMBERED = 2000
"""Message ids that are known to have been handled."""


class Talking:
    """One channel's conversations. A message that is delivered again is answered once."""

    def __init__(self, desk: Desk, channel: str) -> None:
        self.choices = Choices()
        self._desk = desk
        self._channel = channel
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._work: set[asyncio.Task[None]] = set()

    def begin(
        self, message_id: str, account: str, text: str, chat: ChatKind,
        say: Callable[[Reply], Awaitable[None]],
    ) -> bool:  # fmt: skip
        """Answer later, so that the message can be acknowledged now; False for one known."""
        if message_id in self._seen:
            return False
        self._seen[message_id] = None
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        task = asyncio.create_task(self._answer(account, text, chat, say))
        # The loop keeps weak references only.
        self._work.add(task)
        task.add_done_callback(self._work.discard)
        return True

    async def finish(self, seconds: float = 10.0) -> None:
        """Wait for what is being answered."""
        if self._work:
            await asyncio.wait(self._work, timeout=seconds)

    async def _answer(
        self, account: str, text: str, chat: ChatKind, say: Callable[[Reply], Awaitable[None]]
    ) -> None:
        async with self._turns[account]:
            ask = self.choices.ask(self._channel, account, text, chat)
            reply, language = await self._reply(ask)
            if not reply.text and not reply.files:
                return
            try:
                with speaking(language):
                    await say(reply)
            except Exception:
                # The person asks again; what was decided stands, and is told then.
                log.exception("%s: an answer could not be sent", self._channel)

    async def _reply(self, ask: Ask) -> tuple[Reply, Language]:
        """The answer, and what the door's own words beside it are said in."""
        try:
            return await asyncio.to_thread(self._worked, ask)
        except Exception:
            log.exception("%s: answering failed", self._channel)
            return Reply(str(texts.FAILED)), CHINESE

    def _worked(self, ask: Ask) -> tuple[Reply, Language]:
        return core.answer(self._desk, ask), core.language_of(self._desk, ask)


async def until(stop: threading.Event, serve: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Serve until another thread sets ``stop``."""
    ended = asyncio.Event()
    serving = asyncio.ensure_future(serve(ended))
    while not stop.is_set() and not serving.done():
        await asyncio.wait([serving], timeout=0.2)
    ended.set()
    await serving
