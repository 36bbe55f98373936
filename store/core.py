"""The store: one database, short transactions, everything in it."""

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from procedure.clock import Clock
from store import dumping, lock, schema, taking
from store.access import Access
from store.cases import Cases
from store.dialect import BUSY_MS, begin, fold, make_engine
from store.digests import Digests
from store.documents import Documents
from store.erasing import Erasing
from store.errors import StoreFault
from store.faults import translated
from store.figures import Figures, figures, oldest_message
from store.hints import Hints
from store.installation import Installation
from store.mailboxes import Mailboxes
from store.messages import Messages
from store.notices import Notices
from store.outbox import Outbox
from store.people import People
from store.registry import Registry
from store.rows import Envelope, Taken
from store.tray import Tray


class Tx:
    """One transaction and what may be done in it."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self.connection = connection
        """For this room alone."""
        self.messages = Messages(connection)
        self.mailboxes = Mailboxes(connection)
        self.documents = Documents(connection, clock)
        self.cases = Cases(connection, clock)
        self.registry = Registry(connection, clock)
        self.outbox = Outbox(connection, clock)
        self.digests = Digests(connection, clock)
        self.people = People(connection)
        self.tray = Tray(connection)
        self.notices = Notices(connection, clock)
        self.access = Access(connection)
        self.erasing = Erasing(connection)
        self.hints = Hints(connection)
        self.installation = Installation(connection, clock)


class Store:
    """An open database. Each process opens its own; threads may share one."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.engine = engine
        self.clock = clock
        self._pid = os.getpid()
        self._writing = threading.Lock()

    @classmethod
    def open(cls, url: str, clock: Clock, *, create: bool = False) -> "Store":
        """Open ``url``; with ``create`` bring its schema up to date first.

        Raises `SchemaMismatch` where the schema is older or newer than this program (nothing is
        made then), `StoreFault` where the file is no database or cannot be opened.
        """
        if create:
            schema.upgrade(url)
        schema.check(url)
        opened = cls(make_engine(url), clock)
        if create:
            with opened.write() as tx:
                tx.installation.begin()
        return opened

    def close(self) -> None:
        """Give up all connections."""
        self.engine.dispose()

    @contextmanager
    def write(self, *, beside: bool = False) -> Iterator[Tx]:
        """A transaction that may change things; commits at the end, rolls back on an error.

        One at a time on the whole database, so that what it read stays true. With ``beside`` it
        does not wait its turn on PostgreSQL: for single rows that guard themselves (a message that
        is taken, a claim, an attempt), never for what is decided from other rows.
        """
        with self._transaction(write=True, beside=beside) as tx:
            yield tx

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A transaction that sees one moment's state and changes nothing."""
        with self._transaction(write=False, beside=False) as tx:
            yield tx

    def take(self, envelope: Envelope, raw: bytes | Iterable[bytes]) -> Taken:
        """Keep a message durably; see `store.taking`. Raises `StoreBusy`, `StoreFault`."""
        return taking.take(self, envelope, raw)

    def take_many(self, messages: Sequence[tuple[Envelope, bytes]]) -> list[Taken]:
        """Keep several messages in one commit. Raises `StoreBusy`, `StoreFault`."""
        return taking.take_many(self, messages)

    @property
    def url(self) -> str:
        """Where the database is, with its password: for another process, never for a log."""
        return self.engine.url.render_as_string(hide_password=False)

    @property
    def queued(self) -> bool:
        """Whether there is a queue of hints (`store.hints`): else workers look by themselves."""
        return self.engine.dialect.name != "sqlite"

    def alone(self, name: str) -> AbstractContextManager[lock.Turn]:
        """Whether nobody else holds ``name``, on this or another machine; see `store.lock`."""
        return lock.alone(self.engine, name)

    def fold(self) -> None:
        """After much was written: move the log into the file, so that no writer has to.

        Nobody waits for it, and nothing is lost without it. Raises `StoreBusy`, `StoreFault`.
        """
        with self._connected() as connection:
            fold(connection)

    def figures(self) -> Figures:
        """What there is and what waits, counted at one moment; see `store.figures`."""
        with self.read() as tx:
            return figures(tx.connection)

    def oldest_message(self) -> datetime | None:
        """When the oldest unfinished message came, None where none waits: by an index alone."""
        with self.read() as tx:
            return oldest_message(tx.connection)

    def sweep(self) -> int:
        """Remove chunks of uploads cut short; for the start of a serving tree."""
        return taking.sweep(self)

    def backup(self, target: Path) -> None:
        """A consistent copy while others work (SQLite online backup, pg_dump); all or nothing.

        An older copy at ``target`` is replaced only once the new one is whole and on the disk.
        Raises `StoreFault` where it cannot be written.
        """
        partial = target.with_name(f"{target.name}.partial")
        try:
            partial.unlink(missing_ok=True)
            # It holds everything: for its owner alone, from its first byte on.
            os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            self._copy(partial)
            _to_disk(partial)
            partial.replace(target)
            _to_disk(target.parent)
        except (OSError, sqlite3.Error) as error:
            with suppress(OSError):  # the first error is the one to tell
                partial.unlink(missing_ok=True)
            raise StoreFault(f"backup to {target} failed: {error}") from error
        except StoreFault:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
            raise

    def _copy(self, target: Path) -> None:
        if self.engine.dialect.name != "sqlite":
            dumping.dump(self.url, target)
            return
        with self._connected() as connection, closing(sqlite3.connect(target)) as copy:
            source = connection.connection.driver_connection
            assert isinstance(source, sqlite3.Connection)  # noqa: S101 - narrows the type
            source.backup(copy)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        if os.getpid() != self._pid:
            # A forked child must not touch its parent's connections, nor close them.
            self.engine.dispose(close=False)
            self._pid = os.getpid()
        with translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def _turn(self, write: bool) -> Iterator[None]:
        """One writer of this process at a time, where the database takes only one.

        Waiting for each other's locks SQLite sleeps longer and longer: who comes last may wait for
        many. Whoever waits too long tries all the same, and hears that the database is busy.
        """
        if not write or self.engine.dialect.name != "sqlite":
            yield
            return
        if os.getpid() != self._pid:
            self._writing = threading.Lock()
        turn = self._writing
        mine = turn.acquire(timeout=BUSY_MS / 1000)
        try:
            yield
        finally:
            if mine:
                turn.release()

    @contextmanager
    def _transaction(self, *, write: bool, beside: bool) -> Iterator[Tx]:
        with self._turn(write), self._connected() as connection:
            begin(connection, write=write, beside=beside)
            try:
                if write:
                    schema.unchanged(connection)
                yield Tx(connection, self.clock)
            except BaseException:
                connection.rollback()
                raise
            if write:
                connection.commit()
            else:
                connection.rollback()


def _to_disk(path: Path) -> None:
    """What was written to a file, or a name in a directory, survives a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
