"""Random cycles against a simple model: each event in exactly one digest, whatever happens."""

import random
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.casework.made import at
from tests.casework.simulation import DECISIONS, FIRMS, World

START, END = at("2021-10-26 08:00"), at("2021-12-20 20:00")
MINUTE = timedelta(minutes=1)


class Chance:
    """Random steps in a world; one seed is one history."""

    def __init__(self, directory: Path, seed: int) -> None:
        self.random = random.Random(seed)
        self.world = World(directory)

    def run(self, steps: int = 120) -> None:
        """From the first day to some days after the last one."""
        span = (END - START) / steps
        for number in range(steps):
            wanted = START + number * span + self.random.random() * span
            self.world.office.clock.moment = max(wanted, self._stepped())
            self._one()
        self.world.finish(END)

    def _stepped(self) -> datetime:
        """Now and then the clock is set back by some minutes."""
        back = self.random.randrange(90) if self._often(0.1) else 0
        return self.world.now - back * MINUTE

    def _often(self, share: float) -> bool:
        return self.random.random() < share

    def _one(self) -> None:
        world = self.world
        step = self.random.choice(
            (self._mail, self._mail, self._decide, self._decide, self._cancel, self._import,
             self._import, world.pass_, world.pass_, world.pass_, world.restart, world.toggle)
        )  # fmt: skip
        step()

    def _mail(self) -> None:
        firm, tonnes = self.random.choice(FIRMS), self.random.randrange(1, 5_000)
        self.world.mail(firm, tonnes, unread=self._often(0.3), began=self._began())

    def _decide(self) -> None:
        if cases := self.world.office.cases():
            act = self.random.choice(("confirm", *DECISIONS))
            case_no, application = self.random.choice(cases), self.random.choice((1, 1, 2))
            self.world.decide(act, case_no, application, began=self._began())

    def _began(self) -> timedelta:
        """Some transactions began long before they commit: their events are of an older moment."""
        return self.random.randrange(1, 45) * MINUTE if self._often(0.2) else timedelta(0)

    def _cancel(self) -> None:
        ago, firm = self.random.randrange(3_000) * MINUTE, self.random.choice(FIRMS)
        status = "处理中" if self._often(0.2) else "已完成"
        self.world.cancel(firm, self.random.randrange(1, 4_000), ago, status)
        if self._often(0.3):
            self.random.choice(self.world.records).status = "已完成"

    def _import(self) -> None:
        self.world.import_(self.random.choice((0, 0, 30, 200, 1_500)) * MINUTE)


def history(directory: Path, seed: int) -> Counter[str]:
    chance = Chance(directory, seed)
    chance.run()
    counts = chance.world.check()
    chance.world.office.close()
    return counts


@pytest.mark.parametrize("seed", range(3))
def test_every_event_is_in_exactly_one_digest(tmp_path: Path, seed: int) -> None:
    assert history(tmp_path, seed)["rows"] > 20


@pytest.mark.soak
def test_two_hundred_histories(tmp_path: Path) -> None:
    total: Counter[str] = Counter()
    for seed in range(100, 300):
        (tmp_path / str(seed)).mkdir()
        total += history(tmp_path / str(seed), seed)
    print(dict(total))
    assert min(total["late"], total["supplements"]) > 0
