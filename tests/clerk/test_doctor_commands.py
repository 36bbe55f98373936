"""`clerk doctor`: each thing that can be wrong with an installation, by what it says of it."""

import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from clerk import doctor
from tests.casework.made import Firm
from tests.clerk.commanded import CommandedOffice
from tests.mailer.listening import certificate
from tests.sink import Sink

A = Firm(1)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[CommandedOffice]:
    opened = CommandedOffice(tmp_path, CLERK_SMTP__LISTEN="127.0.0.1:0")
    yield opened
    opened.close()


def found(office: CommandedOffice, **settings: str) -> dict[str, str]:
    """What was looked at → the mark and what was said of it."""
    said = office.clerk("doctor", **settings)
    lines = [line for line in said.out.splitlines() if not line.startswith("    ")]
    heads = [line.partition(": ") for line in lines]
    assert said.status == (1 if any(line.startswith("✗") for line in lines) else 0)
    return {head[2:]: f"{head[0]} {text}" for head, _, text in heads}


def test_without_a_relay_nothing_is_sent(office: CommandedOffice) -> None:
    said = office.clerk("doctor")
    assert said.status == 1
    assert "✗ relay: relay.url is empty\n    set relay.url: letters are made and kept" in said.out
    assert "! clock: not the machine's own time: " in said.out


@pytest.mark.parametrize(
    ("settings", "what", "said"),
    [
        ({"CLERK_SMTP__LISTEN": "127.0.0.1:none"}, "smtp.listen", "✗ 127.0.0.1:none: "),
        ({"CLERK_SMTP__LISTEN": "127.0.0.1:0"}, "smtp.listen", "✓ 127.0.0.1:0 is free to listen"),
        ({"CLERK_SMTP__USERS": '{ "a" = "b" }'}, "smtp", "✗ "),
        (
            {"CLERK_DKIM__SELECTOR": "s1", "CLERK_DKIM__KEY": "/nowhere/dkim.pem"},
            "dkim",
            "✗ ",
        ),
        (
            {"CLERK_IMAP__ACCOUNTS": '[{ user = "a@b.example" }]'},
            "imap.accounts",
            "✗ imap.accounts",
        ),
        ({"CLERK_OFFICE__ADDRESS": "clerk@localhost"}, "office.address", "✗ is still the default"),
        (
            {"CLERK_OFFICE__MAILBOXES": '{ "13" = "hebei@p.example" }'},
            "office.mailboxes",
            "! none for 山西",
        ),
        ({"CLERK_OFFICE__OPERATOR_MAILBOX": ""}, "office.operator_mailbox", "! is empty"),
        ({"CLERK_CLOCK__FILE": "/nowhere/clock"}, "clock.file", "✗ /nowhere/clock is not there"),
    ],
)
def test_each_fault_is_named(
    office: CommandedOffice, settings: dict[str, str], what: str, said: str
) -> None:
    assert found(office, **settings)[what].startswith(said)


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        ({}, "office.address"),
        ({}, "office.mailboxes"),
        ({"CLERK_OFFICE__ROLES": "province", "CLERK_OFFICE__MAILBOXES": "{}"}, "office.mailboxes"),
        ({}, "office.operator_mailbox"),
        ({"CLERK_EVIDENCE__DNS": "yes"}, "evidence"),
        ({"CLERK_EVIDENCE__SERVERS": "mx.office.example"}, "evidence"),
        ({"CLERK_TELEGRAM__TOKEN": "1:a"}, "chat"),
    ],
)
def test_what_is_set_is_not_complained_of(
    office: CommandedOffice, settings: dict[str, str], what: str
) -> None:
    assert what not in found(office, **settings)


def test_a_port_on_which_somebody_listens_may_be_ours(office: CommandedOffice) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        listen = f"127.0.0.1:{other.getsockname()[1]}"
        said = found(office, CLERK_SMTP__LISTEN=listen)["smtp.listen"]
    assert said == f"✓ {listen}: somebody listens there (is it serving?)"


def test_certificate_and_signature_are_tried(office: CommandedOffice, tmp_path: Path) -> None:
    cert, key = certificate(tmp_path / "tls")
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL)
    (tmp_path / "dkim.pem").write_bytes(made.private_bytes(*form, serialization.NoEncryption()))
    told = found(
        office,
        CLERK_SMTP__CERTIFICATE=str(cert), CLERK_SMTP__KEY=str(key),
        CLERK_DKIM__SELECTOR="s1", CLERK_DKIM__KEY=str(tmp_path / "dkim.pem"),
    )  # fmt: skip
    assert told["smtp.certificate"] == f"✓ {cert} can be used"
    assert told["dkim"] == "✓ letters are signed"
    told = found(office, CLERK_SMTP__CERTIFICATE=str(tmp_path / "dkim.pem"))
    assert told["smtp"].startswith("✗ ")


def test_a_relay_is_greeted(office: CommandedOffice) -> None:
    sink = Sink()
    sink.start()
    try:
        assert found(office, CLERK_RELAY__URL=sink.url)["relay"].startswith("✓ ")
    finally:
        sink.stop()
    assert found(office, CLERK_RELAY__URL="gopher://x")["relay"].startswith("✗ ")


def test_tesseract_without_our_languages_is_named(office: CommandedOffice, tmp_path: Path) -> None:
    program = tmp_path / "bin" / "tesseract"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho List of available languages:\necho eng\n")
    program.chmod(0o755)
    said = found(office, PATH=str(program.parent))["engine tesseract"]
    assert said == "! lacks the languages chi_sim"


@pytest.mark.parametrize(
    ("count", "state", "said"),
    [(1, "warning", "none but the packaged"), (9, "ok", "9 that papers")],
)
def test_a_machine_without_typefaces_is_told_which_to_install(
    count: int, state: str, said: str
) -> None:
    (one,) = doctor._typefaces(count)
    assert one.state == state
    assert one.text.startswith(said)
    assert (set(re.findall(r"fonts-[a-z-]+", one.todo)) == set(doctor.FONTS)) is (count == 1)


@pytest.mark.parametrize("file", ["scripts/servers.sh", "Dockerfile", "README.md"])
def test_the_typefaces_that_are_named_are_those_that_are_installed(file: str) -> None:
    named = set(re.findall(r"fonts-[a-z-]+", (ROOT / file).read_text()))
    assert named == set(doctor.FONTS)


def test_a_disk_that_is_nearly_full_is_a_warning(
    office: CommandedOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "FREE", sys.maxsize)
    said = office.clerk("doctor")
    assert "MiB free\n    make room: a full disk stops all mail" in said.out


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "relay.url is empty"),
        ({"CLERK_RELAY__URL": "smtp://127.0.0.1:1"}, "imap.accounts is empty"),
        ({"CLERK_RELAY__URL": "gopher://x"}, "correct the settings"),
        (
            {
                "CLERK_RELAY__URL": "smtp://127.0.0.1:1",
                "CLERK_IMAP__ACCOUNTS": '[{ user = "a@b.example", host = "127.0.0.1", port = 1,'
                ' password = "x", ssl = "none" }]',
            },
            "✗ mailbox round trip a@b.example: not sent: ",
        ),
    ],
)
def test_a_round_trip_that_cannot_begin_says_why(
    office: CommandedOffice, settings: dict[str, str], said: str
) -> None:
    told = office.clerk("doctor", "--mailbox", "--wait", "0.1", **settings)
    assert told.status == 1
    assert "✗ mailbox round trip" in told.out
    assert said in told.out
