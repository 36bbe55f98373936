"""Figures of a province's cycle for its digests, added up case by case."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from heapq import nsmallest

from casework.waiting import Waiting, line, waiting_of
from procedure.case import STAGE_NAMES, CaseState
from procedure.clock import beijing
from procedure.cycle import Cycle
from procedure.facts import MOST_WAITING, CycleProgress
from procedure.operations import is_finished, is_voluntary_cancellation

VERIFIED = frozenset({"verified", "credited", "surrendered"})


def finished(operation: str, status: str) -> bool:
    """Whether a record is a finished voluntary cancellation."""
    return is_voluntary_cancellation(operation) and is_finished(status)


def cancelled_t(state: CaseState) -> int:
    """Tonnes of the case's finished cancellations."""
    return sum(
        one.record.quantity_t
        for one in state.cancellations
        if finished(one.record.operation, one.record.status)
    )


class Tally:
    """Sums over cases of which only one is in memory at a time. Amounts in tonnes."""

    def __init__(self, states: Iterable[tuple[str, CaseState]]) -> None:
        self.stages: Counter[str] = Counter()
        """Applications by the name of their stage."""
        self.unclear = self.obligation = self.offset = self.confirmed = 0
        self.cancelled = self.verified = 0
        self._waiting: list[Waiting] = []
        self._waits = 0
        for case_no, state in states:
            self._add(case_no, state)

    def _add(self, case_no: str, state: CaseState) -> None:
        for app in state.applications:
            self.stages[STAGE_NAMES[app.stage]] += 1
            self.unclear += app.stage == "unclear"
            self.offset += (app.amount_t or 0) if app.counts else 0
            self.verified += (app.amount_t or 0) if app.stage in VERIFIED else 0
        self.obligation += obligation_t(state)
        self.confirmed += confirmed_t(state)
        self.cancelled += cancelled_t(state)
        found = list(waiting_of(case_no, state))
        self._waits += len(found)
        self._waiting += found
        if len(self._waiting) > 2 * MOST_WAITING:
            self._waiting = self._longest()

    def _longest(self) -> list[Waiting]:
        return nsmallest(MOST_WAITING, self._waiting)

    @property
    def waiting(self) -> tuple[str, ...]:
        """Lines for the applications that wait longest for the province, oldest first."""
        return tuple(map(line, self._longest()))

    @property
    def waiting_more(self) -> int:
        """How many wait beside those."""
        return max(0, self._waits - MOST_WAITING)

    def progress(self, cycle: Cycle, at: datetime) -> CycleProgress:
        """Applied, confirmed, cancelled and verified by ``at``, and the days left then."""
        last, day = beijing(cycle.cancel_before).date(), beijing(at).date()
        return CycleProgress(
            applied_t=self.offset,
            confirmed_t=self.confirmed,
            cancelled_t=self.cancelled,
            verified_t=self.verified,
            days=(last - cycle.apply_first).days + 1,
            days_left=max(0, (last - day).days),
        )


def confirmed_t(state: CaseState) -> int:
    """Tonnes confirmed that may still be used: a lapsed application's are not."""
    return sum(app.amount_t or 0 for app in state.confirmed if app.counts)


def obligation_t(state: CaseState) -> int:
    """One entity's obligation, however many applications name it."""
    named = [app.tonnes("obligation_t") for app in state.applications if app.counts]
    return next((tonnes for tonnes in reversed(named) if tonnes is not None), 0)
