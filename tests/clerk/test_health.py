"""What is told to whoever watches: over HTTP from a serving tree, and in its log."""

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError

import pytest
import yaml

from clerk import health
from clerk.demo import data, mails
from clerk.health import ready
from clerk.logs import shortened
from clerk.metrics import Installation, registry
from clerk.settings import Settings
from clerk.wiring import House, open_house
from procedure.errors import WrongUse
from store.rows import Envelope
from tests.house import RunningHouse, free_port, until
from tests.sink import Sink

OPS = Path(__file__).parents[2] / "ops"
DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def sink() -> Iterator[Sink]:
    opened = Sink()
    opened.start()
    yield opened
    opened.stop()


class InstalledHouse(RunningHouse):
    """As it is started in earnest."""

    real = True


def asked(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def figures(port: int) -> dict[str, float]:
    lines = asked(port, "/metrics")[1].splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines if line and not line.startswith("#"))
    return {name: float(value) for name, value in pairs}


def test_a_serving_tree_tells_how_it_is_and_its_log_names_nobody(
    tmp_path: Path, sink: Sink
) -> None:
    house = InstalledHouse(tmp_path, sink, "2021-10-27T09:00:00+08:00")
    port = free_port()
    house.environment |= {
        "CLERK_HEALTH__LISTEN": f"127.0.0.1:{port}",
        "CLERK_LOG__FORMAT": "json",
        "CLERK_LOG__LEVEL": "debug",
    }
    house.run("init")
    house.start()
    try:
        mail = mails.applications(data.world())[0]
        house.send(mail.raw, mail.sender)
        until(lambda: len(sink.raw) >= 1, 120)
        until(lambda: figures(port).get('clerk_letters{kind="receipt",state="sent"}') == 1)
        status, text = asked(port, "/healthz")
        assert (status, json.loads(text)["parts"]["jobs"]) == (200, True)
        assert asked(port, "/readyz")[0] == 200
        assert asked(port, "/else")[0] == 404
        found = figures(port)
        assert found['clerk_mails_accepted_total{source="smtp"}'] == 1
        assert found["clerk_documents_read_total"] == 1
        assert found["clerk_oldest_message_seconds"] == 0
    finally:
        house.stop()
    lines = [json.loads(line) for line in house.log.read_text(encoding="utf-8").splitlines()]
    assert any(line["event"].startswith("taking mail") for line in lines)
    assert all({"time", "level", "logger", "event"} <= line.keys() for line in lines)
    (case,) = [json.loads(one) for one in house.run("case", "list", "--json").splitlines()]
    (filed,) = [line for line in lines if line["event"].startswith("filed")]
    assert filed["case"] == case["case_no"]
    letters = house.run("outbox", "list", "--state", "all", "--json").splitlines()
    answered = {one["about"] for one in map(json.loads, letters) if one["kind"] == "receipt"}
    assert answered == {filed["message"]}
    text = house.log.read_text(encoding="utf-8")
    firm = data.world().entities[0]
    for secret in (mail.sender, firm.name, "陈样本", mail.subject):
        assert secret not in text


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    clock = tmp_path / "clock"
    clock.write_text("2021-11-05T09:00:00+08:00", encoding="utf-8")
    raw = {"data": {"directory": tmp_path / "data"}, "clock": {"file": clock}}
    opened = open_house(Settings.model_validate(raw), create=True)
    yield opened
    opened.store.close()


def test_unready_while_work_waits_for_too_long(house: House) -> None:
    envelope = Envelope("smtp", "smtp:1", "a@b.example", ("c@d.example",), house.now())
    house.store.take(envelope, b"Subject: x\r\n\r\nx\r\n")
    assert ready(house, lambda: {"jobs": True}).good
    assert not ready(house, lambda: {"jobs": False}).good
    clock = house.settings.clock.file
    assert clock is not None
    clock.write_text("2021-11-05T09:31:00+08:00", encoding="utf-8")
    assert not ready(house, lambda: {"jobs": True}).good


def test_a_look_that_took_long_is_told_again_for_twenty_times_as_long(house: House) -> None:
    clock = iter([0.0, 1.0, 5.0, 20.9, 21.0, 21.5, 22.0])
    figures = Installation(house, lambda: next(clock))

    def accepted() -> float:
        found = {one.name: one for one in figures.collect()}
        return sum(sample.value for sample in found["clerk_mails_accepted"].samples)

    assert accepted() == 0
    envelope = Envelope("smtp", "k", "a@firm.example", (), house.now())
    house.store.take(envelope, b"From: a@firm.example\r\n\r\nx")
    assert [accepted(), accepted()] == [0, 0]
    assert accepted() == 1
    (told,) = [one for one in figures.collect() if one.name == "clerk_figures_seconds"]
    assert told.samples[0].value == 0.5


def test_a_taken_or_senseless_address_is_told(house: House) -> None:
    def opened(listen: str) -> None:
        section = house.settings.health.model_copy(update={"listen": listen})
        settings = house.settings.model_copy(update={"health": section})
        other = House(settings, house.clock, house.store, house.desk)
        with health.told(other, dict):
            return

    for listen in ("nowhere", "127.0.0.1:x"):
        with pytest.raises(WrongUse, match="no address:port"):
            opened(listen)
    with pytest.raises(WrongUse, match=r"health\.listen"):
        opened("192.0.2.1:1")


def metric_names(house: House) -> set[str]:
    return {
        f"{one.name}_total" if one.type == "counter" else one.name
        for one in registry(house).collect()
    }


def test_every_alert_watches_a_figure_that_there_is(house: House) -> None:
    (group,) = yaml.safe_load((OPS / "alerts.yml").read_text(encoding="utf-8"))["groups"]
    used = {name for rule in group["rules"] for name in re.findall(r"clerk_\w+", rule["expr"])}
    assert used <= metric_names(house)
    assert all(rule["annotations"]["action"] for rule in group["rules"])


def test_every_figure_is_in_the_docs(house: House) -> None:
    text = (DOCS / "operating.md").read_text(encoding="utf-8")
    assert [name for name in sorted(metric_names(house)) if f"`{name}`" not in text] == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("to zhang.san@firm.example, 550", "to z***@firm.example, 550"),
        ("no address", "no address"),
        ("<a@b.example>", "<a***@b.example>"),
        ("null\nDETAIL:  Failing row contains (王某,\n1).\n[SQL", "null\nDETAIL: not shown\n[SQL"),
    ],
)
def test_addresses_are_shortened(said: str, told: str) -> None:
    assert shortened(said) == told
