"""Hints on PostgreSQL: made with the row or not at all, given again where one is lacking."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from procrastinate import RetryStrategy
from sqlalchemy import Connection, text

from clerk import woken
from clerk.serving import postman
from clerk.settings import Settings
from clerk.wiring import House, open_house
from store import SchemaMismatch, Store, hints, upgrade
from store.errors import StoreFault
from store.hints import LETTERS, MESSAGES
from tests.house import until
from tests.postgres.cluster import Cluster
from tests.sink import Sink
from tests.store.helpers import CLOCK, envelope, letter


@pytest.fixture
def house(server_url: str, tmp_path: object) -> Iterator[House]:
    given = {"data": {"directory": tmp_path}, "database": {"url": server_url}}
    opened = open_house(Settings.model_validate(given))
    yield opened
    opened.store.close()


def jobs(store: Store) -> list[tuple[str, str, str]]:
    """Queue, what it is about, and state of each job."""
    query = "SELECT queue_name, args->>'about', status::text FROM procrastinate_jobs ORDER BY id"
    with store.read() as tx:
        return [tuple(row) for row in tx.connection.execute(text(query))]


def by_hand(store: Store, statement: str) -> None:
    with store.write() as tx:
        tx.connection.exec_driver_sql(statement)


class _Undone(Exception):
    """The transaction is not to be."""


def _undo(store: Store) -> None:
    with store.write() as tx:
        tx.outbox.intend(letter("y"))
        raise _Undone


def test_a_hint_comes_with_its_row_or_not_at_all(house: House) -> None:
    bodies = (b"a", b"b" * 3_000_000)
    taken = [house.store.take(envelope(f"k{len(body)}"), body) for body in bodies]
    assert not house.store.take(envelope("again"), b"a").fresh
    with house.store.write() as tx:
        tx.outbox.intend(letter())
        tx.outbox.intend(letter())
    with pytest.raises(_Undone):
        _undo(house.store)
    assert jobs(house.store) == [
        *((MESSAGES, one.message_id, "todo") for one in taken),
        (LETTERS, letter().key, "todo"),
    ]


def test_what_is_due_without_a_job_gets_one(house: House) -> None:
    for n in range(3):
        house.store.take(envelope(f"k{n}"), b"%d" % n)
    assert woken.top_up(house) == 0
    by_hand(house.store, "DELETE FROM procrastinate_jobs WHERE id > 1")
    assert woken.top_up(house) == 2
    assert woken.top_up(house) == 0
    with house.store.write() as tx:
        # Due in a year: no job now, whatever waits in the queue for later.
        tx.hints.add(MESSAGES, ["later"], timedelta(days=365))
        tx.outbox.intend(letter())
    by_hand(house.store, "DELETE FROM procrastinate_jobs WHERE scheduled_at IS NULL")
    assert woken.top_up(house) == 4
    assert sorted(queue for queue, *_ in jobs(house.store)) == [LETTERS, *[MESSAGES] * 4]


class _Looks:
    """Looks that only count, and wait where they are told to."""

    def __init__(self) -> None:
        self.counted = 0
        self.go = threading.Event()
        self.go.set()

    def __call__(self) -> None:
        self.counted += 1
        self.go.wait(30)


class _Working:
    """Workers in this process, ended whatever happens."""

    def __init__(self, house: House) -> None:
        self.looks, self.stop = _Looks(), threading.Event()
        given = {MESSAGES: self.looks}
        self._thread = threading.Thread(target=woken.work, args=(house, given, self.stop))

    def __enter__(self) -> _Looks:
        self._thread.start()
        return self.looks

    def __exit__(self, *_: object) -> None:
        self.looks.go.set()
        self.stop.set()
        self._thread.join(30)
        assert not self._thread.is_alive()


def test_a_worker_is_woken_by_a_hint_and_leaves_no_job(house: House) -> None:
    with _Working(house) as looks:
        taken = house.store.take(envelope(), b"mail").message_id
        until(lambda: looks.counted >= 1)
        with house.store.write() as tx:
            tx.messages.failed(taken, "x", None)
        until(lambda: jobs(house.store) == [])


def test_the_job_of_a_dead_worker_is_given_to_others(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A worker that died a minute ago, and one of which not even the name is known any more.
    dead = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute')"
    job = "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id) VALUES"
    said = "'messages', 'messages', jsonb_build_object('about', 'x'), 'doing'"
    by_hand(house.store, dead)
    by_hand(house.store, f"{job} ({said}, (SELECT max(id) FROM procrastinate_workers))")
    by_hand(house.store, f"{job} ({said}, NULL)")
    monkeypatch.setattr(woken, "SWEEP", 0.2)
    monkeypatch.setattr(woken, "POLL", 0.2)
    with _Working(house) as looks:
        until(lambda: looks.counted == 2)
        until(lambda: jobs(house.store) == [])


def test_a_living_worker_keeps_its_job(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(woken, "SWEEP", 0.1)
    monkeypatch.setattr(woken, "HEARTBEAT", 0.3)
    monkeypatch.setattr(woken, "STALLED", 2.0)
    with _Working(house) as looks:
        looks.go.clear()
        with house.store.write() as tx:
            tx.hints.add(MESSAGES, ["x"])
        until(lambda: looks.counted == 1)
        until(lambda: _beats(house.store) > 2.5, 20)
        assert (looks.counted, [state for *_, state in jobs(house.store)]) == (1, ["doing"])


def _beats(store: Store) -> float:
    """Seconds since the job began; its worker's last sign of life is younger than that."""
    started = "SELECT min(at) FROM procrastinate_events WHERE type = 'started'"
    query = f"SELECT extract(epoch FROM now() - ({started}))"
    with store.read() as tx:
        return float(tx.connection.execute(text(query)).scalar() or 0)


