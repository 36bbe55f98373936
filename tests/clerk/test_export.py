"""`clerk export`: a case for the archive, provable without this program."""

import hashlib
import json
import zipfile
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


def test_a_case_is_exported_whole_and_the_same_again(tmp_path: Path, sink: Sink) -> None:
    house = RunningHouse(tmp_path, sink, "2021-10-27T09:00:00+08:00")
    house.run("init")
    house.start()
    try:
        mail = next(one for one in mails.applications(data.world()) if one.key != "docx")
        house.send(mail.raw, mail.sender)
        until(lambda: len(sink.raw) == 1, 120)
    finally:
        house.stop()
    (line,) = house.run("case", "list", "--json").splitlines()
    number = json.loads(line)["case_no"]
    out = tmp_path / "case.zip"
    said = house.run("export", number.lower(), "--out", str(out))
    assert str(out) in said
    again = tmp_path / "again.zip"
    house.run("export", number, "--out", str(again))
    assert out.read_bytes() == again.read_bytes()
    with zipfile.ZipFile(out) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    assert {one["name"]: one["sha256"] for one in manifest["files"]} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    kinds = {one["what"] for one in manifest["files"]}
    assert kinds == {"mail", "document", "reading", "picture", "events", "case", "letter"}
    (original,) = [files[one["name"]] for one in manifest["files"] if one["what"] == "mail"]
    assert original == mail.raw
    (picture,) = [files[one["name"]] for one in manifest["files"] if one["what"] == "picture"]
    assert picture.startswith(b"\x89PNG")
    _chained(files["events.jsonl"], manifest["last_event"]["hash"])
    # What is there is not written over.
    assert house.run("export", number, "--out", str(out), ok=False) == ""
    assert house.run("export", "CCER-2019-13-9999", ok=False) == ""


def _chained(lines: bytes, last: str) -> None:
    """Each event's hash is that of its number, the hash before, and its body."""
    events = [json.loads(line) for line in lines.splitlines()]
    for event in events:
        content = f"{event['seq']}\n{event['prev_hash']}\n{event['body']}"
        assert hashlib.sha256(content.encode()).hexdigest() == event["hash"]
    assert events[-1]["hash"] == last
