"""kill -9 between any two steps of the road, then a restart: the case ends the same.

One receipt, one digest, one Message-ID for each letter. A letter may arrive once more under the
Message-ID that it had: where the tree died between the relay's 250 and the note of it nobody can
know better (docs/architecture.md). How many did is printed.
"""

import random
from pathlib import Path

import pytest

from tests.crash.conftest import Undisturbed, travelled

SEED = 20211126
SAMPLE = 1
POINTS = 30
"""Kill points of the long run."""
ALONE = 12
"""Kill points of the long run where one process dies alone and the tree starts it again."""


def spread(moments: int, count: int, seed: int) -> list[int]:
    """``count`` different moments from all over the road, the last few left out."""
    step = (moments - 2) / count
    chance = random.Random(seed)
    return [1 + int(n * step + chance.uniform(0, step)) for n in range(count)]


def killed_at(
    moment: int, whole: Undisturbed, directory: Path, *, alone: bool = False
) -> tuple[str, int]:
    """Die there, end the same; where it was and how many letters came again."""
    with travelled(directory, whole.template, moment, alone=alone) as road:
        road.go()
        road.house.until(lambda: whole.outcome.letters <= set(road.sink.deliveries()))
        road.house.until(lambda: bool(road.house.killed()), 30)
        # It may have died with the last letter handed over and not noted: it goes on from there.
        road.house.until(road.settled)
        where = road.house.killed()
        road.house.stop()
        assert road.outcome().unlike(whole.outcome) == [], where
        assert road.alike(), where
        return where, road.again()


def test_the_undisturbed_road_is_whole(undisturbed: Undisturbed) -> None:
    found = undisturbed.outcome
    assert found.case["stage"] == "surrendered"
    assert len(undisturbed.moments) > POINTS
    assert sum("受理回执" in one for one in found.subjects) == 1
    assert sum("周汇总 河北省 第5周" in one for one in found.subjects) == 1
    # Once to the province's mailbox, once to CRC.
    assert sum("【CCER注销记录】河北省" in one for one in found.subjects) == 2


@pytest.mark.timeout(300)
@pytest.mark.parametrize("number", range(SAMPLE))
def test_a_kill_changes_nothing(undisturbed: Undisturbed, tmp_path: Path, number: int) -> None:
    moment = spread(len(undisturbed.moments), SAMPLE, SEED)[number]
    where, again = killed_at(moment, undisturbed, tmp_path / "road")
    assert again <= 1, where


@pytest.mark.soak
@pytest.mark.parametrize("alone", [False, True], ids=["tree", "process"])
def test_crash_at_every_step(undisturbed: Undisturbed, tmp_path: Path, alone: bool) -> None:
    total = len(undisturbed.moments)
    repeated = 0
    places: set[str] = set()
    moments = spread(total, ALONE if alone else POINTS, SEED + alone)
    for number, moment in enumerate(moments, 1):
        where, again = killed_at(moment, undisturbed, tmp_path / str(moment), alone=alone)
        repeated, places = repeated + again, places | {where}
        print(f"[{number}/{len(moments)}] killed {where} (moment {moment} of {total})", flush=True)
    letters = len(undisturbed.outcome.letters)
    print(
        f"{len(moments)} kills at {len(places)} different places: every case ended the same, "
        f"{len(moments) * letters} letters arrived, {repeated} of them once more under the same "
        "Message-ID, none under another"
    )
    assert repeated <= len(moments)
