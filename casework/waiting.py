"""What waits for a province, oldest first: in its reminders and its weekly summary."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from procedure.case import STAGE_NAMES, CaseState
from procedure.clock import beijing
from procedure.cycle import Cycle
from procedure.language import CHINESE, _, termed
from store import Tx

LINE = _("{who} 第 {number} 份申请（{day} 收件，{stage}）")
WAITING = frozenset({"unclear", "submitted"})


def waiting_lines(tx: Tx, cycle: Cycle, province: str) -> tuple[str, ...]:
    """A line for each application of the province that waits now."""
    return lines(tx.cases.states(frozenset({province}), cycle.id))


def lines(states: Iterable[tuple[str, CaseState]]) -> tuple[str, ...]:
    """Case number, entity, application, day of receipt and stage, oldest first."""
    return tuple(map(line, sorted(one for case in states for one in waiting_of(*case))))


Waiting = tuple[datetime, str, int, str, str]
"""Received at, case number, application, name of its stage, entity: in the order of the list."""


def waiting_of(case_no: str, state: CaseState) -> Iterator[Waiting]:
    """The case's applications that wait for the province."""
    for app in state.applications:
        if app.stage in WAITING:
            name = app.text("enterprise_name")
            yield app.received_at, case_no, app.number, STAGE_NAMES[app.stage], name


def line(one: Waiting) -> str:
    """For people."""
    at, case_no, number, stage, name = one
    day = CHINESE.day(beijing(at).date())
    # A name that is still to be read is left out.
    who = f"{case_no} {name}".rstrip()
    return LINE.said(who=who, number=number, day=day, stage=termed(stage))
