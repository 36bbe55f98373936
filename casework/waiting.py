"""What waits for a province, oldest first: in its reminders and its weekly summary."""

from collections.abc import Iterable

from procedure.case import STAGE_NAMES, CaseState
from procedure.clock import beijing
from procedure.cycle import Cycle
from store import Tx

WAITING = frozenset({"unclear", "submitted"})


def waiting_lines(tx: Tx, cycle: Cycle, province: str) -> tuple[str, ...]:
    """A line for each application of the province that waits now."""
    rows = tx.cases.list(frozenset({province}), cycle=cycle.id)
    states = ((row.case_no, tx.cases.state(row.case_no)) for row in rows)
    return lines((number, state) for number, state in states if state is not None)


def lines(states: Iterable[tuple[str, CaseState]]) -> tuple[str, ...]:
    """Case number, application, stage and day of receipt, oldest first."""
    found = sorted(
        (app.received_at, case_no, app.number, STAGE_NAMES[app.stage])
        for case_no, state in states
        for app in state.applications
        if app.stage in WAITING
    )
    return tuple(
        f"{case_no} 第 {number} 份申请（{beijing(at):%Y-%m-%d} 收件，{stage}）"
        for at, case_no, number, stage in found
    )
