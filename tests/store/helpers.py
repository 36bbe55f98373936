"""What the store's tests share: one stepped clock, small rows, ways to reach into the file."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from procedure.case import derive
from procedure.events import Actor, Event, Reported
from procedure.facts import LetterIntent, Office, StaffNotice
from store import Store
from store.rows import Envelope
from tests.clocks import SteppedClock

CLOCK = SteppedClock()
PROVINCE = "13"


def url(path: Path) -> str:
    """The database that `store` of conftest opens in ``path``."""
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


def tamper(path: Path, *statements: str, foreign_keys: bool = False) -> None:
    """Change the database with other hands than the store's."""
    with closing(sqlite3.connect(path / "clerk.db")) as raw, raw:
        raw.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        for statement in statements:
            raw.execute(statement)


def pragma(store: Store, name: str) -> Any:
    """What SQLite says of a setting on one of the store's own connections."""
    with store.read() as tx:
        return tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
