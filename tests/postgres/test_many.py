"""Several processes at once on one database: nothing lost, nothing doubled, one chain."""

import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from store import Store, tables
from store.outbox import LEASE
from store.verify import counts, verify
from tests.postgres.hammer import DIGESTS, MAILS, UNTIL
from tests.store.helpers import CLOCK, envelope, left, letter


@pytest.fixture
def url(database: str) -> str:
    Store.open(database, CLOCK, create=True).close()
    return database


def _start(role: str, url: str, name: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.postgres.hammer", role, url, name]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _all(role: str, url: str, many: int = 3) -> list[str]:
    """What several of a role did between them."""
    started = [_start(role, url, f"{role}{n}") for n in range(many)]
    said = [process.communicate(timeout=120) for process in started]
    assert [process.returncode for process in started] == [0] * many, said
    return [line for out, _ in said for line in out.split()]


def test_everything_happens_once_whoever_does_it(url: str) -> None:
    fresh = _all("take", url)
    assert len(fresh) == len(set(fresh)) == MAILS
    worked = _all("work", url)
    assert sorted(worked) == sorted(fresh)
    sent = _all("send", url)
    assert len(sent) == len(set(sent)) == MAILS
    store = Store.open(url, CLOCK)
    assert left(store) == []
    assert verify(store) == []
    assert counts(store)["events"] == MAILS
    assert counts(store)["cases"] == 7
    with store.read() as tx:
        assert len(tx.messages.deliveries(fresh[0])) == 3
        described = select(tables.message.c.described)
        order = list(tx.connection.execute(described).scalars())
    assert sorted(order) == list(range(1, MAILS + 1))
    store.close()


def test_digests_are_made_once_and_hold_every_event_once(url: str) -> None:
    made = _all("report", url)
    assert len(made) == len(set(made)) == DIGESTS
    store = Store.open(url, CLOCK)
    with store.read() as tx:
        in_digests = tx.connection.execute(
            select(func.count()).select_from(tables.digest_event)
        ).scalar_one()
        waiting = tx.digests.unreported("weekly", "n@x", {"13"}, {"reported"})
    assert in_digests + len(waiting) == 3 * DIGESTS
    assert [line for line in verify(store) if "its letter" not in line] == []
    store.close()


def test_who_dies_at_work_loses_nothing(url: str) -> None:
    fresh = _all("take", url, many=1)
    victims = [_start("work", url, f"victim{n}") for n in range(2)]
    done = []
    for victim in victims:
        assert victim.stdout is not None
        done.append(victim.stdout.readline().strip())
        victim.kill()
    for victim in victims:
        with victim:
            assert victim.stdout is not None
            # What it said in one breath with its first line is read already: no `communicate`.
            done += victim.stdout.read().split()
    store = Store.open(url, CLOCK)
    with store.read() as tx:
        held = tx.messages.workers()
    assert held <= {"victim0", "victim1"}
    with store.write() as tx:
        for name in held:
            tx.messages.release(name)
    done += _all("work", url)
    # A kill between the commit and the line that says so: done, and not said.
    assert len(done) == len(set(done)) >= len(fresh) - len(victims)
    assert counts(store)["events"] == len(fresh)
    assert verify(store) == []
    store.close()


def test_a_claim_is_renewed_or_ends(url: str) -> None:
    store = Store.open(url, CLOCK)
    taken = store.take(envelope(), b"mail").message_id
    now = CLOCK.now()
    soon = now + timedelta(seconds=20)
    with store.write() as tx:
        assert tx.messages.claim_next("w1", soon, now) == taken
        assert tx.messages.claim_next("w2", soon, now) is None
        assert tx.messages.workers() == {"w1"}
        tx.messages.renew(taken, "w2", UNTIL)
        assert tx.messages.unfinished(soon, 9) == [taken]
        tx.messages.renew(taken, "w1", UNTIL)
        assert tx.messages.claim_next("w2", UNTIL, soon) is None
        assert tx.messages.claim_next("w2", UNTIL, UNTIL) == taken
        tx.messages.release("w1")
        assert tx.messages.workers() == {"w2"}
    store.close()


def test_a_letter_is_leased_to_one_sender(url: str) -> None:
    store = Store.open(url, CLOCK)
    key, to, now = letter().key, "a@qq.example", CLOCK.now()
    with store.write() as tx:
        tx.outbox.intend(letter())
        tx.outbox.dress(key, "<1@x>", b"raw")
        assert tx.outbox.begin_attempt(key, to, now, "s1")
        assert tx.outbox.sendable(now) == []
        assert not tx.outbox.begin_attempt(key, to, now, "s2")
        assert tx.outbox.senders() == {"s1"}
        tx.outbox.give_up("s1")
        assert tx.outbox.begin_attempt(key, to, now, "s2")
        later = now + LEASE
        assert tx.outbox.begin_attempt(key, to, later, "s3")
        tx.outbox.deferred(key, to, "451", later)
        assert tx.outbox.senders() == set()
        assert [row.attempts for row in tx.outbox.sendable(later)] == [3]
    store.close()


def test_a_turn_is_one_process_s(url: str) -> None:
    mine, other = Store.open(url, CLOCK), Store.open(url, CLOCK)
    with mine.alone("bot") as first:
        assert first
        assert first.kept()
        with other.alone("bot") as second, other.alone("another") as third:
            assert not second
            assert not second.kept()
            assert third
    with other.alone("bot") as again:
        assert again
    mine.close()
    other.close()
