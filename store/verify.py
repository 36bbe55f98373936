"""Proof that nothing is lost: counts add up, every row has its bytes, the chain holds.

Whatever was tampered with, each check goes on to the end: one bad row hides no other.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.engine import RowMapping

from procedure.case import derive
from procedure.clock import utc
from procedure.events import KINDS, CaseErased
from store import tables as t
from store.cases import START, chain_hash, parse_event
from store.core import Store, Tx
from store.dialect import integrity
from store.errors import Damaged
from store.rows import CaseRow, LetterRow, MessageRow

T = TypeVar("T")
DRESSED_WITHIN = timedelta(hours=1)
"""An intent that has no bytes after that was forgotten."""
PLACED_KINDS = frozenset({"application", "cancellation"})
UNREADABLE = (ValueError, TypeError, KeyError)
"""What loading a tampered row may raise."""


def verify(store: Store, *, copy: bool = False) -> list[str]:
    """What is wrong, a line each; nothing where all is well. Reads one moment's state.

    ``copy``: of an installation that stood still meanwhile, so nothing in it is late.
    """
    with store.read() as tx:
        return problems(tx, None if copy else store.clock.now())


def problems(tx: Tx, now: datetime | None) -> list[str]:
    """What is wrong as this transaction sees it, what it wrote itself included.

    Without ``now`` nothing is judged by how long it waits.
    """
    gone = _erased(tx)
    checks = (
        iter(integrity(tx.connection)),
        _messages(tx, gone),
        _documents(tx),
        _chain(tx, gone),
        _states(tx),
        _outbox(tx, now),
        _digests(tx),
    )
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


@dataclass(frozen=True)
class _Gone:
    """What the chain itself says was erased: only that may lack its content."""

    events: frozenset[int]
    messages: frozenset[str]


def _erased(tx: Tx) -> _Gone:
    query = select(t.event).where(t.event.c.kind == KINDS[CaseErased])
    found = (_loaded(_parsed, row)[0] for row in tx.connection.execute(query).mappings())
    said = [one.payload for one in found if one and isinstance(one.payload, CaseErased)]
    return _Gone(
        frozenset(seq for one in said for seq in one.events),
        frozenset(message_id for one in said for message_id in one.messages),
    )


def _messages(tx: Tx, gone: _Gone) -> Iterator[str]:
    for message_id in tx.messages.ids():
        if message_id in gone.messages and not tx.messages.raw(message_id):
            continue
        row, problem = _loaded(tx.messages.get, message_id)
        if row is None:
            yield f"message {message_id}: {problem}"
            continue
        digest, size = hashlib.sha256(), 0
        for chunk in tx.messages.chunks(message_id):
            digest.update(chunk)
            size += len(chunk)
        if (digest.hexdigest(), size) != (row.sha256, row.size):
            yield f"message {message_id}: its bytes are not what its hash says"
        if said := _unaccounted(tx, row):
            yield f"message {message_id}: {said}"


def _unaccounted(tx: Tx, row: MessageRow) -> str:
    """Why a settled message is not accounted for, "" where it is."""
    if row.state == "failed" and not tx.tray.of_message(row.id):
        return "failed, but not in the tray"
    if row.state != "done":
        return ""
    if row.mail is None:
        return "done, but nothing says what it is"
    if row.mail.kind not in PLACED_KINDS or tx.messages.placements(row.id):
        return ""
    return "" if tx.tray.of_message(row.id) else "done, but no document of it is placed anywhere"


def _documents(tx: Tx) -> Iterator[str]:
    known = set(tx.documents.ids())
    for sha256 in sorted(known):
        data, problem = _loaded(tx.documents.data, sha256)
        if data is None:
            yield problem
        elif len(data) != tx.documents.size(sha256):
            yield f"document {sha256}: its size is not what its row says"
    placed = select(t.placement.c.message_id, t.placement.c.sha256)
    for message_id, sha256 in tx.connection.execute(placed):
        if sha256 not in known:
            yield f"message {message_id}: document {sha256} is placed but not kept"
    for case_no, sha256 in tx.connection.execute(select(t.filed.c.case_no, t.filed.c.sha256)):
        if sha256 not in known:
            yield f"case {case_no}: document {sha256} is filed but not kept"


def _chain(tx: Tx, gone: _Gone) -> Iterator[str]:
    """Each event's body hashes, with the one before, to what the next one names."""
    expected, prev = 1, START
    for row in tx.connection.execute(select(t.event).order_by(t.event.c.seq)).mappings():
        if row["seq"] != expected or row["prev_hash"] != prev:
            yield f"event {row['seq']}: the chain is broken before it"
        # Of an erased event the hash is left, and still links its neighbours.
        blank = row["seq"] in gone.events and row["body"] == ""
        if not blank and chain_hash(row["seq"], row["prev_hash"], row["body"]) != row["hash"]:
            yield f"event {row['seq']}: its content is not what its hash says"
        elif not blank and (problem := _misfiled(row)):
            yield f"event {row['seq']}: {problem}"
        expected, prev = row["seq"] + 1, row["hash"]


