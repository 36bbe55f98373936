"""The listener on a real socket: durable before `250`, ours is `451`, nothing smuggled."""

import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailer.listener.body import Body
from store import Store
from tests import made
from tests.clocks import SteppedClock
from tests.mailer.listening import MAIL, OWN, Raw, listening


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(made.database(tmp_path), SteppedClock(), create=True)
    yield opened
    opened.close()


@pytest.fixture
def port(store: Store) -> Iterator[int]:
    with listening(store) as running:
        yield running.port


def messages(store: Store) -> list[bytes]:
    with store.read() as tx:
        return [tx.messages.raw(one) for one in tx.messages.ids()]


def send(port: int, raw: bytes, to: str = OWN) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as smtp:
        smtp.sendmail("a@qq.example", [to], raw)


def test_a_mail_is_kept_byte_for_byte(store: Store, port: int) -> None:
    send(port, MAIL)
    assert messages(store) == [MAIL]


def test_the_same_bytes_again_are_the_same_message(store: Store, port: int) -> None:
    send(port, MAIL)
    send(port, MAIL)
    assert messages(store) == [MAIL]


def test_a_large_mail_with_very_long_lines(store: Store, port: int) -> None:
    raw = b"Subject: x\r\n\r\n" + b"x" * 3_000_000 + b"\r\n..dots\r\n.\r\n"
    client = Raw(port)
    client.begin()
    stuffed = raw.replace(b"\r\n.", b"\r\n..")
    assert client.say(stuffed + b".\r\n").startswith(b"250")
    client.close()
    assert messages(store) == [raw]


def test_too_large_is_refused_for_good_and_the_session_goes_on(store: Store, port: int) -> None:
    client = Raw(port)
    client.begin()
    assert client.say(b"x" * (5 << 20) + b"\r\n.\r\n").startswith(b"552")
    assert client.say(b"NOOP\r\n").startswith(b"250")
    client.close()
    assert messages(store) == []


def test_unknown_recipients_are_refused(port: int) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(port, MAIL, "nobody@province.example")


@pytest.mark.parametrize("end", [b"\n.\n", b"\r.\r", b"\n.\r\n", b"\r\n.\n", b"\r\n\x00.\r\n"])
def test_nothing_is_smuggled_past_a_bare_line_end(store: Store, port: int, end: bytes) -> None:
    client = Raw(port)
    client.begin()
    hidden = b"MAIL FROM:<b@qq.example>\r\nRCPT TO:<" + OWN.encode() + b">\r\nDATA\r\nevil\r\n"
    assert client.say(b"one" + end + hidden + b".\r\n").startswith(b"250")
    assert client.say(b"NOOP\r\n").startswith(b"250")
    client.close()
    assert len(messages(store)) == 1


def test_pipelined_commands_after_the_dot_are_obeyed(store: Store, port: int) -> None:
    client = Raw(port)
    client.begin()
    assert client.say(MAIL + b".\r\nNOOP\r\nQUIT\r\n").startswith(b"250")
    assert client.answer().startswith(b"250")
    assert client.answer().startswith(b"221")
    client.close()
    assert messages(store) == [MAIL]


def test_a_fault_of_ours_is_451_without_its_text(store: Store, port: int, tmp_path: Path) -> None:
    with store.engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE delivery")
    client = Raw(port)
    client.begin()
    answer = client.say(MAIL + b".\r\n")
    client.close()
    assert answer.startswith(b"451 4.3.0")
    assert b"delivery" not in answer


def test_a_client_that_vanishes_during_data_leaves_nothing(store: Store, port: int) -> None:
    client = Raw(port)
    client.begin()
    client.socket.sendall(MAIL)
    client.close()
    send(port, MAIL.replace(b"hello", b"other"))
    assert messages(store) == [MAIL.replace(b"hello", b"other")]


@given(st.binary(max_size=80), st.lists(st.integers(1, 12), min_size=1, max_size=8))
def test_any_body_in_any_pieces(content: bytes, cuts: list[int]) -> None:
    text = content.replace(b"\r", b"").replace(b"\n", b"\r\n") + b"\r\n"
    wire = (b"\r\n" + text).replace(b"\r\n.", b"\r\n..")[2:] + b".\r\nQUIT\r\n"
    body, out, position = Body(), b"", 0
    while not body.done:
        size = cuts[position % len(cuts)]
        out += body.feed(wire[:size])
        wire, position = wire[size:], position + 1
    assert out == text
    assert (body.rest + wire).endswith(b"QUIT\r\n")
