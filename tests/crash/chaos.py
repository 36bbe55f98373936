"""An installation on PostgreSQL in processes of its own, killed at random and started again.

Each part is a process by itself, as on several machines: ``clerk serve --only mail`` and ``--only
jobs``. What died is started again, as systemd and container engines do.
"""

import os
import random
import signal
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from store.postgres import connection_options
from tests import forked
from tests.crash.load import Load
from tests.house import RunningHouse, free_port, until
from tests.postgres.cluster import Cluster
from tests.sink import Sink

START = datetime.fromisoformat("2021-10-26T09:00:00+08:00")
HELD = "SELECT id, attempts FROM message WHERE state = 'received' AND claimed_by LIKE %s"
ATTEMPTS = "SELECT id, attempts, state FROM message WHERE id = ANY(%s)"
PAUSES = (
    "SELECT min(next_at) FROM (SELECT next_at FROM message WHERE state = 'received'"
    " UNION ALL SELECT next_at FROM recipient WHERE state IN ('queued', 'deferred')) AS waiting"
    " HAVING bool_and(coalesce(next_at > %s, false))"
)
"""When the first pause ends, where nothing waits but for the end of one."""
UNFINISHED = {
    "message": (
        "SELECT id, attempts, failures, next_at, claimed_by, claimed_until, error FROM message"
        " WHERE state <> 'done'"
    ),
    "letter": (
        "SELECT key, address, state, attempts, next_at, leased_by, leased_until, answer"
        " FROM recipient WHERE state <> 'sent'"
    ),
    "letter without bytes": "SELECT key FROM letter WHERE raw IS NULL",
}
"""What is not done: what stands in these rows says why."""


@dataclass
class Part:
    """One process and what it is for."""

    name: str
    port: int
    process: forked.Child | None = None


@dataclass
class Orphan:
    """A message whose worker was killed at work."""

    attempts: int
    since: float


@dataclass
class Toll:
    """What was done to the installation, and how long the orphans waited."""

    kills: dict[str, int] = field(default_factory=dict)
    restarts: int = 0
    waited: list[float] = field(default_factory=list)


