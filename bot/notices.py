"""Chat notices: what waits in the store's ``notices`` goes to the bound person's chat, once.

A row is marked after the chat system took the message: a crash in between sends it twice, never not
at all. A person without an account keeps the notice until one is bound; a person with accounts on
several channels gets it on the one that comes first.
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
    with desk.store.read() as tx:
        rows = tx.notices.pending(channel)
    return [Notice(row.key, account, row.text, row.case_no) for row, account in rows]


def sent(desk: Desk, notice: Notice) -> None:
    """The notice is settled: it was sent, or can never be."""
    with desk.store.write() as tx:
        tx.notices.sent(notice.key, desk.now())
