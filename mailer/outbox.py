"""The outbox's work: dress what is due once, then hand it over until it is settled.

No sending is exactly once over SMTP. A letter's bytes and Message-ID are stored before the first
attempt and never change; where it is not known whether the relay took it, the same goes out again.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from letters import dress
from mailer.bounces import suspended
from mailer.compose import Pieces, compose, message_id
from mailer.sender import Outcome, Sender
from mailer.signing import Signer
from procedure.facts import LetterIntent, Office
from store import Store
from store.errors import StoreBusy, StoreFault
from store.letterbytes import kept
from store.rows import HELD, OutgoingRow

log = logging.getLogger(__name__)
BACK_OFF = (60, 300, 900, 1800, 3600, 7200, 14400)
"""Seconds before the next attempt, the last one repeated (as mail servers do)."""
GIVE_UP = 40
"""Attempts: about five days."""
NOTE = (1, 2, 4, 8)
"""Seconds before what the relay said is written down again, where that failed: together less than a
part has for its end."""


def dress_due(store: Store, office: Office, domain: str, signer: Signer | None = None) -> int:
    """Dress every letter that has no bytes yet; how many were. One bad letter stops no other."""
    with store.read() as tx:
        due = tx.outbox.undressed()
    return sum(_dress_one(store, intent, made, office, domain, signer) for intent, made in due)


def _dress_one(
    store: Store, intent: LetterIntent, made: datetime, office: Office, domain: str,
    signer: Signer | None,
) -> bool:  # fmt: skip
    try:
        pieces = dressed_pieces(intent, made, office, domain)
        if signer is not None:
            pieces = iter((signer.sign(b"".join(pieces)),))
        raw = kept(pieces)
    except Exception:
        # A fault of ours in one letter. It stays due: the operator sees it, and once the program
        # is mended it goes out.
        log.exception("letter %s cannot be dressed", intent.key)
        return False
    with store.write() as tx:
        tx.outbox.dress(intent.key, message_id(intent.key, domain), raw)
    return True


def dressed_pieces(intent: LetterIntent, made: datetime, office: Office, domain: str) -> Pieces:
    """A letter's bytes: the same whenever and wherever they are made."""
    dressed = dress(intent.kind, intent.facts, intent.locale)
    sender = (office.name, intent.sender or office.address)
    return compose(dressed, intent, sender, made, domain)


def send_due(
    store: Store, sender: Sender, office: Office, now: Callable[[], datetime], by: str = "",
    limit: int = 20, wait: Callable[[float], object] = time.sleep,
) -> int:  # fmt: skip
    """Try every recipient that is due once; how many were tried.

    ``by`` is this sender's name, where others send beside it: what one is at no other one takes.
    ``wait`` passes so many seconds where the database is away.
    """
    with store.read() as tx:
        rows = tx.outbox.sendable(now(), limit)
    tried = 0
    for row in rows:
        if _begin(store, row, now(), by):
            _note(store, row, sender.send(row, office.address), now, wait)
            tried += 1
    return tried


def _note(
    store: Store, row: OutgoingRow, outcome: Outcome, now: Callable[[], datetime],
    wait: Callable[[float], object],
) -> None:  # fmt: skip
    """`settle`, also where the database is away for a while: only here is it known what became of
    the letter, and one that nobody knows of goes out again."""
    for pause in NOTE:
        try:
            return settle(store, row, outcome, now())
        except (StoreBusy, StoreFault):
            log.exception("letter %s: what the relay said could not be written down", row.key)
            wait(pause)
    return settle(store, row, outcome, now())


def _begin(store: Store, row: OutgoingRow, now: datetime, by: str) -> bool:
    """Write the attempt down; False where the letter was superseded or settled meanwhile.

    To an address whose last letters came back nothing goes until the operator says so.
    """
    with store.write() as tx:
        if suspended(tx, row.recipient):
            tx.outbox.hold(row.key, row.recipient, HELD)
            log.warning("letter %s is held: its address is suspended", row.key)
            return False
        return tx.outbox.begin_attempt(row.key, row.recipient, now, by)


def settle(store: Store, row: OutgoingRow, outcome: Outcome, now: datetime) -> None:
    """Write down what the relay said."""
    with store.write() as tx:
        if outcome.state == "sent":
            tx.outbox.sent(row.key, row.recipient, outcome.answer, now)
        elif outcome.state == "failed" or row.attempts + 1 >= GIVE_UP:
            tx.outbox.failed(row.key, row.recipient, outcome.answer)
        else:
            wait = BACK_OFF[min(row.attempts, len(BACK_OFF) - 1)]
            later = now + timedelta(seconds=wait)
            tx.outbox.deferred(row.key, row.recipient, outcome.answer, later)
