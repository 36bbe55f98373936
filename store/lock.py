"""One tree of serving processes at a time: a lock on a file of the data directory."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.errors import AlreadyServing


@contextmanager
def serving_lock(directory: Path) -> Iterator[None]:
    """Hold the lock; the system drops it with the process, however that ends.

    Raises `AlreadyServing` where another tree holds it.
    """
    with (directory / "serve.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise AlreadyServing(
                f"another 'clerk serve' works on {directory}: stop it first",
                user_message="已有一个 clerk serve 在使用该数据目录，请先停止它。",
            ) from error
        yield
