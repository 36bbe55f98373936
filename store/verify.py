"""Proof that nothing is lost: counts add up, every row has its bytes, the chain holds."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import func, select

from procedure.case import derive
from procedure.events import Event
from store import tables as t
from store.cases import START, chain_hash, event_body
from store.core import Store, Tx
from store.errors import Damaged


def verify(store: Store) -> list[str]:
    """What is wrong, a line each; nothing where all is well. Reads one moment's state."""
    with store.read() as tx:
        checks = (_messages(tx), _documents(tx), _chain(tx), _states(tx), _outbox(tx), _digests(tx))
        return [problem for check in checks for problem in check]


def counts(store: Store) -> dict[str, int]:
    """How many messages, documents, cases, events, letters, digests and open tray items."""
    tables = {
        "messages": t.message, "documents": t.document, "placements": t.placement,
        "cases": t.case, "events": t.event, "letters": t.letter, "digests": t.digest,
    }  # fmt: skip
    with store.read() as tx:
        found = {
            name: int(tx.connection.execute(select(func.count()).select_from(table)).scalar_one())
            for name, table in tables.items()
        }
        return {**found, "tray": len(tx.tray.open_items())}


def _messages(tx: Tx) -> Iterator[str]:
    for message_id in tx.messages.ids():
        row = tx.messages.get(message_id)
        digest = hashlib.sha256()
        for chunk in tx.messages.chunks(message_id):
            digest.update(chunk)
        if row is None or digest.hexdigest() != row.sha256:
            yield f"message {message_id}: its bytes are not what its hash says"
        elif row.state == "done" and row.mail is None:
            yield f"message {message_id}: done, but nothing says what it is"
        elif row.state == "failed" and not tx.tray.of_message(message_id):
            yield f"message {message_id}: failed, but not in the tray"


def _documents(tx: Tx) -> Iterator[str]:
    known = set(tx.documents.ids())
    for sha256 in sorted(known):
        try:
            tx.documents.data(sha256)
        except Damaged as error:
            yield str(error)
    placed = tx.connection.execute(select(t.placement.c.message_id, t.placement.c.sha256))
    for message_id, sha256 in placed:
        if sha256 not in known:
            yield f"message {message_id}: document {sha256} is placed but not kept"


def _chain(tx: Tx) -> Iterator[str]:
    """Each event's body hashes, with the one before, to what the next one names."""
    expected, prev = 1, START
    for row in tx.connection.execute(select(t.event).order_by(t.event.c.seq)).mappings():
        if row["seq"] != expected or row["prev_hash"] != prev:
            yield f"event {row['seq']}: the chain is broken before it"
        if chain_hash(row["seq"], row["prev_hash"], row["body"]) != row["hash"]:
            yield f"event {row['seq']}: its content is not what its hash says"
        expected, prev = row["seq"] + 1, row["hash"]


def _states(tx: Tx) -> Iterator[str]:
    for row in tx.cases.list(None):
        events: list[Event] = tx.cases.events(row.case_no)
        if derive(events) != tx.cases.state(row.case_no) and events:
            yield f"case {row.case_no}: its saved state is not what its events add up to"
        for event in events:
            if event.case_no != row.case_no or not event_body(event):
                yield f"event {event.seq}: belongs to another case"


def _outbox(tx: Tx) -> Iterator[str]:
    for letter in tx.outbox.all():
        if not letter.recipients:
            yield f"letter {letter.key}: has no recipient"
        for recipient in letter.recipients:
            if recipient.state == "sent" and not letter.dressed:
                yield f"letter {letter.key}: sent to {recipient.address} without bytes"
            if recipient.attempts and letter.superseded:
                yield f"letter {letter.key}: superseded after an attempt"


def _digests(tx: Tx) -> Iterator[str]:
    for digest in tx.digests.list():
        if tx.outbox.letter(digest.letter_key) is None:
            yield f"digest {digest.kind} {digest.period} {digest.recipient}: its letter is missing"
