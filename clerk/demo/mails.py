"""The demo's mails as raw bytes, with the structure that QQ, 163 and Outlook give theirs."""

from dataclasses import dataclass
from datetime import datetime

from clerk.demo.data import OWN_ADDRESS, DemoWorld


@dataclass(frozen=True)
class DemoMail:
    """One mail to send over SMTP. ``at``: demo time at which it is sent."""

    key: str
    title: str
    """What it is meant to show, in Chinese."""
    sender: str
    """Envelope sender ("" for a null path)."""
    recipient: str
    subject: str
    raw: bytes
    at: datetime
    files: tuple[str, ...] = ()


def applications(world: DemoWorld, to: str = OWN_ADDRESS) -> tuple[DemoMail, ...]:
    """The morning's mails, in order: good forms and bad ones."""
    raise NotImplementedError


def proofs(world: DemoWorld, to: str = OWN_ADDRESS) -> tuple[DemoMail, ...]:
    """The afternoon's mails: sealed screenshots of cancellations."""
    raise NotImplementedError
