"""Mutation testing in one session of pytest (`make mutate`): a plugin, loaded in `mutants/`.

mutmut makes the mutants and notes which tests run through which function; its own runner starts
pytest anew for each mutant. Here the tests are collected once, and each mutant is tried in a fork
that runs the tests of its function, the quickest first, until one fails.
"""

import json
import os
import resource
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from mutmut.mutation.trampoline import set_mutant_under_test

SECONDS = 20
"""Of a processor, for one mutant: it loops for ever."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--mutants", default="*", help="which, as a pattern: procedure.uscc.*")


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Instead of running the tests: try the mutants, and list those that live."""
    pattern = session.config.getoption("--mutants")
    stats = json.loads(Path("mutmut-stats.json").read_text(encoding="utf-8"))
    items = sorted(
        session.items, key=lambda one: stats["duration_by_test"].get(_origin(one.nodeid), 0)
    )
    through = {name: set(tests) for name, tests in stats["tests_by_mangled_function_name"].items()}
    found: Counter[str] = Counter()
    with Path("survivors.txt").open("w", encoding="utf-8") as survivors:
        for mutant in _mutants(pattern):
            tests = through.get(mutant.rpartition("__mutmut_")[0], set())
            fate = _fate(mutant, [one for one in items if _origin(one.nodeid) in tests])
            found[fate] += 1
            if fate != "killed":
                print(fate, mutant, file=survivors, flush=True)
    print(f"{sum(found.values())} mutants: {dict(found)}", file=sys.__stderr__)
    return True


def _origin(nodeid: str) -> str:
    return nodeid.removeprefix("mutants/")


def _mutants(pattern: str) -> Iterator[str]:
    for path in sorted(Path("procedure").glob("*.meta")):
        known = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        yield from (one for one in known if fnmatch(one, pattern))


def _fate(mutant: str, items: Iterable[pytest.Item]) -> str:
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        set_mutant_under_test(mutant)
        os._exit(_tried(items))
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return {0: "survived", 2: "not covered"}.get(status, "killed")


def _tried(items: Iterable[pytest.Item]) -> int:
    """0 where it lives, 1 where a test fails, 2 where none runs through it."""
    status = 2
    for item in items:
        reports = runtestprotocol(item, log=False, nextitem=None)
        if any(one.failed for one in reports):
            return 1
        status = 0
    return status
