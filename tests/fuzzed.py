"""How long the long runs of damaged input go on: counted in work, not in waiting."""

import os
from collections.abc import Callable

SECONDS = 600.0
"""Of processor time, of the test and of the programs that it ran to their end."""
FIRST = 1_000
"""Seed of the first input: the samples in `make test` have those below."""


def worked() -> float:
    """Seconds of processor time so far. Others at work on the machine do not shorten a run."""
    return sum(os.times()[:4])


def ten_minutes(once: Callable[[int], object]) -> int:
    """Call ``once`` with one seed after the other; how many."""
    end, seed = worked() + SECONDS, FIRST
    while worked() < end:
        once(seed)
        seed += 1
    return seed - FIRST
