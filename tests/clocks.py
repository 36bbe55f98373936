"""A clock that tests step by hand."""

from datetime import datetime, timedelta


class SteppedClock:
    """Stands still until it is stepped."""

    def __init__(self, start: str = "2021-11-05T09:00:00+08:00") -> None:
        self._now = datetime.fromisoformat(start)

    def now(self) -> datetime:
        """The present moment."""
        return self._now

    def step(self, **span: float) -> None:
        """Go forward by a timedelta."""
        self._now += timedelta(**span)
