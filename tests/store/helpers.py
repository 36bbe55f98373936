"""What the store's tests share: one stepped clock, small rows, ways to reach into the file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from procedure.case import derive
from procedure.events import Actor, Event, Reported
from procedure.facts import LetterIntent, Office, StaffNotice
from store import Store, tables
from store.dialect import make_engine
from store.rows import Envelope
from tests.clocks import SteppedClock

CLOCK = SteppedClock()
PROVINCE = "13"


def url(path: Path) -> str:
    """SQLite's file in ``path``, as `store` of conftest opens it there."""
    return f"sqlite:///{path}/clerk.db"


def envelope(key: str = "k1") -> Envelope:
    return Envelope("smtp", key, "a@qq.example", ("clerk@province.example",), CLOCK.now())


def letter(about: str = "x", revision: int = 1) -> LetterIntent:
    facts = StaffNotice(Office("处", "clerk@province.example"), "标题", ("一行",))
    return LetterIntent("notice", about, ("a@qq.example",), facts, revision=revision)


def case_with_event(store: Store, digest: str = "d") -> tuple[str, Event]:
    with store.write() as tx:
        number = tx.cases.open("2019-2020", None, "key", "河北示例%电力有限公司", PROVINCE)
        event = Event(number, CLOCK.now(), Actor("mail", "a@qq.example"), Reported(digest))
        kept = tx.cases.append(event)
        tx.cases.save_state(number, derive(tx.cases.events(number)))
    return number, kept


BYTE = {"sqlite": "x'00'", "postgresql": "'\\x00'"}
OPEN = {"sqlite": "PRAGMA foreign_keys=OFF", "postgresql": "SET session_replication_role=replica"}


def tamper(target: str, *statements: str) -> None:
    """Change the database with other hands than the store's; ``{byte}`` is one byte's literal."""
    with by_hand(target) as raw:
        for statement in statements:
            # A percent sign is the driver's on the server.
            raw.exec_driver_sql(statement.replace("{byte}", BYTE[raw.dialect.name]))


@contextmanager
def by_hand(target: str) -> Iterator[Connection]:
    """A connection that no reference of a row to another one keeps back."""
    engine = make_engine(target)
    with engine.connect() as raw:
        raw.exec_driver_sql(OPEN[raw.dialect.name])
        if raw.dialect.name == "sqlite":
            raw.exec_driver_sql("BEGIN")
        yield raw
        raw.commit()
    engine.dispose()


def pragma(store: Store, name: str) -> Any:
    """What SQLite says of a setting on one of the store's own connections."""
    with store.read() as tx:
        return tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


def left(store: Store) -> list[str]:
    """Uploads, one for each chunk, that never became a message."""
    with store.read() as tx:
        whole = select(tables.message_upload.c.upload)
        upload = tables.message_chunk.c.upload
        return list(tx.connection.execute(select(upload).where(upload.not_in(whole))).scalars())


def tomorrow(store: Store) -> Store:
    """The same store two days later."""
    clock = SteppedClock()
    clock.step(days=2)
    return Store(store.engine, clock)
