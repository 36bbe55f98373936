"""Locks: one tree of serving processes a data directory, one worker for what only one may do."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError

from procedure.errors import WrongUse
from procedure.language import _
from store import postgres
from store.dialect import database_file
from store.errors import AlreadyServing
from store.faults import translated

_held: set[TextIO] = set()


@contextmanager
def serving_lock(directory: Path) -> Iterator[None]:
    """Hold the lock; the system drops it with the process, however that ends.

    Raises `AlreadyServing` where another tree holds it, `WrongUse` where the file cannot be made.
    """
    path = directory / "serve.lock"
    try:
        file = path.open("a+")
    except OSError as error:
        raise WrongUse(f"{path} cannot be made: {error.strerror}") from error
    with file:
        _lock(file, directory)
        _held.add(file)
        try:
            yield
        finally:
            _held.discard(file)


class Turn:
    """The right to do what only one may do; true where it was got."""

    def __init__(self, got: bool, session: Connection | None = None) -> None:
        self._got = got
        self._session = session
        self._using = threading.Lock()

    def __bool__(self) -> bool:
        return self._got

    def kept(self) -> bool:
        """Whether it is still ours: a server's lock is gone with the session that took it."""
        if not self._got or self._session is None:
            return self._got
        try:
            with self._using:
                self._session.execute(select(1))
                # The lock belongs to the session, not to a transaction, which must not stay open.
                self._session.commit()
        except DBAPIError:
            self._got = False
        return self._got


@contextmanager
def alone(engine: Engine, name: str) -> Iterator[Turn]:
    """Whether nobody else holds ``name`` on this database; held until the end, or our death.

    On a server it is an advisory lock of a session, else a lock on a file beside the database.
    Raises `StoreFault` where the server cannot be reached.
    """
    number = postgres.number(name)
    path = database_file(str(engine.url))
    if path is None:
        yield from _advisory(engine, number)
        return
    with path.with_name(f"{path.name}.{number & 0xFFFFFFFF:08x}.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield Turn(False)
            return
        _held.add(file)
        try:
            yield Turn(True)
        finally:
            _held.discard(file)


def _advisory(engine: Engine, number: int) -> Iterator[Turn]:
    with translated():
        session = engine.connect()
    try:
        with translated():
            got = bool(session.execute(select(func.pg_try_advisory_lock(number))).scalar())
            session.commit()
        yield Turn(got, session)
    finally:
        # The lock ends with its session. Unlocking one that was lost meanwhile would only fail.
        with suppress(DBAPIError):
            session.invalidate()
        session.close()


def _lock(file: TextIO, directory: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.seek(0)
        who = file.read().strip() or "unknown"
        raise AlreadyServing(
            f"another 'clerk serve' (process {who}) works on {directory}: stop it first",
            user_message=_("已有一个 clerk serve 在使用该数据目录，请先停止它。").said(),
        ) from error
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()


def _let_go() -> None:
    """A forked child must not keep the lock when its parent is gone."""
    for file in _held:
        file.close()
    _held.clear()


os.register_at_fork(after_in_child=_let_go)
