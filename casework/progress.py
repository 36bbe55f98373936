"""Figures of a province's cycle for its digests."""

from collections.abc import Iterable
from datetime import datetime

from procedure.case import CaseState
from procedure.clock import beijing
from procedure.cycle import Cycle
from procedure.facts import CycleProgress
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


def progress(cycle: Cycle, states: Iterable[CaseState], at: datetime) -> CycleProgress:
    """Applied, confirmed, cancelled and verified by ``at``, and the days left then."""
    found = list(states)
    apps = [app for state in found for app in state.applications]
    last, day = beijing(cycle.cancel_before).date(), beijing(at).date()
    return CycleProgress(
        applied_t=sum(app.amount_t or 0 for app in apps if app.counts),
        confirmed_t=sum(state.confirmed_t for state in found),
        cancelled_t=sum(cancelled_t(state) for state in found),
        verified_t=sum(app.amount_t or 0 for app in apps if app.stage in VERIFIED),
        days=(last - cycle.apply_first).days + 1,
        days_left=max(0, (last - day).days),
    )