def test_a_look_that_fails_is_made_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[int] = []

    def look() -> None:
        said.append(1)
        if len(said) == 1:
            raise OSError("the database went away")

    monkeypatch.setattr(woken, "POLL", 0.2)
    monkeypatch.setattr(woken, "AGAIN", RetryStrategy(max_attempts=3, wait=0))
    stop = threading.Event()
    thread = threading.Thread(target=woken.work, args=(house, {MESSAGES: look}, stop))
    thread.start()
    with house.store.write() as tx:
        tx.hints.add(MESSAGES, ["x"])
    until(lambda: len(said) == 2)
    until(lambda: jobs(house.store) == [])
    stop.set()
    thread.join(30)


def test_a_queue_of_another_version_is_made_anew_and_refused_before(server_url: str) -> None:
    store = Store.open(server_url, CLOCK)
    store.take(envelope(), b"mail")
    by_hand(store, "COMMENT ON TABLE procrastinate_jobs IS 'older'")
    store.close()
    with pytest.raises(SchemaMismatch, match="clerk init"):
        Store.open(server_url, CLOCK)
    again = Store.open(server_url, CLOCK, create=True)
    assert jobs(again) == []
    with again.write() as tx:
        assert hints.made(tx.connection)
    upgrade(server_url)
    again.close()


def test_the_queue_can_be_taken_out_whole(server_url: str) -> None:
    store = Store.open(server_url, CLOCK)
    with store.write() as tx:
        hints.remove(tx.connection)
        assert _left(tx.connection) == []
        hints.make(tx.connection)
        assert hints.made(tx.connection)
    store.close()


def _left(connection: Connection) -> list[str]:
    query = (
        "SELECT relname FROM pg_class WHERE relname LIKE '%procrastinate%' UNION ALL"
        " SELECT proname FROM pg_proc WHERE proname LIKE '%procrastinate%' UNION ALL"
        " SELECT typname FROM pg_type WHERE typname LIKE '%procrastinate%'"
    )
    return [str(one) for one in connection.execute(text(query)).scalars()]


class _Crashing(Sink):
    """A relay that takes a letter, upon which the database's server dies."""

    def __init__(self, cluster: Cluster) -> None:
        super().__init__()
        self._cluster = cluster

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if not self.raw:
            await asyncio.to_thread(self._cluster.crash)
        return await super().handle_DATA(server, session, envelope)


def test_a_letter_whose_end_could_not_be_noted_waits_for_no_lease(
    tmp_path: Path, cluster: Cluster, server_url: str
) -> None:
    sink = _Crashing(cluster)
    sink.start()
    given = {
        "data": {"directory": tmp_path},
        "database": {"url": server_url},
        "relay": {"url": sink.url},
    }
    house = open_house(Settings.model_validate(given))
    with house.store.write() as tx:
        tx.outbox.intend(letter())
    deliver = postman(house)
    try:
        with pytest.raises(StoreFault):
            deliver()
    finally:
        cluster.start()
    assert deliver() == 1
    sink.stop()
    with house.store.read() as tx:
        assert not tx.outbox.due(house.now())
        assert tx.outbox.senders() == set()
    house.store.close()
    # The doubtful case of SMTP: again, and under the same Message-ID.
    assert len(sink.raw) == 2
    assert len(set(sink.deliveries())) == 1
