"""The mail doors by settings alone: what the TOML says is how the listener and the watcher are."""

import dataclasses
import smtplib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from pathlib import Path
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from clerk import doors, serving
from clerk.mail_settings import Mailbox, Smtp
from clerk.settings import Settings
from clerk.wiring import House, open_house
from mailer.listener import Options
from mailer.watcher import Limits, try_login
from mailer.watcher.tokens import RefreshToken
from procedure.errors import WrongUse
from tests.house import free_port, until
from tests.mailer.dovecot import USER, Dovecot
from tests.mailer.listening import Raw, anyone, certificate
from tests.mailer.test_watcher_doors import OAUTH
from tests.mailer.tokens import Tokens
from tests.sink import Sink

OWN = "ccer@clerk.example"


@contextmanager
def opened(directory: Path, **settings: dict[str, Any]) -> Iterator[House]:
    given = {"data": {"directory": directory}, "office": {"address": OWN}, **settings}
    house = open_house(Settings.model_validate(given), create=True)
    try:
        yield house
    finally:
        house.store.close()


@contextmanager
def running(part: Any, house: House) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=part, args=(house, stop))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)


@contextmanager
def listening(directory: Path, **smtp: Any) -> Iterator[int]:
    port = free_port()
    settings = {"listen": f"127.0.0.1:{port}", **smtp}
    with opened(directory / "data", smtp=settings) as house, running(doors.listen, house):
        until(lambda: _open(port))
        yield port


def _open(port: int) -> bool:
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=2):
            return True
    except OSError:
        return False


def test_every_option_of_the_listener_is_a_setting() -> None:
    names = {one.name for one in dataclasses.fields(Options)}
    assert names <= set(Smtp.model_fields)
    assert Smtp().options() == Options()


def test_tls_logins_sizes_and_limits_are_as_the_settings_say(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path / "tls")
    smtp = {
        "certificate": cert, "key": key, "require_tls": True, "require_login": True,
        "users": {"ncsc@desk.example": "s3cret"}, "max_bytes": 2000, "recipients_each": 1,
        "hostname": "mx.clerk.example",
    }  # fmt: skip
    with listening(tmp_path, **smtp) as port, smtplib.SMTP("127.0.0.1", port) as client:
        assert b"mx.clerk.example" in client.ehlo()[1]
        assert client.docmd("MAIL", "FROM:<a@b.example>")[0] == 530
        client.starttls(context=anyone())
        client.ehlo()
        assert client.esmtp_features["size"] == "2000"
        assert client.docmd("MAIL", "FROM:<a@b.example>")[0] == 530
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login("ncsc@desk.example", "wrong")
        client.login("ncsc@desk.example", "s3cret")
        assert client.mail("a@b.example")[0] == 250
        assert client.rcpt("else@clerk.example")[0] == 550
        assert client.rcpt(OWN)[0] == 250
        assert client.rcpt(OWN)[0] == 452
        assert client.data(b"x" * 3000)[0] == 552
        client.sendmail("a@b.example", [OWN], b"Subject: x\r\n\r\nx\r\n")


def test_a_renewed_certificate_is_shown_without_a_restart(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path / "tls")
    with listening(tmp_path, certificate=cert, key=key) as port:
        first = _shown(port)
        certificate(tmp_path / "tls")
        assert _shown(port) != first


def _shown(port: int) -> bytes:
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.starttls(context=anyone())
        assert isinstance(client.sock, ssl.SSLSocket)
        return client.sock.getpeercert(binary_form=True) or b""


def test_lmtp_by_setting(tmp_path: Path) -> None:
    smtp = {"lmtp": True, "recipients": [OWN, "b@clerk.example"]}
    with listening(tmp_path, **smtp) as port:
        client = Raw(port)
        client.begin(OWN, "b@clerk.example", hello=b"LHLO x\r\n")
        assert client.say(b"Subject: x\r\n\r\nx\r\n.\r\n").startswith(b"250")
        assert client.answer().startswith(b"250")
        client.close()


def test_settings_that_make_no_sense_together_are_named(tmp_path: Path) -> None:
    with (
        opened(tmp_path, smtp={"users": {"a": "b"}}) as house,
        pytest.raises(WrongUse, match="certificate"),
    ):
        doors.listening_of(house)


@pytest.mark.parametrize(
    ("box", "said"),
    [
        ({"user": "a@b.example"}, "set host"),
        ({"user": "a", "host": "h", "client_id": "c"}, "endpoint"),
        ({"user": "a", "profile": "exchange", "client_id": "c"}, "tenant"),
        ({"user": "a", "host": "h", "done": "burn"}, "move:FOLDER"),
        ({"user": "a", "host": "h", "password_file": "/nonexistent/x"}, "cannot be read"),
    ],
)
def test_a_mailbox_that_cannot_work_is_named(tmp_path: Path, box: Any, said: str) -> None:
    with (
        opened(tmp_path, imap={"accounts": [box]}) as house,
        pytest.raises(WrongUse, match=said),
    ):
        doors.accounts(house)


