"""Staff and their chat accounts: invited by the operator, bound once by a code."""

from datetime import datetime, timedelta

from casework.desk import Desk
from store.rows import Person


def invite(
    desk: Desk,
    by: Person,
    name: str,
    role: str,
    provinces: tuple[str, ...] = (),
    valid: timedelta = timedelta(days=7),
) -> str:
    """A new single-use code for a person; only its hash is kept. `NotAllowed`, `WrongUse`."""
    raise NotImplementedError


def bind(desk: Desk, channel: str, channel_user: str, code: str, now: datetime) -> Person:
    """The chat account becomes the invited person's; `NotAllowed` for a bad or used code."""
    raise NotImplementedError


def of_channel(desk: Desk, channel: str, channel_user: str) -> Person | None:
    """Whose chat account it is."""
    raise NotImplementedError


def named(desk: Desk, name: str) -> Person | None:
    """A person by name."""
    raise NotImplementedError


def listed(desk: Desk, by: Person) -> list[Person]:
    """All people. `NotAllowed` but for the operator."""
    raise NotImplementedError


def revoke(desk: Desk, by: Person, name: str) -> None:
    """The person may do nothing any more."""
    raise NotImplementedError