class Chaos(RunningHouse):
    """Listeners and workers on one database. Use as a context manager."""

    def __init__(
        self, directory: Path, sink: Sink, cluster: Cluster, url: str, workers: int
    ) -> None:
        super().__init__(directory, sink, START.isoformat(), url)
        self._cluster, self._url = cluster, url
        self._began, self._ahead = time.monotonic(), timedelta()
        self.parts = [Part("mail", free_port()) for _ in range(2)]
        self.parts += [Part("jobs", 0) for _ in range(workers)]
        self._orphans: dict[str, Orphan] = {}
        self.toll = Toll()

    @property
    def ports(self) -> list[int]:
        return [part.port for part in self.parts if part.port]

    def __enter__(self) -> "Chaos":
        self.run("init")
        self.revive()
        return self

    def __exit__(self, *_: object) -> None:
        for part in self.parts:
            _end(part)

    def revive(self) -> None:
        """Start what does not run."""
        for number, part in enumerate(self.parts):
            if part.process is None or part.process.poll() is not None:
                part.process = self._started(number, part)

    def _started(self, number: int, part: Part) -> forked.Child:
        own = {
            **self.environment,
            "CLERK_DATA__DIRECTORY": str(self.directory / f"machine{number}"),
            "CLERK_SMTP__LISTEN": f"127.0.0.1:{part.port or 1}",
        }
        (self.directory / f"machine{number}").mkdir(exist_ok=True)
        with (self.directory / f"{part.name}{number}.log").open("ab") as log:
            return forked.start(("serve", "--only", part.name), own, log)

    def strike(self, part: Part) -> None:
        """kill -9 of a part with its helpers, whatever it is at, as systemd and containers do."""
        _end(part)
        assert part.process is not None
        self.toll.kills[part.name] = self.toll.kills.get(part.name, 0) + 1
        for message_id, attempts in self._ask(HELD, f"%-{part.process.pid}"):
            self._orphans[message_id] = Orphan(attempts, time.monotonic())

    def at_work(self) -> Part | None:
        """A worker that holds a message."""
        held = [part for part in self.parts if part.process and self._holds(part.process.pid)]
        return held[0] if held else None

    def _holds(self, pid: int) -> bool:
        return bool(self._ask(HELD, f"%-{pid}"))

    def restart_server(self) -> None:
        """PostgreSQL crashes and comes up again: all its sessions are gone."""
        self._cluster.crash()
        self._cluster.start()
        self.toll.restarts += 1

    def _now(self) -> datetime:
        return START + timedelta(seconds=time.monotonic() - self._began) + self._ahead

    def tick(self) -> None:
        """The installation's clock runs as ours does: claims, pauses and leases come to an end."""
        self.set_clock(self._now().isoformat())

    def skip_pauses(self) -> None:
        """Where a message or letter only waits to be tried again: let that moment come."""
        for (first,) in self._ask(PAUSES, self._now()):
            if not self._orphans:
                self._ahead += first - self._now()

    def look(self) -> None:
        """Note which orphans are at work again, or done."""
        self.tick()
        for message_id, attempts, state in self._ask(ATTEMPTS, list(self._orphans)):
            orphan = self._orphans[message_id]
            if attempts > orphan.attempts or state != "received":
                self.toll.waited.append(time.monotonic() - orphan.since)
                del self._orphans[message_id]

    @property
    def orphans(self) -> int:
        """How many still wait."""
        return len(self._orphans)

    def missing(self) -> str:
        """What is not done yet, a line each."""
        rows = [(what, *row) for what, query in UNFINISHED.items() for row in self._ask(query)]
        orphans = [("orphan", key, one.attempts) for key, one in self._orphans.items()]
        running = [
            (part.name, part.process and part.process.pid, part.process and part.process.poll())
            for part in self.parts
        ]
        return "\n".join(str(line) for line in [*rows, *orphans, *running])

    def _ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(psycopg.connect(**connection_options(self._url))) as connection:
            return connection.execute(query, values).fetchall()


def _end(part: Part) -> None:
    if part.process is not None:
        # The leader's group outlives it for as long as a helper does.
        with suppress(ProcessLookupError):
            os.killpg(part.process.pid, signal.SIGKILL)
        part.process.wait(30)


def plan(kills: int, restarts: int, seed: int) -> list[str]:
    """Kills of whatever process, and restarts of the server, in random order."""
    steps = ["any"] * kills + ["restart"] * restarts
    random.Random(seed).shuffle(steps)
    return steps


def run(house: Chaos, load: Load, mails: int, steps: Sequence[str], seed: int) -> None:
    """Post mails, and strike between them.

    ``steps``: "restart" of the server, or whom to kill: "any", or a worker "at work".
    """
    chance = random.Random(seed)
    for number, step in enumerate(steps):
        before = len(load.accepted)
        load.post(mails // len(steps) + (number < mails % len(steps)))
        # Not before something was taken again: a strike at processes that only start shows little.
        until(partial(_accepted_more, load, before), 120)
        if step == "restart":
            _wait(house, chance)
            house.restart_server()
        else:
            house.strike(_victim(house, chance, step))
        house.revive()
        if os.environ.get("CHAOS_SAYS"):
            print(f"[{number + 1}/{len(steps)}] {step}, {len(load.accepted)} accepted", flush=True)


def _accepted_more(load: Load, before: int) -> bool:
    return len(load.accepted) > before


def _wait(house: Chaos, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 8)):
        time.sleep(0.1)
        house.look()


def _victim(house: Chaos, chance: random.Random, step: str) -> Part:
    if step == "any":
        _wait(house, chance)
        return chance.choice(house.parts)
    found: list[Part] = []

    def seen() -> bool:
        found.extend(filter(None, [house.at_work()]))
        return bool(found)

    until(seen, 60, pause=0.01)
    return found[0]
