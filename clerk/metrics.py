"""The installation's figures for Prometheus: read from the database whenever somebody asks.

So they are the same whichever process is asked, survive restarts, and count each thing once.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TypeVar

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector, CollectorRegistry

from casework.figures import corrected_after_acceptance, owed
from clerk.wiring import House
from store.figures import Counts, Figures

Family = TypeVar("Family", CounterMetricFamily, GaugeMetricFamily)
SHARE = 20
"""Of the time since the last look one part in so many may go into looking."""
READ = "application-filed", "proof-filed"
"""Events of documents that were read and filed."""
COUNTERS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("clerk_mails_accepted", "Mails taken, by the way they came.", "deliveries", ("source",)),
    ("clerk_events", "Events of cases, by kind.", "events", ("kind",)),
)
GAUGES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    (
        "clerk_messages",
        "Messages by state; received: still to be worked on.",
        "messages",
        ("state",),
    ),
    ("clerk_documents_placed", "Documents by where they ended.", "placements", ("place",)),
    ("clerk_letters", "Letters to recipients, by kind and state.", "letters", ("kind", "state")),
    ("clerk_cases", "Cases by cycle and stage.", "cases", ("cycle", "stage")),
    ("clerk_tray_open", "Items that wait for a person, by reason.", "tray", ("reason",)),
)


class Installation(Collector):
    """All figures of one installation.

    Counting a large database takes seconds. So a look is told again for `SHARE` times as long as it
    took: however often somebody asks, counting takes no more than that part of one core.
    """

    def __init__(self, house: House, timer: Callable[[], float] = time.monotonic) -> None:
        self._house = house
        self._timer = timer
        self._lock = threading.Lock()
        self._kept: list[Metric] = []
        self._until = -1.0

    def describe(self) -> Iterable[Metric]:
        """Nothing is read before somebody asks."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """The last look, or a new one. Raises `StoreBusy`, `StoreFault`."""
        with self._lock:
            began = self._timer()
            if began >= self._until:
                found = list(self._look())
                took = self._timer() - began
                text = "What the last look at the database took."
                self._kept = [*found, _one("clerk_figures_seconds", text, took)]
                self._until = began + (1 + SHARE) * took
            yield from self._kept

    def _look(self) -> Iterator[Metric]:
        found, now = self._house.store.figures(), self._house.now()
        for name, text, part, labels in COUNTERS:
            yield _filled(CounterMetricFamily(name, text, labels=labels), getattr(found, part))
        for name, text, part, labels in GAUGES:
            yield _filled(GaugeMetricFamily(name, text, labels=labels), getattr(found, part))
        yield from _totals(found)
        yield from _ages(found, now)
        yield from self._rules(now)

    def _rules(self, now: datetime) -> Iterator[Metric]:
        digests = owed(self._house.desk, now)
        yield _one("clerk_digests_due", "Digests whose time has come, not made yet.", digests.due)
        yield _one("clerk_digests_late", "Of these, those past their time.", digests.late)
        wrong = corrected_after_acceptance(self._house.store)
        text = "Readings that were accepted and found wrong by a person."
        yield CounterMetricFamily("clerk_readings_accepted_wrong", text, value=wrong)


def _totals(found: Figures) -> Iterator[Metric]:
    read = sum(count for (kind,), count in found.events.items() if kind in READ)
    yield CounterMetricFamily("clerk_documents_read", "Forms and proofs filed.", value=read)
    unclear = sum(count for (_, stage), count in found.cases.items() if stage == "unclear")
    yield _one("clerk_cases_unclear", "Cases with a reading that a person must look at.", unclear)
    for state, text in (("sent", "Taken by the relay."), ("failed", "Refused or bounced.")):
        count = sum(n for (_, one), n in found.letters.items() if one == state)
        yield _one(f"clerk_letters_{state}", text, count)


def _ages(found: Figures, now: datetime) -> Iterator[Metric]:
    """Ages in seconds; 0 where nothing waits."""
    text = "Age of the oldest mail that is not worked on to its end."
    yield _one("clerk_oldest_message_seconds", text, _age(found.oldest_message, now))
    text = "Age of the oldest letter that no relay took yet."
    yield _one("clerk_oldest_letter_seconds", text, _age(found.oldest_letter, now))
    polled = GaugeMetricFamily(
        "clerk_mailbox_poll_age_seconds", "Since the last good poll.", labels=("mailbox",)
    )
    for name, at in sorted(found.mailboxes.items()):
        polled.add_metric((name,), _age(at, now))
    yield polled


def _age(at: datetime | None, now: datetime) -> float:
    return 0.0 if at is None else max(0.0, (now - at).total_seconds())


def _one(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _filled(family: Family, counts: Counts) -> Family:
    for labels, count in sorted(counts.items()):
        family.add_metric(labels, count)
    return family


def registry(house: House) -> CollectorRegistry:
    """A registry of this installation alone."""
    made = CollectorRegistry()
    made.register(Installation(house))
    return made
