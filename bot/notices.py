"""Chat notices: what waits in the store's ``notices`` goes to the bound person's chat, once."""

from collections.abc import Callable

from casework.desk import Desk

Send = Callable[[str, str], None]


def due(desk: Desk, channel: str) -> list[tuple[str, str, str]]:
    """Notices that wait for people bound on this channel: (key, channel_user, text)."""
    raise NotImplementedError
