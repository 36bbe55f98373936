"""Parsing in a child process with limits on time and memory: one hostile mail harms nobody."""

import atexit
import hashlib
import logging
import os
import pickle
import select
import subprocess
import sys
import threading
import time

from mailer.mail import Mail
from mailer.parse import UNPARSABLE
from mailer.parse.child import CUT_OFF, LENGTH, block
from procedure.errors import Temporary

log = logging.getLogger(__name__)
PIECE = 1 << 20


def limited(
    raw: bytes,
    own: frozenset[str] = frozenset(),
    envelope_from: str | None = None,
    *,
    trusted: frozenset[str] = frozenset(),
    seconds: int = 10,
    megabytes: int = 512,
    patience: float = 120,
) -> Mail:
    """`mailer.parse.parse` in a child; a mail with a problem where the child is cut off.

    ``seconds`` are of processor time, which the mail alone is to blame for. ``patience`` are
    seconds of waiting: a child that got no turn so long says nothing of the mail. `Temporary` then.
    """
    asked = pickle.dumps(((seconds, megabytes, own, envelope_from, trusted), raw))
    answer = _parser.answer(asked, patience)
    if answer == CUT_OFF:
        digest = hashlib.sha256(raw).hexdigest()
        return Mail(kind="other", problems=(UNPARSABLE,), fingerprint=digest)
    mail: Mail = pickle.loads(answer)  # noqa: S301 - from our own child
    return mail


class Parser:
    """This process's parsing child (`mailer.parse.child`): to start one takes 0.2 s of processor
    time, a mail a hundredth of it. It ends with this process, whose end of its input breaks."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()
        self._owner = 0

    @property
    def pid(self) -> int:
        """The child's, 0 while there is none."""
        return self._child.pid if self._child is not None else 0

    def answer(self, asked: bytes, patience: float) -> bytes:
        """What the child says to a block. `Temporary` where it was lost or is not heard of."""
        end = time.monotonic() + patience
        with self._turn:
            try:
                return self._again(asked, end)
            except TimeoutError as error:
                self.close()
                raise Temporary(
                    f"a mail of {len(asked)} bytes waited {patience} s to be parsed: "
                    "the machine is too busy"
                ) from error
            except OSError as error:
                self.close()
                raise Temporary("the parsing process was lost twice; it starts again") from error
            except BaseException:
                # An answer left in the pipe would be taken for the next mail's.
                self.close()
                raise

    def _again(self, asked: bytes, end: float) -> bytes:
        """Once more where the child was lost: it never touches a mail, somebody else ended it."""
        try:
            return self._asked(asked, end)
        except (BrokenPipeError, ConnectionResetError):
            log.warning("the parsing process was lost, another one is asked")
            self.close()
            return self._asked(asked, end)

    def close(self) -> None:
        """End the child; the next mail starts another one."""
        child, self._child = self._child, None
        if child is None or self._owner != os.getpid():
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()

    def _asked(self, asked: bytes, end: float) -> bytes:
        child = self._started()
        assert child.stdin is not None  # noqa: S101 - a pipe was asked for
        assert child.stdout is not None  # noqa: S101 - a pipe was asked for
        source = child.stdout.fileno()
        _write(child.stdin.fileno(), block(asked), end)
        return _read(source, LENGTH.unpack(_read(source, LENGTH.size, end))[0], end)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._owner != os.getpid() or self._child.poll() is not None:
            self.close()
            self._owner = os.getpid()
            self._child = subprocess.Popen(
                [sys.executable, "-m", "mailer.parse.child"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
            )  # fmt: skip
            assert self._child.stdin is not None  # noqa: S101 - a pipe was asked for
            os.set_blocking(self._child.stdin.fileno(), False)
        return self._child


def _write(target: int, data: bytes, end: float) -> None:
    left = memoryview(data)
    while left:
        _wait(target, select.POLLOUT, end)
        left = left[os.write(target, left[:PIECE]) :]


def _read(source: int, size: int, end: float) -> bytes:
    """So many bytes. `BrokenPipeError` where they end before."""
    found = bytearray()
    while len(found) < size:
        _wait(source, select.POLLIN, end)
        piece = os.read(source, min(PIECE, size - len(found)))
        if not piece:
            raise BrokenPipeError
        found += piece
    return bytes(found)


def _wait(pipe: int, event: int, end: float) -> None:
    """Until the pipe can be used. `TimeoutError`."""
    waiting = select.poll()
    waiting.register(pipe, event)
    if not waiting.poll(max(0.0, end - time.monotonic()) * 1000):
        raise TimeoutError


_parser = Parser()
atexit.register(_parser.close)
