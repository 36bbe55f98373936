"""Who works on what: names of workers, their signs of life, and what the dead leave behind.

A worker holds a message for seconds and says again and again that it is alive; who dies with its
machine is waited for until then. The dead of the own machine are known at once.
"""

import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from clerk.wiring import House
from store.errors import StoreBusy, StoreFault

log = logging.getLogger(__name__)
CLAIM = timedelta(seconds=20)
"""How long a message is left to a worker that gave no sign of life."""
BEAT = CLAIM.total_seconds() / 5
"""Seconds between two signs of life."""


def worker_name(pid: int) -> str:
    """Who claims messages and letters: this process of this machine."""
    return f"{_machine()}-{pid}"


def _machine() -> str:
    """One kernel's one table of processes: containers may share a host's name."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")[:8]
        table = Path("/proc/self/ns/pid").readlink().name.strip("pid:[]")
    except OSError:
        boot = table = ""
    return f"jobs-{socket.gethostname()[:40]}-{boot}-{table}"


def release(house: House, worker: str) -> None:
    """What a worker that is no more was at is free at once, not when its time is up."""
    with house.store.write() as tx:
        tx.messages.release(worker)
        tx.outbox.give_up(worker)


def release_dead(house: House) -> None:
    """Free what processes of this machine that are no more were at; other machines' stays."""
    with house.store.read() as tx:
        held = tx.messages.workers() | tx.outbox.senders()
    for worker in sorted(held):
        if _dead(worker):
            log.warning("%s is no more: what it was at is free", worker)
            release(house, worker)


def _dead(worker: str) -> bool:
    machine, _, pid = worker.rpartition("-")
    if machine != _machine() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def live(house: House, worker: str, at: Callable[[], str | None], stop: threading.Event) -> None:
    """Give signs of life until told to stop, and look for the dead of this machine.

    ``at`` tells which message is being worked on. One that the worker holds and is not at, since
    the database went away under it, is for others once its claim ends.
    """
    while not stop.wait(BEAT):
        try:
            _beat(house, worker, at())
        except (StoreBusy, StoreFault):
            # The database is away: work done twice is no harm, a worker that gives up is.
            log.exception("no sign of life could be given")


def _beat(house: House, worker: str, message_id: str | None) -> None:
    release_dead(house)
    if message_id is not None:
        with house.store.write(beside=True) as tx:
            tx.messages.renew(message_id, worker, house.now() + CLAIM)
