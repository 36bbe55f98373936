"""The mailbox watcher against a real Dovecot: nothing lost, nothing twice, back by itself."""

import multiprocessing
import os
import resource
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mailer.watcher import Account, Limits, MailboxDown, MailboxRefused, Watcher
from mailer.watcher.connection import connected, hang_up
from mailer.watcher.senders import sender_of
from procedure.errors import WrongUse
from store import Store
from store.errors import StoreBusy
from store.rows import Envelope, Taken
from tests import made
from tests.clocks import SteppedClock
from tests.mailer.dovecot import BINARY, PASSWORD, USER, Dovecot

NOW = datetime(2021, 11, 5, 9, 0, tzinfo=UTC)
if BINARY is None and not os.environ.get("CI"):
    pytest.skip("no dovecot here: apt-get install dovecot-imapd", allow_module_level=True)


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    server = Dovecot()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(made.database(tmp_path), SteppedClock(NOW.isoformat()), create=True)
    yield opened
    opened.close()


HELD = ("cur", "new")
"""Where a maildir keeps its messages."""
QUICK = Limits(connect=2, read=2, idle=5, poll=0.2, back_off=(0.1, 0.2, 0.5))


def account(server: Dovecot, **other: Any) -> Account:
    found = Account("127.0.0.1", server.port, USER, PASSWORD, ssl="none", done="move:CCER-done")
    return replace(found, **other)


def watcher(store: Store, at: Account, limits: Limits = QUICK) -> Watcher:
    return Watcher(store, SteppedClock(NOW.isoformat()), at, threading.Event(), limits=limits)


@contextmanager
def running(store: Store, at: Account, limits: Limits = QUICK) -> Iterator[Watcher]:
    """A watcher in a thread, stopped at the end."""
    stop = threading.Event()
    watching = Watcher(store, SteppedClock(NOW.isoformat()), at, stop, limits=limits)
    thread = threading.Thread(target=watching.run)
    thread.start()
    try:
        yield watching
    finally:
        stop.set()
        thread.join(15)
        assert not thread.is_alive()


def poll(store: Store, at: Account, limits: Limits = QUICK) -> int:
    """One poll of a watcher that knows nothing yet."""
    watching = watcher(store, at, limits)
    try:
        return watching.poll_once()
    finally:
        watching.close()


def mail(number: int) -> bytes:
    return (
        f"Return-Path: <a{number}@firm.example>\r\nFrom: <a{number}@firm.example>\r\n"
        f"Subject: {number}\r\n\r\nmail {number}\r\n"
    ).encode()


def bodies(store: Store) -> list[bytes]:
    with store.read() as tx:
        return sorted(tx.messages.raw(one) for one in tx.messages.ids())


