"""From one database to the other and back: all of it, or nothing."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from procedure.errors import WrongUse
from procedure.readings import DocumentReading
from store import SchemaMismatch, Store, tables
from store.moving import NotMoved, move
from store.rows import DigestRow, MailFacts, Person, Placement
from store.verify import counts, verify
from tests.store.helpers import CLOCK, PROVINCE, case_with_event, envelope, letter, tamper, url

_KILLED = """
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
seen = []
@event.listens_for(Engine, "after_cursor_execute")
def count(connection, cursor, statement, *rest):
    if connection.dialect.name == "postgresql" and statement.startswith("INSERT INTO"):
        seen.append(statement)
    if len(seen) == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
from store import Store
from store.moving import move
from tests.store.helpers import CLOCK
move(Store.open(sys.argv[1], CLOCK), sys.argv[2], CLOCK)
"""


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Store]:
    """A bit of everything, with an upload cut short and a NUL in a text."""
    opened = Store.open(url(tmp_path), CLOCK, create=True)
    for number in range(3):
        case_with_event(opened, f"d{number}")
    small = opened.take(envelope(), b"mail").message_id
    large = opened.take(envelope("k2"), os.urandom(3_500_000)).message_id
    with opened.write() as tx:
        sha256 = tx.documents.keep(os.urandom(1_500_000), "application/pdf")
        tx.documents.keep_reading(sha256, "v1", [DocumentReading("other")])
        tx.messages.describe(small, MailFacts("application", subject="申请\0表"))
        tx.messages.place(Placement(small, 0, 0, sha256, "申\0请.pdf", "application"))
        tx.messages.done(small)
        tx.tray.put(large, "", "damaged", "a\0b", CLOCK.now())
        tx.outbox.intend(letter())
        tx.outbox.dress(letter().key, "<1@x>", b"raw")
        row = DigestRow("weekly", "w", PROVINCE, "n@x", 0, letter().key, CLOCK.now(), {"总": 1})
        tx.digests.record(row, [1, 2])
        tx.people.invite(Person("张某", "handler", ("13",)), "c" * 64, CLOCK.now())
        tx.people.bind("telegram", "7", "c" * 64, CLOCK.now())
    yield opened
    opened.close()


def test_all_of_it_arrives_and_goes_on(source: Store, server_url: str, tmp_path: Path) -> None:
    moved = move(source, server_url, CLOCK)
    assert moved["message"] == 2
    assert moved["event"] == 3
    target = Store.open(server_url, CLOCK)
    assert verify(target) == []
    assert counts(target) == counts(source)
    # What the server numbers itself goes on after what was brought; so does the chain.
    case_with_event(target, "after")
    target.take(envelope("k9"), b"more")
    with target.write() as tx:
        assert tx.tray.put("m9", "", "damaged", "", CLOCK.now()) == 2
        states = select(tables.message.c.mail.is_(None))
        assert sum(tx.connection.execute(states).scalars()) == 2
    assert verify(target) == []
    back = tmp_path / "back"
    back.mkdir()
    assert move(target, url(back), CLOCK)["event"] == 4
    again = Store.open(url(back), CLOCK)
    assert verify(again) == []
    assert counts(again) == counts(target)
    again.close()
    target.close()


@pytest.mark.parametrize("insert", [1, 8, 15])
def test_a_move_killed_halfway_leaves_nothing(
    source: Store, cluster: object, server_url: str, insert: int
) -> None:
    command = [sys.executable, "-c", _KILLED, source.url, server_url, str(insert)]
    assert subprocess.run(command, timeout=60).returncode == -signal.SIGKILL
    target = Store.open(server_url, CLOCK)
    assert set(counts(target).values()) == {0}
    target.close()
    assert move(source, server_url, CLOCK)["message"] == 2


def test_a_target_that_holds_anything_is_refused(source: Store, server_url: str) -> None:
    move(source, server_url, CLOCK)
    with pytest.raises(WrongUse, match="holds data"):
        move(source, server_url, CLOCK)
    with pytest.raises(WrongUse, match="own database"):
        move(source, source.url, CLOCK)


def test_another_program_s_database_is_left_alone(source: Store, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    tamper(url(other), "CREATE TABLE recipe (id INTEGER)")
    with pytest.raises(WrongUse, match="table recipe"):
        move(source, url(other), CLOCK)
    tamper(url(other), "CREATE TABLE alembic_version (version_num VARCHAR(32))")
    tamper(url(other), "INSERT INTO alembic_version VALUES ('0001')")
    with pytest.raises(SchemaMismatch):
        move(source, url(other), CLOCK)


def test_what_does_not_verify_is_not_moved(source: Store, server_url: str) -> None:
    tamper(source.url, "UPDATE event SET hash = 'x' WHERE seq = 2")
    with pytest.raises(NotMoved, match="event 2"):
        move(source, server_url, CLOCK)
    target = Store.open(server_url, CLOCK)
    assert set(counts(target).values()) == {0}
    target.close()
