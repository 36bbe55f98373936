"""Every schema that was ever released comes up to this one, with its work in flight.

The snapshots beside this file are `sqlite3 .dump`s of small installations of their time, stopped in
the middle of work: one message at work, one that waits, one letter begun, one not yet written.
A new migration brings a snapshot of the schema before it.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, Table, create_engine, func, insert, select

from store import SchemaMismatch, Store, schema
from store.core import Tx
from store.dialect import make_engine
from store.verify import counts, verify
from tests.postgres.cluster import Cluster
from tests.store.helpers import CLOCK, case_with_event, envelope, letter, url

SNAPSHOTS = sorted((Path(__file__).parent / "snapshots").glob("s*.sql"))
ENDS = (SNAPSHOTS[0], SNAPSHOTS[-1])


def _laid(path: Path, snapshot: Path) -> str:
    with closing(sqlite3.connect(path / "clerk.db")) as raw:
        raw.executescript(snapshot.read_text(encoding="utf-8"))
    return url(path)


@pytest.mark.parametrize("snapshot", SNAPSHOTS, ids=lambda path: path.stem)
def test_an_older_installation_goes_on_where_it_was(tmp_path: Path, snapshot: Path) -> None:
    _comes_up(_laid(tmp_path, snapshot), snapshot)


@pytest.mark.parametrize(
    "snapshot",
    [
        # The first goes through every migration; those between them add nothing but time.
        pytest.param(one, id=one.stem, marks=[] if one in ENDS else pytest.mark.soak)
        for one in SNAPSHOTS
    ],
)
def test_an_older_installation_on_a_server_goes_on_too(
    tmp_path: Path, cluster: Cluster, snapshot: Path
) -> None:
    with cluster.fresh("template0") as target:
        _moved(_laid(tmp_path, snapshot), target, snapshot.stem[1:])
        _comes_up(target, snapshot)


def _moved(source: str, target: str, revision: str) -> None:
    """The rows of an SQLite file at an old schema in a server's database at the same one."""
    command.upgrade(schema._config(target), revision)
    old, new, there = create_engine(source), make_engine(target), MetaData()
    there.reflect(new)
    with old.connect() as reading, new.begin() as writing:
        for table in there.sorted_tables:
            if table.name == "alembic_version" or table.name.startswith("procrastinate"):
                continue
            rows = [dict(row) for row in reading.execute(select(_same(old, table))).mappings()]
            if rows:
                writing.execute(insert(table), rows)
                _continue(writing, table)
    old.dispose()
    new.dispose()


def _same(old: Engine, table: Table) -> Table:
    """The table as the other database describes it: its types give the values back."""
    return Table(table.name, MetaData(), autoload_with=old, resolve_fks=False)


def _continue(writing: Connection, table: Table) -> None:
    """Numbers that the server gives go on after those that are there."""
    key = next(iter(table.primary_key.columns))
    if key.autoincrement and key.server_default is not None:
        sequence = func.pg_get_serial_sequence(table.name, key.name)
        writing.execute(select(func.setval(sequence, select(func.max(key)).scalar_subquery())))


def _comes_up(target: str, snapshot: Path) -> None:
    with pytest.raises(SchemaMismatch, match=f"at schema {snapshot.stem[1:]}"):
        Store.open(target, CLOCK)
    store = Store.open(target, CLOCK, create=True)
    assert verify(store) == []
    assert counts(store) == {
        "messages": 3, "documents": 1, "placements": 1, "cases": 1, "events": 2, "letters": 3,
        "digests": 1, "tray": 1,
    }  # fmt: skip
    _goes_on(store)
    store.close()


def _goes_on(store: Store) -> None:
    now = CLOCK.now()
    with store.write() as tx:
        # The one that is claimed waits for its worker, or for the end of the claim; the other one
        # of the same sender waits for it.
        (waits,) = tx.messages.unfinished(now, 9)
        assert b"waits" in tx.messages.raw(waits)
        assert tx.messages.claim_next("new", now, now) is None
        tx.messages.release("jobs-old-1")
        (at_work,) = [one for one in tx.messages.unfinished(now, 9) if one != waits]
        assert b"at work" in tx.messages.raw(at_work)
        assert tx.messages.claim_next("new", now, now) in (waits, at_work)
        assert [row.key for row in tx.outbox.sendable(now)] == [letter("begun").key]
        assert [intent.key for intent, _ in tx.outbox.undressed()] == [letter("due").key]
        assert [row.attempts for row in tx.outbox.sendable(now)] == [1]
        assert len(tx.notices.pending("telegram")) == 1
        assert _names(tx) == ["河北示例%电力有限公司"]
    case_with_event(store, "after")
    assert verify(store) == []


def _names(tx: Tx) -> list[str]:
    return list(tx.connection.exec_driver_sql("SELECT name_key FROM case_file").scalars())


def test_there_is_a_snapshot_of_every_schema_but_the_last() -> None:
    scripts = ScriptDirectory.from_config(schema._config("sqlite://"))
    older = [one.revision for one in scripts.walk_revisions()][1:]
    assert [path.stem for path in SNAPSHOTS] == sorted(f"s{revision}" for revision in older)


def test_a_newer_schema_is_refused_by_a_server_too(server_url: str) -> None:
    store = Store.open(server_url, CLOCK)
    with store.write() as tx:
        tx.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    for create in (False, True):
        with pytest.raises(SchemaMismatch, match="newer"):
            Store.open(server_url, CLOCK, create=create)


def test_who_was_not_stopped_before_an_upgrade_writes_nothing_after_it(database: str) -> None:
    store = Store.open(database, CLOCK)
    taken = store.take(envelope("before"), b"Subject: a\r\n\r\n")
    newer = Store.open(database, CLOCK)
    with newer.write() as tx:
        tx.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    newer.close()
    for _ in range(2):
        with pytest.raises(SchemaMismatch, match="another version's"):
            store.take(envelope("after"), b"Subject: b\r\n\r\n")
        with pytest.raises(SchemaMismatch, match="another version's"), store.write(beside=True):
            pytest.fail("it may write")
    # What is there can be looked at; and nothing of the refused mail is.
    with store.read() as tx:
        assert tx.messages.get(taken.message_id) is not None
        assert not tx.messages.known("after")
    assert store.figures().messages == {("received",): 1}
    store.close()