def until(true: Callable[[], bool], seconds: float = 20) -> float:
    """Wait until ``true``; how long it took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, "waited too long"
        time.sleep(0.02)
    return time.monotonic() - began


def test_new_mail_is_taken_byte_for_byte_and_moved(dovecot: Dovecot, store: Store) -> None:
    odd = b"Subject: \xd6\xd0\xce\xc4\r\n\r\n\xff\xfe raw 8-bit \x01\r\n.\r\n" + b"x" * 3000
    dovecot.deliver(mail(1))
    dovecot.deliver(odd)
    watching = watcher(store, account(dovecot))
    assert watching.last_good_poll is None
    assert watching.poll_once() == 2
    assert watching.last_good_poll == NOW
    assert bodies(store) == sorted([mail(1), odd])
    assert (dovecot.count("INBOX"), dovecot.count("CCER-done")) == (0, 2)
    dovecot.deliver(mail(2))
    assert watching.poll_once() == 1
    watching.close()


def test_without_move_it_copies_and_expunges_only_what_it_took(store: Store) -> None:
    server = Dovecot(capability="IMAP4rev1 SASL-IR LITERAL+ UIDPLUS")
    server.start()
    try:
        server.deliver(b"Subject: somebody else's\r\n\r\nmarked as deleted\r\n")
        client = server.client()
        client.select("INBOX")
        client.store("1", "+FLAGS", "(\\Deleted)")
        client.logout()
        server.deliver(mail(1))
        # Neither IDLE nor ID here: it polls.
        with running(store, account(server)):
            until(lambda: bodies(store) == [mail(1)])
            until(lambda: server.count("CCER-done") == 1)
            until(lambda: server.count("INBOX") == 1)
    finally:
        server.stop()


def test_the_envelope_says_where_it_came_from(dovecot: Dovecot, store: Store) -> None:
    dovecot.deliver(mail(1))
    poll(store, account(dovecot))
    with store.read() as tx:
        row = tx.messages.get(tx.messages.ids()[0])
    assert row is not None
    envelope = row.envelope
    assert (envelope.source, envelope.sender, envelope.recipients) == (
        "imap", "a1@firm.example", (USER,),
    )  # fmt: skip
    before, _, number = envelope.source_key.rpartition("/")
    assert before.startswith(f"imap:{USER}@127.0.0.1/INBOX/")
    assert number == "1"
    # INTERNALDATE, aware: the server took it a moment ago, whatever our clock says.
    assert envelope.received_at.tzinfo is not None
    assert envelope.received_at > NOW


def test_keywords_leave_mail_where_it_is_and_never_touch_seen(
    dovecot: Dovecot, store: Store
) -> None:
    at = account(dovecot, done="keyword:ccer-clerk")
    dovecot.deliver(mail(1))
    assert [poll(store, at), poll(store, at)] == [1, 0]
    client = dovecot.client()
    client.select("INBOX", readonly=True)
    _, answer = client.fetch("1", "(FLAGS)")
    client.logout()
    assert "ccer-clerk" in str(answer)
    assert "Seen" not in str(answer)
    assert dovecot.count("INBOX") == 1


def _die_after_commit(url: str, at: Account) -> None:
    store = Store.open(url, SteppedClock())

    def die(_taken: Taken) -> None:
        os._exit(9)

    Watcher(store, SteppedClock(), at, threading.Event(), on_taken=die).poll_once()


def test_killed_between_commit_and_move_nothing_is_doubled(dovecot: Dovecot, store: Store) -> None:
    dovecot.deliver(mail(1))
    at = account(dovecot)
    child = multiprocessing.get_context("spawn").Process(
        target=_die_after_commit, args=(str(store.engine.url), at)
    )
    child.start()
    child.join(60)
    assert child.exitcode == 9
    assert (dovecot.count("INBOX"), bodies(store)) == (1, [mail(1)])
    assert poll(store, at) == 0
    assert (dovecot.count("INBOX"), dovecot.count("CCER-done")) == (0, 1)
    with store.read() as tx:
        assert len(tx.messages.deliveries(tx.messages.ids()[0])) == 1


def test_a_folder_made_anew_is_scanned_again(dovecot: Dovecot, store: Store) -> None:
    """UIDs start at 1 once more: ignoring UIDVALIDITY would skip the new mail."""
    at = account(dovecot, folder="Forms", done="keyword:ccer-clerk")
    client = dovecot.client()
    client.create("Forms")
    dovecot.deliver(mail(1), "Forms")
    seen: list[Taken] = []
    clock = SteppedClock(NOW.isoformat())
    watching = Watcher(store, clock, at, threading.Event(), on_taken=seen.append, limits=QUICK)
    assert watching.poll_once() == 1
    # Dovecot shows a deleted folder to nobody who has it open, and makes UIDVALIDITY of seconds.
    watching.close()
    client.delete("Forms")
    time.sleep(1.1)
    client.create("Forms")
    client.logout()
    dovecot.deliver(mail(2), "Forms")
    dovecot.deliver(mail(1), "Forms")
    watching.poll_once()
    watching.close()
    assert bodies(store) == [mail(1), mail(2)]
    # The third is the first again, known by its content.
    assert [one.fresh for one in seen] == [True, True, False]
    assert seen[2].message_id == seen[0].message_id


def test_a_store_that_fails_leaves_the_mail_where_it_is(dovecot: Dovecot, store: Store) -> None:
    dovecot.deliver(mail(1))

    class Full(Store):
        def take(self, envelope: Envelope, raw: bytes | Iterable[bytes]) -> Taken:
            raise StoreBusy("disk full")

    broken = Full(store.engine, SteppedClock())
    with pytest.raises(StoreBusy):
        poll(broken, account(dovecot))
    assert dovecot.count("INBOX") == 1
    assert poll(store, account(dovecot)) == 1
    assert bodies(store) == [mail(1)]


def test_a_mail_too_large_is_left_and_logged(
    dovecot: Dovecot, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    dovecot.deliver(b"Subject: big\r\n\r\n" + b"x" * 3000 + b"\r\n")
    dovecot.deliver(mail(2))
    watching = watcher(store, account(dovecot), replace(QUICK, most_bytes=2000))
    for _ in range(5):
        watching.poll_once()
    watching.close()
    assert bodies(store) == [mail(2)]
    assert dovecot.count("INBOX") == 1
    # Told at each try, and no longer tried at each poll.
    assert caplog.text.count("message 1 is too large") == 3


def test_one_mail_that_the_server_cannot_read_stops_no_other(
    dovecot: Dovecot, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    dovecot.deliver(mail(1))
    (broken,) = [one for one in (dovecot.base / "mail").glob("*/*") if one.parent.name in HELD]
    broken.chmod(0)
    dovecot.deliver(mail(2))
    dovecot.deliver(mail(3))
    with running(store, account(dovecot)):
        until(lambda: bodies(store) == [mail(2), mail(3)])
        until(lambda: dovecot.count("CCER-done") == 2)
    assert "message 1 " in caplog.text
    # Mended, it is taken as any other.
    (broken,) = [one for one in (dovecot.base / "mail").glob("*/*") if one.parent.name in HELD]
    broken.chmod(0o600)
    assert poll(store, account(dovecot)) == 1
    assert bodies(store) == [mail(1), mail(2), mail(3)]


def test_one_mail_that_cannot_be_taken_stops_no_other(
    dovecot: Dovecot, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    class Picky(Store):
        def take(self, envelope: Envelope, raw: bytes | Iterable[bytes]) -> Taken:
            if raw == mail(1):
                raise ValueError("not this one")
            return super().take(envelope, raw)

    dovecot.deliver(mail(1))
    dovecot.deliver(mail(2))
    assert poll(Picky(store.engine, SteppedClock()), account(dovecot)) == 1
    assert bodies(store) == [mail(2)]
    assert (dovecot.count("INBOX"), dovecot.count("CCER-done")) == (1, 1)
    assert "message 1 failed (ValueError: not this one)" in caplog.text


def test_new_mail_is_seen_by_idle_within_two_seconds(dovecot: Dovecot, store: Store) -> None:
    # Neither the poll nor the end of an IDLE comes near.
    with running(store, account(dovecot), replace(QUICK, idle=300, poll=300)) as watching:
        until(lambda: watching.last_good_poll is not None)
        time.sleep(1)
        dovecot.deliver(mail(1))
        assert until(lambda: bodies(store) == [mail(1)]) < 2


def test_it_comes_back_after_the_server_was_killed(dovecot: Dovecot, store: Store) -> None:
    dovecot.deliver(mail(1))
    # Only a dead connection ends this IDLE.
    with running(store, account(dovecot), Limits(idle=300)) as watching:
        until(lambda: len(bodies(store)) == 1)
        until(lambda: dovecot.count("CCER-done") == 1)
        time.sleep(0.5)
        dovecot.kill()
        until(lambda: watching.failures > 0)
        began = resource.getrusage(resource.RUSAGE_SELF)
        time.sleep(4)
        ended = resource.getrusage(resource.RUSAGE_SELF)
        dovecot.start()
        dovecot.deliver(mail(2))
        until(lambda: len(bodies(store)) == 2)
        until(lambda: watching.failures == 0)
    assert bodies(store) == [mail(1), mail(2)]
    # A naive IDLE loop burns a whole core here.
    assert ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime < 0.02 * 4


def test_a_frozen_server_is_noticed(dovecot: Dovecot, store: Store) -> None:
    with running(store, account(dovecot), replace(QUICK, idle=1)) as watching:
        until(lambda: watching.last_good_poll is not None)
        dovecot.freeze()
        until(lambda: watching.failures > 0, 15)
        dovecot.thaw()
        dovecot.deliver(mail(1))
        until(lambda: bodies(store) == [mail(1)])


def test_killed_again_and_again_under_load(dovecot: Dovecot, store: Store) -> None:
    with running(store, account(dovecot)):
        for round_ in range(4):
            for number in range(5):
                dovecot.deliver(mail(10 * round_ + number))
            dovecot.kill()
            dovecot.start()
        expected = sorted(mail(10 * round_ + number) for round_ in range(4) for number in range(5))
        until(lambda: bodies(store) == expected, 30)


def test_who_it_is_is_said_where_it_is_wanted(dovecot: Dovecot) -> None:
    """163 and 126 refuse SELECT else; Dovecot logs what it was told."""
    log = dovecot.base / "log"
    hang_up(connected(account(dovecot), QUICK))
    # The server's log process writes when it comes to it.
    until(lambda: "ccer-clerk" in log.read_text())
    told = log.read_text().count("ccer-clerk")
    hang_up(connected(replace(account(dovecot), id_command=False), QUICK))
    until(lambda: log.read_text().count("Login: user=") >= 3)
    assert log.read_text().count("ccer-clerk") == told


def test_a_wrong_password_is_no_crash(dovecot: Dovecot, store: Store) -> None:
    at = account(dovecot, password="wrong")
    with pytest.raises(MailboxRefused, match="login refused"):
        poll(store, at)
    assert "wrong" not in repr(at)


def test_a_missing_folder_is_told_by_name(dovecot: Dovecot, store: Store) -> None:
    with pytest.raises(MailboxRefused, match="Nowhere"):
        poll(store, account(dovecot, folder="Nowhere"))


def test_no_server_is_told_as_such(dovecot: Dovecot, store: Store) -> None:
    dovecot.kill()
    with pytest.raises(MailboxDown):
        poll(store, account(dovecot))


@pytest.mark.parametrize("done", ["", "move", "move:", "move:INBOX", "keyword:a b", "seen:x"])
def test_what_makes_no_sense_is_refused_at_once(done: str) -> None:
    with pytest.raises(WrongUse):
        Account("mail.example", 993, USER, PASSWORD, done=done)


@pytest.mark.parametrize(
    ("head", "sender"),
    [
        (b"Return-Path: <A@Firm.example>\r\nFrom: b@firm.example\r\n\r\n", "a@firm.example"),
        (b"Return-Path: <>\r\nFrom: MAILER-DAEMON@firm.example\r\n\r\n", ""),
        (b"From: =?utf-8?B?5byg5LiJ?=\r\n <b@firm.example>\r\n\r\n", "b@firm.example"),
        (b"Subject: x\r\n\r\nReturn-Path: <in.the.body@firm.example>\r\n", ""),
    ],
)
def test_the_sender_as_delivery_wrote_it(head: bytes, sender: str) -> None:
    assert sender_of(head) == sender
