"""The tray of unclear mail: what no rule could place waits here for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.desk import Desk
from casework.decisions import Done
from procedure.readings import DocumentReading
from store.rows import Person


@dataclass(frozen=True)
class TrayItem:
    """One thing to work off."""

    item: str
    message_id: str
    document: str
    """SHA-256, "" for a whole mail or an alarm."""
    reason: str
    """Code that logs and docs share."""
    text: str
    """The reason in Chinese."""
    since: datetime
    from_addr: str = ""
    subject: str = ""


def listed(desk: Desk, person: Person) -> list[TrayItem]:
    """What waits, oldest first."""
    raise NotImplementedError


def assign(
    desk: Desk, person: Person, item: str, case_no: str, readings: Sequence[DocumentReading] = ()
) -> Done:
    """Attach a document of the tray to a case as cancellation proof (the person's decision)."""
    raise NotImplementedError


def dismiss(desk: Desk, person: Person, item: str, note: str) -> None:
    """Close an item: looked at, nothing to file. ``note`` says why."""
    raise NotImplementedError
