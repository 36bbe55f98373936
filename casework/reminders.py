"""Entities are told before the deadline what is still missing (附件3 §2 step 5); then it lapses."""

from datetime import datetime

from casework.desk import Desk


def make_due(desk: Desk, now: datetime) -> list[str]:
    """Reminders due now, each once: the keys of the letters.

    From `Desk.reminder_days` working days before the cancellation deadline: confirmed but not
    wholly cancelled (``cancel``), or cancelled without a sealed screenshot (``proof``).
    """
    raise NotImplementedError


def lapse_due(desk: Desk, now: datetime) -> list[str]:
    """Mark what was confirmed and not cancelled in time; the case numbers, each once.

    Only after an import says that the registry was asked up to the deadline: a missing import is
    no missing cancellation.
    """
    raise NotImplementedError
