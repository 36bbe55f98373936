"""An installation moves from one database to another, SQLite to PostgreSQL above all.

Everything is one transaction of the target: whoever is stopped halfway leaves it as empty as it
was. It commits only after each table was read back and hashes to what was read from the source.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    delete,
    func,
    insert,
    select,
    text,
)

from procedure.clock import Clock
from procedure.errors import Permanent, WrongUse
from procedure.language import _
from store import schema
from store.core import Store
from store.tables import installation, metadata
from store.verify import problems

ROWS = 500
"""Rows that are in memory at a time; of tables with bytes, of 1 MiB each, far fewer."""
BYTE_ROWS = 8


class NotMoved(Permanent):
    """What was read back is not what was written; nothing is kept of it."""

    code = "not-moved"


def move(source: Store, url: str, clock: Clock) -> dict[str, int]:
    """Copy all of ``source`` into the empty database at ``url``; rows by table.

    The source is locked against changes meanwhile and stays as it is. Raises `WrongUse` where the
    target is the source or holds data already, `NotMoved` where the copy does not verify, and
    `StoreFault`; the target stays empty then.
    """
    target = _opened(url, clock)
    try:
        if target.url == source.url:
            raise WrongUse("this is the installation's own database: name an empty one")
        source.sweep()
        with source.write() as old, target.write() as new:
            _refuse_data(new.connection)
            found = _copy(old.connection, new.connection)
            if wrong := problems(new, None):
                raise NotMoved(f"the copy does not verify: {wrong[0]} ({len(wrong)} problems)")
            return found
    finally:
        target.close()


def _opened(url: str, clock: Clock) -> Store:
    """The target with our schema. Another program's database is left as it is."""
    if schema.current(url) is None:
        if tables := schema.tables(url):
            raise WrongUse(f"the target holds a table {tables[0]}: name an empty database")
        schema.upgrade(url)
    return Store.open(url, clock)


def _refuse_data(connection: Connection) -> None:
    # That it was made ready is no data: the source's own beginning takes its place.
    connection.execute(delete(installation))
    for table in metadata.sorted_tables:
        if connection.execute(select(table).limit(1)).first() is not None:
            raise WrongUse(
                f"the target holds data already (table {table.name}): name an empty database",
                user_message=_("目标数据库中已有数据，请指定空数据库。").said(),
            )


def _copy(old: Connection, new: Connection) -> dict[str, int]:
    found = {}
    for table in metadata.sorted_tables:
        plain = _plain(table)
        found[table.name], digest = _insert(old, new, plain)
        if (found[table.name], digest) != _read_back(new, plain):
            raise NotMoved(f"table {table.name} was not read back as it was written")
        _continue_numbers(new, table)
    return found


def _plain(table: Table) -> Table:
    """The table with NULL for an absent JSON value, which is not JSON's null."""
    plain = table.to_metadata(MetaData())
    for column in plain.columns:
        if isinstance(column.type, JSON):
            column.type = JSON(none_as_null=True)
    return plain


def _insert(old: Connection, new: Connection, table: Table) -> tuple[int, str]:
    count, digest = 0, hashlib.sha256()
    for rows in _batches(old, table):
        new.execute(insert(table), rows)
        count += len(rows)
        for row in rows:
            digest.update(_canonical(row))
    return count, digest.hexdigest()


def _read_back(new: Connection, table: Table) -> tuple[int, str]:
    count, digest = 0, hashlib.sha256()
    for rows in _batches(new, table):
        count += len(rows)
        for row in rows:
            digest.update(_canonical(row))
    return count, digest.hexdigest()


def _batches(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    """Rows in the order of their primary key, which both databases sort by bytes."""
    bytes_ = any(isinstance(column.type, LargeBinary) for column in table.columns)
    query = select(table).order_by(*table.primary_key.columns)
    size = BYTE_ROWS if bytes_ else ROWS
    result = connection.execute(query, execution_options={"yield_per": size})
    for part in result.mappings().partitions():
        yield [dict(row) for row in part]


def _canonical(row: dict[str, Any]) -> bytes:
    """A row's bytes for its hash; NUL in a text is what PostgreSQL keeps in its place."""
    shown = {
        name: hashlib.sha256(value).hexdigest()
        if isinstance(value, bytes | memoryview)
        else value.replace("\0", "\ufffd")
        if isinstance(value, str)
        else value
        for name, value in row.items()
    }
    return json.dumps(shown, sort_keys=True, default=str, ensure_ascii=True).encode()


def _continue_numbers(new: Connection, table: Table) -> None:
    """The next row the server numbers itself comes after the last one that was brought."""
    number: Column[Any] | None = table.autoincrement_column
    if new.dialect.name == "sqlite" or number is None or not isinstance(number.type, Integer):
        return
    last = new.execute(select(func.max(number))).scalar()
    if last is not None:
        names = {"table": table.name, "column": number.name, "last": last}
        query = "SELECT setval(pg_get_serial_sequence(:table, :column), :last)"
        new.execute(text(query), names)
