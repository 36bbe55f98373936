"""The mailbox watcher against a real Dovecot: nothing lost, nothing twice, back by itself."""

import os
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from imapclient import IMAPClient

from mailer.folder import sender_of
from mailer.mailbox import Mailbox, MailboxDown, MailboxRefused, connected, hang_up
from mailer.watcher import Watcher
from store import Store
from store.errors import StoreBusy
from store.rows import Envelope, Taken
from tests.mailer.dovecot import BINARY, PASSWORD, USER, Dovecot

NOW = datetime(2021, 11, 5, 9, 0, tzinfo=UTC)
if BINARY is None and not os.environ.get("CI"):
    pytest.skip("no dovecot here: apt-get install dovecot-imapd", allow_module_level=True)


class Fixed:
    def now(self) -> datetime:
        return NOW


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    server = Dovecot()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(f"sqlite:///{tmp_path}/clerk.db", Fixed(), create=True)
    yield opened
    opened.close()


def mailbox(server: Dovecot) -> Mailbox:
    return Mailbox(
        account=USER, host="127.0.0.1", port=server.port, user=USER, password=PASSWORD,
        security="none", poll_seconds=0.2, idle_seconds=5, connect_timeout=2, read_timeout=2,
    )  # fmt: skip


def watcher(store: Store, box: Mailbox) -> Watcher:
    return Watcher(store, box, Fixed(), back_off=(0.1, 0.2, 0.5), refused=0.5)


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


def test_new_mail_is_taken_and_moved(dovecot: Dovecot, store: Store) -> None:
    dovecot.deliver(mail(1))
    dovecot.deliver(mail(2))
    assert watcher(store, mailbox(dovecot)).poll_once() == 2
    assert bodies(store) == [mail(1), mail(2)]
    assert (dovecot.count("INBOX"), dovecot.count("CCER-done")) == (0, 2)


def test_the_envelope_says_where_it_came_from(dovecot: Dovecot, store: Store) -> None:
    dovecot.deliver(mail(1))
    watcher(store, mailbox(dovecot)).poll_once()
    with store.read() as tx:
        row = tx.messages.get(tx.messages.ids()[0])
    assert row is not None
    envelope = row.envelope
    assert (envelope.source, envelope.sender, envelope.recipients) == (
        "imap", "a1@firm.example", (USER,),
    )  # fmt: skip
    assert envelope.source_key.startswith(f"imap:{USER}:INBOX:")
    # INTERNALDATE, aware: the server took it a moment ago, whatever our clock says.
    assert envelope.received_at.tzinfo is not None
    assert envelope.received_at > NOW


def test_keywords_leave_mail_where_it_is_and_never_touch_seen(
    dovecot: Dovecot, store: Store
) -> None:
    box = replace(mailbox(dovecot), done="keyword")
    dovecot.deliver(mail(1))
    assert watcher(store, box).poll_once() == 1
    assert watcher(store, box).poll_once() == 0
    client = dovecot.client()
    client.select("INBOX", readonly=True)
    _, answer = client.fetch("1", "(FLAGS)")
    client.logout()
    assert "CcerTaken" in str(answer)
    assert "Seen" not in str(answer)


def test_taken_before_but_not_moved_is_moved_without_a_second_copy(
    dovecot: Dovecot, store: Store
) -> None:
    """A crash between the commit and the move."""
    dovecot.deliver(mail(1))
    box = mailbox(dovecot)
    client = connected(box)
    validity = client.select_folder("INBOX")[b"UIDVALIDITY"]
    hang_up(client)
    key = f"imap:{USER}:INBOX:{validity}:1"
    store.take(Envelope("imap", key, "a1@firm.example", (USER,), NOW), mail(1))
    assert watcher(store, box).poll_once() == 0
    assert (dovecot.count("INBOX"), dovecot.count("CCER-done")) == (0, 1)
    assert bodies(store) == [mail(1)]


def test_a_folder_made_anew_is_scanned_again(dovecot: Dovecot, store: Store) -> None:
    """UIDs start at 1 once more: ignoring UIDVALIDITY would skip the new mail."""
    box = replace(mailbox(dovecot), folder="Forms", done="keyword")
    client = dovecot.client()
    client.create("Forms")
    dovecot.deliver(mail(1), "Forms")
    watching = watcher(store, box)
    assert watching.poll_once() == 1
    client.delete("Forms")
    # Dovecot derives UIDVALIDITY from the second.
    time.sleep(1.1)
    client.create("Forms")
    client.logout()
    dovecot.deliver(mail(2), "Forms")
    dovecot.deliver(mail(1), "Forms")
    watching.poll_once()
    assert bodies(store) == [mail(1), mail(2)]


