"""A mailbox server that is away for minutes, at the limits of real use; prints the figures."""

import os
import resource
import statistics
import time
from collections.abc import Iterator

import pytest

from mailer.watcher import Limits
from store import Store
from tests.mailer.dovecot import BINARY, Dovecot
from tests.mailer.test_watcher import account, bodies, dovecot, mail, running, store, until

__all__ = ["dovecot", "store"]
if BINARY is None and not os.environ.get("CI"):
    pytest.skip("no dovecot here: apt-get install dovecot-imapd", allow_module_level=True)

AWAY = 90.0
"""Seconds: longer than any wait between two tries."""
BACK = 60.0
"""Seconds within which the watcher must be at work again."""
SEEN = 1.0
"""Seconds from a mail's delivery to its commit here, at most."""


def spent() -> float:
    """CPU seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def away() -> float:
    """The share of a core that is used while the server is away."""
    began = spent()
    time.sleep(AWAY)
    return (spent() - began) / AWAY


@pytest.fixture
def numbers() -> Iterator[int]:
    return iter(range(1, 1000))


def taken(store: Store, server: Dovecot, number: int) -> float:
    """Deliver one mail; seconds until it is committed here."""
    server.deliver(mail(number))
    return until(lambda: mail(number) in bodies(store), BACK)


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_mailbox_server_that_is_away(
    dovecot: Dovecot, store: Store, numbers: Iterator[int]
) -> None:
    with running(store, account(dovecot), Limits()) as watching:
        until(lambda: watching.last_good_poll is not None)
        time.sleep(1)
        waits = []
        for _ in range(20):
            waits.append(taken(store, dovecot, next(numbers)))
            time.sleep(0.5)
        assert max(waits) < SEEN
        dovecot.kill()
        killed = away()
        dovecot.start()
        back = taken(store, dovecot, next(numbers))
        dovecot.freeze()
        frozen = away()
        dovecot.thaw()
        thawed = taken(store, dovecot, next(numbers))
        for _ in range(5):
            dovecot.kill()
            dovecot.start()
            dovecot.deliver(mail(next(numbers)))
        count = next(numbers) - 1
        until(lambda: len(bodies(store)) == count, BACK)
    assert bodies(store) == sorted(mail(number) for number in range(1, count + 1))
    assert max(killed, frozen) < 0.02
    print(
        f"{count} mails, none lost, none twice; seen after {statistics.median(waits):.2f} s, "
        f"at most {max(waits):.2f} s; CPU while killed {killed:.2%}, while frozen {frozen:.2%}; "
        f"back {back:.1f} s after the restart, {thawed:.1f} s after the thaw"
    )
