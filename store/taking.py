"""Taking a message: durable before anybody is told so, and the same bytes only once.

Small messages are one transaction. Large ones come as chunks in short transactions under an upload
name of their own; the message's row commits last, so that an upload cut short is invisible. It
commits only while all its chunks are there: a message never lacks one.
"""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select

from procedure.clock import utc
from store import tables as t
from store.chunks import CHUNK, chunked
from store.dialect import exclude, insert_fresh, insert_missing, share
from store.errors import StoreBusy, StoreFault
from store.hints import MESSAGES, Hints
from store.rows import Envelope, Taken

if TYPE_CHECKING:
    from store.core import Store

_k = t.message_chunk.c
UPLOADS = "uploads"
"""Lock of those who make an upload a message, against the one who sweeps what never was one."""
INSERT_CHUNK = insert(t.message_chunk)
INSERT_UPLOAD = insert(t.message_upload)


@dataclass(frozen=True)
class Upload:
    """A body whose chunks are written; ``name`` is theirs alone."""

    name: str
    sha256: str
    size: int
    chunks: int


@dataclass(frozen=True)
class Small:
    """A message of one transaction."""

    envelope: Envelope
    raw: bytes
    sha256: str

    @property
    def id(self) -> str:
        """The message's."""
        return _id(self.sha256)


def take(store: "Store", envelope: Envelope, raw: bytes | Iterable[bytes]) -> Taken:
    """Keep one message and its delivery; safe to repeat."""
    if isinstance(raw, bytes) and len(raw) <= CHUNK:
        return take_many(store, [(envelope, raw)])[0]
    name = _named(store.clock.now())
    try:
        upload = _spread(store, name, raw)
        with store.write(beside=True) as tx:
            share(tx.connection, UPLOADS)
            return _commit(tx.connection, envelope, upload)
    except (StoreBusy, StoreFault):
        # Cleaning up now would only wait for the same trouble: the next start sweeps.
        raise
    except BaseException:
        with store.write(beside=True) as tx:
            _remove(tx.connection, name)
        raise


def take_many(store: "Store", messages: Sequence[tuple[Envelope, bytes]]) -> list[Taken]:
    """Keep several small messages in one commit (group commit), each kind of row in one statement.

    In the order of their ids: two who take the same ones must not wait for each other in a ring.
    """
    small = [Small(envelope, raw, hashlib.sha256(raw).hexdigest()) for envelope, raw in messages]
    with store.write(beside=True) as tx:
        return _together(tx.connection, small, store.clock.now())


def _together(connection: Connection, messages: Sequence[Small], now: datetime) -> list[Taken]:
    first = {one.id: one for one in reversed(messages)}
    ordered = [first[key] for key in sorted(first)]
    rows = [_message(one.envelope, one.sha256, len(one.raw)) for one in ordered]
    fresh = insert_fresh(connection, t.message, rows, "id")
    _bodies(connection, [one for one in ordered if one.id in fresh], now)
    Hints(connection).add(MESSAGES, sorted(fresh))
    rows = sorted(
        (_delivery(one.id, one.envelope) for one in messages), key=lambda row: row["source_key"]
    )
    noted = insert_fresh(connection, t.delivery, rows, "source_key", ("source_key",))
    for row in rows:
        if row["source_key"] in noted:
            noted.discard(row["source_key"])
        else:
            _deliver(connection, row)
    return [Taken(one.id, one.id in fresh and first[one.id] is one) for one in messages]


def _bodies(connection: Connection, messages: Sequence[Small], now: datetime) -> None:
    """Bodies whose chunks are in one transaction with their rows: nobody can have swept them."""
    names = sorted(_named(now) for _ in messages)
    chunks = [
        {"upload": name, "seq": seq, "data": data}
        for name, one in zip(names, messages, strict=True)
        for seq, data in enumerate(chunked(one.raw))
    ]
    uploads = [
        {"message_id": one.id, "upload": name} for name, one in zip(names, messages, strict=True)
    ]
    if chunks:
        connection.execute(INSERT_CHUNK, chunks)
    if uploads:
        connection.execute(INSERT_UPLOAD, uploads)


