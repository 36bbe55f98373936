"""Worker processes end with the process that started them, however that ends."""

import os
from multiprocessing import parent_process
from threading import Thread

_LOOK_SECONDS = 2.0


def end_with_parent() -> None:
    """As a worker's first act: after ``kill -9`` of its parent a pool's worker would wait for
    work for ever, since it holds the other end of its own queue."""
    Thread(target=_watch, name="lifeline", daemon=True).start()


def _watch() -> None:
    parent = parent_process()
    # The parent's process id too: a grandchild may hold open what tells of the parent's end.
    while parent is not None and parent.is_alive() and os.getppid() == parent.pid:
        parent.join(_LOOK_SECONDS)
    os._exit(1)
