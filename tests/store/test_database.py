"""The file itself: settings, transactions, versions, backup, lock."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procedure.errors import Temporary, WrongUse
from store import AlreadyServing, SchemaMismatch, Store, StoreBusy, StoreFault, dialect, schema
from store.lock import serving_lock
from store.rows import MailFacts
from store.verify import counts, verify
from tests.store.helpers import CLOCK, case_with_event, envelope, pragma, tamper, url


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """SQLite's file alone."""
    opened = Store.open(url(tmp_path), CLOCK, create=True)
    yield opened
    opened.close()


def test_the_file_is_made_for_durability_and_large_rows(store: Store) -> None:
    wanted = {
        "page_size": 16384,
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 30_000,
        "foreign_keys": 1,
    }
    assert {name: pragma(store, name) for name in wanted} == wanted


def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(StoreFault, match="readonly"), store.read() as tx:
        tx.tray.put("m1", "", "damaged", "", CLOCK.now())
    with store.write() as tx:
        tx.tray.put("m1", "", "damaged", "", CLOCK.now())
    assert counts(store)["tray"] == 1


def test_a_reader_sees_one_moment(store: Store) -> None:
    with store.read() as before:
        assert before.tray.open_items() == []
        with store.write() as tx:
            tx.tray.put("m1", "", "damaged", "", CLOCK.now())
        assert before.tray.open_items() == []
    assert counts(store)["tray"] == 1


def test_a_locked_database_is_worth_another_try(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dialect, "BUSY_MS", 50)
    hasty = Store.open(url(tmp_path), CLOCK)
    with store.write(), pytest.raises(StoreBusy) as caught, hasty.write():
        pass
    assert isinstance(caught.value, Temporary)
    hasty.take(envelope(), b"mail")
    hasty.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    st.datetimes(
        min_value=datetime(1971, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
        max_value=datetime(2200, 1, 1),  # noqa: DTZ001
        timezones=st.timezones(),
    )
)
def test_moments_keep_their_instant_and_order(store: Store, moment: datetime) -> None:
    # Python never calls a wall time that a clock change skipped equal to its own instant.
    instant = moment.astimezone(UTC)
    later = instant + timedelta(microseconds=1)
    with store.write() as tx:
        numbers = [
            tx.tray.put(os.urandom(8).hex(), "", "damaged", "", at) for at in (later, moment)
        ]
        found = [tx.tray.get(number) for number in reversed(numbers)]
        mine = [one for one in tx.tray.open_items() if one.id in numbers]
    assert [one.at for one in found if one] == [instant, later]
    assert all(one.at.tzinfo is UTC for one in found if one)
    assert [one.at for one in mine] == [instant, later]


def test_looking_for_a_database_makes_none(tmp_path: Path) -> None:
    with pytest.raises(SchemaMismatch, match="clerk init"):
        Store.open(url(tmp_path), CLOCK)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(WrongUse, match="is not there"):
        Store.open(url(tmp_path / "nowhere"), CLOCK, create=True)


def test_a_file_that_is_no_database_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "clerk.db").write_bytes(b"something else " * 5000)
    with pytest.raises(StoreFault, match="not a database"):
        Store.open(url(tmp_path), CLOCK, create=True)


def _older(path: Path) -> str:
    """A database as the first release made it, with two mails described in it."""
    command.upgrade(schema._config(url(path)), "0001")
    row = "INSERT INTO message (id, sha256, size, received_at, state, attempts, error, {0})"
    values = "VALUES ('{0}', '{0}', 0, '2021-11-0{1} 00:00:00.000000', 'done', 1, '', {2})"
    tamper(
        url(path),
        row.format("fingerprint") + values.format("m1", 2, "'f'"),
        row.format("fingerprint") + values.format("m2", 1, "'f'"),
    )
    return url(path)


def test_an_older_schema_is_refused_then_brought_up_to_date(tmp_path: Path) -> None:
    target = _older(tmp_path)
    with pytest.raises(SchemaMismatch, match="is at schema 0001"):
        Store.open(target, CLOCK)
    opened = Store.open(target, CLOCK, create=True)
    with opened.write() as tx:
        assert tx.messages.ids() == ["m2", "m1"]
        assert tx.messages.seen_fingerprint("f", "m1") == "m2"
        assert tx.messages.seen_fingerprint("f", "m2") is None
        tx.messages.describe("m1", MailFacts("other", fingerprint="f"))
        assert tx.messages.seen_fingerprint("f", "m1") == "m2"
    opened.close()


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    Store.open(url(tmp_path), CLOCK, create=True).close()
    tamper(url(tmp_path), "UPDATE alembic_version SET version_num = '9999'")
    for create in (False, True):
        with pytest.raises(SchemaMismatch, match="newer"):
            Store.open(url(tmp_path), CLOCK, create=create)


def test_the_backup_is_whole_while_others_write(store: Store, tmp_path: Path) -> None:
    case_with_event(store)
    store.take(envelope(), os.urandom(3_000_000))
    with store.write() as tx:
        tx.tray.put("m1", "", "damaged", "", CLOCK.now())
        store.backup(tmp_path / "copy.db")
    copy = Store.open(f"sqlite:///{tmp_path}/copy.db", CLOCK)
    assert verify(copy) == []
    assert counts(copy) == {**counts(store), "tray": 0}
    copy.close()


def test_a_backup_that_fails_leaves_the_last_one(store: Store, tmp_path: Path) -> None:
    place = tmp_path / "copies"
    place.mkdir()
    store.backup(place / "copy.db")
    before = (place / "copy.db").read_bytes()
    (place / "copy.db.partial").mkdir()
    with pytest.raises(StoreFault, match="backup to"):
        store.backup(place / "copy.db")
    assert (place / "copy.db").read_bytes() == before
    with pytest.raises(StoreFault, match="backup to"):
        store.backup(tmp_path / "nowhere" / "copy.db")


def test_one_serving_tree_at_a_time(tmp_path: Path) -> None:
    with serving_lock(tmp_path):
        mine = rf"another 'clerk serve' \(process {os.getpid()}\)"
        with pytest.raises(AlreadyServing, match=mine), serving_lock(tmp_path):
            pass
    with serving_lock(tmp_path):
        assert stat.S_ISREG((tmp_path / "serve.lock").stat().st_mode)


def test_a_lock_that_cannot_be_made_is_a_wrong_directory(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="cannot be made"), serving_lock(tmp_path / "nowhere"):
        pass


def test_a_forked_child_does_not_keep_the_lock(tmp_path: Path) -> None:
    """kill -9 of the tree's root must not keep the next one out while a worker still ends."""
    (asks, waits), (ready, done) = os.pipe(), os.pipe()
    with serving_lock(tmp_path):
        child = os.fork()
        if child == 0:
            os.close(waits)
            os.write(done, b"x")
            os.read(asks, 1)
            os._exit(0)
        os.read(ready, 1)
    with serving_lock(tmp_path):
        pass
    for handle in (asks, waits, ready, done):
        os.close(handle)
    assert os.waitpid(child, 0)[1] == 0


def test_the_copy_needs_nothing_beside_it(store: Store, tmp_path: Path) -> None:
    """One file to carry away: what is still in the write-ahead log is in it too."""
    number, _ = case_with_event(store)
    store.backup(tmp_path / "copy.db")
    with closing(sqlite3.connect(f"file:{tmp_path}/copy.db?immutable=1", uri=True)) as raw:
        assert raw.execute("SELECT case_no FROM case_file").fetchall() == [(number,)]
