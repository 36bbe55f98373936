"""Any sequence of events, cut-offs, corrections and downtimes: each event told exactly once.

The union of all digests of a kind is all that it must tell of, no two have an event in common, and
each holds what was there when it was made. `simulation.World` checks it, by hypothesis's choice of
steps in short cycles with other windows, closing times and nil reports.
"""

import tempfile
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

import cycles
from procedure.clock import BEIJING
from procedure.cycle import Cycle
from tests.casework.made import Firm
from tests.casework.simulation import DECISIONS, FIRMS, World

FIRST = date(2021, 10, 26)
"""A Tuesday, as in the first cycle."""
FIRST_CYCLE = Cycle.parse(cycles.load("2019-2020"))
minutes = st.integers(0, 3_000).map(lambda count: timedelta(minutes=count))
began = st.one_of(st.just(timedelta(0)), st.integers(1, 45).map(lambda m: timedelta(minutes=m)))
"""How long before its commit a transaction began."""


@st.composite
def short_cycles(draw: st.DrawFn) -> Cycle:
    """A week and some days: with a partial last period, or one that ends with a summary's day."""
    last = FIRST + timedelta(days=draw(st.integers(2, 8)))
    deadline = last + timedelta(days=draw(st.integers(1, 3)))
    return replace(
        FIRST_CYCLE,
        apply_last=last,
        cancel_before=datetime.combine(deadline, time(17), BEIJING),
        daily_last=deadline,
        nil_report=draw(st.booleans()),
    )


class Histories(RuleBasedStateMachine):
    """One history: what may happen in one installation."""

    @initialize(
        cycle=short_cycles(), closing=st.integers(17, 20), lead=st.sampled_from((0, 30, 120))
    )
    def begin(self, cycle: Cycle, closing: int, lead: int) -> None:
        self.home = tempfile.TemporaryDirectory()
        self.world = World(
            Path(self.home.name),
            cycles={cycle.id: cycle},
            closing={"14": time(closing, 30)},
            weekly_lead=timedelta(minutes=lead),
        )

    @rule(firm=st.sampled_from(FIRMS), tonnes=st.integers(1, 5_000), unread=st.booleans(), of=began)
    def mail(self, firm: Firm, tonnes: int, unread: bool, of: timedelta) -> None:
        self.world.mail(firm, tonnes, unread=unread, began=of)

    @precondition(lambda self: self.world.office.cases())
    @rule(
        act=st.sampled_from(tuple(DECISIONS)), pick=st.integers(0, 5),
        application=st.sampled_from((1, 1, 2)), of=began,
    )  # fmt: skip
    def decide(self, act: str, pick: int, application: int, of: timedelta) -> None:
        cases = self.world.office.cases()
        self.world.decide(act, cases[pick % len(cases)], application, began=of)

    @rule(
        firm=st.sampled_from(FIRMS), tonnes=st.integers(1, 5_000), ago=minutes,
        status=st.sampled_from(("已完成", "处理中")),
    )  # fmt: skip
    def cancel(self, firm: Firm, tonnes: int, ago: timedelta, status: str) -> None:
        self.world.cancel(firm, tonnes, ago, status)

    @precondition(lambda self: self.world.records)
    @rule(pick=st.integers(0, 9), status=st.sampled_from(("已完成", "处理中")))
    def change(self, pick: int, status: str) -> None:
        """The registry says another word of a record that it told before."""
        records = self.world.records
        records[pick % len(records)].status = status

    @rule(ago=st.one_of(st.just(timedelta(0)), minutes))
    def import_(self, ago: timedelta) -> None:
        self.world.import_(ago)

    @rule(by=st.one_of(st.integers(1, 1_440), st.integers(-90, -1)))
    def clock(self, by: int) -> None:
        """Time passes, or the clock is set back."""
        self.world.office.clock.step(minutes=by)
        self.world.pass_()

    @rule()
    def pass_(self) -> None:
        self.world.pass_()

    @rule()
    def toggle(self) -> None:
        """A downtime begins or ends."""
        self.world.toggle()

    @rule()
    def restart(self) -> None:
        self.world.restart()

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            self.world.finish(self.world.cycle.cancel_before + timedelta(hours=3))
            self.world.check()
            self.world.office.close()
        finally:
            self.home.cleanup()


def run(examples: int, steps: int, *phases: Phase, seeded: bool) -> None:
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=seeded,
            phases=phases, database=None, suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )  # fmt: skip


def test_any_history_tells_each_event_exactly_once() -> None:
    # A history that fails is not made smaller here: that takes minutes. The long run does it.
    run(5, 20, Phase.generate, seeded=True)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_many_histories_tell_each_event_exactly_once() -> None:
    run(400, 60, Phase.generate, Phase.shrink, seeded=False)
