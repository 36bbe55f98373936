"""Bounces matched back to the letters they are about.

The Message-ID of a letter is made of a hash and known to those it was sent to: a bounce that names
it is believed. One that names an address alone marks the last letter there as doubtful; it never
suspends the address, since anybody may write such a mail.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailer.mail import Bounce, Report
from store import Store, Tx
from store.rows import HELD, LetterRow

log = logging.getLogger(__name__)
RECENT = timedelta(days=7)
"""How long after it was sent a letter may be meant by a bounce that names no Message-ID."""
GONE, FAILED, DOUBTFUL = "bounced: gone", "bounced: failed", "bounced: perhaps"
"""How the answer of a recipient's row begins; `suspended` counts the first one."""
NO_SUCH = re.compile(rf"{GONE}\b|55[0-4][ -](?:<[^>]*> ?)?5\.(?:1\.[0-3]|1\.10|2\.1)\b")
"""By a bounce, or by the relay at once."""
HARD = 2
"""Letters in a row that came back since the address is no good."""


@dataclass(frozen=True)
class Bounced:
    """A letter that did not arrive: for those who must be told."""

    key: str
    kind: str
    about: str
    address: str
    answer: str
    suspended: bool
    """Whether later letters to the address are held from now on."""
    attempts: int
    """How often it was sent: sent again it may come back again."""


def settle(tx: Tx, report: Report, now: datetime) -> Iterator[Bounced]:
    """Write down what a bounce says; the letters that did not arrive.

    Each is given once only: tell whoever must be told within the same transaction.
    """
    letters = [tx.outbox.by_message_id(one) for one in report.message_ids]
    known = [letter for letter in letters if letter is not None]
    for bounce in report.bounces:
        if bounce.state not in ("gone", "failed"):
            continue
        if known:
            yield from _named(tx, known, bounce, len(report.bounces))
        else:
            yield from _guessed(tx, bounce, now)


def _named(tx: Tx, letters: list[LetterRow], bounce: Bounce, bounces: int) -> Iterator[Bounced]:
    start = GONE if bounce.state == "gone" else FAILED
    for letter in letters:
        addresses = [one.address for one in letter.recipients]
        address = next((one for one in addresses if one.lower() == bounce.address), "")
        if not address and len(addresses) == 1 and bounces == 1:
            # The letter went to one only, and was forwarded from there.
            address = addresses[0]
        if address:
            yield from _mark(tx, letter, address, start, bounce)


def _guessed(tx: Tx, bounce: Bounce, now: datetime) -> Iterator[Bounced]:
    letter = tx.outbox.last_to(bounce.address, now - RECENT)
    if letter is not None:
        yield from _mark(tx, letter, bounce.address, DOUBTFUL, bounce)


def _mark(tx: Tx, letter: LetterRow, address: str, start: str, bounce: Bounce) -> Iterator[Bounced]:
    (row,) = (one for one in letter.recipients if one.address.lower() == address.lower())
    if row.answer.startswith("bounced:"):
        return
    answer = f"{start} {bounce.status} {bounce.said}".strip()[:500]
    tx.outbox.failed(letter.key, row.address, answer)
    log.warning("letter %s came back: %s", letter.key, start)
    yield Bounced(
        letter.key,
        letter.kind,
        letter.about,
        row.address,
        answer,
        suspended(tx, row.address),
        row.attempts,
    )


def suspended(tx: Tx, address: str) -> bool:
    """Whether the last letters to an address all came back since it is no good."""
    last = tx.outbox.answers(address, HARD)
    return len(last) == HARD and all(NO_SUCH.match(answer) for answer in last)


def reinstate(store: Store, address: str) -> int:
    """The address is good again: what was held for it is queued; how many letters.

    What the operator holds for another reason stays.
    """
    with store.write() as tx:
        tx.outbox.forgive(address, "released: ")
        return tx.outbox.release(address=address, why=HELD)
