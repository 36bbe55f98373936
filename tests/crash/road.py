"""The road of one case, driven from outside; what is left of it at its end."""

import json
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

from clerk.demo import data, mails, papers
from clerk.demo.mime import Draft, write
from procedure.registry import RegistryKind
from tests.crash.mortal import MortalHouse
from tests.house import RunningHouse
from tests.sink import Sink

MORNING = "2021-11-26T09:00:00+08:00"
YESTERDAY = "2021-11-25T17:30:00+08:00"
EVENING = "2021-11-26T17:31:00+08:00"
LATER = "2021-11-26T17:45:00+08:00"
PERSON = "陈示例"
HEADINGS = "一般持有账户账号,账户名称,项目编号,注销数量（吨）,操作类型,状态,完成时间,省份\n"
FIRST: tuple[RegistryKind, ...] = ("entities", "accounts", "holdings", "projects")


@dataclass(frozen=True)
class Outcome:
    """What must be the same whatever died on the way."""

    case: Any
    """As `clerk case show` gives it."""
    digests: tuple[dict[str, Any], ...]
    letters: frozenset[tuple[str, str]]
    """(Message-ID, recipient) of what arrived."""
    subjects: tuple[str, ...]
    """One for each different letter and recipient."""
    counts: dict[str, int]

    def unlike(self, other: "Outcome") -> list[str]:
        """Where they differ; how long the machine took to read a document does not matter."""
        found = differences(vars(self), vars(other))
        return [line for line in found if "/reading/seconds: " not in line]


def furnish(directory: Path) -> Path:
    """A data directory with the registry's lists and a reviewer.

    Earlier days' digests are not owed by an installation that begins this morning.
    """
    sink = Sink()
    sink.start()
    house = RunningHouse(directory, sink, MORNING)
    house.run("init")
    for kind, file in data.write_registry(directory / "registry", FIRST).items():
        house.run("registry", "import", kind, str(file))
    none = directory / "cancellations.csv"
    none.write_text(HEADINGS, encoding="utf-8")
    house.run("registry", "import", "cancellations", str(none), "--until", YESTERDAY)
    house.run("person", "invite", PERSON, "reviewer", "13")
    sink.stop()
    return directory / "data"


@cache
def _form() -> mails.DemoMail:
    posted = mails.applications(data.world())
    return next(one for one in posted if one.files and one.files[0].endswith(".docx"))


@cache
def _proof() -> tuple[bytes, str]:
    """A screenshot as it left the screen: read in a few seconds."""
    world = data.world()
    sender = world.entities[0].emails[0]
    drawn = papers.screenshot(world, 0, "digital")
    text = "您好：现报送自愿注销完成截图，请核实。"
    files = (mails.enclosure("注销截图.png", drawn),)
    draft = Draft(
        "163", sender, "陈样本", data.OWN_ADDRESS, "自愿注销完成截图", text, data.at(14, 40),
        f"proof.20211126@{sender.partition('@')[2]}", files,
    )  # fmt: skip
    return write(draft), sender


def differences(found: Any, meant: Any, where: str = "") -> list[str]:
    """Every place where two values of JSON differ."""
    if isinstance(found, dict) and isinstance(meant, dict):
        names = sorted(found.keys() | meant.keys())
        pairs = [(str(name), found.get(name), meant.get(name)) for name in names]
    elif isinstance(found, list | tuple) and isinstance(meant, list | tuple):
        both = zip_longest(found, meant)
        pairs = [(str(number), one, other) for number, (one, other) in enumerate(both)]
    else:
        return [] if found == meant else [f"{where}: {found!r}, not {meant!r}"]
    return [
        line for name, one, other in pairs for line in differences(one, other, f"{where}/{name}")
    ]


class Road:
    """The steps, one after the other; each waits for the letter that says it is done."""

    def __init__(self, house: MortalHouse, sink: Sink) -> None:
        self.house = house
        self.sink = sink
        self.number = ""

    def go(self) -> None:
        """From the entity's mail to the registered surrender."""
        self.house.start()
        self._apply()
        self._confirm()
        self._evening()
        self._cancel()
        self._prove()
        self._credit()

    def _arrives(self, text: str, times: int = 1) -> None:
        self.house.until(lambda: len(self._different(text)) >= times)

    def _different(self, text: str) -> set[str]:
        return {
            str(one["Message-ID"]) for one in self.sink.messages() if text in str(one["Subject"])
        }

    def _apply(self) -> None:
        form = _form()
        self.house.send(form.raw, form.sender)
        self._arrives("受理回执")
        (line,) = self.house.run("case", "list", "--json").splitlines()
        self.number = json.loads(line)["case_no"]

    def _confirm(self) -> None:
        self.house.run("case", "confirm", self.number, "--as", PERSON)
        self._arrives("申请已确认")

    def _evening(self) -> None:
        """Friday after the close of business."""
        self.house.set_clock(EVENING)
        # All three: what comes later would bear a later time.
        self._arrives("第5周", 3)

    def _cancel(self) -> None:
        self._import("cancellations", "2021-11-26T17:30:00+08:00")
        self.house.set_clock(LATER)
        self._arrives("【CCER注销记录】河北省 2021-11-26")

    def _prove(self) -> None:
        raw, sender = _proof()
        self.house.send(raw, sender)
        self._arrives("注销截图回执")

    def _credit(self) -> None:
        self._import("credits", LATER)
        self._import("surrenders", LATER)

    def _import(self, kind: RegistryKind, until: str) -> None:
        directory = self.house.directory / "later"
        file = data.write_registry(directory, (kind,))[kind]
        self.house.run("registry", "import", kind, str(file), "--until", until)

    def settled(self) -> bool:
        """Whether every letter about the case, and every digest, is noted as sent."""
        case = json.loads(self.house.run("case", "show", self.number, "--json"))
        listed = self.house.run("digest", "list", "--json").splitlines()
        states = {one["state"] for one in case["letters"]}
        return states | {json.loads(line)["delivery"] for line in listed} == {"sent"}

    def outcome(self) -> Outcome:
        """What is left, once the tree has ended."""
        proof = json.loads(self.house.run("verify", "--json"))
        assert proof["problems"] == []
        case = json.loads(self.house.run("case", "show", self.number, "--json"))
        listed = self.house.run("digest", "list", "--json").splitlines()
        digests = tuple(sorted(map(json.loads, listed), key=lambda one: str(one["key"])))
        different = dict(zip(self.sink.deliveries(), self.sink.subjects(), strict=True))
        subjects = tuple(sorted(different.values()))
        return Outcome(case, digests, frozenset(different), subjects, proof["counts"])

    def again(self) -> int:
        """How many letters came once more under the Message-ID that they had."""
        return sum(count - 1 for count in Counter(self.sink.deliveries()).values())

    def alike(self) -> bool:
        """Whether what came more than once was the same each time."""
        found: dict[str, set[bytes]] = {}
        for (message_id, _), (_, raw) in zip(self.sink.deliveries(), self.sink.raw, strict=True):
            found.setdefault(message_id, set()).add(raw)
        return all(len(one) == 1 for one in found.values())
