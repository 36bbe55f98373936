"""Kills a process of the installation at one chosen moment. Python imports it by its name.

Switched on by ``CRASH_MOMENTS``, a file that all processes append to: one line for each moment at
which something becomes durable, before and after it. The process that writes line ``CRASH_AT``
kills its process group as ``kill -9`` does, with ``CRASH_ALONE`` only itself. The product knows
nothing of it.
"""

import fcntl
import os
import signal
import smtplib
import sqlite3
import sqlite3.dbapi2
import sys
from pathlib import Path
from typing import Any

MOMENTS = os.environ.get("CRASH_MOMENTS", "")
AT = int(os.environ.get("CRASH_AT", "0"))
ALONE = bool(os.environ.get("CRASH_ALONE"))
HOUSE = str(Path(__file__).resolve().parents[3])
TOO_DEEP = ("store/core.py", "crash/planted", "site-packages", "/lib/python")


def moment(name: str) -> None:
    """One more moment; the chosen one is the last of this process."""
    line = f"{name} in {where()}\n".encode()
    handle = os.open(MOMENTS, os.O_RDWR | os.O_CREAT | os.O_APPEND)
    fcntl.flock(handle, fcntl.LOCK_EX)
    number = os.pread(handle, 1 << 20, 0).count(b"\n") + 1
    os.write(handle, (b"KILLED " if number == AT else b"") + line)
    if number == AT and ALONE:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == AT:
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os.close(handle)


def where() -> str:
    """The function of ours that does it."""
    frame: Any = sys._getframe(2)
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(HOUSE) and not any(one in file for one in TOO_DEEP):
            return f"{file.removeprefix(HOUSE)[1:]}:{frame.f_code.co_name}"
        frame = frame.f_back
    return "?"


class Counted(sqlite3.Connection):
    """A connection whose commits are moments, where they change anything."""

    changed = 0

    def commit(self) -> None:
        if not self.in_transaction or self.total_changes == self.changed:
            super().commit()
            return
        moment("before the commit")
        super().commit()
        self.changed = self.total_changes
        moment("after the commit")


def _connect(*arguments: Any, **named: Any) -> sqlite3.Connection:
    connection: sqlite3.Connection = _plain_connect(*arguments, **{"factory": Counted, **named})
    return connection


def _data(self: smtplib.SMTP, msg: Any) -> tuple[int, bytes]:
    moment("before the relay has it")
    answer = _plain_data(self, msg)
    moment("after the relay's answer")
    return answer


if MOMENTS:
    _plain_connect, _plain_data = sqlite3.connect, smtplib.SMTP.data
    # A module's and a class's function are replaced: what mypy means to forbid.
    sqlite3.connect = sqlite3.dbapi2.connect = _connect  # type: ignore[assignment]
    smtplib.SMTP.data = _data  # type: ignore[method-assign]
