"""The whole road from outside: SMTP in, commands beside, SMTP out. Nothing touches the inside."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk.demo import data, mails
from tests.house import RunningHouse, until
from tests.sink import Sink


@pytest.fixture
def sink() -> Iterator[Sink]:
    opened = Sink()
    opened.start()
    yield opened
    opened.stop()


@pytest.fixture
def house(tmp_path: Path, sink: Sink) -> Iterator[RunningHouse]:
    opened = RunningHouse(tmp_path, sink, "2021-11-26T09:00:00+08:00")
    opened.run("init")
    world = data.world()
    data.write_registry(tmp_path / "registry", ("entities", "accounts", "holdings", "projects"))
    for file in sorted((tmp_path / "registry").iterdir()):
        opened.run("registry", "import", file.stem, str(file))
    assert world.entities
    opened.start()
    yield opened
    opened.stop()


def about(sink: Sink, start: str) -> list[str]:
    return [subject for subject in sink.subjects() if start in subject]


@pytest.mark.timeout(240)
def test_from_mail_to_digest(house: RunningHouse, sink: Sink, tmp_path: Path) -> None:
    # An application comes by mail and is receipted.
    posted = {one.key: one for one in mails.applications(data.world())}
    form = next(one for one in posted.values() if one.files and one.files[0].endswith(".docx"))
    house.send(form.raw, form.sender)
    until(lambda: bool(about(sink, "受理回执")), 120)
    (line,) = [json.loads(x) for x in house.run("case", "list", "--json").splitlines()]
    number = line["case_no"]
    assert line["stage"] == "submitted", house.run("case", "show", number)
    # The same file again under another Message-ID: told so, no second case.
    house.send(form.raw.replace(b"Message-ID: <", b"Message-ID: <again.", 1), form.sender)
    until(lambda: bool(about(sink, "重复来件")))
    # The province confirms; the entity is told.
    house.run("person", "invite", "陈示例", "reviewer", line["province"])
    # A reader that does not find the seal leaves it to a person, who looks at the paper.
    house.run("case", "correct", number, "seal", line["entity_name"], "--as", "陈示例")
    house.run("case", "confirm", number, "--as", "陈示例")
    house.run("case", "confirm", number, "--as", "陈示例", ok=False)
    until(lambda: bool(about(sink, "申请已确认")))
    # Friday's close of business: the weekly summary to NCSC, once.
    house.set_clock("2021-11-26T17:01:00+08:00")
    until(lambda: len(about(sink, "周汇总 河北省 第5周")) == 1)
    # The registry's records come in: the daily records go out.
    data.write_registry(tmp_path / "later", ("cancellations",))
    (file,) = (tmp_path / "later").iterdir()
    until_moment = "2021-11-26T17:00:00+08:00"
    house.run("registry", "import", "cancellations", str(file), "--until", until_moment)
    house.set_clock("2021-11-26T17:30:00+08:00")
    until(lambda: bool(about(sink, "【CCER注销记录】河北省 2021-11-26")))
    # A restart sends nothing twice.
    before = sorted(sink.deliveries())
    house.kill()
    house.start()
    house.set_clock("2021-11-26T17:32:00+08:00")
    house.send(posted["auto-reply"].raw, posted["auto-reply"].sender)
    until(lambda: json.loads(house.run("verify", "--json"))["counts"]["messages"] == 3)
    assert sorted(sink.deliveries()) == before
    assert len(set(before)) == len(before)
    assert json.loads(house.run("verify", "--json"))["problems"] == []
