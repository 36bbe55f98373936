"""What all archives have in common: their limits, and a member."""

from dataclasses import dataclass

MOST_MEMBERS = 1000
MOST_BYTES = 128 * 1024 * 1024
"""Unpacked, all members of a mail together."""
MOST_RATIO = 200


@dataclass(frozen=True)
class Member:
    """A file of an archive; ``data`` is empty where it is locked."""

    name: str
    data: bytes
    encrypted: bool = False
    opened: bool = False
    """It was locked, and a password that the mail tells opened it."""


class TooLarge(Exception):
    """The archive passes a limit."""


class Locked(Exception):
    """Not even the names can be read without a password."""
