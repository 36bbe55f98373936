"""Random cycles against a simple model: each event in exactly one digest, whatever happens."""

from collections import Counter
from pathlib import Path

import pytest

from tests.casework.simulation import World


def history(directory: Path, seed: int) -> Counter[str]:
    world = World(directory, seed)
    world.run()
    counts = world.check()
    world.office.close()
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
