"""What is special to PostgreSQL: its connections, its transactions, its locks.

Transactions that decide from what they read (cases, the event chain, digests, the registry) take
one lock for the whole database, as SQLite's writers do by nature: every event is chained to the one
before, whoever appends must wait for the last one anyway. What needs no such order (taking mail,
claims, attempts, readings) says so and goes beside it, guarded by its own rows alone.
"""

import hashlib
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, make_url, select

BUSY_MS = 30_000
"""Longest wait for a lock; then the transaction is busy, and trying again may help."""
OVERFLOW = 20
"""Connections beyond the pool's five that one process may open at a time."""
_DRIVER = "postgresql+psycopg"


def is_server(url: str) -> bool:
    """Whether the address is a PostgreSQL server's, in any of the usual spellings."""
    return url.startswith(("postgresql", "postgres:"))


def server_url(url: str) -> URL:
    """The address with the driver that this program brings (psycopg 3)."""
    spelt = url.replace("postgres:", "postgresql:", 1) if url.startswith("postgres:") else url
    parsed = make_url(spelt)
    return parsed.set(drivername=_DRIVER) if parsed.drivername == "postgresql" else parsed


_NOTICED = {
    "connect_timeout": 10,
    # A machine that is cut off must not keep its locks, nor its readers wait for ever.
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


def connection_options(url: str) -> dict[str, Any]:
    """What psycopg itself wants for the same connections, for a library that opens its own."""
    parsed = server_url(url)
    named = parsed.translate_connect_args(username="user", database="dbname")
    return {**_NOTICED, "application_name": "ccer-clerk", **named, **parsed.query}


def server_engine(url: str) -> Engine:
    """An engine whose connections notice that the server, or the way to it, is gone."""
    options = f"-c lock_timeout={BUSY_MS} -c timezone=UTC -c application_name=ccer-clerk"
    arguments = {"options": options, **_NOTICED}
    engine = create_engine(
        server_url(url),
        pool_pre_ping=True,
        max_overflow=OVERFLOW,
        connect_args=arguments,
        # As in `store.dialect`: the values of a failed statement are for no log.
        hide_parameters=True,
    )
    event.listen(engine, "connect", _clean_texts)
    return engine


def _clean_texts(connection: Any, _record: Any) -> None:
    """Texts of papers and mails may hold NUL, which PostgreSQL keeps in no text."""
    from psycopg.types.string import StrDumperUnknown

    class Clean(StrDumperUnknown):
        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", "\ufffd"))

    connection.adapters.register_dumper(str, Clean)


def begin(connection: Connection, *, write: bool, beside: bool) -> None:
    """Open the transaction: a reader sees one moment, a writer has the lock before it reads."""
    if not write:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    elif not beside:
        connection.execute(select(func.pg_advisory_xact_lock(number("write"))))


def hold(connection: Connection, name: str, *, shared: bool) -> None:
    """A lock until the transaction's end, shared with others who hold it shared."""
    lock = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
    connection.execute(select(lock(number(name))))


def number(name: str) -> int:
    """A lock's number on the server: 64 bits of its name's hash."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
