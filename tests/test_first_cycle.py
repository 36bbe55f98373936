"""The whole first cycle, day by day: real mail in and out, a clerk that serves, a stepped clock.

Once undisturbed, once with kill -9 at random moments and two evenings on which nobody runs. Each
event is told once, and both times the letters are the same.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.firstcycle import model, papers
from tests.firstcycle.house import CycleHouse
from tests.firstcycle.letters import Digests, Letters
from tests.firstcycle.plan import (
    ASKED,
    DAY,
    DEADLINE,
    DECIDED,
    END,
    EVENING,
    FIRST,
    MORNING,
    Decided,
    Form,
    Plan,
    Proof,
    make,
    moment,
)
from tests.firstcycle.prepared import Prepared
from tests.sink import Sink

STAFF = "陈示例"
DOWN = (date(2021, 11, 19), date(2021, 12, 2))
"""Evenings on which nobody runs; the first one is a Friday."""
BACK = time(19)
SEED = 7


class Cycle:
    """A plan as it is played to one installation."""

    def __init__(
        self, plan: Plan, house: CycleHouse, mails: Prepared, down: tuple[date, ...] = ()
    ) -> None:
        self.plan = plan
        self.house = house
        self.prepared = mails
        self.down = down
        self.weekly = {due.date() for _, _, due in model.weeks()}

    def furnish(self) -> None:
        """The day before: the registry's lists are there, and somebody who decides."""
        self.house.command("init")
        for kind, data in papers.lists(self.plan).items():
            self._import(kind, data)
        served = [one.prefix for one in self.plan.provinces]
        self.house.command("person", "invite", STAFF, "reviewer", *served)
        self.house.start()

    def play(self) -> None:
        """From the first day to two days after the last one, and the year's end."""
        day = FIRST
        while day <= DEADLINE + 2 * DAY:
            self._mails(moment(day, MORNING))
            self._decisions(moment(day, DECIDED))
            self._evening(day)
            self._mails(moment(day, EVENING))
            day += DAY
        self.house.to(moment(END, BACK))

    def _mails(self, at: datetime) -> None:
        mails: list[Form | Proof] = [one for one in self.plan.forms if one.at == at]
        mails += [one for one in self.plan.proofs if one.at == at]
        if not mails:
            return
        self.house.to(at)
        for number, one in enumerate(mails):
            # In the order of receipt cases get their numbers.
            self.house.clock_to(at + timedelta(seconds=number))
            self.house.post(self.prepared.raw(one), one.firm.email)
        self.house.rest()

    def _decisions(self, at: datetime) -> None:
        decisions = [one for one in self.plan.decisions if one.at == at]
        if not decisions:
            return
        self.house.to(at)
        numbers = self.house.numbers()
        for one in decisions:
            self._decide(one, numbers[one.firm.company.name])
        self.house.rest()

    def _decide(self, one: Decided, number: str) -> None:
        act = "correct" if one.act == "seal" else one.act
        more = {
            "return": ("--reason", "超过上限，请核减后重新报送。"),
            "revoke": ("--reason", "重新核对"),
            "correct": ("contact", "陈更正"),
            "seal": ("seal", one.firm.company.name),
            "accept-proof": ("1", "--note", "已核对盖章原件"),
        }.get(one.act, ())
        if one.act != "accept-proof":
            more = (*more, "--application", str(one.application))
        self.house.command("case", act, number, *more, "--as", STAFF)

    def _evening(self, day: date) -> None:
        """The weekly summary where one is due, the import, the daily records."""
        if day in self.down:
            self.house.kill()
        if day in self.weekly:
            self.house.to(moment(day, time(17, 1)))
        asked = moment(day, ASKED)
        self.house.to(asked)
        rows = [one for one in self.plan.records if one.asked == day]
        self._import("cancellations", papers.cancellations(rows), "--until", asked.isoformat())
        self.house.to(asked + timedelta(minutes=1))
        if day in self.down:
            # It must not start while it could still be in time.
            self.house.clock_to(moment(day, BACK))
            self.house.start()
            self.house.to(moment(day, BACK))

    def _import(self, kind: str, data: bytes, *more: str) -> None:
        file = self.house.directory / f"{kind}.csv"
        file.write_bytes(data)
        self.house.command("registry", "import", kind, str(file), *more)


@contextmanager
def played(
    directory: Path, plan: Plan, mails: Prepared, kills: dict[int, list[float]],
    down: tuple[date, ...] = (),
) -> Iterator[tuple[CycleHouse, Letters]]:  # fmt: skip
    """A whole cycle; the installation is still there."""
    directory.mkdir()
    sink = Sink()
    sink.start()
    begin = moment(FIRST - DAY, time(9))
    house = CycleHouse(directory, sink, begin, plan.provinces, mails.folder, kills)
    cycle = Cycle(plan, house, mails, down)
    try:
        cycle.furnish()
        cycle.play()
        house.stop()
        house.command("verify", "--json")
        yield house, Letters.of(sink)
    finally:
        house.bury()
        sink.stop()


def told_once(plan: Plan, letters: Letters) -> None:
    """Every digest once, every event in exactly the digest that it belongs to."""
    found = Digests.of(letters)
    assert found.regular == model.regular(plan)
    meant = model.expected(plan)
    assert found.rows - meant == Counter(), "told and not to be told, or twice"
    assert meant - found.rows == Counter(), "not told"


def both_alike(directory: Path, plan: Plan, kills: int, workers: int = 1) -> None:
    """Undisturbed, then with kills and downtimes."""
    mails = Prepared.of(plan, directory / "mails", workers)
    with played(directory / "calm", plan, mails, {}) as (house, letters):
        told_once(plan, letters)
        assert letters.again == letters.late() == 0
        calm, lasted = letters, house.lasted
    deaths = scattered(kills, lasted)
    with played(directory / "stormy", plan, mails, deaths, DOWN) as (house, letters):
        assert house.killed == kills
        told_once(plan, letters)
        assert letters.unlike(calm) == []
        # Of two evenings a daily mail to each province and to CRC and CRC's file; Friday's summary.
        assert letters.late() == 2 * (2 * len(plan.provinces) + 1) + len(plan.provinces)
        print(f"{len(calm.raw)} letters alike, {kills} kills, {letters.again} came once more")


def scattered(kills: int, lasted: list[float]) -> dict[int, list[float]]:
    """At random moments of all that the undisturbed run took: step → seconds after its begin."""
    chance = Random(SEED)
    found: dict[int, list[float]] = {}
    for index in chance.choices(range(len(lasted)), lasted, k=kills):
        found.setdefault(index + 1, []).append(chance.uniform(0, lasted[index]))
    return {step: sorted(moments) for step, moments in found.items()}


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_first_cycle_of_a_tenth(tmp_path: Path) -> None:
    both_alike(tmp_path, make(entities=216, provinces=2), kills=20)


# All 32 provinces have 1,900 digests whatever the entities are: too much for `make test`.
@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_first_cycle_of_a_tenth_in_all_provinces(tmp_path: Path) -> None:
    both_alike(tmp_path, make(entities=216), kills=20)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_first_cycle_whole(tmp_path: Path) -> None:
    both_alike(tmp_path, make(entities=2_162), kills=200, workers=2)
