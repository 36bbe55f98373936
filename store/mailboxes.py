"""Watched mailboxes: when each was last polled, told by whoever watches it."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from store import tables as t
from store.dialect import insert_missing

_m = t.mailbox.c


class Mailboxes:
    """Mailboxes within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def watched(self, name: str, now: datetime) -> None:
        """It is watched from now on; what is known of it stays."""
        insert_missing(self._c, t.mailbox, {"name": name, "polled_at": now})

    def polled(self, name: str, at: datetime) -> None:
        """A poll went well."""
        statement = update(t.mailbox).where(_m.name == name).values(polled_at=at)
        if self._c.execute(statement).rowcount == 0:
            self._c.execute(insert(t.mailbox).values(name=name, polled_at=at))

    def all(self) -> dict[str, datetime]:
        """The last good poll of each, or since when it is watched."""
        return {row.name: row.polled_at for row in self._c.execute(select(t.mailbox))}
