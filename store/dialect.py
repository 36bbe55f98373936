"""What is special to one database: connection settings, transactions, upserts."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    ForeignKey,
    Table,
    create_engine,
    event,
    literal,
    make_url,
    select,
)  # fmt: skip
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.pool import QueuePool

from store import postgres
from store.tables import metadata

PAGE_SIZE = 16384
"""Bytes; fixed when the file is made. Large pages suit 1 MiB chunks (measured 2-3 times faster)."""
BUSY_MS = 30_000
CHECKPOINT = 8192
"""Pages of the log (128 MiB) before a writer moves what is left of them into the file, while others
wait. Who writes much moves them beside the writers before: see `fold`."""


def make_engine(url: str) -> Engine:
    """An engine for ``url`` with a small pool; a connection serves one thread at a time.

    The pool keeps SQLite's file open: closing the last connection would fold the whole
    write-ahead log into it after every single transaction.
    """
    if postgres.is_server(url):
        return postgres.server_engine(url)
    engine = create_engine(
        url,
        poolclass=QueuePool,
        max_overflow=20,
        connect_args={"timeout": BUSY_MS / 1000},
        # A failed statement's values are names, telephones, texts of mails: for no log.
        hide_parameters=True,
    )
    event.listen(engine, "connect", _sqlite_connect)
    return engine


def database_file(url: str) -> Path | None:
    """The file of an SQLite database, None for a server's."""
    if postgres.is_server(url):
        return None
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    return Path(parsed.database)


def _sqlite_connect(connection: Any, _record: Any) -> None:
    # pysqlite must not begin transactions of its own: `begin` says BEGIN IMMEDIATE itself.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"page_size={PAGE_SIZE}",
        "journal_mode=WAL",
        "synchronous=FULL",
        f"wal_autocheckpoint={CHECKPOINT}",
        f"busy_timeout={BUSY_MS}",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def fold(connection: Connection) -> None:
    """Move what is committed in the log into the file, beside whoever reads and writes."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").close()


def begin(connection: Connection, *, write: bool, beside: bool = False) -> None:
    """Open the transaction: a writer takes its lock at once, so that it cannot fail halfway.

    A reader cannot write: what it wrote would be rolled back without a word. ``beside``: a writer
    that other writers need not wait for, where the database can do that.
    """
    if connection.dialect.name != "sqlite":
        postgres.begin(connection, write=write, beside=beside)
        return
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if write else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def share(connection: Connection, name: str) -> None:
    """Keep out whoever wants ``name`` for himself until this transaction ends."""
    if connection.dialect.name != "sqlite":
        postgres.hold(connection, name, shared=True)


def exclude(connection: Connection, name: str) -> None:
    """Keep out whoever shares ``name`` until this transaction ends."""
    if connection.dialect.name != "sqlite":
        postgres.hold(connection, name, shared=False)


def integrity(connection: Connection) -> list[str]:
    """What is wrong with the file's pages, and references to rows that are not there.

    PostgreSQL's pages have checks of their own (data checksums, amcheck).
    """
    pages: list[str] = []
    if connection.dialect.name == "sqlite":
        pages = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    strays = [text for key in _references() for text in _strays(connection, key)]
    return [text for text in pages if text != "ok"] + strays


def _references() -> list[ForeignKey]:
    keys = [key for table in metadata.sorted_tables for key in table.foreign_keys]
    return sorted(keys, key=lambda key: (key.parent.table.name, key.parent.name))


def _strays(connection: Connection, key: ForeignKey) -> list[str]:
    """References by one column to rows that are not there."""
    there = select(literal(1)).where(key.column == key.parent).correlate(key.parent.table)
    query = select(key.parent).where(key.parent.is_not(None), ~there.exists()).distinct()
    return [
        f"table {key.parent.table.name}: {value} refers to a row of {key.column.table.name}"
        " that is not there"
        for value in connection.execute(query).scalars()
    ]


def insert_missing(
    connection: Connection, table: Table, values: Mapping[str, Any], unique: Sequence[str] = ()
) -> bool:
    """Insert a row unless its unique columns are taken; whether it was inserted."""
    statement = _insert_missing(connection.dialect.name, table, tuple(unique))
    # Values as parameters, not as part of the statement: it is built and compiled once.
    return bool(connection.execute(statement, dict(values)).rowcount == 1)


@lru_cache(maxsize=100)
def _insert_missing(dialect: str, table: Table, unique: tuple[str, ...]) -> Any:
    make: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = make(table).on_conflict_do_nothing(index_elements=list(unique) or None)
    # Of an INSERT the count is else only there by luck; no keys are asked back.
    return statement.inline().execution_options(preserve_rowcount=True)


def insert_fresh(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    name: str,
    unique: Sequence[str] = (),
) -> set[Any]:
    """Insert rows in one go, but for those whose unique columns are taken; ``name`` of the rest.

    Of rows that share a unique value the first is inserted.
    """
    if not rows:
        return set()
    statement = _insert_fresh(connection.dialect.name, table, name, tuple(unique))
    return set(connection.execute(statement, [dict(row) for row in rows]).scalars())


@lru_cache(maxsize=100)
def _insert_fresh(dialect: str, table: Table, name: str, unique: tuple[str, ...]) -> Any:
    make: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = make(table).on_conflict_do_nothing(index_elements=list(unique) or None)
    return statement.returning(table.c[name])


def upsert(connection: Connection, table: Table, *rows: Mapping[str, Any]) -> None:
    """Insert rows, or replace what is not their primary key; all rows have the same columns."""
    if not rows:
        return
    make: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    keys = [column.name for column in table.primary_key.columns]
    statement = make(table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    statement = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    connection.execute(statement, [dict(row) for row in rows])
