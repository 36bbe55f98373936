"""The process that has loaded `clerk` and forks one for each command: see `tests.forked`.

    python -m tests.nursery DESCRIPTOR

of the socket on which it is asked. Ends with its standard input.
"""

import atexit
import gc
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

LOADED = (
    "clerk.jobs", "clerk.doors", "clerk.keeping", "clerk.silence", "clerk.watching", "clerk.woken",
    "mailer.outbox", "mailer.sender", "bot.notices", "casework.digests", "casework.reminders",
    "casework.tasks", "letters",
)  # fmt: skip
"""What parts import when they begin, beside the commands' own modules."""
MOST = 1 << 18
"""Bytes of a request: arguments and environment."""


def main() -> None:
    """Load everything, then serve."""
    from clerk.cli import COMMANDS

    commands = {f"clerk.commands.{one.partition(':')[0]}" for one in COMMANDS.values()}
    for name in (*sorted(commands), *LOADED):
        import_module(name)
    # Children share what is loaded for as long as no collection writes to it.
    gc.collect()
    gc.freeze()
    Nursery(socket.socket(fileno=int(sys.argv[1]))).serve()


class Nursery:
    """Its children and whom to tell how they end."""

    def __init__(self, door: socket.socket) -> None:
        self._door = door
        self._ended, self._bell = socket.socketpair()
        self._bell.setblocking(False)
        signal.set_wakeup_fd(self._bell.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._lines: dict[int, socket.socket] = {}

    def serve(self) -> None:
        """Until standard input ends, as it does when the tests are gone."""
        with selectors.DefaultSelector() as looks:
            for one in (0, self._door, self._ended):
                looks.register(one, selectors.EVENT_READ)
            while 0 not in (ready := {key.fileobj for key, _ in looks.select()}):
                if self._ended in ready:
                    self._ended.recv(4096)
                    self._reap()
                if self._door in ready:
                    self._bear()
        for pid in self._lines:
            os.kill(pid, signal.SIGKILL)

    def _reap(self) -> None:
        while self._lines:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            with self._lines.pop(pid) as line:
                _say(line, os.waitstatus_to_exitcode(status))

    def _bear(self) -> None:
        line, _ = self._door.accept()
        said, streams, _, _ = socket.recv_fds(line, MOST, 3)
        asked = json.loads(said)
        pid = os.fork()
        if pid == 0:
            here = str(self._door.getsockname(), "latin-1")
            self._leave(line)
            _live(asked, streams, here)
        # The child does so too: whoever comes first, it is done before anybody kills the group.
        os.setpgid(pid, asked["group"])
        for one in streams:
            os.close(one)
        self._lines[pid] = line
        _say(line, pid)

    def _leave(self, line: socket.socket) -> None:
        """What is the nursery's is not the child's."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for one in (self._door, self._ended, self._bell, line, *self._lines.values()):
            one.close()


def _say(line: socket.socket, number: int) -> None:
    try:
        line.send(str(number).encode())
    except OSError:
        # Whoever asked is gone; the child is not his concern any more.
        line.close()


def _live(asked: dict[str, Any], streams: Sequence[int], nursery: str) -> NoReturn:
    """The child's life: `clerk.cli.main`, and the end of a Python program."""
    status = 1
    try:
        os.setpgid(0, asked["group"])
        _become(asked, streams)
        _plant(nursery)
        from clerk.cli import main as clerk

        clerk(asked["arguments"])
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
        if status and not isinstance(end.code, int):
            print(end.code, file=sys.stderr)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    threading._shutdown()  # type: ignore[attr-defined]  # Private, so not in the stubs.
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _become(asked: dict[str, Any], streams: Sequence[int]) -> None:
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["directory"])
    sys.argv = ["clerk", *asked["arguments"]]


def _plant(nursery: str) -> None:
    """Parts of a tree are forked as well, and what a new interpreter would run first is run."""
    from clerk import tree
    from tests.forked import Child

    def part(command: list[str], stdin: int, env: dict[str, str]) -> Child:
        assert (command[:3], stdin) == ([sys.executable, "-m", "clerk"], subprocess.PIPE)
        mouth, end = os.pipe()
        try:
            child = Child(command[3:], env, (mouth, 1, 2), group=os.getpgrp(), nursery=nursery)
        finally:
            os.close(mouth)
        child.stdin = os.fdopen(end, "wb")
        return child

    # In the place of a module: what mypy means to forbid.
    tree.subprocess = SimpleNamespace(  # type: ignore[attr-defined, assignment]
        Popen=part, PIPE=subprocess.PIPE, TimeoutExpired=subprocess.TimeoutExpired
    )
    for folder in filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)):
        found = spec_from_file_location("sitecustomize", Path(folder) / "sitecustomize.py")
        if found and found.loader and Path(folder, "sitecustomize.py").exists():
            found.loader.exec_module(module_from_spec(found))


if __name__ == "__main__":
    main()
