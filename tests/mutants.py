"""Mutation testing in one session of pytest (`make mutate`).

``python -m tests.mutants`` lets mutmut make the mutants, in `mutants/`, where this is a plugin of
pytest then. mutmut's own runner starts pytest anew for each. Here the tests are collected
once and run once, to see which goes through which function, and each mutant is tried in a fork that
runs the tests of its function, the quickest first, until one fails.
"""

import gc
import json
import os
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from itertools import groupby
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state

SECONDS = 20
"""Of a processor, for one mutant: it loops for ever."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--mutants", default="*", help="patterns, as procedure.uscc.*")


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Instead of running the tests: try the mutants, and list those that live."""
    through = _through(session.items)
    gc.freeze()
    with Path("survivors.txt").open("w", encoding="utf-8") as survivors:
        mutants = _mutants(session.config.getoption("--mutants"))
        for module, of_module in groupby(mutants, key=lambda name: name.rpartition(".")[0]):
            found: Counter[str] = Counter()
            for mutant in of_module:
                fate = _fate(mutant, through[mutant.rpartition("__mutmut_")[0]])
                found[fate] += 1
                if fate != "killed":
                    print(f"{fate}: {mutant}", file=survivors, flush=True)
            print(f"{module}: {found.total()} mutants, {dict(found)}", file=sys.__stderr__)
    return True


def _through(items: Iterable[pytest.Item]) -> dict[str, list[pytest.Item]]:
    """Function → the tests that run through it, the quickest first."""
    found: dict[str, list[tuple[float, int, pytest.Item]]] = defaultdict(list)
    set_mutant_under_test("stats")
    for number, item in enumerate(items):
        _forget()
        begin = time.perf_counter()
        reports = runtestprotocol(item, log=False, nextitem=None)
        assert not any(one.failed for one in reports), f"{item.nodeid} fails without a mutant"
        for function in state()._stats:
            found[function].append((time.perf_counter() - begin, number, item))
        state()._stats.clear()
    chosen = {name: [item for *_, item in sorted(tests)] for name, tests in found.items()}
    return defaultdict(list, chosen)


def _forget() -> None:
    """What functions of the procedure remember of the tests before."""
    for name, module in list(sys.modules.items()):
        if name.startswith("procedure."):
            for one in vars(module).values():
                if hasattr(one, "cache_clear"):
                    one.cache_clear()


def _mutants(patterns: str) -> Iterator[str]:
    for path in sorted(Path("procedure").glob("*.meta")):
        known = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        yield from (one for one in known if any(fnmatch(one, each) for each in patterns.split()))


def _fate(mutant: str, items: Iterable[pytest.Item]) -> str:
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        set_mutant_under_test(mutant)
        _forget()
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


def make() -> None:
    """Mutants of what `pyproject.toml` names, with all that the tests need beside them."""
    from mutmut import __main__ as mutmut
    from mutmut.utils import file_utils

    set_mutant_under_test("mutant_generation")
    Path("mutants").mkdir(exist_ok=True)
    file_utils.copy_src_dir()
    file_utils.copy_also_copy_files()
    file_utils.setup_source_paths()
    mutmut.store_lines_covered_by_tests()
    mutmut.create_mutants(1)


if __name__ == "__main__":
    make()