def test_a_profile_gives_what_is_not_set(tmp_path: Path) -> None:
    boxes = [
        {"profile": "163", "user": "a@163.com", "password": "x", "folders": ["INBOX", "CCER"]},
        {"profile": "exchange", "user": "a@firm.example", "tenant": "t1", "client_id": "c",
         "refresh_token": "r", "done": "keyword:CCER"},
    ]  # fmt: skip
    with opened(tmp_path, imap={"accounts": boxes}) as house:
        first, second, third = doors.accounts(house)
    assert (first.host, first.port, first.ssl, first.folder) == (
        "imap.163.com",
        993,
        "ssl",
        "INBOX",
    )
    assert second.folder == "CCER"
    assert (third.host, third.done) == ("outlook.office365.com", "keyword:CCER")
    assert isinstance(third.token, RefreshToken)
    assert "/t1/" in third.token.endpoint
    assert "IMAP.AccessAsUser.All" in third.token.scope


@pytest.fixture
def tokens() -> Iterator[Tokens]:
    with Tokens(USER) as started:
        started.rotates = True
        yield started


@pytest.fixture
def modern(tokens: Tokens, tmp_path: Path) -> Iterator[Dovecot]:
    file = tmp_path / "oauth2.conf"
    file.write_text(
        f"introspection_url = {tokens.base}/introspect?token=\nintrospection_mode = get\n"
        "username_attribute = email\nactive_attribute = active\nactive_value = true\n"
    )
    cert, key = certificate(tmp_path / "tls", "localhost")
    tls = f"ssl = yes\nssl_cert = <{cert}\nssl_key = <{key}\n"
    server = Dovecot(extra=OAUTH.format(file=file) + tls)
    server.start()
    yield server
    server.stop()


def test_a_traded_refresh_token_outlives_the_process(
    tmp_path: Path, tokens: Tokens, modern: Dovecot
) -> None:
    box = {
        "profile": "dovecot", "host": "localhost", "port": modern.tls_port, "user": USER,
        "ca_file": tmp_path / "tls" / "cert.pem", "client_id": "clerk", "client_secret": "s",
        "refresh_token": "again", "endpoint": f"{tokens.base}/token", "folders": "INBOX,Other",
    }  # fmt: skip
    modern.deliver(b"Subject: x\r\n\r\nx\r\n")
    with opened(tmp_path / "data", imap={"accounts": [box]}) as house:
        inbox, other = doors.accounts(house)
        assert inbox.token is other.token
        try_login(inbox, Limits(connect=5, read=20))
        # Another process, a year later: the configured token is dead, the kept one is not.
        again, _ = doors.accounts(house)
        try_login(again, Limits(connect=5, read=20))
        assert [one["refresh_token"] for one in tokens.asked] == ["again", "grant-1"]
        (kept,) = (tmp_path / "data" / "tokens").glob("*.json")
        assert kept.stat().st_mode & 0o777 == 0o600
    # A person granted access anew: what is configured counts again.
    tokens.grant = "fresh"
    box["refresh_token"] = "fresh"
    with opened(tmp_path / "data", imap={"accounts": [box]}) as house:
        try_login(doors.accounts(house)[0], Limits(connect=5, read=20))
    assert tokens.asked[-1]["refresh_token"] == "fresh"


def test_letters_are_signed_by_setting(tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem, raw, plain = (
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )  # fmt: skip
    (tmp_path / "dkim.pem").write_bytes(key.private_bytes(pem, raw, plain))
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    record = b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])
    sink = Sink()
    sink.start()
    settings: dict[str, dict[str, Any]] = {
        "relay": {"url": sink.url},
        "dkim": {"selector": "s1", "key": tmp_path / "dkim.pem"},
        "office": {"address": OWN, "operator_mailbox": "op@desk.example"},
    }
    try:
        with opened(tmp_path / "data", **settings) as house:
            from casework.alarms import alarm

            with house.store.write() as tx:
                alarm(house.desk, tx, "k", "x", lambda: "请查看。")
            with running(serving.outbox, house):
                until(lambda: bool(sink.raw))
        signed = sink.raw[0][1]
        asked: list[bytes] = []

        def dns(name: bytes, timeout: int = 5) -> bytes:
            asked.append(name)
            return record

        assert message_from_bytes(signed)["DKIM-Signature"]
        assert dkim.verify(signed, dnsfunc=dns)
        assert asked == [b"s1._domainkey.clerk.example."]
    finally:
        sink.stop()


def test_half_a_signature_is_refused() -> None:
    with pytest.raises(ValueError, match="both a selector and a key"):
        Settings.model_validate({"dkim": {"selector": "s1"}})


def test_the_registry_senders_name_kinds_that_exist() -> None:
    with pytest.raises(ValueError, match="entities"):
        Settings.model_validate({"registry": {"senders": {"a@b.example": ["cancelled"]}}})


def test_secrets_are_not_shown() -> None:
    box = Mailbox(user="a", host="h", password="p4ss", client_secret="s3c", refresh_token="gr4nt")
    assert not any(word in repr(box) for word in ("p4ss", "s3c", "gr4nt"))
