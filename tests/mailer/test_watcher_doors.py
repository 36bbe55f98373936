"""How the watcher gets in: TLS with a certificate of one's own, tokens, one watcher a mailbox."""

import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest

from mailer.watcher import (
    PROFILES,
    Account,
    Limits,
    MailboxDown,
    MailboxRefused,
    MailboxWatched,
    RefreshToken,
    Watcher,
    find,
    profile,
    try_login,
)
from procedure.errors import WrongUse
from store import Store
from tests import made
from tests.clocks import SteppedClock
from tests.mailer.dovecot import BINARY, PASSWORD, USER, Dovecot
from tests.mailer.listening import certificate
from tests.mailer.tokens import Tokens

NOW = datetime(2021, 11, 5, 9, 0, tzinfo=UTC)
QUICK = Limits(connect=2, read=20, idle=5, poll=0.2, back_off=(0.1, 0.2, 0.5))
MAIL = b"From: a@firm.example\r\nMessage-ID: <mark@office.example>\r\nSubject: x\r\n\r\nx\r\n"
if BINARY is None and not os.environ.get("CI"):
    pytest.skip("no dovecot here: apt-get install dovecot-imapd", allow_module_level=True)

OAUTH = """
auth_mechanisms = plain xoauth2 oauthbearer
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {file}
}}
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(made.database(tmp_path), SteppedClock(NOW.isoformat()), create=True)
    yield opened
    opened.close()


def watcher(store: Store, at: Account) -> Watcher:
    return Watcher(store, SteppedClock(NOW.isoformat()), at, threading.Event(), limits=QUICK)


def polled(store: Store, at: Account) -> int:
    watching = watcher(store, at)
    try:
        return watching.poll_once()
    finally:
        watching.close()


@pytest.fixture
def encrypted(tmp_path: Path) -> Iterator[tuple[Dovecot, Path]]:
    cert, key = certificate(tmp_path / "tls", "localhost")
    server = Dovecot(extra=f"ssl = yes\nssl_cert = <{cert}\nssl_key = <{key}\n")
    server.start()
    yield server, cert
    server.stop()


def test_tls_and_starttls_with_a_certificate_of_ones_own(
    encrypted: tuple[Dovecot, Path], store: Store
) -> None:
    server, cert = encrypted
    server.deliver(MAIL)
    direct = Account("localhost", server.tls_port, USER, PASSWORD, ca_file=cert)
    assert polled(store, direct) == 1
    server.deliver(MAIL.replace(b"mark", b"mark2"))
    upgraded = Account("localhost", server.port, USER, PASSWORD, ssl="starttls", ca_file=cert)
    assert polled(store, upgraded) == 1


@pytest.mark.parametrize("ssl", ["ssl", "starttls"])
def test_a_certificate_that_nobody_signed_is_not_believed(
    encrypted: tuple[Dovecot, Path], store: Store, ssl: Literal["ssl", "starttls"]
) -> None:
    server, _ = encrypted
    port = server.tls_port if ssl == "ssl" else server.port
    with pytest.raises(MailboxDown, match=r"(?i)certificate"):
        polled(store, Account("localhost", port, USER, PASSWORD, ssl=ssl))


def test_a_certificate_for_another_host_is_not_believed(
    encrypted: tuple[Dovecot, Path], store: Store
) -> None:
    server, cert = encrypted
    with pytest.raises(MailboxDown, match=r"(?i)certificate"):
        polled(store, Account("127.0.0.1", server.tls_port, USER, PASSWORD, ca_file=cert))


def test_a_missing_ca_file_is_told(encrypted: tuple[Dovecot, Path], store: Store) -> None:
    server, _ = encrypted
    missing = Path("/nonexistent/ca.pem")
    with pytest.raises(MailboxRefused, match=r"ca\.pem"):
        polled(store, Account("localhost", server.tls_port, USER, PASSWORD, ca_file=missing))


@pytest.fixture
def tokens() -> Iterator[Tokens]:
    with Tokens(USER) as running:
        yield running


@pytest.fixture
def modern(tokens: Tokens, tmp_path: Path) -> Iterator[Dovecot]:
    file = tmp_path / "oauth2.conf"
    file.write_text(
        f"introspection_url = {tokens.base}/introspect?token=\nintrospection_mode = get\n"
        "username_attribute = email\nactive_attribute = active\nactive_value = true\n"
    )
    server = Dovecot(extra=OAUTH.format(file=file))
    server.start()
    yield server
    server.stop()


def by_token(server: Dovecot, tokens: Tokens, refresh: str = "again") -> Account:
    provider = RefreshToken(f"{tokens.base}/token", "clerk", "secret", refresh, "imap")
    return Account("127.0.0.1", server.port, USER, "", ssl="none", token=provider)


def test_a_token_is_asked_for_and_kept_while_it_lives(
    modern: Dovecot, tokens: Tokens, store: Store
) -> None:
    modern.deliver(MAIL)
    at = by_token(modern, tokens)
    assert [polled(store, at), polled(store, at)] == [1, 0]
    (form,) = tokens.asked
    assert form == {
        "grant_type": "refresh_token", "client_id": "clerk", "client_secret": "secret",
        "refresh_token": "again", "scope": "imap",
    }  # fmt: skip
    assert "secret" not in repr(at)
    assert "again" not in repr(at)


def test_an_old_token_is_not_used_again(modern: Dovecot, tokens: Tokens, store: Store) -> None:
    tokens.lives = 200
    at = by_token(modern, tokens)
    assert [polled(store, at), polled(store, at)] == [0, 0]
    assert len(tokens.asked) == 2


def test_a_withdrawn_token_brings_another_one_at_the_next_connection(
    modern: Dovecot, tokens: Tokens, store: Store
) -> None:
    at = by_token(modern, tokens)
    assert polled(store, at) == 0
    tokens.good = set()
    with pytest.raises(MailboxRefused, match="login refused"):
        polled(store, at)
    assert polled(store, at) == 0
    assert len(tokens.asked) == 2


def test_a_refused_grant_is_told_without_its_story(
    modern: Dovecot, tokens: Tokens, store: Store
) -> None:
    with pytest.raises(MailboxRefused, match="invalid_grant") as raised:
        polled(store, by_token(modern, tokens, refresh="stolen"))
    assert "secret" not in str(raised.value)


def test_a_token_endpoint_that_is_away_is_weather(
    modern: Dovecot, tokens: Tokens, store: Store
) -> None:
    tokens.broken = True
    with pytest.raises(MailboxDown):
        polled(store, by_token(modern, tokens))


def test_tokens_never_go_over_an_open_wire() -> None:
    with pytest.raises(WrongUse, match="https"):
        RefreshToken("http://login.example/token", "clerk")


def test_profiles_know_the_usual_providers() -> None:
    assert set(PROFILES) == {"qq", "exmail", "163", "126", "exchange", "gmail", "dovecot"}
    assert all(one.hint for one in PROFILES.values())
    assert profile("163").id_command
    assert profile("exchange").token_endpoint.startswith("https://")
    with pytest.raises(WrongUse, match="qq"):
        profile("aol")


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    server = Dovecot()
    server.start()
    yield server
    server.stop()


def plain(server: Dovecot, folder: str = "INBOX") -> Account:
    return Account("127.0.0.1", server.port, USER, PASSWORD, folder=folder, ssl="none")


def test_one_watcher_a_mailbox(dovecot: Dovecot, store: Store) -> None:
    first, second = watcher(store, plain(dovecot)), watcher(store, plain(dovecot))
    first.poll_once()
    with pytest.raises(MailboxWatched, match="INBOX"):
        second.poll_once()
    # Another folder is another mailbox.
    client = dovecot.client()
    client.create("Forms")
    client.logout()
    third = watcher(store, plain(dovecot, "Forms"))
    third.poll_once()
    third.close()
    first.close()
    second.poll_once()
    second.close()


def test_a_try_tells_a_folder_that_is_not_there_and_a_token_that_nobody_takes(
    dovecot: Dovecot,
) -> None:
    try_login(plain(dovecot), QUICK)
    with pytest.raises(MailboxRefused, match="Nowhere"):
        try_login(plain(dovecot, "Nowhere"), QUICK)
    odd = Account("127.0.0.1", dovecot.port, USER, "", ssl="none", token=lambda: "nonsense")
    with pytest.raises(MailboxRefused, match="login refused"):
        try_login(odd, QUICK)


def test_each_good_poll_is_told_for_the_alarm(dovecot: Dovecot, store: Store) -> None:
    told: list[tuple[str, datetime]] = []
    clock = SteppedClock(NOW.isoformat())
    watching = Watcher(
        store, clock, plain(dovecot), threading.Event(), limits=QUICK,
        on_poll=lambda account, at: told.append((account.name, at)),
    )  # fmt: skip
    watching.poll_once()
    dovecot.kill()
    time.sleep(0.2)
    with pytest.raises(MailboxDown):
        watching.poll_once()
    watching.close()
    assert told == [(f"{USER}@127.0.0.1", NOW)]


def test_a_marked_mail_is_found_where_it_lies(dovecot: Dovecot, store: Store) -> None:
    at = plain(dovecot)
    assert find(at, QUICK, "<mark@office.example>") == ""
    dovecot.deliver(MAIL)
    assert find(at, QUICK, "<mark@office.example>") == "INBOX"
    polled(store, at)
    assert find(at, QUICK, "<mark@office.example>") == "CCER-done"
    assert find(at, QUICK, "<other@office.example>") == ""


def test_a_lost_lock_ends_the_watch_before_a_mail_is_taken(server_url: str, tmp_path: Path) -> None:
    """A database server drops the lock with its session: another one may watch by then."""
    server = Dovecot()
    server.start()
    store = Store.open(server_url, SteppedClock(NOW.isoformat()))
    at = Account("127.0.0.1", server.port, USER, PASSWORD, ssl="none")
    first, second = watcher(store, at), watcher(store, at)
    try:
        assert first.poll_once() == 0
        with pytest.raises(MailboxWatched):
            second.poll_once()
        with store.write() as tx:
            tx.connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
                " AND pid <> pg_backend_pid() AND granted"
            )
        server.deliver(MAIL)
        with pytest.raises(MailboxWatched, match="lost"):
            first.poll_once()
        assert second.poll_once() == 1
    finally:
        first.close()
        second.close()
        store.close()
        server.stop()