def test_a_store_that_fails_leaves_the_mail_where_it_is(dovecot: Dovecot, store: Store) -> None:
    dovecot.deliver(mail(1))

    class Full(Store):
        def take(self, envelope: Envelope, raw: object) -> Taken:
            raise StoreBusy("disk full")

    broken = Full(store.engine, Fixed())
    with pytest.raises(StoreBusy):
        watcher(broken, mailbox(dovecot)).poll_once()
    assert dovecot.count("INBOX") == 1
    assert watcher(store, mailbox(dovecot)).poll_once() == 1
    assert bodies(store) == [mail(1)]


def test_one_mail_that_cannot_be_taken_stops_no_other(dovecot: Dovecot, store: Store) -> None:
    dovecot.deliver(b"Subject: big\r\n\r\n" + b"x" * 3000 + b"\r\n")
    dovecot.deliver(mail(2))
    box = replace(mailbox(dovecot), max_bytes=2000)
    watching = watcher(store, box)
    for _ in range(5):
        watching.poll_once()
    assert bodies(store) == [mail(2)]
    assert dovecot.count("INBOX") == 1


def test_new_mail_wakes_it_within_a_second(dovecot: Dovecot, store: Store) -> None:
    box = replace(mailbox(dovecot), idle_seconds=300)
    watching = watcher(store, box)
    watching.start()
    until(lambda: watching.health.last_poll is not None)
    time.sleep(1)
    dovecot.deliver(mail(1))
    waited = until(lambda: bodies(store) == [mail(1)])
    watching.stop()
    assert waited < 2.5


def test_it_comes_back_after_the_server_was_killed(dovecot: Dovecot, store: Store) -> None:
    watching = watcher(store, mailbox(dovecot))
    dovecot.deliver(mail(1))
    watching.start()
    until(lambda: len(bodies(store)) == 1)
    dovecot.kill()
    until(lambda: watching.health.failures > 0)
    began = resource.getrusage(resource.RUSAGE_SELF)
    time.sleep(2)
    ended = resource.getrusage(resource.RUSAGE_SELF)
    dovecot.start()
    dovecot.deliver(mail(2))
    until(lambda: len(bodies(store)) == 2)
    watching.stop()
    assert bodies(store) == [mail(1), mail(2)]
    # A naive IDLE loop burns a whole core here.
    assert ended.ru_utime - began.ru_utime < 0.4


def test_a_frozen_server_is_noticed(dovecot: Dovecot, store: Store) -> None:
    watching = watcher(store, replace(mailbox(dovecot), idle_seconds=1))
    watching.start()
    until(lambda: watching.health.last_poll is not None)
    dovecot.freeze()
    until(lambda: watching.health.failures > 0, 15)
    dovecot.thaw()
    dovecot.deliver(mail(1))
    until(lambda: bodies(store) == [mail(1)])
    watching.stop()


def test_killed_again_and_again_under_load(dovecot: Dovecot, store: Store) -> None:
    watching = watcher(store, mailbox(dovecot))
    watching.start()
    for round_ in range(4):
        for number in range(5):
            dovecot.deliver(mail(10 * round_ + number))
        dovecot.kill()
        dovecot.start()
    expected = sorted(mail(10 * round_ + number) for round_ in range(4) for number in range(5))
    until(lambda: bodies(store) == expected, 30)
    watching.stop()


def test_who_it_is_is_said_before_select(dovecot: Dovecot) -> None:
    """163 and 126 refuse SELECT else; Dovecot logs what it was told."""
    client = connected(mailbox(dovecot))
    hang_up(client)
    assert isinstance(client, IMAPClient)
    # The server's log process writes when it comes to it.
    until(lambda: "ccer-clerk" in (dovecot.base / "log").read_text())


def test_a_wrong_password_is_no_crash(dovecot: Dovecot) -> None:
    box = replace(mailbox(dovecot), password="wrong")
    with pytest.raises(MailboxRefused, match="login refused"):
        connected(box)
    assert "wrong" not in repr(box)


def test_no_server_is_told_as_such(dovecot: Dovecot) -> None:
    dovecot.kill()
    with pytest.raises(MailboxDown):
        connected(mailbox(dovecot))


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
