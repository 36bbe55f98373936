"""Once a day: what the settings no longer keep is deleted."""

import logging
from datetime import date, datetime

from casework import retention
from clerk.logs import about
from clerk.wiring import House
from procedure.clock import beijing

log = logging.getLogger(__name__)


class Keeping:
    """When it was looked last, in one process; to look twice does no harm."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._last: date | None = None

    def look(self, now: datetime) -> None:
        """Delete what is due, unless that was done today. Nothing is where nothing is set."""
        chosen = self._house.settings.retention
        today = beijing(now).date()
        if self._last == today or not (chosen.case_years or chosen.access_months):
            return
        gone = retention.apply(self._house.desk, chosen.case_years, chosen.access_months)
        for number in gone.cases:
            with about(case=number):
                log.info("erased: retention.case_years %s", chosen.case_years)
        if gone.looks:
            log.info("%d looks were deleted: %s months", gone.looks, chosen.access_months)
        if len(gone.cases) < retention.AT_ONCE:
            self._last = today
