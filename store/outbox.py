"""The outbox: one row a letter, unique by key; one state for each recipient."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, func, insert, literal, or_, select, text, update
from sqlalchemy.engine import RowMapping

from procedure.clock import Clock
from procedure.facts import FACTS, LetterIntent, Thread
from procedure.jsonable import dump, load
from store import letterbytes
from store import tables as t
from store.dialect import insert_missing
from store.errors import Damaged
from store.hints import LETTERS, Hints
from store.rows import HELD, LetterRow, OutgoingRow, RecipientRow

log = logging.getLogger(__name__)
_l = t.letter.c
_r = t.recipient.c
LEASE = timedelta(minutes=15)
"""Longer than any attempt takes. The sender's machine may be lost: then another one tries."""
_NOBODY: dict[str, Any] = {"leased_by": None, "leased_until": None}


class Outbox:
    """Letters within one transaction."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._c = connection
        self._clock = clock

    def intend(self, intent: LetterIntent, not_before: datetime | None = None) -> bool:
        """A letter is due, in the transaction of the change; False where its key is known.

        ``not_before``: no attempt is made until then.
        """
        row = {
            "key": intent.key, "kind": intent.kind, "about": intent.about,
            "revision": intent.revision, "intent": _dump(intent),
            "created_at": self._clock.now(), "superseded": False,
        }  # fmt: skip
        if not insert_missing(self._c, t.letter, row):
            return False
        for address in dict.fromkeys((*intent.to, *intent.cc)):
            queued = {"key": intent.key, "address": address, "state": "queued", "attempts": 0,
                      "next_at": not_before}  # fmt: skip
            self._c.execute(insert(t.recipient).values(**queued))
        Hints(self._c).add(LETTERS, [intent.key])
        return True

    def due(self, now: datetime) -> bool:
        """Whether any letter waits to be dressed, or any recipient to be tried."""
        return bool(self.undressed(1) or self.sendable(now, 1))

    def undressed(self, limit: int = 50) -> list[tuple[LetterIntent, datetime]]:
        """Intents that have no bytes yet, with the moment they were made, oldest first."""
        query = (
            select(_l.intent, _l.created_at)
            .where(_l.raw.is_(None), _l.superseded.is_(False))
            .order_by(_l.created_at, _l.key)
            .limit(limit)
        )
        return [(_load(data), at) for data, at in self._c.execute(query)]

    def intent(self, key: str) -> LetterIntent | None:
        """A letter's intent, None for an unknown key."""
        data = self._c.execute(select(_l.intent).where(_l.key == key)).scalar()
        return _load(data) if data else None

    def dress(self, key: str, rfc_message_id: str, raw: bytes) -> None:
        """Keep the letter's bytes before the first attempt; the first dress stays.

        ``raw``: of `store.letterbytes.kept`.
        """
        statement = update(t.letter).where(_l.key == key, _l.raw.is_(None))
        self._c.execute(statement.values(rfc_message_id=rfc_message_id, raw=raw))

    def raw(self, key: str) -> bytes | None:
        """The letter's bytes, None before it is dressed."""
        stored = self._c.execute(select(_l.raw).where(_l.key == key)).scalar()
        return None if stored is None else letterbytes.letter(bytes(stored))

    def sendable(self, now: datetime, limit: int = 20) -> list[OutgoingRow]:
        """Recipients that are due, oldest letter first; one damaged letter holds up no other."""
        due = and_(or_(_r.next_at.is_(None), _r.next_at <= now), _free(now))
        query = (
            select(_l.key, _l.rfc_message_id, _l.intent, _l.raw, _r.address, _r.attempts)
            .join(t.recipient, _r.key == _l.key)
            .where(_l.raw.is_not(None), _l.superseded.is_(False), due)
            .where(text(f"recipient.{t.DUE}"))
            .order_by(_l.created_at, _l.key, _r.address)
            .limit(limit)
        )
        rows = map(_outgoing, self._c.execute(query).mappings())
        return [row for row in rows if row is not None]

    def deflated(self) -> list[str]:
        """Keys of the letters whose bytes say themselves whether they are whole."""
        begins = func.substr(_l.raw, 1, len(letterbytes.MAGIC))
        query = select(_l.key).where(begins == letterbytes.MAGIC)
        return list(self._c.execute(query.order_by(_l.key)).scalars())

    def begin_attempt(self, key: str, address: str, now: datetime, by: str = "") -> bool:
        """An attempt starts: written down before its first byte leaves.

        False where it must not start: superseded or settled since `sendable` was asked, or another
        sender is at it. ``by`` is who starts; nobody else may until it is settled, its lease ends
        or it is given up. An attempt by nobody in particular keeps no one out.
        """
        withheld = select(_l.key).where(_l.key == key, _l.superseded.is_(True))
        statement = (
            update(t.recipient)
            .where(_r.key == key, _r.address == address, _r.key.not_in(withheld))
            .where(_r.state.in_(("queued", "deferred")), _free(now))
        )
        lease = {"leased_by": by, "leased_until": now + LEASE} if by else {}
        values = {"attempts": _r.attempts + 1, "at": now, **lease}
        return self._c.execute(statement.values(**values)).rowcount == 1

    def senders(self) -> set[str]:
        """Who is at a letter now, or died at it."""
        query = select(_r.leased_by).where(_r.leased_by.is_not(None)).distinct()
        return {str(name) for name in self._c.execute(query).scalars()}

    def give_up(self, by: str) -> None:
        """What a sender that is no more was at may be tried again at once."""
        statement = update(t.recipient).where(_r.leased_by == by)
        self._c.execute(statement.values(**_NOBODY))

    def sent(self, key: str, address: str, answer: str, now: datetime) -> None:
        """The relay took it."""
        self._state(key, address, state="sent", answer=answer, next_at=None, at=now, **_NOBODY)

    def deferred(self, key: str, address: str, answer: str, next_at: datetime) -> None:
        """Not now; to be tried again."""
        self._state(key, address, state="deferred", answer=answer, next_at=next_at, **_NOBODY)

    def failed(self, key: str, address: str, answer: str) -> None:
        """Refused for good."""
        self._state(key, address, state="failed", answer=answer, next_at=None, **_NOBODY)

    def again(self, key: str, states: tuple[str, ...] = ("sent", "failed")) -> int:
        """Queue a letter once more under the same identity; how many recipients.

        ``states``: of which recipients.
        """
        statement = update(t.recipient).where(_r.key == key, _r.state.in_(states))
        return self._c.execute(statement.values(state="queued", next_at=None)).rowcount

    def moved(self, key: str, old: str, new: str) -> None:
        """The recipient has another address now: what did not reach the old one goes there."""
        if self._c.execute(select(_r.key).where(_r.key == key, _r.address == new)).first():
            return
        closed = or_(_r.state == "failed", and_(_r.state == "held", _r.answer == HELD))
        undelivered = update(t.recipient).where(_r.key == key, _r.address == old, closed)
        answer = literal(f"{old}: ") + func.coalesce(_r.answer, "")
        self._c.execute(undelivered.values(address=new, state="failed", answer=answer))

    def hold(self, key: str, address: str = "", why: str = "") -> int:
        """Keep a letter back from now on, to all of its recipients or one; how many of them."""
        statement = update(t.recipient).where(_r.key == key, _r.state.in_(("queued", "deferred")))
        if address:
            statement = statement.where(_r.address == address)
        held = {"state": "held", "next_at": None, "at": self._clock.now()}
        values = held | ({"answer": why} if why else {})
        return self._c.execute(statement.values(**values)).rowcount

    def release(self, key: str = "", address: str = "", why: str = "") -> int:
        """Let go what was held, of one letter or one address; how many recipients.

        ``why``: only what was held for this.
        """
        statement = update(t.recipient).where(_r.state == "held")
        if key:
            statement = statement.where(_r.key == key)
        if address:
            statement = statement.where(_r.address == address)
        if why:
            statement = statement.where(_r.answer == why)
        return self._c.execute(statement.values(state="queued", next_at=None)).rowcount

    def held(self) -> list[LetterRow]:
        """Letters that are kept back from anybody, oldest first."""
        return self._letters(_l.key.in_(select(_r.key).where(_r.state == "held")))

    def in_states(self, states: tuple[str, ...]) -> list[LetterRow]:
        """Letters that are in one of these states for anybody, oldest first."""
        return self._letters(_l.key.in_(select(_r.key).where(_r.state.in_(states))))

    def answers(self, address: str, limit: int) -> list[str]:
        """What became of the last letters that went out to an address, newest first."""
        query = (
            select(_r.answer)
            .join(t.letter, _r.key == _l.key)
            .where(_r.address == address, _r.state.in_(("sent", "failed")), _r.attempts > 0)
            .order_by(_l.created_at.desc(), _l.key.desc())
            .limit(limit)
        )
        return list(self._c.execute(query).scalars())

    def forgive(self, address: str, mark: str) -> int:
        """Failures of the past begin with ``mark`` from now on, and count no more; how many."""
        query = select(_r.key, _r.answer).where(_r.address == address, _r.state == "failed")
        rows = [row for row in self._c.execute(query) if not row.answer.startswith(mark)]
        for key, answer in rows:
            self._state(key, address, answer=mark + answer)
        return len(rows)

    def count_to(self, address: str, kinds: tuple[str, ...], since: datetime) -> int:
        """How many letters of these kinds were made for an address since then."""
        query = (
            select(func.count())
            .select_from(t.letter.join(t.recipient, _r.key == _l.key))
            .where(_l.kind.in_(kinds), _l.created_at >= since)
            .where(func.lower(_r.address) == address.lower())
        )
        return int(self._c.execute(query).scalar_one())

    def last_to(self, address: str, since: datetime) -> LetterRow | None:
        """The newest letter that the relay took for an address since then, None for none."""
        query = (
            select(_r.key)
            .where(func.lower(_r.address) == address, _r.state == "sent", _r.at >= since)
            .order_by(_r.at.desc())
            .limit(1)
        )
        key = self._c.execute(query).scalar()
        return self.letter(key) if key else None

    def attempted(self, key: str) -> bool:
        """Whether any attempt was made to any recipient."""
        query = select(func.sum(_r.attempts)).where(_r.key == key)
        return bool(self._c.execute(query).scalar())

    def supersede(self, kind: str, about: str) -> list[str]:
        """Withhold letters of which no attempt was made; their keys. They stay, never sent."""
        query = select(_l.key).where(_l.kind == kind, _l.about == about, _l.superseded.is_(False))
        keys = [key for key in self._c.execute(query).scalars() if not self.attempted(key)]
        self._c.execute(update(t.letter).where(_l.key.in_(keys)).values(superseded=True))
        return keys

    def letters(self, about: str) -> list[LetterRow]:
        """Letters about a case, message or digest, oldest first."""
        return self._letters(_l.about == about)

    def of_case(self, case_no: str, messages: Iterable[str]) -> list[LetterRow]:
        """Letters about a case (``CASE`` or ``CASE/…``) or in answer to its mails, oldest first."""
        # Texts sort by their bytes, and "0" is the one after "/": a range that an index serves.
        inside = and_(_l.about > f"{case_no}/", _l.about < f"{case_no}0")
        return self._letters(or_(_l.about == case_no, inside, _l.about.in_(sorted(set(messages)))))

    def refused(self, kinds: tuple[str, ...]) -> list[LetterRow]:
        """Letters of these kinds that are held, or that some server refused for good."""
        failed = select(_r.key).where(_r.state.in_(("failed", "held")))
        return self._letters(_l.kind.in_(kinds), _l.key.in_(failed))

    def all(self) -> list[LetterRow]:
        """Every letter, oldest first."""
        return self._letters()

    def letter(self, key: str) -> LetterRow | None:
        """One letter, None for none."""
        return next(iter(self._letters(_l.key == key)), None)

    def by_message_id(self, rfc_message_id: str) -> LetterRow | None:
        """The letter that a reply or a bounce speaks of, None for none."""
        return next(iter(self._letters(_l.rfc_message_id == rfc_message_id)), None)

    def _letters(self, *where: Any) -> list[LetterRow]:
        # Without the bytes: a list of letters must not load every attachment ever sent.
        columns = [column for column in _l if column.name != "raw"]
        dressed = _l.raw.is_not(None).label("dressed")
        query = select(*columns, dressed).where(*where).order_by(_l.created_at, _l.key)
        rows = self._c.execute(query).mappings().all()
        recipients = self._recipients(select(_l.key).where(*where))
        return [_letter(row, tuple(recipients.get(row["key"], ()))) for row in rows]

    def _recipients(self, keys: Select[tuple[str]]) -> dict[str, list[RecipientRow]]:
        query = select(t.recipient).where(_r.key.in_(keys)).order_by(_r.address)
        found: dict[str, list[RecipientRow]] = {}
        for row in self._c.execute(query).mappings():
            values = {name: row[name] for name in RecipientRow.__dataclass_fields__}
            found.setdefault(row["key"], []).append(RecipientRow(**values))
        return found

    def _state(self, key: str, address: str, **values: Any) -> None:
        statement = update(t.recipient).where(_r.key == key, _r.address == address)
        self._c.execute(statement.values(**values))


