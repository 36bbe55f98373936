"""Handing letters over: what the relay said is what is remembered; no letter is lost or doubled."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from mailer.outbox import dressed_pieces, send_due
from mailer.sender import Relay as RelayAddress
from mailer.sender import Sender
from procedure.errors import BadInput, WrongUse
from procedure.facts import LetterIntent, Office, StaffNotice
from store import Store, Tx
from store.errors import StoreFault
from store.rows import OutgoingRow, RecipientRow
from tests import made
from tests.clocks import SteppedClock
from tests.mailer.relay import DROP, Relay

OFFICE = Office("受理处", "clerk@office.example")
RAW = b"Message-ID: <k@office.example>\r\nSubject: x\r\n\r\n.dot\r\nend\r\n"


def row(recipient: str = "a@firm.example") -> OutgoingRow:
    return OutgoingRow("k", "<k@office.example>", "", recipient, RAW, 0)


def sender(relay: Relay, account: str = "") -> Sender:
    return Sender(RelayAddress.parse(f"smtp://{account}127.0.0.1:{relay.port}"))


@pytest.mark.parametrize(
    ("answers", "state", "said"),
    [
        ({}, "sent", "taken as 4711"),
        ({"RCPT": "550 5.1.1 no such user"}, "failed", "550"),
        ({"RCPT": "450 4.2.0 greylisted"}, "deferred", "450"),
        ({".": "554 5.7.1 spam"}, "failed", "554"),
        ({".": "451 4.3.0 later"}, "deferred", "451"),
        ({"DATA": "554 no valid recipients"}, "failed", "554"),
        # What is wrong with us is mended in the settings; no letter is lost for it.
        ({"HELLO": "554 go away"}, "deferred", "554"),
        ({"EHLO": "550 no", "HELO": "550 no"}, "deferred", "550"),
        ({"MAIL": "553 5.7.1 sender refused"}, "deferred", "553"),
        ({"MAIL": DROP}, "deferred", "Disconnected"),
        # It may have arrived: the same bytes go out again.
        ({".": DROP}, "deferred", "Disconnected"),
        # It did arrive, whatever becomes of QUIT.
        ({"QUIT": DROP}, "sent", "4711"),
        ({"QUIT": "500 what?"}, "sent", "4711"),
    ],
)
def test_the_outcome_is_what_the_relay_said(answers: dict[str, str], state: str, said: str) -> None:
    with Relay(answers) as relay:
        outcome = sender(relay).send(row(), "clerk@office.example")
    assert outcome.state == state
    assert said in outcome.answer


def test_a_wrong_password_fails_no_letter() -> None:
    with Relay({"AUTH": "535 5.7.8 no"}) as relay:
        outcome = sender(relay, "clerk:wrong@").send(row(), "clerk@office.example")
    assert (outcome.state, outcome.answer[:3]) == ("deferred", "535")


def test_an_answer_holds_no_byte_that_a_database_refuses() -> None:
    with Relay({"RCPT": "550 5.1.1 no\0such user"}) as relay:
        outcome = sender(relay).send(row(), "clerk@office.example")
    assert "such user" in outcome.answer
    assert "\0" not in outcome.answer


def test_nobody_there_is_deferred() -> None:
    with Relay() as relay:
        gone = sender(relay)
    assert gone.send(row(), "clerk@office.example").state == "deferred"


def test_an_address_that_no_relay_can_take_is_no_crash() -> None:
    with Relay() as relay:
        outcome = sender(relay).send(row("张三@firm.example"), "clerk@office.example")
    assert (outcome.state, relay.mails) == ("failed", [])


def test_the_bytes_arrive_as_they_are() -> None:
    with Relay() as relay:
        sender(relay).send(row(), "clerk@office.example")
    assert relay.mails == [RAW.replace(b"\r\n.dot", b"\r\n..dot")]


@pytest.mark.parametrize("url", ["", "http://x", "smtp://", "relay.example:25"])
def test_what_is_no_relay_is_told(url: str) -> None:
    with pytest.raises(WrongUse, match="relay"):
        RelayAddress.parse(url)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(made.database(tmp_path), SteppedClock(), create=True)
    intent = LetterIntent("notice", "x", ("a@firm.example",), StaffNotice(OFFICE, "t", ()))
    with opened.write() as tx:
        tx.outbox.intend(intent)
        tx.outbox.dress(intent.key, "<k@office.example>", RAW)
    yield opened
    opened.close()


def recipient(store: Store) -> RecipientRow:
    with store.read() as tx:
        return tx.outbox.all()[0].recipients[0]


def test_a_lost_answer_brings_the_same_letter_again_after_a_pause(store: Store) -> None:
    clock = SteppedClock()
    with Relay({".": DROP}) as relay:
        assert send_due(store, sender(relay), OFFICE, clock.now) == 1
        assert send_due(store, sender(relay), OFFICE, clock.now) == 0
        relay.answers["."] = "250 ok"
        clock.step(seconds=61)
        assert send_due(store, sender(relay), OFFICE, clock.now) == 1
        assert send_due(store, sender(relay), OFFICE, clock.now) == 0
        assert len(relay.mails) == 2
        assert relay.mails[0] == relay.mails[1]
    assert (recipient(store).state, recipient(store).attempts) == ("sent", 2)


class Away(Store):
    """A database that goes away once the relay has the letter, for so many tries to write."""

    relay: Relay
    away: int

    @contextmanager
    def write(self, *, beside: bool = False) -> Iterator[Tx]:
        if self.relay.mails and self.away:
            self.away -= 1
            raise StoreFault("the server closed the connection")
        with super().write(beside=beside) as tx:
            yield tx


@pytest.mark.parametrize(("away", "noted"), [(4, True), (5, False)])
def test_a_letter_that_was_taken_is_noted_once_the_database_is_back(
    store: Store, away: int, noted: bool
) -> None:
    clock, pauses = SteppedClock(), list[float]()
    gone = Away(store.engine, store.clock)
    with Relay() as relay:
        gone.relay, gone.away = relay, away
        with nullcontext() if noted else pytest.raises(StoreFault):
            send_due(gone, sender(relay), OFFICE, clock.now, wait=pauses.append)
        assert len(relay.mails) == 1
    assert pauses == [1, 2, 4, 8]
    assert recipient(store).state == ("sent" if noted else "queued")


def test_it_gives_up_after_about_five_days(store: Store) -> None:
    clock = SteppedClock()
    with Relay({"RCPT": "450 later"}) as relay:
        tries = 0
        while recipient(store).state != "failed":
            tries += send_due(store, sender(relay), OFFICE, clock.now)
            clock.step(hours=4, seconds=1)
    assert tries == 40
    assert recipient(store).answer.startswith("450")


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_relay_without_the_wanted_encryption_gets_nothing(scheme: str) -> None:
    with Relay() as relay:
        address = RelayAddress.parse(f"{scheme}://clerk:secret@127.0.0.1:{relay.port}")
        outcome = Sender(address).send(row(), "clerk@office.example")
        assert relay.mails == []
    assert outcome.state == "deferred"
    assert "SSL" in outcome.answer or "STARTTLS" in outcome.answer


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("受理处", "=?utf-8?b?5Y+X55CG5aSE?= <clerk@office.example>"),
        ("Hebei Office", "Hebei Office <clerk@office.example>"),
        # Without its quotes the comma would part two addresses.
        ("Office, Hebei", '"Office, Hebei" <clerk@office.example>'),
        ("", "clerk@office.example"),
    ],
)
def test_the_office_s_name_in_the_letter_s_head(name: str, shown: str) -> None:
    assert f"From: {shown}\r\n" in _letter(name, "clerk@office.example")


@pytest.mark.parametrize(
    "address", ["clerk", "a@b.example\r\nBcc: c@d.example", "张三@office.example"]
)
def test_an_address_that_is_none_dresses_no_letter(address: str) -> None:
    with pytest.raises(BadInput):
        _letter("受理处", address)


def _letter(name: str, address: str) -> str:
    intent = LetterIntent("notice", "x", ("a@firm.example",), StaffNotice(OFFICE, "t", ()))
    pieces = dressed_pieces(intent, SteppedClock().now(), Office(name, address), "office.example")
    return b"".join(pieces).decode("ascii")
