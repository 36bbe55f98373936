"""Chat notices that wait to be said, each once."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, or_, select, update

from procedure.clock import Clock
from store import tables as t
from store.dialect import insert_missing, upsert
from store.people import People
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
        self,
        channel: str,
        limit: int = 100,
        without: Iterable[str] = (),
        held: tuple[str, datetime] | None = None,
    ) -> list[tuple[NoticeRow, str]]:
        """Unsent notices of people who are told on the channel, with their account, oldest first.

        Whoever has several accounts is told at one of them (`People.told_at`). ``without``: people
        who want none now; theirs do not count for the limit. ``held``: how keys begin that are not
        told by themselves until they are older than a moment: who has only such is left out too.
        """
        told = People(self._c).told_at()
        here = {person: at[1] for person, at in told.items() if at[0] == channel}
        names = here.keys() - set(without)
        if held is not None:
            names &= self._due(*held)
        query = (
            select(t.notice)
            .where(_n.sent_at.is_(None), _n.person.in_(sorted(names)))
            .order_by(_n.created_at, _n.key)
            .limit(limit)
        )
        rows = (NoticeRow(**row) for row in self._c.execute(query).mappings())
        return [(row, here[row.person]) for row in rows]

    def _due(self, start: str, since: datetime) -> set[str]:
        """Who has an unsent notice of another kind, or one of this kind that is old enough."""
        other = or_(_n.key.not_like(f"{start}%"), _n.created_at <= since)
        query = select(_n.person).where(_n.sent_at.is_(None), other).distinct()
        return set(self._c.execute(query).scalars())

    def intended(self, start: str, person: str, since: datetime) -> bool:
        """Whether a notice whose key begins so (up to a colon) was made for the person since then.

        A range of keys, so the table's own order finds it.
        """
        query = (
            select(_n.key)
            .where(_n.key > f"{start}:", _n.key < f"{start};")
            .where(_n.person == person, _n.created_at >= since)
            .limit(1)
        )
        return self._c.execute(query).first() is not None

    def withdraw(self, start: str, person: str, now: datetime) -> list[str]:
        """Settle the person's unsent notices whose keys begin so (up to a colon); their keys."""
        query = (
            select(_n.key)
            .where(_n.key > f"{start}:", _n.key < f"{start};")
            .where(_n.person == person, _n.sent_at.is_(None))
        )
        keys = list(self._c.execute(query).scalars())
        for key in keys:
            self.sent(key, now)
        return keys

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
