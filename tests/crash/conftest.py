"""What the crash runs share: an installation made once, and the road as it ends undisturbed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.crash import road
from tests.crash.mortal import MortalHouse
from tests.crash.road import Outcome, Road
from tests.sink import Sink

QUIET = 2.0
"""Seconds without a letter after which the undisturbed road is at its end."""


@dataclass(frozen=True)
class Undisturbed:
    """The road that nothing happened on."""

    outcome: Outcome
    moments: tuple[str, ...]
    template: Path


@contextmanager
def travelled(
    directory: Path, template: Path, at: int = 0, *, alone: bool = False
) -> Iterator[Road]:
    """A road with an installation of its own, ended whatever happens."""
    directory.mkdir(parents=True)
    sink = Sink()
    sink.start()
    house = MortalHouse(directory, sink, road.MORNING, at, alone=alone)
    house.furnish(template)
    try:
        yield Road(house, sink)
    finally:
        house.bury()
        sink.stop()


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    template = road.furnish(tmp_path_factory.mktemp("template"))
    with travelled(tmp_path_factory.mktemp("undisturbed") / "road", template) as whole:
        whole.go()
        _until_quiet(whole.sink)
        moments = tuple(whole.house.places())
        whole.house.stop()
        outcome = whole.outcome()
        assert whole.again() == 0
        return Undisturbed(outcome, moments, template)


def _until_quiet(sink: Sink) -> None:
    known = -1
    while len(sink.raw) != known:
        known = len(sink.raw)
        time.sleep(QUIET)
