"""The listener's manners: TLS, logins, LMTP, limits, and leaving in peace."""

import asyncio
import os
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mailer.listener import Listener, Listening, Options
from mailer.listener.guests import MOST_REMEMBERED, Guests
from procedure.errors import WrongUse
from store import Store
from tests import made
from tests.clocks import SteppedClock
from tests.mailer.listening import MAIL, OTHER, OWN, Raw, anyone, certificate, listening, messages


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(made.database(tmp_path), SteppedClock(), create=True)
    yield opened
    opened.close()


def client(port: int) -> smtplib.SMTP:
    return smtplib.SMTP("127.0.0.1", port, timeout=20)


def served(smtp: smtplib.SMTP) -> bytes:
    """The certificate that this connection sees."""
    smtp.starttls(context=anyone())
    assert isinstance(smtp.sock, ssl.SSLSocket)
    return smtp.sock.getpeercert(binary_form=True) or b""


def test_starttls_and_a_renewed_certificate_without_a_restart(store: Store, tmp_path: Path) -> None:
    cert, key = certificate(tmp_path / "tls")
    with listening(store, certificate=cert, key=key) as running:
        with client(running.port) as smtp:
            first = served(smtp)
            smtp.sendmail("a@qq.example", [OWN], MAIL)
        # Half of a renewal: the old one goes on.
        cert.write_text("-----BEGIN CERTIFICATE-----\n")
        with client(running.port) as smtp:
            assert served(smtp) == first
        certificate(tmp_path / "tls")
        with client(running.port) as smtp:
            assert served(smtp) != first
    assert messages(store) == [MAIL]


def test_nothing_is_injected_before_the_handshake(store: Store, tmp_path: Path) -> None:
    cert, key = certificate(tmp_path / "tls")
    with listening(store, certificate=cert, key=key) as running:
        raw = Raw(running.port)
        raw.say(b"EHLO x\r\n")
        # The second command came in the clear: it must be forgotten, not obeyed under TLS.
        raw.socket.sendall(b"STARTTLS\r\nMAIL FROM:<evil@qq.example>\r\n")
        assert raw.answer().startswith(b"220")
        tls = anyone().wrap_socket(raw.socket)
        tls.sendall(b"EHLO x\r\n")
        said = tls.recv(4096)
        while b"250 " not in said:
            said += tls.recv(4096)
        tls.sendall(b"RCPT TO:<" + OWN.encode() + b">\r\n")
        assert tls.recv(4096).startswith(b"503")
        tls.close()


def test_tls_may_be_required(store: Store, tmp_path: Path) -> None:
    cert, key = certificate(tmp_path / "tls")
    with listening(store, certificate=cert, key=key, require_tls=True) as running:
        raw = Raw(running.port)
        raw.say(b"EHLO x\r\n")
        assert raw.say(b"MAIL FROM:<a@qq.example>\r\n").startswith(b"530")
        raw.close()


def test_logins_over_tls_only(store: Store, tmp_path: Path) -> None:
    cert, key = certificate(tmp_path / "tls")
    users = {"oa": "履约2021"}
    with listening(
        store, certificate=cert, key=key, users=users, require_login=True
    ) as running, client(running.port) as smtp:  # fmt: skip
        smtp.ehlo()
        assert "auth" not in smtp.esmtp_features
        with pytest.raises(smtplib.SMTPException):
            smtp.sendmail("a@qq.example", [OWN], MAIL)
        smtp.starttls(context=anyone())
        smtp.ehlo()
        assert smtp.esmtp_features["auth"].split() == ["LOGIN", "PLAIN"]
        began = time.monotonic()
        assert smtp.docmd("AUTH PLAIN AG9hAHdyb25n")[0] == 535
        assert time.monotonic() - began > 0.9
        assert smtp.docmd("AUTH PLAIN AG5vYm9keQA=")[0] == 535
        assert smtp.docmd("AUTH CRAM-MD5")[0] == 504
        # base64 of NUL oa NUL 履约2021
        assert smtp.docmd("AUTH PLAIN AG9hAOWxpee6pjIwMjE=")[0] == 235
        smtp.sendmail("a@qq.example", [OWN], MAIL)
    assert messages(store) == [MAIL]


