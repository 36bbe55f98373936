"""Taking mail: once, whole, and never lost to a key that was used before."""

import os
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import Store, StoreFault
from store.chunks import CHUNK, chunked
from store.rows import Envelope, MailFacts
from store.verify import counts, verify
from tests.store.helpers import CLOCK, envelope, left, tomorrow


@given(st.lists(st.integers(0, 2 * CHUNK + 3), max_size=4))
def test_chunks_are_whole_and_add_up(sizes: list[int]) -> None:
    pieces = [bytes([65 + n]) * size for n, size in enumerate(sizes)]
    chunks = list(chunked(pieces))
    assert b"".join(chunks) == b"".join(pieces)
    assert all(len(chunk) == CHUNK for chunk in chunks[:-1])
    assert all(0 < len(chunk) <= CHUNK for chunk in chunks)


def test_other_bytes_under_a_known_key_are_another_message(store: Store) -> None:
    """An IMAP server that renders a mail anew, or uses a UID twice."""
    first = store.take(envelope("imap:a:INBOX:1:7"), b"one")
    for _ in range(2):
        other = store.take(envelope("imap:a:INBOX:1:7"), b"two")
        with store.read() as tx:
            row = tx.messages.get(other.message_id)
            assert row is not None
            assert row.envelope.sender == "a@qq.example"
            assert tx.messages.raw(other.message_id) == b"two"
            assert len(tx.messages.deliveries(other.message_id)) == 1
    assert first.message_id != other.message_id
    assert verify(store) == []


def test_an_upload_that_is_swept_is_refused_and_can_come_again(store: Store) -> None:
    body = os.urandom(3 * CHUNK)

    def pieces() -> Iterator[bytes]:
        yield body[: 2 * CHUNK]
        assert tomorrow(store).sweep() == 2
        yield body[2 * CHUNK :]

    with pytest.raises(StoreFault, match="take it again"):
        store.take(envelope(), pieces())
    with store.read() as tx:
        assert tx.messages.ids() == []
    taken = store.take(envelope(), body)
    with store.read() as tx:
        assert tx.messages.raw(taken.message_id) == body


def test_an_upload_that_breaks_leaves_nothing(store: Store) -> None:
    def pieces() -> Iterator[bytes]:
        yield os.urandom(2 * CHUNK)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store.take(envelope(), pieces())
    assert left(store) == []
    assert counts(store)["messages"] == 0


def test_many_are_kept_in_one_commit_or_none(store: Store) -> None:
    naive = Envelope("smtp", "k3", "a", ("b",), CLOCK.now().replace(tzinfo=None))
    with pytest.raises(ValueError, match="naive"):
        store.take_many([(envelope("k1"), b"1"), (naive, b"2")])
    assert counts(store)["messages"] == 0
    taken = store.take_many([(envelope("k1"), b"1"), (envelope("k2"), b"1")])
    assert [one.fresh for one in taken] == [True, False]


def test_sessions_in_threads_take_the_same_mail_once(store: Store) -> None:
    body, fresh = os.urandom(2 * CHUNK + 5), []

    def session(number: int) -> None:
        fresh.append(store.take(envelope(f"k{number}"), body).fresh)

    threads = [threading.Thread(target=session, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(fresh) == [False] * 7 + [True]
    assert left(store) == []
    assert verify(store) == []


def _alike(store: Store) -> tuple[str, str]:
    first = store.take(envelope("k1"), b"by one way")
    second = store.take(envelope("k2"), b"by another")
    return first.message_id, second.message_id


def _describe(store: Store, message_id: str) -> str | None:
    with store.write() as tx:
        tx.messages.describe(message_id, MailFacts("application", fingerprint="f"))
        return tx.messages.seen_fingerprint("f", message_id)


def test_of_mails_alike_exactly_one_is_the_original(store: Store) -> None:
    """Both were tried again, each found the other: nobody was answered."""
    first, second = _alike(store)
    assert _describe(store, second) is None
    assert _describe(store, first) == second
    assert _describe(store, second) is None
    assert _describe(store, first) == second


def test_a_mail_that_failed_for_good_is_no_original(store: Store) -> None:
    first, second = _alike(store)
    assert _describe(store, first) is None
    with store.write() as tx:
        tx.messages.failed(first, "broken", None)
    assert _describe(store, second) is None
    with store.read() as tx:
        assert tx.messages.seen_fingerprint("", second) is None
