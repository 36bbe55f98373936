"""Taking a message: durable before anybody is told so, and the same bytes only once.

Small messages are one transaction. Large ones come as chunks in short transactions under an upload
name of their own; the message's row commits last, so that an upload cut short is invisible and a
message never lacks a chunk.
"""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, insert, select

from store import tables as t
from store.chunks import CHUNK, chunked
from store.dialect import insert_missing
from store.rows import Envelope, Taken

if TYPE_CHECKING:
    from store.core import Store


def take(store: "Store", envelope: Envelope, raw: bytes | Iterable[bytes]) -> Taken:
    """Keep one message and its delivery; safe to repeat."""
    if isinstance(raw, bytes) and len(raw) <= CHUNK:
        return take_many(store, [(envelope, raw)])[0]
    upload = secrets.token_hex(16)
    digest, size = hashlib.sha256(), 0
    for seq, chunk in enumerate(chunked(raw)):
        digest.update(chunk)
        size += len(chunk)
        with store.write() as tx:
            _chunk(tx.connection, upload, seq, chunk)
    with store.write() as tx:
        return _commit(tx.connection, envelope, digest.hexdigest(), size, upload)


def take_many(store: "Store", messages: Sequence[tuple[Envelope, bytes]]) -> list[Taken]:
    """Keep several small messages in one commit (group commit)."""
    with store.write() as tx:
        return [_small(tx.connection, envelope, raw) for envelope, raw in messages]


def _small(connection: Connection, envelope: Envelope, raw: bytes) -> Taken:
    upload = secrets.token_hex(16)
    for seq, chunk in enumerate(chunked(raw)):
        _chunk(connection, upload, seq, chunk)
    return _commit(connection, envelope, hashlib.sha256(raw).hexdigest(), len(raw), upload)


def _chunk(connection: Connection, upload: str, seq: int, data: bytes) -> None:
    connection.execute(insert(t.message_chunk).values(upload=upload, seq=seq, data=data))


def _commit(
    connection: Connection, envelope: Envelope, sha256: str, size: int, upload: str
) -> Taken:
    message_id = f"m{sha256[:20]}"
    row: dict[str, Any] = {
        "id": message_id,
        "sha256": sha256,
        "size": size,
        "received_at": envelope.received_at,
        "state": "received",
        "attempts": 0,
        "error": "",
    }
    fresh = insert_missing(connection, t.message, row)
    if fresh:
        connection.execute(insert(t.message_upload).values(message_id=message_id, upload=upload))
    else:
        connection.execute(delete(t.message_chunk).where(t.message_chunk.c.upload == upload))
    insert_missing(connection, t.delivery, _delivery(message_id, envelope), ("source_key",))
    return Taken(message_id, fresh)


def _delivery(message_id: str, envelope: Envelope) -> dict[str, Any]:
    return {
        "message_id": message_id,
        "source": envelope.source,
        "source_key": envelope.source_key,
        "sender": envelope.sender,
        "recipients": list(envelope.recipients),
        "received_at": envelope.received_at,
        "peer": envelope.peer,
    }


def sweep(connection: Connection) -> int:
    """Remove what uploads cut short left behind; only while nobody is taking mail."""
    whole = select(t.message_upload.c.upload)
    cut = delete(t.message_chunk).where(t.message_chunk.c.upload.not_in(whole))
    return connection.execute(cut).rowcount