def test_without_users_no_login_is_offered(store: Store, tmp_path: Path) -> None:
    cert, key = certificate(tmp_path / "tls")
    with listening(store, certificate=cert, key=key) as running, client(running.port) as smtp:
        smtp.starttls(context=anyone())
        smtp.ehlo()
        assert "auth" not in smtp.esmtp_features


@pytest.mark.parametrize(
    "options",
    [
        {"require_tls": True},
        {"users": {"a": "b"}},
        {"require_login": True},
        {"trusted": ("nonsense",)},
    ],
)
def test_what_makes_no_sense_is_told(options: dict[str, Any]) -> None:
    with pytest.raises(WrongUse, match="smtp"):
        Options(**options)


def test_a_certificate_that_is_none_is_told(store: Store, tmp_path: Path) -> None:
    broken = tmp_path / "cert.pem"
    broken.write_text("nothing")
    with pytest.raises(WrongUse, match=r"cert\.pem"), listening(store, certificate=broken):
        pass


def test_size_and_utf8_are_announced_and_kept(store: Store) -> None:
    with listening(store) as running, client(running.port) as smtp:
        smtp.ehlo()
        assert smtp.esmtp_features["size"] == str(4 << 20)
        assert "smtputf8" in smtp.esmtp_features
        assert smtp.docmd("MAIL FROM:<a@qq.example> SIZE=9999999")[0] == 552
        assert smtp.mail("张三@例子.example", ["SMTPUTF8", "BODY=8BITMIME"])[0] == 250
        assert smtp.rcpt(OWN)[0] == 250
        assert smtp.data(MAIL)[0] == 250
    with store.read() as tx:
        row = tx.messages.get(tx.messages.ids()[0])
    assert row is not None
    assert row.envelope.sender == "张三@例子.example"


def test_the_null_sender_and_raw_bytes_in_an_address(store: Store) -> None:
    with listening(store) as running:
        for sender in (b"<>", b"<\xd6\xd0@qq.example>"):
            raw = Raw(running.port)
            raw.say(b"EHLO x\r\n")
            assert raw.say(b"MAIL FROM:" + sender + b"\r\n").startswith(b"250")
            assert raw.say(b"RCPT TO:<" + OWN.encode() + b">\r\n").startswith(b"250")
            raw.say(b"DATA\r\n")
            assert raw.say(MAIL + sender + b"\r\n.\r\n").startswith(b"250")
            raw.close()
    with store.read() as tx:
        rows = [tx.messages.get(one) for one in tx.messages.ids()]
    assert "" in {row.envelope.sender for row in rows if row}


def test_lmtp_answers_for_each_recipient(store: Store) -> None:
    with listening(store, lmtp=True) as running:
        raw = Raw(running.port)
        assert raw.say(b"EHLO x\r\n").startswith(b"500")
        raw.begin(OWN, OTHER, hello=b"LHLO x\r\n")
        assert raw.say(MAIL + b".\r\n").startswith(b"250")
        assert raw.answer().startswith(b"250")
        assert raw.say(b"NOOP\r\n").startswith(b"250")
        raw.close()
    assert messages(store) == [MAIL]


def test_connections_of_one_address_are_limited(store: Store) -> None:
    with listening(store, connections_each=2, trusted=()) as running:
        two = [Raw(running.port), Raw(running.port)]
        third = Raw(running.port)
        assert third.greeting.startswith(b"421 4.7.0")
        assert third.answer() == b""
        two[0].say(b"QUIT\r\n")
        two[0].close()
        time.sleep(0.2)
        again = Raw(running.port)
        assert again.greeting.startswith(b"220")
        again.close()
        two[1].close()
        third.close()


def test_mails_of_one_address_are_limited(store: Store) -> None:
    with listening(store, mails_each=2, trusted=()) as running, client(running.port) as smtp:
        smtp.ehlo()
        for _ in range(2):
            assert smtp.mail("a@qq.example")[0] == 250
            smtp.rset()
        assert smtp.mail("a@qq.example")[0] == 450


