"""`clerk` as processes forked from one that has loaded the program (`tests.nursery`): a start costs
milliseconds instead of a second of a processor.

Each is a process of its own with the arguments, the environment and the streams that it was given,
and is killed as any other. How the program itself starts is tested with the real one
(`tests/clerk/test_tree.py`, `tests/clerk/test_health.py`, `tests/test_deployment.py`).
"""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import IO, Any


class Child:
    """A process that the nursery made, with the ways of `subprocess.Popen`."""

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        streams: Sequence[IO[Any] | int],
        *,
        group: int = 0,
        nursery: str = "",
    ) -> None:
        """``clerk ARGUMENTS``; ``streams``: its first three. ``group``: the process group that it
        joins, 0 for one of its own; ``nursery``: the socket's name, "" for this process's own."""
        self.args = [*arguments]
        self.returncode: int | None = None
        self.stdin: IO[bytes] | None = None
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._line.connect(nursery or _own())
        asked = {
            "arguments": self.args, "environment": dict(environment), "group": group,
            "directory": str(Path.cwd()),
        }  # fmt: skip
        numbers = [one if isinstance(one, int) else one.fileno() for one in streams]
        socket.send_fds(self._line, [json.dumps(asked).encode()], numbers)
        self.pid = int(self._line.recv(64))

    def wait(self, timeout: float | None = None) -> int:
        """How it ended, as `os.waitstatus_to_exitcode` has it."""
        if self.returncode is None:
            self._line.settimeout(timeout)
            try:
                said = self._line.recv(64)
            except (TimeoutError, BlockingIOError) as error:
                raise subprocess.TimeoutExpired(self.args, timeout or 0) from error
            self._line.close()
            self.returncode = int(said)
        return self.returncode

    def poll(self) -> int | None:
        """How it ended, None while it runs."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def terminate(self) -> None:
        """SIGTERM, where it runs."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL, where it runs."""
        self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


def start(arguments: Sequence[str], environment: Mapping[str, str], log: IO[bytes]) -> Child:
    """``clerk ARGUMENTS`` with what it says in a file; a process group of its own."""
    with Path(os.devnull).open("rb") as nothing:
        return Child(arguments, environment, (nothing, log, log))


def run(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    text: str | None = None,
    timeout: float = 120,
) -> "subprocess.CompletedProcess[bytes]":
    """``clerk ARGUMENTS`` to its end, ``text`` given to it; as `subprocess.run` would."""
    with ExitStack() as stack:
        streams = [stack.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
        streams[0].write((text or "").encode())
        streams[0].seek(0)
        child = Child(arguments, environment, streams)
        try:
            status = child.wait(timeout)
        except subprocess.TimeoutExpired:
            child.kill()
            raise
        out, err = (
            os.pread(one.fileno(), os.fstat(one.fileno()).st_size, 0) for one in streams[1:]
        )
        return subprocess.CompletedProcess(child.args, status, out, err)


@cache
def _own() -> str:
    """The nursery of this process, made where it is first needed; it ends with this process."""
    name = f"\0clerk-nursery-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
        door.bind(name)
        door.listen(64)
        command = [sys.executable, "-m", "tests.nursery", str(door.fileno())]
        server = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[door.fileno()])
    # Its standard input is held open until then; where this process is killed, that ends it too.
    atexit.register(server.communicate)
    return name
