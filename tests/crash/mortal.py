"""An installation that dies at a chosen moment and is started again by whoever waits for it."""

import os
import shutil
import smtplib
import time
from collections.abc import Callable
from pathlib import Path

from tests import forked
from tests.house import RunningHouse
from tests.sink import Sink

PLANTED = Path(__file__).parent / "planted"
CUT_OFF = -9


class MortalHouse(RunningHouse):
    """``at``: the number of the moment that is its last one; 0 for none, which only counts."""

    def __init__(
        self, directory: Path, sink: Sink, start: str, at: int = 0, *, alone: bool = False
    ) -> None:
        super().__init__(directory, sink, start)
        self.moments = directory / "moments"
        self.moments.touch()
        self.restarts = 0
        self.environment |= {
            "PYTHONPATH": os.pathsep.join((str(PLANTED), os.environ.get("PYTHONPATH", ""))),
            "CRASH_MOMENTS": str(self.moments),
            "CRASH_AT": str(at),
            "CRASH_ALONE": "1" if alone else "",
        }

    def furnish(self, template: Path) -> None:
        """Begin with what an installation holds that was made before."""
        shutil.copytree(template, self.directory / "data")

    def until(self, what: Callable[[], bool], seconds: float = 90) -> None:
        """Wait until it holds, and start the tree again where it died."""
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, f"in vain; killed: {self.killed()}\n{self.said()}"
            self.revive()
            time.sleep(0.05)

    def revive(self) -> None:
        """Start the serving tree where it does not run."""
        if self.process is None or self.process.poll() is None:
            return
        assert self.process.returncode == CUT_OFF, self.said()
        self.restarts += 1
        self.start()

    def send(self, raw: bytes, sender: str, to: str = "ccer@clerk.example") -> None:
        """As mail servers do: the same again until there is a 250."""

        def taken() -> bool:
            try:
                super(MortalHouse, self).send(raw, sender, to)
            except (OSError, smtplib.SMTPException):
                return False
            return True

        self.until(taken)

    def run(self, *arguments: str, ok: bool = True, text: str | None = None) -> str:
        """A command; one that is killed is given again, and may then find that it was done."""
        done = forked.run(arguments, self.environment, text)
        allowed = (done.returncode == 0) is ok
        if done.returncode == CUT_OFF:
            done = forked.run(arguments, self.environment, text)
            allowed = done.returncode in (0, 1)
        assert allowed, done.stderr.decode()
        return done.stdout.decode()

    def places(self) -> list[str]:
        """Every moment so far."""
        return self.moments.read_text(encoding="utf-8").splitlines()

    def killed(self) -> str:
        """Where it died, "" where it did not."""
        dead = (one for one in self.places() if one.startswith("KILLED "))
        return next(dead, "").removeprefix("KILLED ")

    def said(self) -> str:
        """The end of the serving tree's log."""
        return self.log.read_text(encoding="utf-8")[-4000:] if self.log.exists() else ""

    def bury(self) -> None:
        """Nothing of it runs on, whatever became of the test."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, 9)
            except ProcessLookupError:
                return
            self.process.wait(30)
