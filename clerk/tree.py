"""The tree of `clerk serve`: parts as processes of their own, started again when they end.

One that ends soon after its start waits a little longer each time. Where every part says again and
again that it is used wrongly (settings, a data directory that is no more) the tree ends: another
start mends neither, and each costs seconds of a processor. One part alone (a chat token that was
revoked) never ends the others: mail is taken meanwhile.
"""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from procedure.errors import WrongUse

log = logging.getLogger(__name__)

POLL = 0.3
"""Seconds between looks at the parts."""
RESTART = 1.0
"""Seconds before a part that ended is started again; doubled for each quick end in a row."""
LONGEST_PAUSE = 15.0
QUICK = 30.0
"""Seconds: a part that ends by itself sooner after its start ended of what it met there."""
PATIENCE = 30.0
"""Seconds in which a part must end that was told to."""
MOST_REFUSALS = 3
"""Quick ends in a row as wrong use (exit status 2)."""


class PartRefuses(WrongUse):
    """No part can be started with these settings or this data directory."""

    code = "part-refuses"


class Child:
    """One part's process, and how its predecessors ended."""

    def __init__(self, part: str, config: Path | None) -> None:
        self._part = part
        self._config = config
        self._quick = self._refused = 0
        self._begin()

    def _begin(self) -> None:
        environment = {**os.environ, "CLERK_CHILD": "1"}
        command = command_of(self._part, self._config)
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)
        self._began = time.monotonic()
        self._again_at: float | None = None

    @property
    def refuses(self) -> bool:
        """Whether it ended as wrong use at each of its last starts."""
        return self._refused >= MOST_REFUSALS

    def alive(self) -> bool:
        """Whether it runs."""
        return self.process.poll() is None

    def look(self, gone: Callable[[int], None]) -> None:
        """Start it again once it is due; ``gone`` is told the id of a process that ended."""
        if self.alive():
            return
        if self._again_at is None:
            self._ended()
            gone(self.process.pid)
        elif time.monotonic() >= self._again_at:
            self._once_more()

    def _once_more(self) -> None:
        try:
            self._begin()
        except OSError:
            # No memory or no process to be had for a while: the other parts go on.
            log.exception("part %s could not be started", self._part)
            self._again_at = time.monotonic() + LONGEST_PAUSE

    def end(self) -> None:
        """Wait until it has ended, as it was told to; one that does not is killed."""
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            # What it was at (a long document) is done again after the next start.
            log.warning("part %s did not end in %g s and is killed", self._part, PATIENCE)
            self.process.kill()
            self.process.wait()
        self._close()

    def _close(self) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()

    def _ended(self) -> None:
        self._close()
        status, now = self.process.returncode, time.monotonic()
        # Killed by others (a status below 0) says nothing of the part.
        quick = status > 0 and now - self._began < QUICK
        self._quick = self._quick + 1 if quick else 0
        self._refused = self._refused + 1 if quick and status == 2 else 0
        pause = min(RESTART * 2 ** max(self._quick - 1, 0), LONGEST_PAUSE)
        log.error("part %s ended with %s, starting it again in %g s", self._part, status, pause)
        self._again_at = now + pause


def grow(parts: Sequence[str], config: Path | None) -> Mapping[str, Child]:
    """Start the parts."""
    return {part: Child(part, config) for part in parts}


def watch_over(
    tree: Mapping[str, Child], gone: Callable[[int], None], stop: threading.Event
) -> None:
    """Start again whatever ends, until told to stop; ends all of it, whatever happens.

    Raises `PartRefuses`.
    """
    try:
        while not stop.wait(POLL):
            for child in tree.values():
                child.look(gone)
            if tree and all(child.refuses for child in tree.values()):
                raise PartRefuses(
                    f"all parts ({', '.join(tree)}) ended {MOST_REFUSALS} times right after their"
                    " start: mend what they complain of above ('clerk doctor' tells more), then"
                    " start again"
                )
    finally:
        for child in tree.values():
            child.process.terminate()
        for child in tree.values():
            child.end()


def command_of(part: str, config: Path | None) -> list[str]:
    """What runs one part."""
    command = [sys.executable, "-m", "clerk", "serve", "--only", part]
    return command if config is None else [*command, "--config", str(config)]
