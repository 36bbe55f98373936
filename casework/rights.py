"""Who may do what: action × role × own province. The same for every door.

A person's provinces empty means none for handler and reviewer, every province for the national
roles (ncsc, crc, operator, auditor).
"""

from typing import Literal

from casework.desk import Desk
from store.rows import Person

Action = Literal[
    "look",
    "confirm",
    "return",
    "correct",
    "withdraw",
    "revoke",
    "reassign",
    "tray",
    "digest-look",
    "digest-send",
    "import",
    "people",
]


def may(person: Person, action: Action, province: str | None = None) -> bool:
    """Whether the person may do this, in this province (prefix) where it concerns one."""
    raise NotImplementedError


def require(person: Person, action: Action, province: str | None = None) -> None:
    """`NotAllowed` unless `may`."""
    raise NotImplementedError


def provinces_of(person: Person) -> frozenset[str] | None:
    """Prefixes the person may look at; None for all."""
    raise NotImplementedError


def at_this_machine(desk: Desk, name: str) -> Person:
    """The person at the command line without ``--as``: acts for every province served here."""
    raise NotImplementedError
