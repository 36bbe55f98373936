"""`clerk outbox`: what waits, is held, failed or came back, and the operator's hand on it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from clerk import serving
from clerk.cli import cli
from clerk.jobs import attempt
from clerk.wiring import House
from mailer.outbox import dress_due
from procedure.errors import WrongUse
from procedure.facts import LetterIntent, StaffNotice
from store.rows import Envelope
from tests.casework.made import Reader
from tests.clerk.test_doors import OWN, opened, running
from tests.house import until
from tests.mailer.test_bounces import dsn
from tests.sink import Sink

FIRM = "a@firm.example"


@pytest.fixture
def sink() -> Iterator[Sink]:
    started = Sink()
    started.start()
    yield started
    started.stop()


@pytest.fixture
def house(tmp_path: Path, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setenv("CLERK_DATA__DIRECTORY", str(tmp_path / "data"))
    monkeypatch.setenv("CLERK_OFFICE__ADDRESS", OWN)
    with opened(tmp_path / "data", relay={"url": sink.url}) as made:
        yield made


def clerk(*arguments: str) -> str:
    done = CliRunner().invoke(cli, ["outbox", *arguments])
    if done.exception is not None:
        raise done.exception
    return done.stdout


def listed(*arguments: str) -> list[tuple[str, str]]:
    lines = [json.loads(one) for one in clerk("list", "--json", *arguments).splitlines()]
    return [(one["key"], one["state"]) for one in lines]


def write(house: House, about: str) -> str:
    intent = LetterIntent("notice", about, (FIRM,), StaffNotice(house.office, "t", ("x",)))
    with house.store.write() as tx:
        tx.outbox.intend(intent)
    dress_due(house.store, house.office, house.domain)
    return intent.key


def send(house: House, sink: Sink, count: int) -> None:
    with running(serving.outbox, house):
        until(lambda: len(sink.raw) >= count, 20)


def bounce(house: House, key: str) -> None:
    """The recipient's server says that there is no such address."""
    with house.store.read() as tx:
        letter = tx.outbox.letter(key)
    assert letter is not None
    envelope = Envelope("smtp", f"smtp:{key}", "", (OWN,), house.now())
    raw = b"X-About: %s\r\n" % key.encode() + dsn(letter.rfc_message_id)
    attempt(house, Reader(), house.store.take(envelope, raw).message_id)


def test_a_held_letter_stays_until_it_is_released(house: House, sink: Sink) -> None:
    first, second = write(house, "one"), write(house, "two")
    assert clerk("hold", first, "--why", "金额待核") == "held: 1\n"
    send(house, sink, 1)
    assert listed() == [(first, "held")]
    assert listed("--state", "sent") == [(second, "sent")]
    assert "金额待核" in clerk("list")
    with pytest.raises(WrongUse, match="left already"):
        clerk("hold", second)
    assert clerk("release", first) == "released: 1\n"
    send(house, sink, 2)
    assert listed() == []
    assert "250" in clerk("show", first)
    assert len(sink.raw) == 2
    for command in ("hold", "release", "retry", "show"):
        with pytest.raises(WrongUse, match="no letter"):
            clerk(command, "none")


def test_a_suspended_address_is_reinstated_by_the_operator(house: House, sink: Sink) -> None:
    keys = [write(house, f"{n}") for n in range(2)]
    send(house, sink, 2)
    for key in keys:
        bounce(house, key)
    assert listed("--state", "bounced") == [(key, "failed") for key in keys]
    third, kept = write(house, "third"), write(house, "kept")
    clerk("hold", kept)
    with running(serving.outbox, house):
        until(lambda: listed("--state", "held") == [(third, "held"), (kept, "held")])
    with pytest.raises(WrongUse, match="reinstate"):
        clerk("release", third)
    assert clerk("reinstate", FIRM) == f"{FIRM}: 1 letters released\n"
    send(house, sink, 3)
    # The one that the operator holds for another reason is still held.
    assert listed("--state", "held") == [(kept, "held")]
    assert clerk("retry", keys[0]) == "queued: 1\n"
    send(house, sink, 4)
    sent = [one[0] for one in sink.deliveries()]
    assert sent[0] == sent[3]
