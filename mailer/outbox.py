"""The outbox's work: dress what is due once, then hand it over until it is settled.

No sending is exactly once over SMTP. A letter's bytes and Message-ID are stored before the first
attempt and never change; where it is not known whether the relay took it, the same goes out again.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from letters import dress
from mailer.compose import compose, message_id
from mailer.sender import Outcome, Sender
from procedure.facts import LetterIntent, Office
from store import Store
from store.rows import OutgoingRow

BACK_OFF = (60, 300, 900, 1800, 3600, 7200, 14400)
"""Seconds before the next attempt, the last one repeated (as mail servers do)."""
GIVE_UP = 40
"""Attempts: about five days."""


def dress_due(store: Store, office: Office, domain: str) -> int:
    """Dress every letter that has no bytes yet; how many."""
    with store.read() as tx:
        due = tx.outbox.undressed()
    for intent, made in due:
        raw = dressed_bytes(intent, made, office, domain)
        with store.write() as tx:
            tx.outbox.dress(intent.key, message_id(intent.key, domain), raw)
    return len(due)


def dressed_bytes(intent: LetterIntent, made: datetime, office: Office, domain: str) -> bytes:
    """A letter's bytes: the same whenever and wherever they are made."""
    dressed = dress(intent.kind, intent.facts, intent.locale)
    sender = (office.name, intent.sender or office.address)
    return compose(dressed, intent, sender, made, domain)


def send_due(
    store: Store, sender: Sender, office: Office, now: Callable[[], datetime], limit: int = 20
) -> int:
    """Try every recipient that is due once; how many were tried."""
    with store.read() as tx:
        rows = tx.outbox.sendable(now(), limit)
    for row in rows:
        with store.write() as tx:
            tx.outbox.begin_attempt(row.key, row.recipient, now())
        settle(store, row, sender.send(row, office.address), now())
    return len(rows)


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
