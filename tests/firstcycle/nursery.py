"""A serving clerk in one process, forked from one that has loaded everything: a start costs
milliseconds instead of seconds, so that it can be killed hundreds of times.

    python -m tests.firstcycle.nursery LOG READINGS

Its parts are `clerk serve`'s own (listener, jobs, timetable), each in a thread. Documents are read
by `ocr.read_document`, once for all runs: what was read is kept in READINGS.

Words on standard input: ``start``, ``kill`` (-9) and ``stop``; each is answered with a number.
"""

import importlib
import logging
import os
import signal
import sys
import threading
from functools import partial
from pathlib import Path

from clerk import logs, serving
from clerk.settings import load
from clerk.wiring import open_house
from clerk.workers import release_dead
from store.lock import serving_lock
from tests.firstcycle.prepared import KeptReaders
from tests.nursery import LOADED

LOOK = 0.1
"""Seconds between looks at what is due: the steps of a cycle are many."""

log = logging.getLogger(__name__)


def main() -> None:
    """Until standard input ends, as it does when the test is gone."""
    journal, readings = (Path(one) for one in sys.argv[1:])
    for name in LOADED:
        importlib.import_module(name)
    child = 0
    for line in sys.stdin:
        word = line.strip()
        if word == "start":
            child = _fork(journal, readings)
            print(child, flush=True)
        else:
            print(_end(child, signal.SIGKILL if word == "kill" else signal.SIGTERM), flush=True)
            child = 0
    if child:
        _end(child, signal.SIGKILL)


def _fork(journal: Path, readings: Path) -> int:
    child = os.fork()
    if child == 0:
        try:
            _become(journal)
            _serve(readings)
        except BaseException:
            logging.exception("the clerk ended")
            os._exit(1)
        os._exit(0)
    return child


def _become(journal: Path) -> None:
    """A process with streams of its own."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    said = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for number, descriptor in enumerate((nothing, said, said)):
        os.dup2(descriptor, number)


def _end(child: int, how: signal.Signals) -> int:
    """How it ended, as `os.waitstatus_to_exitcode` has it."""
    os.kill(child, how)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _serve(readings: Path) -> None:
    """As `clerk serve`, until told to stop; a part that breaks ends all."""
    house = open_house(load(None))
    logs.set_up(house.settings)
    serving.POLL = LOOK
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    threading.excepthook = lambda broken: _broken(broken.thread)
    readers = KeptReaders(house.desk.template, readings)
    parts = (serving.mail, partial(serving.jobs, readers=readers), serving.timetable)
    with serving_lock(house.settings.data.directory):
        house.store.sweep()
        release_dead(house)
        running = [threading.Thread(target=part, args=(house, stop)) for part in parts]
        for one in running:
            one.start()
        for one in running:
            one.join()


def _broken(thread: threading.Thread | None) -> None:
    log.error("part %s broke", thread, exc_info=True)
    os._exit(1)


if __name__ == "__main__":
    main()