def test_limits_go_by_address_and_time() -> None:
    guests = Guests(Options(connections=3, connections_each=2, mails_each=60))
    assert [guests.enter("2001:db8::1"), guests.enter("2001:db8::2")] == ["", ""]
    assert guests.enter("2001:db8::3").startswith("421")
    assert guests.enter("192.0.2.1") == ""
    # The house is full, but for those who carry others' mail.
    assert guests.enter("192.0.2.9").startswith("421")
    assert guests.enter("127.0.0.1") == guests.enter("::ffff:127.0.0.1") == ""
    guests.leave("2001:db8::1")
    guests.leave("127.0.0.1")
    assert [guests.send("192.0.2.1", 0.0) for _ in range(61)].count(True) == 60
    assert [guests.send("192.0.2.1", 5.0) for _ in range(61)].count(True) == 5
    assert all(guests.send("127.0.0.1", 0.0) for _ in range(1000))


def test_recipients_are_limited(store: Store) -> None:
    with listening(store, recipients_each=1) as running, client(running.port) as smtp:
        smtp.ehlo()
        smtp.mail("a@qq.example")
        assert [smtp.rcpt(OWN)[0], smtp.rcpt(OTHER)[0]] == [250, 452]


def test_one_who_dribbles_is_shown_out(store: Store) -> None:
    with listening(store, minimum_rate=1000, patience=0.5) as running:
        raw = Raw(running.port)
        raw.begin()
        began = time.monotonic()
        answer = b""
        while not answer and time.monotonic() - began < 10:
            try:
                raw.socket.sendall(b"x")
                raw.socket.settimeout(0.1)
                answer = raw.socket.recv(100)
            except TimeoutError:
                continue
        raw.close()
        assert answer.startswith(b"421 4.4.2")
    assert messages(store) == []


def test_a_steady_upload_outlives_the_idle_timer(store: Store) -> None:
    with listening(store, idle=0.6, minimum_rate=1) as running:
        raw = Raw(running.port)
        raw.begin()
        for _ in range(10):
            raw.socket.sendall(b"x" * 100 + b"\r\n")
            time.sleep(0.15)
        assert raw.say(b".\r\n").startswith(b"250")
        assert raw.answer() == b""
        raw.close()


def test_no_room_to_spool_is_ours_and_the_session_goes_on(store: Store, tmp_path: Path) -> None:
    with listening(store, spool=1000, spool_folder=tmp_path / "missing") as running:
        raw = Raw(running.port)
        raw.begin()
        assert raw.say(b"x" * 5000 + b"\r\n.\r\n").startswith(b"452 4.3.1")
        assert raw.say(b"NOOP\r\n").startswith(b"250")
        raw.close()


def test_a_fault_in_the_session_is_451_without_its_text(store: Store) -> None:
    with listening(store) as running:
        raw = Raw(running.port)
        raw.say(b"EHLO x\r\n")
        # A fault of ours, of whatever kind: stock aiosmtpd answers 500, and the sender bounces.
        running.listener._handler._guests = None  # type: ignore[assignment]
        assert raw.say(b"MAIL FROM:<a@qq.example>\r\n").startswith(b"451 4.3.0")
        raw.close()


def test_leaving_in_peace(store: Store) -> None:
    with listening(store) as running:
        idle, busy = Raw(running.port), Raw(running.port)
        busy.begin()
        busy.socket.sendall(MAIL)
        stopping = threading.Thread(target=running.stop)
        stopping.start()
        # Who does nothing is told; who is sending may end.
        assert idle.answer().startswith(b"421 4.3.2")
        assert idle.answer() == b""
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", running.port), timeout=2)
        assert busy.say(b".\r\n").startswith(b"250")
        assert busy.answer().startswith(b"421 4.3.2")
        stopping.join(10)
        assert not stopping.is_alive()
        idle.close()
        busy.close()
    assert messages(store) == [MAIL]


