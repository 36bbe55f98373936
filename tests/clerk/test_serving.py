"""A part that cannot go on ends, so that it is started again: nothing dies in silence."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from clerk import jobs, serving
from clerk.readers import Readers
from clerk.settings import Settings
from clerk.wiring import House, open_house
from clerk.workers import worker_name
from store import StoreFault
from store.rows import Envelope


@pytest.fixture
def house(tmp_path: Path) -> House:
    return open_house(Settings.model_validate({"data": {"directory": tmp_path}}), create=True)


def test_letters_that_cannot_be_looked_at_end_their_part(house: House) -> None:
    with house.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE letter")
    stop = threading.Event()
    with pytest.raises(StoreFault):
        serving.outbox(house, stop)
    assert stop.is_set()
    house.store.close()


def test_a_missing_relay_is_said(house: House, caplog: pytest.LogCaptureFixture) -> None:
    stop = threading.Event()
    stop.set()
    serving.outbox(house, stop)
    assert "relay.url is empty" in caplog.text
    house.store.close()


def test_a_part_that_died_holds_no_message(house: House) -> None:
    now = house.now()
    envelope = Envelope("smtp", "smtp:1", "a@b.example", ("ccer@clerk.example",), now)
    taken = house.store.take(envelope, b"Subject: x\r\n\r\nx\r\n")
    with house.store.write() as tx:
        for pid in (4711, 4712):
            tx.messages.claim(taken.message_id, worker_name(pid), now + timedelta(hours=1), now)
    serving._release(house, 4712)
    with house.store.read() as tx:
        assert tx.messages.unfinished(now, 9) == []
    serving._release(house, 4711)
    with house.store.read() as tx:
        assert tx.messages.unfinished(now, 9) == [taken.message_id]
    house.store.close()


def test_a_message_that_kills_whoever_reads_it_goes_to_a_person(house: House) -> None:
    now = house.now()
    envelope = Envelope("smtp", "smtp:1", "a@b.example", ("ccer@clerk.example",), now)
    taken = house.store.take(envelope, b"Subject: x\r\n\r\nx\r\n")
    for pid in range(jobs.MOST_DEATHS):
        # Each of these claimed it and was never heard of again.
        with house.store.write() as tx:
            assert tx.messages.claim(taken.message_id, worker_name(pid), now, now)
    readers = Readers(house.desk.templates[house.desk.active[0]])
    jobs.Worker(house, readers, worker_name(99)).run_due()
    readers.close()
    with house.store.read() as tx:
        row = tx.messages.get(taken.message_id)
        (item,) = tx.tray.open_items()
    assert row is not None
    assert row.state == "failed"
    assert item.message_id == taken.message_id
    house.store.close()
