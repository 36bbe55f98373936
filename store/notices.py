"""Chat notices that wait to be said, each once."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, select, update

from procedure.clock import Clock
from store import tables as t
from store.dialect import insert_missing, upsert
from store.rows import Habit, NoticeRow

_n = t.notice.c
_h = t.notice_habit.c


class Notices:
    """Notices within one transaction."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._c = connection
        self._clock = clock

    def intend(self, key: str, person: str, text: str, case_no: str = "") -> bool:
        """A notice is due; False where its key is known."""
        row = {"key": key, "person": person, "text": text, "case_no": case_no}
        return insert_missing(self._c, t.notice, {**row, "created_at": self._clock.now()})

    def pending(
        self, channel: str, limit: int = 100, without: Iterable[str] = ()
    ) -> list[tuple[NoticeRow, str]]:
        """Unsent notices of people bound on the channel, with their account, oldest first.

        ``without``: people who want none now; theirs do not count for the limit.
        """
        b = t.binding.c
        query = (
            select(t.notice, b.channel_user)
            .join(t.binding, b.person == _n.person)
            .where(_n.sent_at.is_(None), b.channel == channel)
            .where(_n.person.not_in(sorted(without)))
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

    def habit(self, person: str) -> Habit:
        """When the person is not to be notified."""
        row = self._c.execute(select(t.notice_habit).where(_h.person == person)).mappings().first()
        return Habit(**row) if row else Habit(person)

    def habits(self) -> list[Habit]:
        """Of everybody who has wishes."""
        return [Habit(**row) for row in self._c.execute(select(t.notice_habit)).mappings()]

    def keep_habit(self, habit: Habit) -> None:
        """What the person wishes from now on."""
        upsert(self._c, t.notice_habit, asdict(habit))
