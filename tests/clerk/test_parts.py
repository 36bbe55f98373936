"""Parts of the serving tree that may not run as they are set up, or not yet."""

import hashlib
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from clerk import serving, watching
from clerk.tokens import TokenFile
from clerk.vouching import believed
from clerk.wiring import House
from procedure.errors import WrongUse
from store.lock import Turn
from store.rows import Envelope
from tests.clerk.commanded import CommandedOffice
from tests.house import until

WECOM = {"CLERK_BOT__WECOM__BOT_ID": "bot", "CLERK_BOT__WECOM__SECRET": "s3cret"}
DINGTALK = {"CLERK_BOT__DINGTALK__CLIENT_ID": "c", "CLERK_BOT__DINGTALK__CLIENT_SECRET": "s"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[CommandedOffice]:
    opened = CommandedOffice(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def house(office: CommandedOffice) -> Iterator[House]:
    with office.house() as opened:
        yield opened


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("bot", "telegram.token is empty: set it, or do not run the part 'bot'"),
        ("wecom", "bot.wecom.bot_id is empty: set it, or do not run the part 'wecom'"),
        ("dingtalk", "bot.dingtalk.client_id is empty: set it, or do not run the part 'dingtalk'"),
        ("watch", "imap.accounts is empty: set one, or do not run the part 'watch'"),
    ],
)
def test_a_part_without_its_settings_says_which(house: House, part: str, said: str) -> None:
    with pytest.raises(WrongUse) as caught:
        serving.PARTS[part](house, threading.Event())
    assert str(caught.value) == said


def test_the_settings_say_which_parts_run(office: CommandedOffice, house: House) -> None:
    assert serving.parts_of(house) == ("mail", "jobs", "timetable")
    box = '[{ user = "a@b.example", host = "127.0.0.1", password = "x" }]'
    all_set = {**WECOM, **DINGTALK, "CLERK_TELEGRAM__TOKEN": "1:a", "CLERK_IMAP__ACCOUNTS": box}
    with office.house(**all_set) as whole:
        assert serving.parts_of(whole) == tuple(serving.PARTS)


@pytest.mark.parametrize(
    ("part", "package", "settings"),
    [("wecom", "aibot", WECOM), ("dingtalk", "dingtalk_stream", DINGTALK)],
)
def test_a_door_whose_package_is_not_installed_says_what_to_install(
    office: CommandedOffice,
    monkeypatch: pytest.MonkeyPatch,
    part: str,
    package: str,
    settings: dict[str, str],
) -> None:
    with office.house(**settings) as house:
        monkeypatch.delitem(sys.modules, package, raising=False)
        monkeypatch.setattr(sys, "path", [])
        with pytest.raises(WrongUse, match=rf"pip install ccer-clerk\[{part}\]"):
            serving.PARTS[part](house, threading.Event())


@pytest.mark.parametrize(
    ("part", "account", "settings"), [("wecom", "bot", WECOM), ("dingtalk", "c", DINGTALK)]
)
def test_a_door_waits_while_another_process_has_the_turn(
    office: CommandedOffice,
    monkeypatch: pytest.MonkeyPatch,
    part: str,
    account: str,
    settings: dict[str, str],
) -> None:
    monkeypatch.setattr(serving, "TURN", 0.02)
    stop = threading.Event()
    held = f"{part}:{hashlib.sha256(account.encode()).hexdigest()[:16]}"
    with office.house(**settings) as house, office.store.alone(held) as turn:
        assert turn
        thread = threading.Thread(target=serving.PARTS[part], args=(house, stop))
        thread.start()
        assert not stop.wait(0.2), "it has not failed for want of a server"
        assert thread.is_alive()
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def test_what_one_may_do_alone_begins_when_the_other_ends(
    office: CommandedOffice, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "TURN", 0.02)
    stop = threading.Event()
    begun: list[int] = []

    def work() -> None:
        begun.append(1)

    thread = threading.Thread(target=serving.in_turn, args=(house.store, "x", stop, work))
    with office.store.alone("x") as turn:
        assert turn
        thread.start()
        assert not stop.wait(0.1)
        assert begun == []
    until(lambda: begun == [1], 10)
    thread.join(10)
    assert stop.is_set(), "its part ends with it"


def test_a_part_that_is_told_to_stop_first_never_begins(house: House) -> None:
    stop = threading.Event()
    stop.set()
    serving.in_turn(house.store, "x", stop, lambda: pytest.fail("it began"))
    with pytest.raises(WrongUse):
        watching.watch(house, stop)


def test_a_lost_turn_ends_the_part(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(serving, "TURN", 0.01)
    stop = threading.Event()
    serving._guard(Turn(False), stop)
    assert stop.is_set()
    assert "the turn with it: this part starts again" in caplog.text


@pytest.mark.parametrize(
    ("peer", "ours"),
    [
        ("", True),
        ("127.0.0.1", True),
        ("::ffff:127.0.0.1", True),
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("203.0.113.9", False),
        ("::ffff:203.0.113.9", False),
        ("fe80::1%eth0", False),
        ("no address", False),
    ],
)
def test_only_our_own_servers_are_believed_about_senders(
    office: CommandedOffice, peer: str, ours: bool
) -> None:
    settings = {
        "CLERK_EVIDENCE__SERVERS": "MX.office.example",
        "CLERK_SMTP__TRUSTED": "127.0.0.0/8,10.0.0.0/8",
    }
    envelope = Envelope("smtp", "k", "a@b.example", (), office.clock.now(), peer=peer)
    with office.house(**settings) as house:
        found = believed(house, envelope)
        assert found == (frozenset({"mx.office.example"}) if ours else frozenset())
        # What lay in a mailbox of ours came through its server.
        assert believed(house, replace(envelope, source="imap"))


def test_a_kept_grant_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    kept = TokenFile(tmp_path / "tokens", "a@b.example@host", "grant")
    with kept.alone():
        assert kept.load() == ""
        kept.save("next")
        assert kept.load() == "next"
    (file,) = (tmp_path / "tokens").glob("*.json")
    file.write_text("{", encoding="utf-8")
    with pytest.raises(WrongUse, match=rf"{file} cannot be read: "):
        kept.load()
