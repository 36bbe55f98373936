"""`clerk doctor --mailbox`: a real relay's side that delivers into a real Dovecot, or nowhere."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clerk.test_upkeep import clerk
from tests.mailer.dovecot import BINARY, PASSWORD, USER, Dovecot
from tests.sink import Sink

if BINARY is None and not os.environ.get("CI"):
    pytest.skip("no dovecot here: apt-get install dovecot-imapd", allow_module_level=True)


class Delivering(Sink):
    """What it takes it puts into a folder."""

    def __init__(self, server: Dovecot, folder: str) -> None:
        super().__init__()
        self._server, self._folder = server, folder

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self._server.deliver(bytes(envelope.content), self._folder)
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    server = Dovecot()
    server.start()
    yield server
    server.stop()


def probed(directory: Path, server: Dovecot, sink: Sink) -> tuple[int, str]:
    """Exit status and words of the doctor."""
    box = (
        f'[{{ host = "127.0.0.1", port = {server.port}, user = "{USER}",'
        f' password = "{PASSWORD}", ssl = "none" }}]'
    )
    sink.start()
    try:
        done = clerk(
            directory, "doctor", "--mailbox", "--wait", "2.5",
            CLERK_RELAY__URL=sink.url,
            CLERK_SMTP__LISTEN="127.0.0.1:0",
            CLERK_OFFICE__ADDRESS="ccer@clerk.example",
            CLERK_IMAP__ACCOUNTS=box,
        )  # fmt: skip
    finally:
        sink.stop()
    return done.returncode, done.stdout


@pytest.mark.parametrize("folder", ["INBOX", "CCER-done"])
def test_a_marked_mail_is_sent_and_found(tmp_path: Path, dovecot: Dovecot, folder: str) -> None:
    client = dovecot.client()
    client.create("CCER-done")
    client.logout()
    clerk(tmp_path, "init")
    sink = Delivering(dovecot, folder)
    status, said = probed(tmp_path, dovecot, sink)
    assert f"✓ mailbox round trip {USER}: sent and found in '{folder}'" in said, said
    assert status == 0
    (letter,) = sink.messages()
    assert (letter["To"], letter["Auto-Submitted"]) == (USER, "auto-generated")


def test_a_mail_that_does_not_arrive_is_a_fault(tmp_path: Path, dovecot: Dovecot) -> None:
    clerk(tmp_path, "init")
    status, said = probed(tmp_path, dovecot, Sink())
    assert f"✗ mailbox round trip {USER}: sent, not found within 2 s" in said, said
    assert status == 1


def test_without_a_mailbox_nothing_can_be_found(tmp_path: Path) -> None:
    clerk(tmp_path, "init")
    done = clerk(tmp_path, "doctor", "--mailbox", CLERK_RELAY__URL="smtp://127.0.0.1:1")
    assert "✗ mailbox round trip: imap.accounts is empty" in done.stdout
