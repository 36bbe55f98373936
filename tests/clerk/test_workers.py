"""Signs of life, and what the dead leave behind."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from clerk import jobs, workers
from clerk.readers import Readers
from clerk.settings import Settings
from clerk.wiring import House, open_house
from clerk.workers import CLAIM
from procedure.errors import Temporary
from procedure.readings import DocumentReading
from store.rows import Envelope


@pytest.fixture
def house(tmp_path: Path, database: str) -> Iterator[House]:
    given = {"data": {"directory": tmp_path}, "database": {"url": database}}
    opened = open_house(Settings.model_validate(given), create=True)
    yield opened
    opened.store.close()


def _taken(house: House, name: str) -> str:
    envelope = Envelope("smtp", name, f"{name}@b.example", ("ccer@clerk.example",), house.now())
    return house.store.take(envelope, name.encode()).message_id


def _claimed(house: House, worker: str) -> str:
    now, message_id = house.now(), _taken(house, worker)
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


@pytest.mark.parametrize("at_work", [True, False])
def test_a_living_worker_keeps_what_it_is_at(
    house: House, monkeypatch: pytest.MonkeyPatch, at_work: bool
) -> None:
    """Not what it held when the database went away under it: that is for others."""
    monkeypatch.setattr(workers, "BEAT", 0.01)
    held, other = _claimed(house, "me"), _claimed(house, "you")
    with house.store.write() as tx:
        tx.messages.renew(held, "me", house.now())
        tx.messages.renew(other, "you", house.now())
    looks: list[str | None] = []

    def at() -> str | None:
        looks.append(held if at_work else None)
        return looks[-1]

    stop = threading.Event()
    life = threading.Thread(target=workers.live, args=(house, "me", at, stop))
    life.start()
    while len(looks) < 3:
        stop.wait(0.01)
    stop.set()
    life.join()
    with house.store.read() as tx:
        assert tx.messages.unfinished(house.now(), 9) == ([other] if at_work else [held, other])
        assert tx.messages.unfinished(house.now() + CLAIM * 2, 9) == [held, other]


class _Ended(BaseException):
    """The process is told to end, or the database is gone: nothing that `attempt` can note."""


def test_a_worker_is_at_a_message_until_its_look_ends(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str | None] = []

    def attempt(_house: House, _read: object, message_id: str, _worker: str) -> None:
        seen.append(worker.at)
        if len(seen) == 2:
            raise _Ended

    monkeypatch.setattr(jobs, "attempt", attempt)
    taken = [_taken(house, name) for name in ("a", "b")]
    worker = jobs.Worker(house, Readers(house.desk.template), "me")
    with pytest.raises(_Ended):
        worker.run_due()
    assert (seen, worker.at) == (taken, None)


def test_a_late_worker_reopens_nothing(house: House) -> None:
    """Stopped for longer than its claim it fails where another has finished, or is at it."""
    now, taken = house.now(), _taken(house, "a")
    with house.store.write() as tx:
        assert tx.messages.claim(taken, "late", now, now)
        assert tx.messages.claim(taken, "other", now + CLAIM, now)

    def unread(_data: bytes, _name: str) -> tuple[DocumentReading, ...]:
        raise AssertionError

    def fails(*_: object, **__: object) -> None:
        raise Temporary("the database is away")

    for finish in (False, True):
        if finish:
            with house.store.write() as tx:
                tx.messages.done(taken)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(jobs, "work", fails)
            jobs.attempt(house, unread, taken, "late")
        with house.store.read() as tx:
            row = tx.messages.get(taken)
            assert row is not None
            assert (row.state, row.error, row.failures) == ("done" if finish else "received", "", 0)
            assert tx.messages.holds(taken, "other") is not finish
