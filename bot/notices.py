"""Chat notices: what waits in the store's ``notices`` goes to the bound person's chat, once.

A row is marked after Telegram took the message: a crash in between sends it twice, never not at
all. A person without a chat account keeps the notice until one is bound.
"""

from dataclasses import dataclass

from casework.desk import Desk


@dataclass(frozen=True)
class Notice:
    """A notice for one account; ``key`` is its row in the store."""

    key: str
    channel_user: str
    text: str
    case_no: str = ""


def due(desk: Desk, channel: str) -> list[Notice]:
    """Notices that wait for people bound on this channel, oldest first."""
    raise NotImplementedError


def sent(desk: Desk, notice: Notice) -> None:
    """The notice is settled."""
    raise NotImplementedError
