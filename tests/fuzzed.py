"""Damaged input: what may come of it, and how long the long runs go on, in work done."""

import os
import time
from collections.abc import Callable

SECONDS = 600.0
"""Of processor time, of the test and of the programs that it ran to their end."""
SLOW = 20
"""Of the same, within which a single input is read or refused."""
FIRST = 1_000
"""Seed of the first input: the samples in `make test` have those below."""


def worked() -> float:
    """Seconds of processor time so far. Others at work on the machine do not shorten a run."""
    return sum(os.times()[:4])


def read_or_refused(read: Callable[[], object], refusal: type[Exception], what: str) -> None:
    """Nothing but ``refusal`` may come of damaged input, and that soon; ``what`` names it."""
    started = time.process_time()
    try:
        read()
    except refusal:
        pass
    except Exception as error:
        error.add_note(what)
        raise
    assert time.process_time() - started < SLOW, what


def ten_minutes(once: Callable[[int], object]) -> int:
    """Call ``once`` with one seed after the other; how many."""
    end, seed = worked() + SECONDS, FIRST
    while worked() < end:
        once(seed)
        seed += 1
    return seed - FIRST
