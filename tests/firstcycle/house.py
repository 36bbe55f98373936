"""An installation of all desks that is driven through a cycle, and killed on the way.

From outside: SMTP, commands, the clock's file. The database is only looked at: does it rest?
"""

import re
import smtplib
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from click.testing import CliRunner

from clerk.cli import cli
from procedure.provinces import Province
from tests.firstcycle.papers import TO
from tests.house import RunningHouse, until
from tests.sink import Sink

PASS = re.compile(rb"timetable: pass at (\d{4}-\d\d-\d\dT\d\d:\d\d)")
"""As `clerk serve` logs it, to the minute."""
WAIT = 300
"""Seconds in which anything must come to rest."""
BUSY = """
SELECT (SELECT count(*) FROM message WHERE state = 'received')
     + (SELECT count(*) FROM recipient JOIN letter USING (key)
        WHERE state IN ('queued', 'deferred') AND NOT superseded
        AND coalesce(next_at, '') <= :now)
"""
"""A letter may wait on purpose: a correction does, for further ones of the same form."""
FAILED = "SELECT count(*) FROM message WHERE state = 'failed'"
CASES = "SELECT entity_name, case_no FROM case_file"


class CycleHouse(RunningHouse):
    """``kills``: seconds after the begin of a step, by its number, at which it is killed.

    It serves in one process (`tests.firstcycle.nursery`); ``readings``: what was read before.
    """

    starting = 300
    """Hundreds of starts, and a machine that may do more than this."""

    def __init__(
        self, directory: Path, sink: Sink, start: datetime, provinces: tuple[Province, ...],
        readings: Path, kills: dict[int, list[float]] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(directory, sink, start.isoformat())
        boxes = ", ".join(f'"{p.prefix}" = "p{p.prefix}@province.example"' for p in provinces)
        self.environment |= {
            "CLERK_OFFICE__PROVINCES": ",".join(p.prefix for p in provinces),
            "CLERK_OFFICE__ROLES": "province,ncsc",
            "CLERK_OFFICE__MAILBOXES": "{ " + boxes + " }",
            "CLERK_LOG__LEVEL": "debug",
        }
        self.kills = kills or {}
        self.killed = 0
        self.lasted: list[float] = []
        """Seconds of each step."""
        self.up = False
        self._began = 0.0
        self._read = 0
        self._passes: set[str] = set()
        self._runner = CliRunner()
        self._moment = start
        self._nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.firstcycle.nursery", str(self.log), str(readings)],
            env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    @property
    def step(self) -> int:
        """The present step's number, from 1."""
        return len(self.lasted)

    def start(self) -> None:
        assert self._say("start") > 0
        self.up = True
        until(self._listening, self.starting)

    def kill(self) -> None:
        """kill -9."""
        if self.up:
            assert self._say("kill") == -9, self._said()
            self.up = False

    def stop(self) -> None:
        if self.up:
            assert self._say("stop") == 0, self._said()
            self.up = False

    def bury(self) -> None:
        """Nothing of it runs on, whatever became of the test."""
        self._database.close()
        with self._nursery:
            assert self._nursery.stdin is not None
            self._nursery.stdin.close()

    def _say(self, word: str) -> int:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(f"{word}\n")
        self._nursery.stdin.flush()
        return int(self._nursery.stdout.readline())

    def _listening(self) -> bool:
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as smtp:
                return smtp.noop()[0] == 250
        except OSError:
            return False

    def command(self, *arguments: str) -> str:
        """A command of the clerk, in this process: to start one of its own takes longer."""
        done = self._runner.invoke(cli, arguments, env=self.environment, catch_exceptions=True)
        assert done.exit_code == 0, (arguments, done.output, done.exception)
        return done.stdout

    def to(self, moment: datetime) -> None:
        """Step the clock while all rests; done once the timetable passed at the new minute."""
        self.lasted.append(0.0)
        self._began = time.monotonic()
        self.clock_to(moment)
        if self.up:
            self.rest()
        elif self.step in self.kills:
            # Nobody runs: it dies once it is there again.
            self.kills.setdefault(self.step + 1, []).extend(self.kills.pop(self.step))

    def clock_to(self, moment: datetime) -> None:
        """Within a step: only the moment of what comes next."""
        self._moment = moment
        self.set_clock(moment.isoformat())

    def rest(self) -> None:
        """Until the timetable has passed, no message waits and no letter is unsent."""
        minute = self._moment.isoformat()[:16]
        self.until(lambda: self.passed(minute) and self.look(BUSY) == 0)
        while self.kills.get(self.step):
            # It was quicker than the moment at which it was to die.
            self._disturb(time.monotonic() + WAIT)
            self.until(lambda: self.passed(minute) and self.look(BUSY) == 0)
        assert self.look(FAILED) == 0
        self.lasted[-1] = time.monotonic() - self._began

    def passed(self, minute: str) -> bool:
        """Whether a pass at this minute came to its end."""
        with self.log.open("rb") as log:
            log.seek(self._read)
            fresh = log.read()
        whole = fresh[: fresh.rfind(b"\n") + 1]
        self._read += len(whole)
        self._passes |= {found.decode() for found in PASS.findall(whole)}
        return minute in self._passes

    def _said(self) -> str:
        """The last part of the log."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-4000:]

    def until(self, what: Callable[[], bool]) -> None:
        """Wait until it holds, and kill it in between where that is planned."""
        end = time.monotonic() + WAIT
        while True:
            self._disturb(time.monotonic())
            if what():
                return
            assert time.monotonic() < end, f"step {self.step}: in vain\n{self._said()}"
            time.sleep(0.05)

    def _disturb(self, now: float) -> None:
        due = self.kills.get(self.step)
        if due and now >= self._began + due[0]:
            due.pop(0)
            self.kill()
            self.killed += 1
            self.start()
            self._began = time.monotonic()

    def look(self, question: str) -> int:
        """One number out of the database."""
        now = f"{self._moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
        return int(self._database.execute(question, {"now": now}).fetchone()[0])

    def numbers(self) -> dict[str, str]:
        """Entity → number of its case."""
        return dict(self._database.execute(CASES).fetchall())

    @cached_property
    def _database(self) -> sqlite3.Connection:
        file = self.directory / "data" / "clerk.db"
        return sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30, isolation_level=None)

    def post(self, raw: bytes, sender: str) -> None:
        """As mail servers do: the same again until there is a 250."""

        def taken() -> bool:
            try:
                with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as smtp:
                    smtp.sendmail(sender, [TO], raw)
            except (OSError, smtplib.SMTPException):
                return False
            return True

        self.until(taken)
