"""A watched mailbox on a server that can do little: nothing is lost, and nothing is taken twice."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailer.watcher import Account, Limits, Watcher
from procedure.errors import WrongUse
from store import Store
from store.rows import MessageRow
from tests import made
from tests.clocks import SteppedClock
from tests.mailer.imapd import Imap

NOW = datetime(2021, 11, 6, 1, 0, tzinfo=UTC)
MAIL = b"From: a@firm.example\r\nSubject: x\r\n\r\nhello\r\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(made.database(tmp_path), SteppedClock(NOW.isoformat()), create=True)
    yield opened
    opened.close()


def polled(store: Store, server: Imap, *, done: str, times: int = 1) -> list[int]:
    """How many messages each poll of one watcher took."""
    at = Account("127.0.0.1", server.port, "clerk", "secret", ssl="none", done=done)
    watching = Watcher(
        store, SteppedClock(NOW.isoformat()), at, threading.Event(), limits=Limits(read=10)
    )
    try:
        return [watching.poll_once() for _ in range(times)]
    finally:
        watching.close()


def rows(store: Store) -> list[MessageRow]:
    with store.read() as tx:
        return [row for one in tx.messages.ids() if (row := tx.messages.get(one))]


def test_where_no_keyword_is_kept_the_store_remembers(store: Store) -> None:
    with Imap(MAIL, MAIL + b"2") as server:
        assert polled(store, server, done="keyword:taken", times=2) == [2, 0]
        # So it does after a restart, by the messages' own numbers.
        assert polled(store, server, done="keyword:taken") == [0]
        assert not [one for one in server.said if "STORE" in one]
    assert len(rows(store)) == 2


def test_a_message_that_is_gone_before_it_is_fetched_is_taken_once_it_is_there(
    store: Store,
) -> None:
    with Imap(MAIL, MAIL + b"2") as server:
        server.lost = {1}
        assert polled(store, server, done="keyword:taken") == [1]
        server.lost = set()
        assert polled(store, server, done="keyword:taken") == [1]
    assert len(rows(store)) == 2


@pytest.mark.parametrize(
    ("date", "received"),
    [
        ('" 5-Nov-2021 09:30:00 +0800"', datetime(2021, 11, 5, 1, 30, tzinfo=UTC)),
        ("NIL", NOW),
        ('"99-Foo-2021 99:30:00 +0800"', NOW),
    ],
)
def test_a_date_that_no_calendar_has_is_now(store: Store, date: str, received: datetime) -> None:
    with Imap(MAIL) as server:
        server.date = date
        assert polled(store, server, done="keyword:taken") == [1]
    assert [row.envelope.received_at for row in rows(store)] == [received]


def test_what_cannot_be_expunged_by_itself_stays_marked(store: Store) -> None:
    """A plain EXPUNGE would take what others have marked with it."""
    with Imap(MAIL) as server:
        assert polled(store, server, done="move:CCER-done") == [1]
        done = [one for one in server.said if one.startswith(("UID COPY", "UID STORE"))]
        assert len(done) == 2
        assert "Deleted" in done[1]
        assert not [one for one in server.said if "EXPUNGE" in one]


def test_a_way_of_encryption_that_is_none_is_refused() -> None:
    with pytest.raises(WrongUse, match="ssl is"):
        Account("mail.example", 993, "clerk", "secret", ssl="tls")  # type: ignore[arg-type]
