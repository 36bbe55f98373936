"""One tree of serving processes at a time: a lock on a file of the data directory."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from procedure.errors import WrongUse
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