def test_who_never_ends_is_cut_off_after_a_while(store: Store) -> None:
    with listening(store, grace=0.3) as running:
        raw = Raw(running.port)
        raw.begin()
        began = time.monotonic()
        running.stop()
        assert time.monotonic() - began < 5
        raw.close()
    assert messages(store) == []


def test_large_messages_go_through_a_file(store: Store, tmp_path: Path) -> None:
    raw = b"Subject: x\r\n\r\n" + os.urandom(1_500_000).hex().encode() + b"\r\n"
    with listening(store, spool=100_000, spool_folder=tmp_path) as running:
        one = Raw(running.port)
        one.begin()
        assert one.say(raw + b".\r\n").startswith(b"250")
        one.close()
    assert messages(store) == [raw]


def test_commands_out_of_their_order_take_no_mail(store: Store) -> None:
    with listening(store) as running:
        raw = Raw(running.port)
        assert raw.say(b"DATA\r\n").startswith(b"503")
        raw.say(b"EHLO x\r\n")
        raw.say(b"MAIL FROM:<a@qq.example>\r\n")
        assert raw.say(b"DATA\r\n").startswith(b"503 5.5.1")
        raw.say(b"RCPT TO:<" + OWN.encode() + b">\r\n")
        assert raw.say(b"DATA now\r\n").startswith(b"501 5.5.4")
        assert raw.say(b"DATA\r\n").startswith(b"354")
        assert raw.say(MAIL + b".\r\n").startswith(b"250")
        raw.close()
    assert messages(store) == [MAIL]


def test_a_body_that_came_with_its_command_is_kept_whole(store: Store) -> None:
    with listening(store) as running:
        raw = Raw(running.port)
        raw.say(b"EHLO x\r\n")
        raw.say(b"MAIL FROM:<a@qq.example>\r\n")
        raw.say(b"RCPT TO:<" + OWN.encode() + b">\r\n")
        assert raw.say(b"DATA\r\n" + MAIL + b".\r\nNOOP\r\n").startswith(b"354")
        assert raw.answer().startswith(b"250 2.0.0")
        assert raw.answer().startswith(b"250")
        raw.close()
    assert messages(store) == [MAIL]


def test_lmtp_knows_no_helo(store: Store) -> None:
    with listening(store, lmtp=True) as running:
        raw = Raw(running.port)
        assert raw.say(b"HELO x\r\n").startswith(b"500 5.5.1")
        raw.close()


def test_ten_thousand_addresses_are_forgotten_but_for_those_of_this_minute() -> None:
    guests = Guests(Options(mails_each=1))
    assert guests.send("192.0.2.1", 0.0)
    for number in range(MOST_REMEMBERED - 1):
        guests.send(f"10.1.{number // 250}.{number % 250}", 30.0)
    # A socket without an address has a name, and one that many share.
    assert [guests.send("unix", 50.0), guests.send("unix", 50.0)] == [True, False]
    assert not guests.send("10.1.0.0", 50.0)
    assert len(guests._buckets) == MOST_REMEMBERED + 1
    assert guests.send("198.51.100.7", 61.0)
    # All but the first one are of this minute: it alone is gone, and full again anyway.
    assert len(guests._buckets) == MOST_REMEMBERED + 1
    assert not guests.send("10.1.0.0", 62.0)
    assert guests.send("192.0.2.1", 62.0)
    assert len(guests._known) < MOST_REMEMBERED


@pytest.mark.parametrize("listen", ["", "127.0.0.1", ":25", "127.0.0.1:smtp"])
def test_where_nobody_can_listen_is_told(listen: str) -> None:
    with pytest.raises(WrongUse, match=r"smtp\.listen"):
        Listening.parse(listen, frozenset(), 1000)


def test_a_listener_that_never_started_stops_at_once(store: Store) -> None:
    where = Listening.parse("[::1]:2525", frozenset({OWN}), 1000)
    listener = Listener(store, SteppedClock(), where)
    assert (where.host, listener.port) == ("::1", 2525)
    asyncio.run(listener.stop())
