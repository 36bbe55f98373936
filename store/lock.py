"""Locks: one tree of serving processes a data directory, one worker for what only one may do."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from sqlalchemy import Engine, func, select

from procedure.errors import WrongUse
from store.dialect import database_file
from store.errors import AlreadyServing

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


@contextmanager
def alone(engine: Engine, name: str) -> Iterator[bool]:
    """Whether nobody else holds ``name`` on this database; held until the end, or our death.

    On a server it is an advisory lock of a session, else a lock on a file beside the database.
    """
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    path = database_file(str(engine.url))
    if path is None:
        yield from _advisory(engine, number)
        return
    with path.with_name(f"{path.name}.{number & 0xFFFFFFFF:08x}.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        _held.add(file)
        try:
            yield True
        finally:
            _held.discard(file)


def _advisory(engine: Engine, number: int) -> Iterator[bool]:
    with engine.connect() as connection:
        asked = connection.execute(select(func.pg_try_advisory_lock(number)))
        got = bool(asked.scalar())
        # The lock belongs to the session, not to this transaction, which must not stay open.
        connection.commit()
        try:
            yield got
        finally:
            if got:
                connection.execute(select(func.pg_advisory_unlock(number)))
                connection.commit()


def _lock(file: TextIO, directory: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.seek(0)
        who = file.read().strip() or "unknown"
        raise AlreadyServing(
            f"another 'clerk serve' (process {who}) works on {directory}: stop it first",
            user_message="已有一个 clerk serve 在使用该数据目录，请先停止它。",
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
