"""A part that cannot go on ends, so that it is started again: nothing dies in silence."""

import threading
from pathlib import Path

import pytest

from clerk import serving
from clerk.settings import Settings
from clerk.wiring import House, open_house
from store import StoreFault


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
