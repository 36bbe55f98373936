"""What the store is asked that means nothing, or that the database itself refuses."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.exc import ProgrammingError

from store import Store, tables
from store.cases import chain_hash
from store.dialect import database_file, insert_fresh
from store.verify import verify
from tests.store.helpers import CLOCK, by_hand, case_with_event, envelope, url


@pytest.fixture
def small(tmp_path: Path) -> Store:
    return Store.open(url(tmp_path), CLOCK, create=True)


def test_what_is_folded_stands_in_the_file_itself(small: Store, tmp_path: Path) -> None:
    def messages() -> int:
        """In a copy of the file without its log."""
        shutil.copy(tmp_path / "clerk.db", tmp_path / "copy.db")
        with closing(sqlite3.connect(tmp_path / "copy.db")) as raw:
            count: int = raw.execute("SELECT count(*) FROM message").fetchone()[0]
        return count

    small.fold()
    small.take(envelope(), b"mail")
    assert messages() == 0
    small.fold()
    assert messages() == 1
    small.close()


def test_a_server_has_nothing_to_fold(server_url: str) -> None:
    store = Store.open(server_url, CLOCK)
    taken = store.take(envelope(), b"mail")
    store.fold()
    with store.read() as tx:
        assert tx.messages.raw(taken.message_id) == b"mail"
    store.close()


def test_a_mistake_in_a_statement_is_no_fault_of_the_database(small: Store) -> None:
    """It must not be tried again and again."""
    with pytest.raises(ProgrammingError), small.read() as tx:
        tx.connection.exec_driver_sql("SELECT ?", ())
    small.close()


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("sqlite:////var/lib/clerk/clerk.db", Path("/var/lib/clerk/clerk.db")),
        ("sqlite://", None),
        ("postgresql://clerk@db.example/clerk", None),
    ],
)
def test_only_a_database_in_a_file_has_one(address: str, file: Path | None) -> None:
    assert database_file(address) == file


def test_no_rows_are_no_statement(small: Store) -> None:
    with small.write() as tx:
        assert insert_fresh(tx.connection, tables.tray, [], "id") == set()
    small.close()


def test_nothing_typed_finds_nobody(small: Store) -> None:
    case_with_event(small)
    with small.read() as tx:
        assert tx.cases.sounding("", None, 9) == {}
        assert len(tx.cases.sounding("hbsl", None, 9)) == 1
    small.close()


def test_an_event_that_nobody_can_read_is_found_whatever_its_hash(small: Store) -> None:
    case_with_event(small)
    with by_hand(small.url) as raw:
        row = raw.execute(tables.event.select()).mappings().one()
        body = "{}"
        forged = {"body": body, "hash": chain_hash(row["seq"], row["prev_hash"], body)}
        raw.execute(update(tables.event).values(**forged))
    found = verify(small)
    assert any("cannot be read" in line and "event 1" in line for line in found), found
    small.close()


def test_a_filed_document_that_is_gone_is_found(small: Store) -> None:
    number, _ = case_with_event(small)
    row = {
        "sha256": "0" * 64, "part": 0, "case_no": number, "application": 1,
        "received_at": CLOCK.now(),
    }  # fmt: skip
    with by_hand(small.url) as raw:
        raw.execute(tables.filed.insert().values(**row))
    said = f"case {number}: document {'0' * 64} is filed but not kept"
    assert said in verify(small)
    small.close()
