"""The whole road from outside: SMTP in, commands and chat beside, SMTP out; nothing inside."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from clerk.demo import data, mails
from procedure.registry import RegistryKind
from tests import forked
from tests.bot.botapi import TOKEN, BotApi, serving
from tests.bot.house import Phone
from tests.house import RunningHouse, until
from tests.sink import Sink

PERSON = "陈示例"


@pytest.fixture
def sink() -> Iterator[Sink]:
    opened = Sink()
    opened.start()
    yield opened
    opened.stop()


@pytest.fixture
def house(tmp_path: Path, database: str, sink: Sink) -> Iterator[RunningHouse]:
    opened = RunningHouse(tmp_path, sink, "2021-11-26T09:00:00+08:00", database)
    opened.run("init")
    lists: tuple[RegistryKind, ...] = ("entities", "accounts", "holdings", "projects")
    for kind, file in data.write_registry(tmp_path / "registry", lists).items():
        opened.run("registry", "import", kind, str(file))
    opened.start()
    yield opened
    opened.stop()


@contextmanager
def chat_door(house: RunningHouse) -> Iterator[BotApi]:
    """`clerk serve --only bot` beside the tree, against a Bot API server over HTTP."""
    proxies = ("http_proxy", "https_proxy", "all_proxy")
    clean = {key: value for key, value in house.environment.items() if key.lower() not in proxies}
    api = BotApi()
    with serving(api) as url, (house.directory / "bot.log").open("ab") as log:
        own = {**clean, "CLERK_TELEGRAM__TOKEN": TOKEN, "CLERK_TELEGRAM__BASE_URL": url}
        process = forked.start(("serve", "--only", "bot"), own, log)
        try:
            yield api
        finally:
            process.terminate()
            assert process.wait(30) == 0


def about(sink: Sink, text: str) -> list[str]:
    return [subject for subject in sink.subjects() if text in subject]


def shown(house: RunningHouse, number: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(house.run("case", "show", number, "--json"))
    return found


def brought(house: RunningHouse, kind: RegistryKind, until_moment: str) -> None:
    """A day's records of a registry come in."""
    file = data.write_registry(house.directory / "later", (kind,))[kind]
    house.run("registry", "import", kind, str(file), "--until", until_moment)


def confirm_by_chat(house: RunningHouse, number: str, province: str) -> None:
    """The province's reviewer looks, sees the amount and taps."""
    code = house.run("person", "invite", PERSON, "reviewer", province).split()[-1]
    with chat_door(house) as api:
        phone = Phone(api, 1)
        assert PERSON in phone.say(f"/bind {code}").text
        assert "待省级确认" in phone.say(f"/status {number}").text
        assert number in phone.say("/todo").text
        prompt = phone.say(f"/confirm {number}")
        assert "210,000 吨" in prompt.text
        phone.tap(prompt, "确认 210,000")
        assert "已确认" in phone.say(f"/status {number}").text
    assert TOKEN not in (house.directory / "bot.log").read_text(encoding="utf-8")


@pytest.mark.timeout(300)
def test_from_mail_to_surrender(house: RunningHouse, sink: Sink) -> None:
    # Step 3: an application comes by mail and is receipted.
    posted = {one.key: one for one in mails.applications(data.world())}
    form = posted["docx"]
    house.send(form.raw, form.sender)
    until(lambda: bool(about(sink, "受理回执")), 120)
    (line,) = [json.loads(x) for x in house.run("case", "list", "--json").splitlines()]
    number = line["case_no"]
    assert line["stage"] == "submitted", house.run("case", "show", number)
    # The same file again under another Message-ID: told so, no second case.
    house.send(form.raw.replace(b"Message-ID: <", b"Message-ID: <again.", 1), form.sender)
    until(lambda: bool(about(sink, "重复来件")))
    # Step 4: the province confirms in chat, once; the entity is told.
    confirm_by_chat(house, number, line["province"])
    house.run("case", "confirm", number, "--as", PERSON, ok=False)
    until(lambda: len(about(sink, "申请已确认")) == 1)
    # Friday's close of business: the weekly summary to NCSC, once.
    house.set_clock("2021-11-26T17:01:00+08:00")
    until(lambda: len(about(sink, "周汇总 河北省 第5周")) == 1)
    # Step 5: the entity cancels and sends the sealed screenshot.
    proof = mails.proofs(data.world())[0]
    house.send(proof.raw, proof.sender)
    until(lambda: bool(about(sink, "注销截图回执")), 120)
    assert shown(house, number)["stage"] == "confirmed"
    # Step 6: the registry's records come in, match, and go out as daily records.
    brought(house, "cancellations", "2021-11-26T17:00:00+08:00")
    case = shown(house, number)
    assert case["stage"] == "verified", case["applications"][0]["findings"]
    assert case["cancelled_t"] == case["confirmed_t"] == 210_000
    house.set_clock("2021-11-26T17:30:00+08:00")
    until(lambda: bool(about(sink, "【CCER注销记录】河北省 2021-11-26")))
    # Steps 7 and 8: the offset credits appear, the surrender is registered.
    brought(house, "credits", "2021-11-26T17:30:00+08:00")
    assert shown(house, number)["stage"] == "credited"
    house.set_clock("2021-11-26T17:45:00+08:00")
    brought(house, "surrenders", "2021-11-26T17:45:00+08:00")
    case = shown(house, number)
    assert (case["stage"], case["surrendered_t"]) == ("surrendered", 210_000)
    until(lambda: bool(about(sink, "已登记清缴")))
    nothing_twice(house, sink, posted["auto-reply"])


def nothing_twice(house: RunningHouse, sink: Sink, away: mails.DemoMail) -> None:
    """A restart sends nothing again; an automatic answer gets none."""
    before = sorted(sink.deliveries())
    house.kill()
    house.start()
    house.set_clock("2021-11-26T17:50:00+08:00")
    house.send(away.raw, away.sender)
    until(lambda: json.loads(house.run("verify", "--json"))["counts"]["messages"] == 4)
    assert sorted(sink.deliveries()) == before
    assert len(set(before)) == len(before)
    assert json.loads(house.run("verify", "--json"))["problems"] == []