def _misfiled(row: RowMapping) -> str:
    """The columns that events are found by must say what the hashed body says."""
    event, problem = _loaded(_parsed, row)
    if event is None:
        return problem
    found = (row["case_no"], row["kind"], row["at"])
    said = (event.case_no, event.kind, utc(event.at))
    return "" if found == said else "it is filed under another case, kind or moment than it says"


def _parsed(row: RowMapping) -> Any:
    return parse_event(row["seq"], row["body"], row["prev_hash"], row["hash"])


def _states(tx: Tx) -> Iterator[str]:
    for row in tx.cases.list(None):
        if problem := _state(tx, row):
            yield f"case {row.case_no}: {problem}"


def _state(tx: Tx, row: CaseRow) -> str:
    events, problem = _loaded(tx.cases.events, row.case_no)
    if events is None:
        return problem
    if row.erased:
        kinds = [event.kind for event in events]
        return "" if kinds == [KINDS[CaseErased]] else "erased, but its events do not say so"
    if not events:
        # Opened, and nothing happened yet.
        return ""
    state, problem = _loaded(tx.cases.state, row.case_no)
    if state is None:
        return problem
    if derive(events) != state:
        return "its saved state is not what its events add up to"
    return "" if row.stage == state.stage else "it is listed under another stage than its state's"


def _outbox(tx: Tx, now: datetime | None) -> Iterator[str]:
    for letter in tx.outbox.all():
        for problem in _letter(letter, now):
            yield f"letter {letter.key}: {problem}"
    for key in tx.outbox.deflated():
        if problem := _loaded(tx.outbox.raw, key)[1]:
            yield f"letter {key}: {problem}"


def _letter(letter: LetterRow, now: datetime | None) -> Iterator[str]:
    if not letter.recipients:
        yield "has no recipient"
    waits = not letter.dressed and not letter.superseded
    if waits and now is not None and letter.created_at < now - DRESSED_WITHIN:
        yield f"was never written out since {letter.created_at.isoformat()}"
    if letter.dressed and not letter.rfc_message_id:
        yield "has bytes, but no Message-ID"
    for recipient in letter.recipients:
        if recipient.state == "sent" and not letter.dressed:
            yield f"sent to {recipient.address} without bytes"
        if recipient.attempts and letter.superseded:
            yield f"superseded after an attempt to {recipient.address}"


def _digests(tx: Tx) -> Iterator[str]:
    for digest in tx.digests.list():
        if tx.outbox.letter(digest.letter_key) is None:
            yield f"digest {digest.kind} {digest.period} {digest.recipient}: its letter is missing"


def _loaded(load: Callable[[Any], T | None], key: Any) -> tuple[T | None, str]:
    """What ``load`` gives, or None and what is wrong, in one line."""
    try:
        found = load(key)
    except Damaged as error:
        return None, str(error)
    except UNREADABLE as error:
        first = (str(error).splitlines() or [""])[0]
        return None, f"cannot be read ({type(error).__name__}: {first})"
    return found, "" if found is not None else "is not there"
