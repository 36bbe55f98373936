"""Every schema that was ever released comes up to this one, with its work in flight.

The snapshots beside this file are `sqlite3 .dump`s of small installations of their time, stopped in
the middle of work: one message at work, one that waits, one letter begun, one not yet written.
A new migration brings a snapshot of the schema before it.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from store import SchemaMismatch, Store, schema
from store.verify import counts, verify
from tests.store.helpers import CLOCK, case_with_event, letter, url

SNAPSHOTS = sorted((Path(__file__).parent / "snapshots").glob("s*.sql"))


def _laid(path: Path, snapshot: Path) -> str:
    with closing(sqlite3.connect(path / "clerk.db")) as raw:
        raw.executescript(snapshot.read_text(encoding="utf-8"))
    return url(path)


@pytest.mark.parametrize("snapshot", SNAPSHOTS, ids=lambda path: path.stem)
def test_an_older_installation_goes_on_where_it_was(tmp_path: Path, snapshot: Path) -> None:
    target = _laid(tmp_path, snapshot)
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
        # The one that is claimed waits for its worker, or for the end of the claim.
        waits = tx.messages.claim_next("new", now, now)
        assert waits is not None
        assert b"waits" in tx.messages.raw(waits)
        tx.messages.release("jobs-old-1")
        (at_work,) = [one for one in tx.messages.unfinished(now, 9) if one != waits]
        assert b"at work" in tx.messages.raw(at_work)
        assert [row.key for row in tx.outbox.sendable(now)] == [letter("begun").key]
        assert [intent.key for intent, _ in tx.outbox.undressed()] == [letter("due").key]
        assert [row.attempts for row in tx.outbox.sendable(now)] == [1]
        assert len(tx.notices.pending("telegram")) == 1
        assert [row.name_key for row in _names(tx)] == ["河北示例%电力有限公司"]
    case_with_event(store, "after")
    assert verify(store) == []


def _names(tx: object) -> list[object]:
    return list(tx.connection.exec_driver_sql("SELECT name_key FROM case_file"))  # type: ignore[attr-defined]


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
