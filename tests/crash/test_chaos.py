"""PostgreSQL, two listeners and several workers, killed and restarted at random under load.

Nothing accepted is lost, nothing is answered twice, a message whose worker died is at work again
within half a minute, and the whole verifies. A sample in `make test`, the long run in
`make soak PART=chaos`.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.crash import chaos
from tests.crash.chaos import Chaos
from tests.crash.load import Load, answers, mail
from tests.crash.papers import application
from tests.house import until
from tests.postgres.cluster import Cluster
from tests.sink import Sink

AGAIN_WITHIN = 30
"""Seconds until a dead worker's message is at work again."""
SEED = 7


@pytest.fixture
def sink() -> Iterator[Sink]:
    opened = Sink()
    opened.start()
    yield opened
    opened.stop()


def _mail(number: int) -> bytes:
    """Every eighth brings a form."""
    return application(number) if number % 8 == 7 else mail(number)


def _whole(house: Chaos, sink: Sink, posted: int, seconds: float) -> str:
    """All of it once, and no more; the counts as text."""

    def answered() -> bool:
        house.look()
        house.revive()
        house.skip_pauses()
        return len(answers(sink)) == posted and not house.orphans

    until(answered, seconds, lambda: _unanswered(house, sink, posted))
    proof = json.loads(house.run("verify", "--json"))
    assert proof["problems"] == []
    assert proof["counts"]["messages"] == posted
    assert proof["counts"]["cases"] == sum(number % 8 == 7 for number in range(posted))
    assert [one for one, given in answers(sink).items() if len(given) != 1] == []
    again = len(sink.raw) - len({message_id for message_id, _ in sink.deliveries()})
    longest = max(house.toll.waited, default=0)
    assert longest < AGAIN_WITHIN
    return (
        f"{posted} mails there once, answered once ({again} answers again under their Message-ID);"
        f" kills {house.toll.kills}, {house.toll.restarts} restarts of the server;"
        f" {len(house.toll.waited)} messages of dead workers at work again, the last after"
        f" {longest:.1f} s"
    )


def _unanswered(house: Chaos, sink: Sink, posted: int) -> str:
    found = answers(sink)
    silent = [one for one in range(posted) if f"<load.{one}@163.example>" not in found]
    return f"for answers to {silent}; not done:\n{house.missing()}"


def _played(house: Chaos, sink: Sink, mails: int, steps: Sequence[str], patience: float) -> None:
    with house, Load(house.ports, make=_mail) as load:
        chaos.run(house, load, mails, steps, SEED)

        def settled() -> bool:
            house.revive()
            return load.settled

        until(settled, patience, lambda: load.unsettled)
        assert set(load.refused) <= {0, 421, 451}, load.refused
        print(f"chaos: {_whole(house, sink, mails, patience)}; refused {dict(load.refused)}")


@pytest.mark.timeout(280)
def test_a_sample_of_chaos(tmp_path: Path, cluster: Cluster, server_url: str, sink: Sink) -> None:
    house = Chaos(tmp_path, sink, cluster, server_url, workers=2)
    _played(house, sink, 16, ["at work", "restart", "at work"], patience=120)
    assert house.toll.waited, "no worker was killed at work: the sample shows nothing"


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_chaos(tmp_path: Path, cluster: Cluster, server_url: str, sink: Sink) -> None:
    house = Chaos(tmp_path, sink, cluster, server_url, workers=3)
    steps = chaos.plan(kills=100, restarts=3, seed=SEED)
    _played(house, sink, 2000, steps, patience=2000)