def _spread(store: "Store", name: str, raw: bytes | Iterable[bytes]) -> Upload:
    """Write the chunks, each in a transaction of its own, so that nobody waits for a slow body."""
    digest, size, chunks = hashlib.sha256(), 0, 0
    for chunk in chunked(raw):
        digest.update(chunk)
        with store.write(beside=True) as tx:
            _chunk(tx.connection, name, chunks, chunk)
        size, chunks = size + len(chunk), chunks + 1
    return Upload(name, digest.hexdigest(), size, chunks)


def _chunk(connection: Connection, upload: str, seq: int, data: bytes) -> None:
    connection.execute(INSERT_CHUNK, {"upload": upload, "seq": seq, "data": data})


def _commit(connection: Connection, envelope: Envelope, upload: Upload) -> Taken:
    row = _message(envelope, upload.sha256, upload.size)
    fresh = insert_missing(connection, t.message, row)
    if fresh:
        _bind(connection, row["id"], upload)
        Hints(connection).add(MESSAGES, [row["id"]])
    else:
        connection.execute(delete(t.message_chunk).where(_k.upload == upload.name))
    _deliver(connection, _delivery(row["id"], envelope))
    return Taken(row["id"], fresh)


def _id(sha256: str) -> str:
    return f"m{sha256[:20]}"


def _message(envelope: Envelope, sha256: str, size: int) -> dict[str, Any]:
    return {
        "id": _id(sha256),
        "sha256": sha256,
        "size": size,
        "received_at": envelope.received_at,
        "state": "received",
        "attempts": 0,
        "error": "",
    }


def _bind(connection: Connection, message_id: str, upload: Upload) -> None:
    # A tree that starts while the last one still takes a body may have swept its first chunks.
    there = select(func.count()).select_from(t.message_chunk).where(_k.upload == upload.name)
    if connection.execute(there).scalar_one() != upload.chunks:
        raise StoreFault("chunks of this message were swept meanwhile: take it again")
    values = {"message_id": message_id, "upload": upload.name}
    connection.execute(INSERT_UPLOAD, values)


def _delivery(message_id: str, envelope: Envelope) -> dict[str, Any]:
    return {
        "message_id": message_id,
        "source": envelope.source,
        "source_key": envelope.source_key,
        "sender": envelope.sender,
        "recipients": list(envelope.recipients),
        "received_at": envelope.received_at,
        "peer": envelope.peer,
        "login": envelope.login,
    }


def _deliver(connection: Connection, row: dict[str, Any]) -> None:
    """Note how it came. A key that belongs to other bytes gets the message's id at its end.

    An IMAP server may give other bytes, or another mail, under a UID that it used before: neither
    may be lost.
    """
    if insert_missing(connection, t.delivery, row, ("source_key",)):
        return
    d, key = t.delivery.c, row["source_key"]
    holder = select(d.message_id).where(d.source_key == key)
    if connection.execute(holder).scalar_one() != row["message_id"]:
        other = {**row, "source_key": f"{key}#{row['message_id']}"}
        insert_missing(connection, t.delivery, other, ("source_key",))


def _remove(connection: Connection, upload: str) -> None:
    """Drop an upload's chunks, unless it became a message after all."""
    connection.execute(
        delete(t.message_chunk).where(_k.upload == upload, _k.upload.not_in(_whole()))
    )


def sweep(store: "Store") -> int:
    """Remove what uploads cut short left behind; how many chunks.

    With SQLite there is one tree, which starts now: every upload is a dead one's; one that runs on
    all the same is refused when it wants to commit, and comes again. On a server another machine's
    may be on its way: those that began before yesterday are swept.
    """
    stale: ColumnElement[bool] = _k.upload.not_in(_whole())
    if store.engine.dialect.name != "sqlite":
        stale = and_(stale, _k.upload < _day(store.clock.now() - timedelta(days=1)))
    with store.write() as tx:
        exclude(tx.connection, UPLOADS)
        return tx.connection.execute(delete(t.message_chunk).where(stale)).rowcount


def _named(now: datetime) -> str:
    """A name for an upload. In the order of time: new rows lie together in the index, where random
    ones would rewrite a page of it each."""
    return f"{utc(now):%Y%m%d%H%M%S%f}-{secrets.token_hex(16)}"


def _day(moment: datetime) -> str:
    """What the names of a day's uploads begin with."""
    return f"{utc(moment):%Y%m%d}"


def _whole() -> Any:
    return select(t.message_upload.c.upload)
