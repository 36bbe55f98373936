"""`verify` sees every kind of tampering, and one bad row hides no other."""

import hashlib

import pytest
from sqlalchemy import text

from procedure.case import derive
from procedure.events import Actor, Credited, Event
from store import Store
from store.cases import START, chain_hash
from store.rows import DigestRow, MailFacts, Placement
from store.verify import verify
from tests.clocks import SteppedClock
from tests.store.helpers import CLOCK, PROVINCE, by_hand, case_with_event, envelope, letter, tamper


def _busy(store: Store) -> tuple[str, Event]:
    """A bit of everything, all of it in order."""
    case_with_event(store, "d1")
    taken = store.take(envelope(), b"mail")
    with store.write() as tx:
        sha256 = tx.documents.keep(b"%PDF", "application/pdf")
        tx.messages.describe(taken.message_id, MailFacts("application"))
        tx.messages.place(Placement(taken.message_id, 0, 0, sha256, "f.pdf", "application"))
        tx.messages.done(taken.message_id)
        tx.outbox.intend(letter())
        tx.outbox.dress(letter().key, "<1@x>", b"raw")
        tx.outbox.begin_attempt(letter().key, "a@qq.example", CLOCK.now())
        tx.outbox.sent(letter().key, "a@qq.example", "250", CLOCK.now())
        digest = DigestRow("weekly", "w", PROVINCE, "n@x", 0, letter().key, CLOCK.now(), {})
        tx.digests.record(digest, [1])
    return case_with_event(store, "d2")


CASES = {
    "UPDATE event SET body = replace(body, 'a@qq', 'b@qq') WHERE seq = 1": "event 1: its content",
    "UPDATE event SET body = '{' WHERE seq = 2": "cannot be read",
    "UPDATE event SET kind = 'confirmed' WHERE seq = 1": "event 1: it is filed under another",
    "UPDATE event SET at = '2020-01-01 00:00:00.000000' WHERE seq = 2": "event 2: it is filed",
    "DELETE FROM event WHERE seq = 1": "event 2: the chain is broken",
    "DELETE FROM event WHERE seq = 2": "its saved state",
    "UPDATE case_file SET stage = 'surrendered'": "under another stage",
    "UPDATE case_file SET state = '{\"applications\": 7}'": "cannot be read",
    "UPDATE case_file SET state = NULL": "is not there",
    "UPDATE message_chunk SET data = {byte}": "its bytes are not",
    "DELETE FROM message_chunk": "its bytes are not",
    "UPDATE message SET size = 9": "its bytes are not",
    "DELETE FROM delivery": "nothing says how it came",
    "UPDATE message SET mail = NULL": "nothing says what it is",
    "DELETE FROM placement": "no document of it is placed",
    "UPDATE message SET state = 'failed'": "not in the tray",
    "UPDATE document_chunk SET data = {byte}": "is not what its hash says",
    "UPDATE document SET size = 9": "its size",
    "DELETE FROM document": "is placed but not kept",
    "UPDATE letter SET raw = NULL": "without bytes",
    "UPDATE letter SET rfc_message_id = NULL": "no Message-ID",
    "UPDATE letter SET superseded = (1 = 1)": "superseded after an attempt",
    "DELETE FROM recipient": "has no recipient",
    "DELETE FROM letter": "its letter is missing",
    "DELETE FROM person": "refers to a row of person",
}


@pytest.mark.parametrize(("change", "said"), CASES.items(), ids=CASES)
def test_every_kind_of_tampering_is_seen(store: Store, change: str, said: str) -> None:
    _busy(store)
    binding = "INSERT INTO binding VALUES ('telegram', '7', '张某', '2021-11-05 00:00:00.000000')"
    columns = "(name, role, provinces, revoked)"
    person = f"INSERT INTO person {columns} VALUES ('张某', 'handler', '[]', (1 = 0))"
    tamper(store.url, person, binding)
    assert verify(store) == []
    tamper(store.url, change)
    found = verify(store)
    assert any(said in line for line in found), found
    assert all("\n" not in line for line in found)


def test_a_forged_last_event_does_not_fit_the_state(store: Store) -> None:
    """A forger who knows how the chain is made must forge the saved state too."""
    number, _ = case_with_event(store)
    with store.write() as tx:
        credited = Credited("r1", 300, None)
        tx.cases.append(Event(number, CLOCK.now(), Actor("registry", "i1"), credited))
        tx.cases.save_state(number, derive(tx.cases.events(number)))
    assert verify(store) == []
    with by_hand(store.url) as raw:
        query = "SELECT prev_hash, body FROM event WHERE seq = 2"
        prev, body = raw.exec_driver_sql(query).one()
        forged = body.replace("300", "900")
        assert forged != body
        values = {"body": forged, "hash": chain_hash(2, prev, forged)}
        raw.execute(text("UPDATE event SET body = :body, hash = :hash WHERE seq = 2"), values)
    assert verify(store) == [f"case {number}: its saved state is not what its events add up to"]


def test_one_bad_row_hides_no_other(store: Store) -> None:
    _busy(store)
    tamper(store.url, "DELETE FROM delivery", "UPDATE event SET body = '{'", "DELETE FROM letter")
    found = "\n".join(verify(store))
    for part in ("how it came", "event 1", "event 2", "case CCER", "digest weekly"):
        assert part in found


def test_a_letter_that_nobody_writes_out_is_found(store: Store) -> None:
    with store.write() as tx:
        tx.outbox.intend(letter())
    assert verify(store) == []
    clock = SteppedClock()
    clock.step(minutes=61)
    later = Store.open(store.url, clock)
    assert "never written out" in verify(later)[0]
    with later.write() as tx:
        tx.outbox.supersede("notice", "x")
    assert verify(later) == []
    later.close()


def test_the_chain_can_be_checked_with_nothing_of_ours(store: Store) -> None:
    """Offline, from the rows alone: SHA-256 of number, hash before, and canonical JSON."""
    _busy(store)
    with by_hand(store.url) as raw:
        query = "SELECT seq, prev_hash, body, hash FROM event ORDER BY seq"
        rows = raw.exec_driver_sql(query).all()
    prev = START
    for seq, before, body, own in rows:
        assert before == prev
        assert hashlib.sha256(f"{seq}\n{before}\n{body}".encode()).hexdigest() == own
        prev = own
    assert [row[0] for row in rows] == [1, 2]
