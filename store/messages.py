"""The ledger of messages: every one that was taken, and whether it is done."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.engine import RowMapping

from procedure.jsonable import dump, load
from store import tables as t
from store.dialect import exclude, upsert
from store.errors import Damaged
from store.rows import Envelope, MailFacts, MessageRow, Placement

_m = t.message.c
# Spelt out, not a parameter: so the index of unfinished messages serves.
_UNFINISHED = _m.state == literal_column("'received'")


class Messages:
    """Messages within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def get(self, message_id: str) -> MessageRow | None:
        """The message with its first delivery, None for an unknown id.

        Raises `Damaged` where it has no delivery: the database was changed by other hands.
        """
        row = self._c.execute(select(t.message).where(_m.id == message_id)).mappings().first()
        if row is None:
            return None
        came = self.deliveries(message_id)
        if not came:
            raise Damaged("nothing says how it came")
        return _message(row, came[0])

    def deliveries(self, message_id: str) -> list[Envelope]:
        """Every way the very same bytes came, first one first."""
        d = t.delivery.c
        query = select(t.delivery).where(d.message_id == message_id).order_by(d.id)
        return [_envelope(row) for row in self._c.execute(query).mappings()]

    def known(self, source_key: str) -> bool:
        """Whether this delivery was taken before."""
        query = select(t.delivery.c.id).where(t.delivery.c.source_key == source_key)
        return self._c.execute(query).first() is not None

    def raw(self, message_id: str) -> bytes:
        """The bytes as they came."""
        return b"".join(self.chunks(message_id))

    def chunks(self, message_id: str) -> Iterator[bytes]:
        """The bytes as they came, 1 MiB at a time."""
        upload = select(t.message_upload.c.upload).where(
            t.message_upload.c.message_id == message_id
        )
        c = t.message_chunk.c
        query = select(c.data).where(c.upload == upload.scalar_subquery()).order_by(c.seq)
        for (data,) in self._c.execute(query):
            yield bytes(data)

    def unfinished(self, now: datetime, limit: int) -> list[str]:
        """Ids of messages that are due, oldest first; claimed ones are left to their claimer."""
        return list(self._c.execute(_due(now).limit(limit)).scalars())

    def count_due(self, now: datetime) -> int:
        """How many messages are due and held by nobody."""
        due = _due(now).order_by(None).subquery()
        return int(self._c.execute(select(func.count()).select_from(due)).scalar_one())

    def claim_next(
        self, worker: str, until: datetime, now: datetime, after: str | None = None
    ) -> str | None:
        """Reserve the oldest message that is due and that nobody holds; None for none.

        Of several who ask at once each gets another one: one after the other, as each must see the
        claims of those before him, but none waits for another's work. With
        ``after``: the oldest of the next lane after this one, and after the last lane the first
        again: who passes the lane of his last message serves all lanes in turn. Lanes at which
        others work come last, so that several go through all lanes together. What came since
        they were sorted is taken last: it must not pass by what waits longer in its own lane. And a
        sender's next message waits for his last one: a new version must not overtake the old one.
        """
        # Who claims at the same time must see this claim: the sender's next message waits for it.
        exclude(self._c, "claim")
        found = self._first_due(now, None) if after is None else self._in_turn(now, after)
        return found if found and self.claim(found, worker, until, now) else None

    def _in_turn(self, now: datetime, after: str) -> str | None:
        """The oldest of the next lane at which nobody works, else of the next lane.

        While one message of a lane is at work that lane waits for all others: for minutes at most.
        """
        taken = set(self._c.execute(_lanes_at_work(now)).scalars())
        for start in (after, ""):
            while (found := self._first_due(now, _m.lane > start)) is not None:
                start = self.lane(found)
                if start not in taken:
                    return found
        turns = (_m.lane > after, _m.lane > "", _m.lane == "")
        return next((key for turn in turns if (key := self._first_due(now, turn))), None)

    def _first_due(self, now: datetime, of: ColumnElement[bool] | None) -> str | None:
        first = _due(now).where(~_sender_at_work(now)).limit(1).with_for_update(skip_locked=True)
        if of is not None:
            first = first.where(of).order_by(None).order_by(_m.lane, _m.received_at, _m.id)
        return self._c.execute(first).scalar()

    def lane(self, message_id: str) -> str:
        """Which lane a message waits, or waited, in; "" before it was sorted."""
        return self._c.execute(select(_m.lane).where(_m.id == message_id)).scalar() or ""

    def unsorted(self, limit: int) -> dict[str, str]:
        """Messages that wait and are in no lane yet → their envelope's sender, lower case."""
        d = t.delivery.c
        query = (
            select(_m.id, d.sender)
            .join(t.delivery, d.message_id == _m.id)
            .where(_UNFINISHED, _m.lane == "")
            .order_by(_m.received_at, _m.id, d.id)
            .limit(limit)
        )
        return {message_id: sender.lower() for message_id, sender in self._c.execute(query)}

    def sort(self, lanes: Mapping[str, str]) -> None:
        """Put messages into lanes. In the order of their ids, as others may do the same now."""
        chosen = update(t.message).where(_m.id == bindparam("message"))
        statement = chosen.values(lane=bindparam("to"))
        rows = [{"message": key, "to": lanes[key]} for key in sorted(lanes)]
        if rows:
            self._c.execute(statement, rows)

    def renew(self, message_id: str, worker: str, until: datetime) -> None:
        """A worker says that it is alive and still at a message, where it holds that one."""
        statement = update(t.message).where(_m.id == message_id, _m.claimed_by == worker)
        self._c.execute(statement.values(claimed_until=until))

    def workers(self) -> set[str]:
        """Who holds messages now, or died with them."""
        query = select(_m.claimed_by).where(_m.claimed_by.is_not(None), _UNFINISHED).distinct()
        return {str(name) for name in self._c.execute(query).scalars()}

    def claim(self, message_id: str, worker: str, until: datetime, now: datetime) -> bool:
        """Reserve an unfinished message; False where somebody else holds it."""
        free = or_(_m.claimed_until.is_(None), _m.claimed_until <= now, _m.claimed_by == worker)
        statement = (
            update(t.message)
            .where(_m.id == message_id, _m.state == "received", free)
            .values(claimed_by=worker, claimed_until=until, attempts=_m.attempts + 1)
        )
        return self._c.execute(statement).rowcount == 1

    def holds(self, message_id: str, worker: str) -> bool:
        """Whether the worker still holds the unfinished message: nobody took it over meanwhile.

        ``worker`` "": whether nobody does.
        """
        held = _m.claimed_by == worker if worker else _m.claimed_by.is_(None)
        mine = select(_m.id).where(_m.id == message_id, held, _UNFINISHED)
        return self._c.execute(mine).first() is not None

    def release(self, worker: str) -> None:
        """Give up the claims of a worker that is no more."""
        statement = update(t.message).where(_m.claimed_by == worker)
        self._c.execute(statement.values(claimed_by=None, claimed_until=None))

    def done(self, message_id: str) -> None:
        """All its documents are placed and its answer is intended."""
        self._set(message_id, state="done", error="", claimed_by=None, claimed_until=None)

    def failed(self, message_id: str, error: str, next_at: datetime | None) -> None:
        """An attempt failed: to be tried again at ``next_at``, or never where it is None.

        For whoever holds it (`holds`): a late one must not reopen what another finished.
        """
        state = "received" if next_at else "failed"
        values = {"state": state, "error": error, "next_at": next_at, "failures": _m.failures + 1}
        self._set(message_id, **values, claimed_by=None, claimed_until=None)

    def describe(self, message_id: str, facts: MailFacts) -> None:
        """Keep what the mail says of itself. Described again it keeps its place in the order."""
        last = self._c.execute(select(func.max(_m.described))).scalar() or 0
        self._set(
            message_id,
            mail=dump(facts, memory=True),
            fingerprint=facts.fingerprint or None,
            described=func.coalesce(_m.described, last + 1),
        )

    def seen_fingerprint(self, fingerprint: str, not_id: str) -> str | None:
        """The original of a message that came another way too: the first described one alike.

        Of several alike exactly one has no original, however often each is tried again. One that
        failed for good is no original: nobody answered it.
        """
        if not fingerprint:
            return None
        own = self._c.execute(select(_m.described).where(_m.id == not_id)).scalar()
        alike = [_m.fingerprint == fingerprint, _m.id != not_id, _m.state != "failed"]
        if own is not None:
            alike.append(_m.described < own)
        query = select(_m.id).where(*alike).order_by(_m.described, _m.id)
        return self._c.execute(query.limit(1)).scalar()

    def place(self, placement: Placement) -> None:
        """Write down where a document ended; replaces what was said of it before."""
        upsert(self._c, t.placement, dump(placement))

    def placements(self, message_id: str) -> list[Placement]:
        """Where the documents of a message ended, in the order of the mail."""
        p = t.placement.c
        query = select(t.placement).where(p.message_id == message_id).order_by(p.ordinal, p.part)
        return [Placement(**row) for row in self._c.execute(query).mappings()]

    def placements_of(self, sha256: str) -> list[Placement]:
        """Wherever this document was placed, in any message."""
        query = select(t.placement).where(t.placement.c.sha256 == sha256)
        return [Placement(**row) for row in self._c.execute(query).mappings()]

    def of_case(self, case_no: str) -> list[Placement]:
        """Every document that was placed with the case, by message and place in it."""
        p = t.placement.c
        query = select(t.placement).where(p.case_no == case_no)
        rows = self._c.execute(query.order_by(p.message_id, p.ordinal, p.part)).mappings()
        return [Placement(**row) for row in rows]

    def ids(self) -> list[str]:
        """All messages, oldest first."""
        return list(self._c.execute(select(_m.id).order_by(_m.received_at, _m.id)).scalars())

    def _set(self, message_id: str, **values: Any) -> None:
        self._c.execute(update(t.message).where(_m.id == message_id).values(**values))


