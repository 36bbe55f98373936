"""Chat notices that wait to be said, each once."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from procedure.clock import Clock
from store import tables as t
from store.dialect import insert_missing
from store.rows import NoticeRow

_n = t.notice.c


class Notices:
    """Notices within one transaction."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._c = connection
        self._clock = clock

    def intend(self, key: str, person: str, text: str, case_no: str = "") -> bool:
        """A notice is due; False where its key is known."""
        row = {"key": key, "person": person, "text": text, "case_no": case_no}
        return insert_missing(self._c, t.notice, {**row, "created_at": self._clock.now()})

    def pending(self, channel: str, limit: int = 100) -> list[tuple[NoticeRow, str]]:
        """Unsent notices of people bound on the channel, with their account, oldest first."""
        b = t.binding.c
        query = (
            select(t.notice, b.channel_user)
            .join(t.binding, b.person == _n.person)
            .where(_n.sent_at.is_(None), b.channel == channel)
            .order_by(_n.created_at, _n.key)
            .limit(limit)
        )
        found = []
        for row in self._c.execute(query).mappings():
            values = {name: row[name] for name in _n.keys()}  # noqa: SIM118 - a column collection
            found.append((NoticeRow(**values), str(row["channel_user"])))
        return found

    def sent(self, key: str, now: datetime) -> None:
        """The notice is settled."""
        self._c.execute(update(t.notice).where(_n.key == key).values(sent_at=now))
