"""A mailbox that cannot be read is told once for each silence; a stepped clock is none."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clerk.silence import BEAT, LOOK, PATIENCE, SILENT, Silence
from clerk.watching import watch
from clerk.wiring import House
from procedure.clock import beijing
from store.rows import Person
from tests.clerk.test_doors import OWN, opened, running
from tests.house import until
from tests.mailer.dovecot import BINARY, PASSWORD, USER, Dovecot

if BINARY is None and not os.environ.get("CI"):
    pytest.skip("no dovecot here: apt-get install dovecot-imapd", allow_module_level=True)


class Tick:
    """Seconds as they pass for whoever looks."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    server = Dovecot()
    server.start()
    yield server
    server.stop()


def looks(silence: Silence, tick: Tick) -> list[str]:
    """For as long as a silence must last, and once more."""
    told = []
    for _ in range(int(PATIENCE // LOOK) + 2):
        told += silence.look()
        tick.at += LOOK
    return told


def open_items(house: House) -> list[str]:
    with house.store.read() as tx:
        return [one.text for one in tx.tray.open_items() if one.reason == SILENT]


def test_each_silence_is_told_once_and_closed(tmp_path: Path, dovecot: Dovecot) -> None:
    clock = tmp_path / "clock"
    clock.write_text("2021-11-05T09:00:00+08:00")
    box = {"host": "127.0.0.1", "port": dovecot.port, "ssl": "none", "user": USER,
           "password": PASSWORD}  # fmt: skip
    name = f"{USER}@127.0.0.1/INBOX"
    settings: dict[str, dict[str, Any]] = {
        "imap": {"accounts": [box], "alarm_minutes": 15},
        "clock": {"file": clock},
        "office": {"address": OWN, "operator_mailbox": "op@desk.example"},
    }
    tick = Tick()
    with opened(tmp_path / "data", **settings) as house:
        with house.store.write() as tx:
            tx.people.invite(Person("运维", "operator"), "c" * 64, house.now())
        silence = Silence(house, tick)
        with running(watch, house):
            until(lambda: _read(house, name) == "09:00")
            # The clock is stepped: a mailbox that is being read is not silent for that.
            clock.write_text("2021-11-05T12:00:00+08:00")
            silence.look()
            until(lambda: _read(house, name) == "12:00")
            tick.at += LOOK + PATIENCE
            assert looks(silence, tick) == []
            dovecot.kill()
            # No sign of life is written any more once the watcher has noticed.
            hours = iter(range(13, 24))
            until(lambda: _stays(house, name, clock, next(hours)), 30)
            assert looks(silence, tick) == [name]
            assert looks(silence, tick) == []
            (said,) = open_items(house)
            assert name in said
            dovecot.start()
            until(lambda: _heard(house, silence, tick), 60)
            until(lambda: dovecot.count("CCER-done") == 0)
        # Nobody watches: a silence of its own, told again.
        clock.write_text("2021-11-06T12:00:00+08:00")
        assert looks(silence, tick) == [name]
        with house.store.read() as tx:
            letters = [one for one in tx.outbox.all() if "silent:" in one.about]
            assert [one.to for one in letters] == [("op@desk.example",)] * 2
            assert "未能成功收取" in str(letters[0].facts)
            notices = tx.connection.exec_driver_sql("SELECT person FROM notice").all()
            assert [row[0] for row in notices] == ["运维", "运维"]


def _read(house: House, name: str) -> str:
    with house.store.read() as tx:
        known = tx.mailboxes.all()
    return f"{beijing(known[name]):%H:%M}" if name in known else ""


def _stays(house: House, name: str, clock: Path, hour: int) -> bool:
    """Whether no sign of life comes within a beat, though the clock is another."""
    clock.write_text(f"2021-11-05T{hour}:00:00+08:00")
    time.sleep(BEAT + 0.5)
    return _read(house, name) != f"{hour}:00"


def _heard(house: House, silence: Silence, tick: Tick) -> bool:
    tick.at += LOOK
    silence.look()
    return open_items(house) == []
