"""A running installation: `clerk serve` in processes of its own, driven from outside only."""

import os
import smtplib
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, ClassVar, Protocol

from tests import forked

CLERK = [".venv/bin/clerk"] if Path(".venv/bin/clerk").exists() else ["clerk"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(
    what: Callable[[], bool],
    seconds: float = 60,
    missing: Callable[[], object] = str,
    pause: float = 0.1,
) -> None:
    """Wait until it holds. Where it never does: an assertion error that says what is ``missing``.

    ``pause`` in seconds between two looks.
    """
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, f"waited {seconds} s in vain {missing()}"
        time.sleep(pause)


class RelayOfLetters(Protocol):
    """Where letters are handed to: the sink, or a mail server before it."""

    @property
    def url(self) -> str: ...


class RunningHouse:
    """Settings by environment, a clock that the test steps, one serving tree."""

    starting: float = 60
    """Seconds in which it must listen."""
    real: ClassVar[bool] = False
    """Whether the installed program is started, not a fork of one that has loaded it."""

    def __init__(
        self, directory: Path, relay: RelayOfLetters, start: str, database: str = ""
    ) -> None:
        self.directory = directory
        self.port = free_port()
        self.clock = directory / "clock"
        self.set_clock(start)
        self.log = directory / "serve.log"
        mailboxes = '{ "13" = "hebei@province.example" }'
        self.environment = {
            **os.environ,
            "CLERK_DATA__DIRECTORY": str(directory / "data"),
            "CLERK_DATABASE__URL": database,
            "CLERK_SMTP__LISTEN": f"127.0.0.1:{self.port}",
            "CLERK_RELAY__URL": relay.url,
            "CLERK_OFFICE__ADDRESS": "ccer@clerk.example",
            "CLERK_OFFICE__OWN_ADDRESSES": "ccer@clerk.example",
            "CLERK_OFFICE__PROVINCES": "13,37,66",
            "CLERK_OFFICE__ROLES": "province,ncsc",
            "CLERK_OFFICE__MAILBOXES": mailboxes,
            "CLERK_CLOCK__FILE": str(self.clock),
        }
        self.process: subprocess.Popen[bytes] | forked.Child | None = None

    def set_clock(self, moment: str) -> None:
        """Step the installation's time; whole or not at all, for it is read at any moment."""
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(moment, encoding="utf-8")
        fresh.replace(self.clock)

    def run(self, *arguments: str, ok: bool = True, text: str | None = None) -> str:
        """A command beside the serving tree."""
        done = forked.run(arguments, self.environment, text)
        assert (done.returncode == 0) is ok, done.stderr.decode()
        return done.stdout.decode()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = self._served(log)
        until(self._listening, self.starting)

    def _served(self, log: IO[bytes]) -> "subprocess.Popen[bytes] | forked.Child":
        if not self.real:
            return forked.start(("serve",), self.environment, log)
        return subprocess.Popen(
            [*CLERK, "serve"], env=self.environment, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip

    def _listening(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=2) as smtp:
                return smtp.noop()[0] == 250
        except OSError:
            return False

    def kill(self) -> None:
        """kill -9 of the whole serving tree, which is a process group of its own."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, 9)
            self.process.wait(30)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)

    def send(self, raw: bytes, sender: str, to: str = "ccer@clerk.example") -> None:
        """Over SMTP, as anybody would."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as smtp:
            smtp.sendmail(sender, [to], raw)
