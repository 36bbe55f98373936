"""The weekly summary (附件3 §2 step 4) and the daily records (step 6).

Which event went into which digest is stored, by sequence number. A digest takes what was recorded
before the moment it was due (for a held one: the moment the import came that it waited for) and
went into none before; so a digest that is made late says what it would have said in time.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from casework.desk import Desk
from procedure.facts import DailyRecords, WeeklySummary
from store.rows import Person

DigestKind = Literal["weekly", "daily"]


@dataclass(frozen=True)
class DigestLine:
    """One digest for a list; JSON-able."""

    key: str
    kind: str
    cycle: str
    period: str
    """2021-11-01/2021-11-05 or 2021-11-03."""
    province: str
    supplement: int
    rows: int
    late: bool
    made_at: datetime
    recipients: tuple[str, ...]
    delivery: str
    """One word for the worst of its recipients: waiting, sent, deferred, failed."""


def make_due(desk: Desk, now: datetime) -> list[str]:
    """Make every digest that is due and not there yet; their keys, oldest first.

    Safe to run at any time, any number of times, by any number of processes.
    """
    raise NotImplementedError


def preview(
    desk: Desk, person: Person, kind: DigestKind, province: str, now: datetime
) -> WeeklySummary | DailyRecords:
    """What the next digest of this kind would say; nothing is stored."""
    raise NotImplementedError


def send(
    desk: Desk, person: Person, kind: DigestKind, province: str, now: datetime
) -> str | None:
    """Make a supplement of what no digest holds yet, by hand; its key, None for nothing to say."""
    raise NotImplementedError


def resend(desk: Desk, person: Person, key: str) -> str:
    """Let a digest's letter be delivered again under the same identity; the letter's key."""
    raise NotImplementedError


def listed(desk: Desk, person: Person) -> list[DigestLine]:
    """The digests that the person may see, newest first."""
    raise NotImplementedError


def facts_of(desk: Desk, person: Person, key: str) -> WeeklySummary | DailyRecords:
    """The snapshot a digest was made from."""
    raise NotImplementedError
