"""Signs of life, and what the dead leave behind."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from clerk import workers
from clerk.settings import Settings
from clerk.wiring import House, open_house
from clerk.workers import CLAIM
from store.rows import Envelope


@pytest.fixture
def house(tmp_path: Path, database: str) -> Iterator[House]:
    given = {"data": {"directory": tmp_path}, "database": {"url": database}}
    opened = open_house(Settings.model_validate(given), create=True)
    yield opened
    opened.store.close()


def _claimed(house: House, worker: str) -> str:
    now = house.now()
    envelope = Envelope("smtp", worker, "a@b.example", ("ccer@clerk.example",), now)
    message_id = house.store.take(envelope, worker.encode()).message_id
    with house.store.write() as tx:
        assert tx.messages.claim(message_id, worker, now + timedelta(hours=1), now)
    return message_id


def _gone() -> int:
    """A process that was here and is no more."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_only_what_the_dead_of_this_machine_held_is_free(house: House) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as living:
        _claimed(house, workers.worker_name(living.pid))
        _claimed(house, f"jobs-elsewhere-0-0-{living.pid}")
        free = _claimed(house, workers.worker_name(_gone()))
        workers.release_dead(house)
        with house.store.read() as tx:
            assert tx.messages.unfinished(house.now(), 9) == [free]


def test_a_living_worker_keeps_what_it_holds(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "BEAT", 0.01)
    held = _claimed(house, "me")
    with house.store.write() as tx:
        tx.messages.renew("me", house.now())
        assert tx.messages.unfinished(house.now(), 9) == [held]
    stop = threading.Event()
    life = threading.Thread(target=workers.live, args=(house, "me", stop))
    life.start()
    while _due(house):
        stop.wait(0.01)
    stop.set()
    life.join()
    with house.store.read() as tx:
        assert tx.messages.unfinished(house.now() + CLAIM * 2, 9) == [held]


def _due(house: House) -> list[str]:
    with house.store.read() as tx:
        return tx.messages.unfinished(house.now(), 9)
