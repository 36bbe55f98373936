"""Flood limits: a 429 pauses every send to that chat for as long as Telegram asks, then repeats.

Other chats go on. (python-telegram-bot's own limiter needs a further package and throttles
beforehand; our load is small, so reacting is enough.)
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

log = logging.getLogger(__name__)

TRIES = 5
LONGEST = 900.0
"""Seconds: a longer ban is reported, not slept through."""


class Pacing(BaseRateLimiter[int]):
    """Repeats a call that met `RetryAfter`, after the pause that it names."""

    def __init__(self) -> None:
        self._until: dict[object, float] = {}

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Any:
        """One Bot API call; raises `RetryAfter` after `TRIES` or where the pause is too long."""
        chat = data.get("chat_id")
        for _ in range(TRIES - 1):
            await self._wait(chat)
            try:
                return await callback(*args, **kwargs)
            except RetryAfter as flood:
                self._pause(chat, flood, endpoint)
        await self._wait(chat)
        return await callback(*args, **kwargs)

    async def _wait(self, chat: object) -> None:
        # Looked at again after each sleep: another send to the chat may have met a longer pause.
        while (left := self._until.get(chat, 0.0) - _time()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(left)

    def _pause(self, chat: object, flood: RetryAfter, endpoint: str) -> None:
        seconds = seconds_of(flood)
        if seconds > LONGEST:
            raise flood
        log.warning("telegram: %s is limited, pausing this chat for %.0f s", endpoint, seconds)
        self._until[chat] = max(self._until.get(chat, 0.0), _time() + seconds)


def seconds_of(flood: RetryAfter) -> float:
    """The pause asked for; the library hands it out as number or as timedelta."""
    value = flood.retry_after
    return value.total_seconds() if isinstance(value, timedelta) else float(value)


def _time() -> float:
    # The loop's clock only measures pauses; no rule of the procedure looks at it.
    return asyncio.get_running_loop().time()
