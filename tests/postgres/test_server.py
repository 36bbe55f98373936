"""A real server: what it does to us when it goes away, and what is special to it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from store import Store, StoreBusy, StoreFault, postgres
from store.verify import counts, verify
from tests.store.helpers import CLOCK, case_with_event, envelope


@pytest.fixture
def store(server_url: str) -> Iterator[Store]:
    opened = Store.open(server_url, CLOCK)
    yield opened
    opened.close()


def _cut(store: Store) -> None:
    """End all sessions but the one that asks, as a restart of the server does."""
    mine = "pid <> pg_backend_pid() AND datname = current_database()"
    query = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {mine}"
    other = Store.open(store.url, CLOCK)
    with other.write(beside=True) as tx:
        tx.connection.execute(text(query)).all()
    other.close()


def test_every_usual_spelling_is_understood(server_url: str) -> None:
    rest = server_url.removeprefix("postgresql+psycopg:")
    for scheme in ("postgresql:", "postgres:"):
        Store.open(scheme + rest, CLOCK).close()


def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(StoreFault, match="read-only"), store.read() as tx:
        tx.tray.put("m1", "", "damaged", "", CLOCK.now())


def test_a_reader_sees_one_moment(store: Store) -> None:
    with store.read() as before:
        assert before.tray.open_items() == []
        with store.write() as tx:
            tx.tray.put("m1", "", "damaged", "", CLOCK.now())
        assert before.tray.open_items() == []


def test_a_writer_waits_its_turn_and_no_longer(
    server_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "BUSY_MS", 100)
    hasty = Store.open(server_url, CLOCK)
    with hasty.write():
        with pytest.raises(StoreBusy), hasty.write():
            pass
        # Mail is taken beside whoever decides something.
        assert hasty.take(envelope(), b"mail").fresh
        assert hasty.take(envelope("k2"), iter([b"x" * 3_000_000])).fresh
    hasty.close()


def test_nul_in_a_text_of_a_mail_loses_no_mail(store: Store) -> None:
    with store.write() as tx:
        tx.tray.put("m1", "", "damaged", "a\0b", CLOCK.now())
        assert tx.tray.open_items()[0].text == "a\ufffdb"


def test_texts_sort_as_bytes_and_have_any_length(store: Store) -> None:
    names = ["b" * 400, "B", "a", "示", "_"]
    with store.write() as tx:
        for name in names:
            tx.cases.open("2019-2020", None, name, name, "13")
        found = tx.connection.execute(
            text("SELECT entity_key FROM case_file ORDER BY entity_key")
        ).scalars()
        assert list(found) == sorted(names)


def test_a_lost_server_is_a_fault_for_a_while(store: Store) -> None:
    case_with_event(store)

    def cut_off() -> None:
        with store.write() as tx:
            tx.tray.put("m1", "", "damaged", "", CLOCK.now())
            _cut(store)
            tx.tray.put("m2", "", "damaged", "", CLOCK.now())

    with pytest.raises(StoreFault):
        cut_off()
    assert counts(store)["tray"] == 0
    case_with_event(store)
    assert verify(store) == []


def test_a_turn_is_lost_with_its_session(store: Store) -> None:
    with store.alone("bot") as turn:
        assert turn.kept()
        _cut(store)
        assert not turn.kept()
        assert not turn
        with store.alone("bot") as next_one:
            assert next_one
