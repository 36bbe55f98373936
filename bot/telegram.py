"""The Telegram door: python-telegram-bot polling in front of `bot.core`."""

import threading
from dataclasses import dataclass

from casework.desk import Desk


@dataclass(frozen=True)
class TelegramSettings:
    """How to reach the Bot API. Times in seconds."""

    token: str
    base_url: str = "https://api.telegram.org/bot"
    """The token is appended; settable for a local Bot API server and for tests."""
    proxy: str = ""
    """``http://…`` or ``socks5://…``; "" for none. Needed in mainland China."""
    poll_seconds: float = 25.0
    notice_seconds: float = 5.0
    """How often notices that wait are looked for."""


def run(desk: Desk, settings: TelegramSettings, stop: threading.Event) -> None:
    """Serve until ``stop`` is set; survives network loss. `WrongUse` where the token is refused."""
    raise NotImplementedError
