"""Time is aware and injected: rules think in Beijing time, the store keeps UTC."""

from datetime import UTC, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Anything that tells the time; the wall clock is read in `clerk` only."""

    def now(self) -> datetime:
        """The present moment, aware."""
        ...


def beijing(moment: datetime) -> datetime:
    """``moment`` in Asia/Shanghai; a naive moment is refused with ValueError."""
    if moment.tzinfo is None:
        raise ValueError("naive datetime: every moment must carry its offset")
    return moment.astimezone(BEIJING)


def utc(moment: datetime) -> datetime:
    """``moment`` in UTC; a naive moment is refused with ValueError."""
    if moment.tzinfo is None:
        raise ValueError("naive datetime: every moment must carry its offset")
    return moment.astimezone(UTC)
