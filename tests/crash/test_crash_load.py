"""Mail under load while processes die, disks fill, locks hang, clients and relays break off.

Each message that got its 250 is there once and answered once: never twice under different
Message-IDs. The counts are printed. From outside, but for the trouble that is made.
"""

import json
import os
import random
import resource
import smtplib
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.crash.load import TO, Load, answers, mail
from tests.house import RunningHouse, until
from tests.mailer.relay import ANSWERS, DROP, Relay
from tests.sink import Sink

pytestmark = pytest.mark.soak
START = "2021-10-26T09:00:00+08:00"
KILLS = 100
SEED = 7


@pytest.fixture
def sink() -> Iterator[Sink]:
    opened = Sink()
    opened.start()
    yield opened
    opened.stop()


@pytest.fixture
def house(tmp_path: Path, sink: Sink) -> Iterator[RunningHouse]:
    with running(tmp_path, sink.url) as opened:
        yield opened


@dataclass(frozen=True)
class _At:
    url: str


@contextmanager
def running(directory: Path, relay: str) -> Iterator[RunningHouse]:
    opened = RunningHouse(directory, _At(relay), START)
    opened.run("init")
    opened.start()
    try:
        yield opened
    finally:
        opened.stop()
        opened.kill()


def wait(what: Callable[[], bool], seconds: float = 300) -> None:
    """As `until`, but seldom: what is looked at is large."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, f"waited {seconds} s in vain"
        time.sleep(1)


def all_there_once(house: RunningHouse, sink: Sink, posted: int) -> str:
    """Every mail stored once, answered under one Message-ID; the counts as text."""
    wait(lambda: len(answers(sink)) == posted)
    proof = json.loads(house.run("verify", "--json"))
    assert proof["problems"] == []
    assert proof["counts"]["messages"] == posted
    found = answers(sink)
    assert [one for one, given in found.items() if len(given) != 1] == []
    again = len(sink.raw) - len({message_id for message_id, _ in sink.deliveries()})
    return f"{posted} mails accepted, {posted} there once, {posted} answered, {again} answers again"


@pytest.mark.timeout(3600)
def test_crash_kill_at_random_under_load(house: RunningHouse, sink: Sink) -> None:
    chance = random.Random(SEED)
    with Load([house.port]) as load:
        for number in range(KILLS):
            load.post(4)
            time.sleep(chance.uniform(0, 0.15))
            house.kill()
            house.start()
            if number % 20 == 19:
                print(f"[{number + 1}/{KILLS}] kills, {len(load.accepted)} accepted", flush=True)
        until(lambda: load.settled, 120)
    print(
        f"{KILLS} kills: {all_there_once(house, sink, load.posted)}; refused {dict(load.refused)}"
    )


@pytest.mark.timeout(600)
def test_crash_locked_database_under_load(house: RunningHouse, sink: Sink) -> None:
    with Load([house.port]) as load:
        load.post(4)
        until(lambda: load.settled)
        with closing(sqlite3.connect(house.directory / "data" / "clerk.db")) as other:
            other.isolation_level = None
            other.execute("BEGIN IMMEDIATE")
            load.post(8)
            # Longer than any of ours waits for the lock.
            until(lambda: load.refused[451] >= 4, 120)
            assert len(load.accepted) == 4
            other.execute("ROLLBACK")
        until(lambda: load.settled, 120)
    assert set(load.refused) <= {0, 451}, load.refused
    print(f"locked database: {all_there_once(house, sink, 12)}; refused {dict(load.refused)}")


def _tree(house: RunningHouse) -> list[int]:
    assert house.process is not None
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.getpgid(int(entry.name)) == house.process.pid:
                found.append(int(entry.name))
        except ProcessLookupError:
            continue
    return found


def _largest_file(house: RunningHouse, size: int) -> None:
    """No process of the tree may write beyond ``size`` bytes of any file: as on a full disk."""
    for pid in _tree(house):
        try:
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))
        except ProcessLookupError:
            continue


@pytest.mark.timeout(600)
def test_crash_full_disk_under_load(house: RunningHouse, sink: Sink) -> None:
    with Load([house.port]) as load:
        load.post(6)
        until(lambda: load.settled)
        _largest_file(house, 65_536)
        load.post(10)
        until(lambda: load.refused[451] >= 10, 120)
        stored = len(load.accepted)
        # More than once: a part that died meanwhile may just be starting again.
        for _ in range(5):
            _largest_file(house, resource.RLIM_INFINITY)
            time.sleep(0.3)
        until(lambda: load.settled, 120)
    assert stored < load.posted
    assert set(load.refused) <= {0, 451}, load.refused
    print(f"full disk: {all_there_once(house, sink, 16)}; refused {dict(load.refused)}")


def _dialogue(house: RunningHouse, number: int) -> socket.socket:
    """A client up to its final dot."""
    client = socket.create_connection(("127.0.0.1", house.port), timeout=30)
    sender = f"MAIL FROM:<load{number}@163.example>"
    client.recv(999)
    for line in ("EHLO client", sender, f"RCPT TO:<{TO}>", "DATA"):
        client.sendall(f"{line}\r\n".encode())
        assert client.recv(999)[:1] in (b"2", b"3")
    client.sendall(mail(number) + b".\r\n")
    return client


@pytest.mark.timeout(600)
def test_crash_clients_that_break_off(house: RunningHouse, sink: Sink) -> None:
    told = 0
    for number in range(20):
        client = _dialogue(house, number)
        client.shutdown(socket.SHUT_WR)
        with client:
            told += client.recv(999).startswith(b"250")
    for number in range(20, 40):
        # Gone before the answer: so it comes again, as it must.
        _dialogue(house, number).close()
    for number in range(40):
        with smtplib.SMTP("127.0.0.1", house.port, timeout=30) as smtp:
            smtp.sendmail(f"load{number}@163.example", [TO], mail(number))
    print(f"20 half-closed ({told} read their 250), 20 gone: {all_there_once(house, sink, 40)}")


def _identities(relay: Relay) -> dict[str, set[str]]:
    shown = Sink()
    shown.raw = [((), one) for one in list(relay.mails)]
    return answers(shown)


def taken(relay: Relay, mails: int) -> bool:
    return len(relay.mails) >= mails


@pytest.mark.timeout(600)
def test_crash_relay_that_drops_after_the_final_dot(tmp_path: Path) -> None:
    now = datetime.fromisoformat(START)
    with Relay({".": DROP}) as relay, running(tmp_path, f"smtp://127.0.0.1:{relay.port}") as house:
        with Load([house.port]) as load:
            load.post(10)
            until(lambda: load.settled)
        # The relay has each of them whole, and nobody here can know.
        for attempts, minutes in ((1, 2), (2, 10)):
            wait(partial(taken, relay, 10 * attempts))
            now += timedelta(minutes=minutes)
            house.kill()
            house.start()
            house.set_clock(now.isoformat())
        relay.answers["."] = ANSWERS["."]
        house.set_clock((now + timedelta(hours=1)).isoformat())
        wait(partial(taken, relay, 30))
        time.sleep(3)
        found = _identities(relay)
        assert len(found) == 10
        assert [one for one, given in found.items() if len(given) != 1] == []
        assert json.loads(house.run("verify", "--json"))["problems"] == []
        copies = len(relay.mails)
    print(f"relay that drops after the dot: 10 letters, {copies} copies, 10 Message-IDs")