def _due(now: datetime) -> Select[str]:
    due = and_(
        _UNFINISHED,
        or_(_m.next_at.is_(None), _m.next_at <= now),
        or_(_m.claimed_until.is_(None), _m.claimed_until <= now),
    )
    return select(_m.id).where(due).order_by(_m.received_at, _m.id)


SOON = 3
"""Failures of a message for which its sender's later ones wait: seven minutes at most."""


def _lanes_at_work(now: datetime) -> Select[str]:
    """Lanes of messages that somebody holds."""
    held = and_(_UNFINISHED, _m.claimed_until > now, _m.lane != "")
    return select(_m.lane).where(held).distinct()


def _sender_at_work(now: datetime) -> ColumnElement[bool]:
    """Whether another message of the same sender is at work, or is to be tried again soon."""
    held, its, own = t.message.alias(), t.delivery.alias(), t.delivery.alias()
    busy = (
        select(func.lower(its.c.sender))
        .join(held, held.c.id == its.c.message_id)
        .where(held.c.state == literal_column("'received'"))
        .where(or_(held.c.claimed_until > now, and_(held.c.next_at > now, held.c.failures < SOON)))
        .where(its.c.sender != "")
    )
    sent = select(own.c.id).where(own.c.message_id == _m.id, func.lower(own.c.sender).in_(busy))
    return sent.exists()


def _envelope(row: RowMapping) -> Envelope:
    return Envelope(
        source=row["source"],
        source_key=row["source_key"],
        sender=row["sender"],
        recipients=tuple(row["recipients"]),
        received_at=row["received_at"],
        peer=row["peer"],
        login=row["login"],
    )


def _message(row: RowMapping, envelope: Envelope) -> MessageRow:
    return MessageRow(
        id=row["id"],
        sha256=row["sha256"],
        size=row["size"],
        received_at=row["received_at"],
        envelope=envelope,
        state=row["state"],
        attempts=row["attempts"],
        failures=row["failures"],
        next_at=row["next_at"],
        error=row["error"],
        mail=load(MailFacts, row["mail"]) if row["mail"] else None,
    )
