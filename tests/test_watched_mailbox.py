"""`clerk serve` watches a real mailbox: Dovecot in, SMTP out, killed in between."""

import imaplib
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from clerk.demo import data, mails
from tests.house import RunningHouse, until
from tests.mailer.dovecot import BINARY, PASSWORD, USER, Dovecot
from tests.sink import Sink

if BINARY is None and not os.environ.get("CI"):
    pytest.skip("no dovecot here: apt-get install dovecot-imapd", allow_module_level=True)

NOW = "2021-11-26T09:00:00+08:00"


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    server = Dovecot()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def sink() -> Iterator[Sink]:
    opened = Sink()
    opened.start()
    yield opened
    opened.stop()


@pytest.fixture
def house(tmp_path: Path, sink: Sink, dovecot: Dovecot) -> Iterator[RunningHouse]:
    opened = RunningHouse(tmp_path, sink, NOW)
    secret = tmp_path / "secret"
    secret.write_text(f"{PASSWORD}\n", encoding="utf-8")
    keys = f'host = "127.0.0.1", port = {dovecot.port}, ssl = "none", user = "{USER}"'
    box = f'[{{ {keys}, password_file = "{secret}" }}]'
    opened.environment["CLERK_IMAP__ACCOUNTS"] = box
    opened.run("init")
    data.write_registry(tmp_path / "registry", ("entities", "accounts", "holdings", "projects"))
    for file in sorted((tmp_path / "registry").iterdir()):
        opened.run("registry", "import", file.stem, str(file))
    opened.start()
    yield opened
    opened.stop()


def deliver(dovecot: Dovecot, raw: bytes) -> None:
    """As it would have arrived on the day: the time of receipt is the mailbox's."""
    client = dovecot.client()
    arrived = imaplib.Time2Internaldate(datetime.fromisoformat(NOW))
    client.append("INBOX", "", arrived, raw)
    client.logout()


@pytest.mark.timeout(180)
def test_mail_from_a_mailbox_is_answered_once_whatever_is_killed(
    house: RunningHouse, sink: Sink, dovecot: Dovecot
) -> None:
    form = next(
        one for one in mails.applications(data.world())
        if one.files and one.files[0].endswith(".docx")
    )  # fmt: skip
    deliver(dovecot, form.raw)
    until(lambda: any("受理回执" in one for one in sink.subjects()), 120)
    (line,) = [json.loads(x) for x in house.run("case", "list", "--json").splitlines()]
    assert line["stage"] == "submitted", house.run("case", "show", line["case_no"])
    until(lambda: (dovecot.count("INBOX"), dovecot.count("CCER-done")) == (0, 1))
    house.kill()
    # The same message comes again while nobody watches: taken once, told so once.
    deliver(dovecot, form.raw)
    house.start()
    until(lambda: dovecot.count("CCER-done") == 2)
    until(lambda: json.loads(house.run("verify", "--json"))["counts"]["messages"] == 1)
    assert json.loads(house.run("verify", "--json"))["problems"] == []
    assert len([one for one in sink.subjects() if "受理回执" in one]) == 1
