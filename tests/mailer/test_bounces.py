"""What becomes of letters after the relay took them: bounces, suspended addresses, signatures."""

from collections.abc import Iterator
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from mailer.bounces import DOUBTFUL, FAILED, GONE, Bounced, reinstate, settle
from mailer.mail import Report
from mailer.outbox import dress_due, send_due
from mailer.parse import parse
from mailer.sender import Relay as RelayAddress
from mailer.sender import Sender
from mailer.signing import Signer
from procedure.errors import WrongUse
from procedure.facts import LetterIntent, Office, StaffNotice
from store import Store
from store.rows import RecipientRow
from tests import made
from tests.clocks import SteppedClock
from tests.mailer.relay import Relay

OFFICE = Office("受理处", "clerk@office.example")
FIRM, DESK = "a@firm.example", "b@desk.example"


def letter(store: Store, name: str, *to: str) -> str:
    """A letter that the relay took; its Message-ID."""
    intent = LetterIntent("notice", name, to or (FIRM,), StaffNotice(OFFICE, name, ("x",)))
    with store.write() as tx:
        tx.outbox.intend(intent)
    dress_due(store, OFFICE, "office.example")
    with Relay() as relay:
        send(store, relay)
    with store.read() as tx:
        row = tx.outbox.letter(intent.key)
    assert row is not None
    return row.rfc_message_id


def send(store: Store, relay: Relay) -> int:
    sender = Sender(RelayAddress.parse(f"smtp://127.0.0.1:{relay.port}"))
    return send_due(store, sender, OFFICE, SteppedClock().now)


def rows(store: Store) -> dict[tuple[str, str], RecipientRow]:
    with store.read() as tx:
        return {(one.about, who.address): who for one in tx.outbox.all() for who in one.recipients}


def dsn(message_id: str, to: str = FIRM, action: str = "failed", status: str = "5.1.1") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.firm.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\n\r\nsorry\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 no\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n--b--\r\n"
    ).encode()


def worded(sender: str, subject: str, text: str) -> bytes:
    return f"From: {sender}\r\nSubject: {subject}\r\n\r\n{text}\r\n".encode()


def report(raw: bytes) -> Report:
    mail = parse(raw)
    assert (mail.kind, mail.may_reply) == ("bounce", False)
    assert mail.report is not None
    return mail.report


def settled(store: Store, raw: bytes) -> list[Bounced]:
    with store.write() as tx:
        return list(settle(tx, report(raw), SteppedClock().now()))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(made.database(tmp_path), SteppedClock(), create=True)
    yield opened
    opened.close()


def test_a_report_finds_its_letter_and_its_recipient(store: Store) -> None:
    other = letter(store, "one", FIRM, DESK)
    letter(store, "two", FIRM)
    (found,) = settled(store, dsn(other))
    assert (found.about, found.address, found.suspended) == ("one", FIRM, False)
    states = {at: row.state for at, row in rows(store).items()}
    assert states == {("one", FIRM): "failed", ("one", DESK): "sent", ("two", FIRM): "sent"}
    assert rows(store)["one", FIRM].answer.startswith(f"{GONE} 5.1.1")
    # The same report again says nothing new.
    assert settled(store, dsn(other)) == []


@pytest.mark.parametrize(
    ("action", "status", "answer"),
    [
        ("failed", "5.1.1", GONE),
        ("failed", "5.2.1", GONE),
        ("failed", "5.2.2", FAILED),
        ("failed", "5.7.1", FAILED),
        ("failed", "4.4.7", FAILED),
        ("delayed", "4.4.1", ""),
        ("delivered", "2.0.0", ""),
        ("relayed", "2.0.0", ""),
    ],
)
def test_what_a_status_means(store: Store, action: str, status: str, answer: str) -> None:
    settled(store, dsn(letter(store, "one"), action=action, status=status))
    row = rows(store)["one", FIRM]
    assert row.state == ("failed" if answer else "sent")
    assert row.answer.startswith(answer)


@pytest.mark.parametrize(
    ("sender", "subject", "text", "answer"),
    [
        ("PostMaster@qq.com", "来自qq.com的退信", "收件人 a@firm.example 邮箱不存在。{id}", GONE),
        ("Postmaster@163.com", "系统退信/Systems bounce",
         "抱歉，您的邮件被退回：a@firm.example User not found 550 5.1.1{id}", GONE),
        ("Postmaster@163.com", "系统退信", "a@firm.example 邮箱空间不足 552 5.2.2{id}", ""),
        ("MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@firm.example", "未送达: 通知",
         "a@firm.example 找不到您输入的电子邮件地址。550 5.1.10\r\n{id}", GONE),
        ("postmaster@firm.example", "未送达: 通知",
         "a@firm.example 550 5.7.1 内容被拒绝{id}", FAILED),
        ("PostMaster@qq.com", "来自qq.com的退信", "收件人 a@firm.example 邮箱不存在。", DOUBTFUL),
    ],
)  # fmt: skip
def test_bounces_in_words_of_their_own(
    store: Store, sender: str, subject: str, text: str, answer: str
) -> None:
    told = "\r\nMessage-ID: " + letter(store, "one")
    settled(store, worded(sender, subject, text.replace("{id}", told)))
    row = rows(store)["one", FIRM]
    assert (row.state, row.answer.startswith(answer)) == ("failed" if answer else "sent", True)


