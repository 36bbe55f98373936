"""Notices that wait, sent through any door: one task an account, so that none holds up another."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable

from bot import notices
from bot.messages import Reply
from casework.desk import Desk

log = logging.getLogger(__name__)
Send = Callable[[str, Reply], Awaitable[bool]]
"""(account, what is said) → whether it is settled: sent, or never to be sent."""


class Noticing:
    """Sends what waits on one channel until it is told to stop."""

    def __init__(self, desk: Desk, channel: str, send: Send, seconds: float) -> None:
        self._desk = desk
        self._channel = channel
        self._send = send
        self._seconds = seconds

    async def run(self, stop: asyncio.Event) -> None:
        """Trouble is logged and tried again."""
        busy: dict[str, asyncio.Task[None]] = {}
        planned: notices.Planned = {}
        while not stop.is_set():
            try:
                await asyncio.to_thread(notices.plan, self._desk, self._channel, planned)
                await self._start(busy)
            except Exception:
                log.exception("%s: notices wait", self._channel)
            await sleep(stop, self._seconds)
        for task in busy.values():
            task.cancel()
        if busy:
            await asyncio.wait(busy.values())

    async def _start(self, busy: dict[str, asyncio.Task[None]]) -> None:
        # Before the look: what a task says while the store is read waits in what was read.
        for account in [one for one, task in busy.items() if task.done()]:
            await busy.pop(account)
        waiting: defaultdict[str, list[notices.Notice]] = defaultdict(list)
        for notice in await asyncio.to_thread(notices.due, self._desk, self._channel):
            waiting[notice.channel_user].append(notice)
        for account, due in waiting.items():
            if account not in busy:
                busy[account] = asyncio.create_task(self._notify(due))

    async def _notify(self, due: list[notices.Notice]) -> None:
        for notice in due:
            if not await self._send(notice.channel_user, notice.reply):
                return
            await asyncio.to_thread(notices.sent, self._desk, notice)


async def sleep(stop: asyncio.Event, seconds: float) -> None:
    """So long, or until ``stop``."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
