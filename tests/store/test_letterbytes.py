"""Large letters are kept deflated, and come out as they went in."""

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from store import Store
from store.letterbytes import PLAIN, kept
from store.letterbytes import letter as read
from store.verify import verify
from tests.store.helpers import CLOCK, letter

HEAD = b"From: a@b.example\r\n"
LINE = b"QUJD\r\n"


@given(st.lists(st.binary(max_size=40), max_size=8), st.sampled_from([0, 1, 2, 3]))
def test_any_letter_comes_out_as_it_went_in(small: list[bytes], large: int) -> None:
    pieces = [HEAD, *small, *([LINE * (PLAIN // 12)] * large)]
    whole = b"".join(pieces)
    stored = kept(iter(pieces))
    assert read(stored) == whole
    assert (stored == whole) == (len(whole) <= PLAIN)
    assert len(stored) <= PLAIN
    assert stored == kept([whole])


def test_a_large_letter_is_sent_as_it_was_dressed(store: Store) -> None:
    whole, key = HEAD + LINE * PLAIN, letter().key
    with store.write() as tx:
        tx.outbox.intend(letter())
        tx.outbox.dress(key, "<1@x>", kept([whole]))
        size = tx.connection.execute(text("SELECT length(raw) FROM letter")).scalar_one()
    assert verify(store) == []
    with store.read() as tx:
        assert tx.outbox.raw(key) == whole
        assert [row.raw for row in tx.outbox.sendable(CLOCK.now())] == [whole]
    assert size < len(whole) // 100


def test_a_damaged_letter_holds_up_no_other_and_is_found(store: Store) -> None:
    spoilt, good = letter("a").key, letter("b").key
    with store.write() as tx:
        for about in "ab":
            tx.outbox.intend(letter(about))
        tx.outbox.dress(spoilt, "<1@x>", kept([HEAD + LINE * PLAIN])[:-9])
        tx.outbox.dress(good, "<2@x>", HEAD)
    with store.read() as tx:
        assert [row.key for row in tx.outbox.sendable(CLOCK.now())] == [good]
    (said,) = verify(store)
    assert spoilt in said
    assert "deflated" in said
