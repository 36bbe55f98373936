"""What is special to one database: connection settings, transactions, upserts."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.pool import NullPool

PAGE_SIZE = 16384
"""Bytes; fixed when the file is made. Large pages suit 1 MiB chunks (measured 2-3 times faster)."""
BUSY_MS = 30_000


def make_engine(url: str) -> Engine:
    """An engine for ``url``; each transaction gets a connection of its own."""
    if url.startswith("sqlite"):
        engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": BUSY_MS / 1000})
        event.listen(engine, "connect", _sqlite_connect)
        return engine
    return create_engine(url, pool_pre_ping=True)


def _sqlite_connect(connection: Any, _record: Any) -> None:
    # pysqlite must not begin transactions of its own: `begin` says BEGIN IMMEDIATE itself.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"page_size={PAGE_SIZE}",
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={BUSY_MS}",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def begin(connection: Connection, *, write: bool) -> None:
    """Open the transaction: a writer takes its lock at once, so that it cannot fail halfway."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def insert_missing(
    connection: Connection, table: Table, values: Mapping[str, Any], unique: Sequence[str] = ()
) -> bool:
    """Insert a row unless its unique columns are taken; whether it was inserted."""
    make: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = make(table).values(**values)
    statement = statement.on_conflict_do_nothing(index_elements=list(unique) or None)
    return bool(connection.execute(statement).rowcount == 1)


def upsert(connection: Connection, table: Table, values: Mapping[str, Any]) -> None:
    """Insert a row, or replace what is not its primary key."""
    make: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    keys = [column.name for column in table.primary_key.columns]
    changed = {name: value for name, value in values.items() if name not in keys}
    statement = make(table).values(**values)
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed))