def test_a_letter_that_was_forwarded_bounces_from_elsewhere(store: Store) -> None:
    (found,) = settled(store, dsn(letter(store, "one"), to="somebody@elsewhere.example"))
    assert found.address == FIRM


def test_a_stranger_can_mark_nothing_by_a_message_id_of_his_own(store: Store) -> None:
    letter(store, "one")
    assert settled(store, dsn("<forged@x.example>", to="c@third.example")) == []
    assert rows(store)["one", FIRM].state == "sent"


def test_guesses_never_suspend(store: Store) -> None:
    for number in range(3):
        letter(store, f"{number}")
        raw = worded("PostMaster@qq.com", "来自qq.com的退信", "a@firm.example 不存在")
        (found,) = settled(store, raw)
        assert not found.suspended


def test_after_two_hard_bounces_letters_are_held_until_somebody_says_so(store: Store) -> None:
    assert not settled(store, dsn(letter(store, "one")))[0].suspended
    assert settled(store, dsn(letter(store, "two")))[0].suspended
    letter(store, "three", FIRM, DESK)
    assert {row.state for at, row in rows(store).items() if at == ("three", FIRM)} == {"held"}
    assert rows(store)["three", DESK].state == "sent"
    with store.read() as tx:
        assert [one.about for one in tx.outbox.held()] == ["three"]
    assert reinstate(store, FIRM) == 1
    with Relay() as relay:
        assert send(store, relay) == 1
    assert rows(store)["three", FIRM].state == "sent"


def test_a_letter_is_held_and_released_by_hand(store: Store) -> None:
    intent = LetterIntent("notice", "one", (FIRM,), StaffNotice(OFFICE, "t", ("x",)))
    with store.write() as tx:
        tx.outbox.intend(intent)
        assert tx.outbox.hold(intent.key) == 1
    dress_due(store, OFFICE, "office.example")
    with Relay() as relay:
        assert send(store, relay) == 0
        with store.write() as tx:
            assert tx.outbox.release(intent.key) == 1
        assert send(store, relay) == 1
        assert len(relay.mails) == 1


@pytest.fixture
def key(tmp_path: Path) -> tuple[Path, bytes]:
    """A DKIM key, and its record in the DNS."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    path = tmp_path / "dkim.pem"
    path.write_bytes(made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ))  # fmt: skip
    public = made.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    import base64

    return path, b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


def test_letters_are_signed_once_before_the_first_attempt(
    store: Store, key: tuple[Path, bytes]
) -> None:
    path, record = key
    intent = LetterIntent("notice", "one", (FIRM,), StaffNotice(OFFICE, "关于申请", ("正文",)))
    with store.write() as tx:
        tx.outbox.intend(intent)
    dress_due(store, OFFICE, "office.example", Signer("office.example", "clerk", path))
    with store.read() as tx:
        raw = tx.outbox.raw(intent.key)
    assert raw is not None

    def dns(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"clerk._domainkey.office.example."
        return record

    assert dkim.verify(raw, dnsfunc=dns)
    assert not dkim.verify(raw.replace(b"Subject: ", b"Subject: x"), dnsfunc=dns)


def test_a_key_that_is_none_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "dkim.pem"
    with pytest.raises(WrongUse, match=r"dkim\.pem"):
        Signer("office.example", "clerk", broken)
    broken.write_text("nothing")
    with pytest.raises(WrongUse, match=r"dkim\.pem"):
        Signer("office.example", "clerk", broken)


def test_a_bounce_of_an_address_that_the_letter_never_went_to_marks_none_of_its_own(
    store: Store,
) -> None:
    other = letter(store, "one", FIRM, DESK)
    assert settled(store, dsn(other, to="somebody@elsewhere.example")) == []
    assert {row.state for row in rows(store).values()} == {"sent"}


def test_a_bounce_that_quotes_nothing_is_known_by_its_thread(store: Store) -> None:
    letter(store, "other")
    raw = worded("PostMaster@qq.com", "来自qq.com的退信", "a@firm.example 邮箱不存在。")
    raw = f"In-Reply-To: {letter(store, 'one')}\r\n".encode() + raw
    letter(store, "later")
    (found,) = settled(store, raw)
    assert (found.about, found.answer.startswith(GONE)) == ("one", True)
