"""An installation on PostgreSQL in processes of its own, killed at random and started again.

Each part is a process by itself, as on several machines: ``clerk serve --only mail`` and ``--only
jobs``. What died is started again, as systemd and container engines do.
"""

import os
import random
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from store.postgres import connection_options
from tests.crash.load import Load
from tests.house import CLERK, RunningHouse, free_port, until
from tests.postgres.cluster import Cluster
from tests.sink import Sink

START = "2021-10-26T09:00:00+08:00"
HELD = "SELECT id, attempts FROM message WHERE state = 'received' AND claimed_by LIKE %s"
ATTEMPTS = "SELECT id, attempts, state FROM message WHERE id = ANY(%s)"


@dataclass
class Part:
    """One process and what it is for."""

    name: str
    port: int
    process: "subprocess.Popen[bytes] | None" = None


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
        super().__init__(directory, sink, START, url)
        self._cluster, self._url = cluster, url
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
            if part.process is not None:
                part.process.kill()
                part.process.wait(30)

    def revive(self) -> None:
        """Start what does not run."""
        for number, part in enumerate(self.parts):
            if part.process is None or part.process.poll() is not None:
                part.process = self._started(number, part)

    def _started(self, number: int, part: Part) -> "subprocess.Popen[bytes]":
        own = {
            **self.environment,
            "CLERK_DATA__DIRECTORY": str(self.directory / f"machine{number}"),
            "CLERK_SMTP__LISTEN": f"127.0.0.1:{part.port or 1}",
        }
        (self.directory / f"machine{number}").mkdir(exist_ok=True)
        with (self.directory / f"{part.name}{number}.log").open("ab") as log:
            command = [*CLERK, "serve", "--only", part.name]
            return subprocess.Popen(command, env=own, stdout=log, stderr=log)

    def strike(self, chance: random.Random) -> None:
        """kill -9 of one process, whatever it is at."""
        part = chance.choice(self.parts)
        assert part.process is not None
        part.process.kill()
        part.process.wait(30)
        self.toll.kills[part.name] = self.toll.kills.get(part.name, 0) + 1
        for message_id, attempts in self._ask(HELD, f"%-{part.process.pid}"):
            self._orphans[message_id] = Orphan(attempts, time.monotonic())

    def restart_server(self) -> None:
        """PostgreSQL crashes and comes up again: all its sessions are gone."""
        self._cluster.crash()
        self._cluster.start()
        self.toll.restarts += 1

    def look(self) -> None:
        """Note which orphans are at work again, or done."""
        for message_id, attempts, state in self._ask(ATTEMPTS, list(self._orphans)):
            orphan = self._orphans[message_id]
            if attempts > orphan.attempts or state != "received":
                self.toll.waited.append(time.monotonic() - orphan.since)
                del self._orphans[message_id]

    @property
    def orphans(self) -> int:
        """How many still wait."""
        return len(self._orphans)

    def _ask(self, query: str, value: object) -> list[tuple[str, int, str]]:
        options = connection_options(self._url)
        with closing(psycopg.connect(**options)) as connection:
            return connection.execute(query, (value,)).fetchall()  # type: ignore[arg-type]


def run(house: Chaos, load: Load, mails: int, kills: int, restarts: int, seed: int) -> None:
    """Post mails, and strike between them, until each mail has its 250."""
    chance = random.Random(seed)
    steps = ["kill"] * kills + ["restart"] * restarts
    chance.shuffle(steps)
    for number, step in enumerate(steps):
        before = len(load.accepted)
        load.post(mails // len(steps) + (number < mails % len(steps)))
        # Not before something was taken again: a strike at processes that only start shows little.
        until(lambda before=before: len(load.accepted) > before, 120)  # type: ignore[misc]
        for _ in range(chance.randrange(1, 8)):
            time.sleep(0.1)
            house.look()
        if step == "kill":
            house.strike(chance)
        else:
            house.restart_server()
        house.revive()
        if os.environ.get("CHAOS_SAYS"):
            print(f"[{number + 1}/{len(steps)}] {step}, {len(load.accepted)} accepted", flush=True)