def _free(now: datetime) -> Any:
    """Nobody is at this recipient's copy."""
    return or_(_r.leased_until.is_(None), _r.leased_until <= now)


def _dump(intent: LetterIntent) -> dict[str, Any]:
    """Field by field: the facts' class follows from the kind, and unions cannot be guessed."""
    return {
        "kind": intent.kind, "about": intent.about, "to": list(intent.to), "cc": list(intent.cc),
        "facts": dump(intent.facts, memory=True), "sender": intent.sender,
        "thread": dump(intent.thread),
        "revision": intent.revision, "locale": intent.locale,
        "reply_to": intent.reply_to,
    }  # fmt: skip


def _load(data: dict[str, Any]) -> LetterIntent:
    return LetterIntent(
        **{
            **data,
            "to": tuple(data["to"]),
            "cc": tuple(data["cc"]),
            "facts": load(FACTS[data["kind"]], data["facts"]),
            "thread": load(Thread, data["thread"]),
        }
    )


def _outgoing(row: RowMapping) -> OutgoingRow | None:
    """None for a letter whose bytes are damaged: the log says so, and `store.verify`."""
    try:
        raw = letterbytes.letter(bytes(row["raw"]))
    except Damaged:
        log.exception("letter %s cannot be sent", row["key"])
        return None
    return OutgoingRow(
        key=row["key"],
        rfc_message_id=row["rfc_message_id"],
        sender=row["intent"]["sender"],
        recipient=row["address"],
        raw=raw,
        attempts=row["attempts"],
    )


def _letter(row: RowMapping, recipients: tuple[RecipientRow, ...]) -> LetterRow:
    intent = row["intent"]
    return LetterRow(
        key=row["key"],
        kind=row["kind"],
        about=row["about"],
        revision=row["revision"],
        to=tuple(intent["to"]),
        cc=tuple(intent["cc"]),
        sender=intent["sender"],
        facts=intent["facts"],
        created_at=row["created_at"],
        in_reply_to=intent["thread"]["in_reply_to"],
        rfc_message_id=row["rfc_message_id"] or "",
        superseded=row["superseded"],
        dressed=bool(row["dressed"]),
        recipients=recipients,
    )
