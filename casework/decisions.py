"""What staff decide on an application (附件3 §2 step 4), each with rights and state re-checked.

Every function runs in one write transaction, reads the state again inside it, and raises
`Conflict` (who was first, when, what was decided) where the state no longer allows the action;
`NotAllowed` where the person may not; `WrongUse` for an unknown case, application or field.
``version`` is the one the person looked at: a newer one is a `Conflict`, None takes the current.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from casework.desk import Desk
from procedure.readings import Value
from store.rows import Person


@dataclass(frozen=True)
class Done:
    """What was done, to be said to the person who did it."""

    text_zh: str
    case_no: str
    application: int = 0
    version: int = 0
    stage: str = ""
    stage_name: str = ""
    letters: tuple[str, ...] = ()
    """Keys of the letters that are due now."""


def confirm(
    desk: Desk,
    person: Person,
    case_no: str,
    application: int,
    version: int | None = None,
    note: str = "",
    *,
    channel: str = "cli",
) -> Done:
    """Confirm an application; blocked by unclear required fields and by findings of `error`."""
    raise NotImplementedError


def return_(
    desk: Desk,
    person: Person,
    case_no: str,
    application: int,
    reason: str,
    rules: Sequence[str] = (),
    version: int | None = None,
    *,
    channel: str = "cli",
) -> Done:
    """Return an application to the entity with the reason and the rules it rests on."""
    raise NotImplementedError


def correct(
    desk: Desk,
    person: Person,
    case_no: str,
    application: int,
    field: str,
    value: str,
    row: int | None = None,
) -> Done:
    """Set a field to what the paper says, as a person reads it; checks run again.

    ``field`` is a name of the reading contract (``offset_t``, …); with ``row`` (from 0) one of
    ``name``, ``code``, ``amount_t`` of a project row. ``value`` is text; tonnes may be "6,182 吨".
    """
    raise NotImplementedError


def withdraw(desk: Desk, person: Person, case_no: str, application: int, reason: str = "") -> Done:
    """Take an application back on the entity's behalf."""
    raise NotImplementedError


def revoke(desk: Desk, person: Person, case_no: str, application: int, reason: str) -> Done:
    """Take a confirmation back; the application waits for the province again."""
    raise NotImplementedError


def reassign(
    desk: Desk, person: Person, case_no: str, application: int, to_application: int | None
) -> Done:
    """Make the latest version a further application (None), or a version of another one."""
    raise NotImplementedError
