"""What happens to parts that end: started again, sooner or later, or the whole tree ends."""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from clerk import cli, tree
from clerk.tree import Child, PartRefuses, grow, watch_over
from store.errors import AlreadyServing
from tests.house import until

ROOT = Path(__file__).parents[2]
PAUSE = re.compile(r"ended with (-?\d+), starting it again in ([\d.]+) s")


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "POLL", 0.01)
    monkeypatch.setattr(tree, "RESTART", 0.01)
    monkeypatch.setattr(tree, "LONGEST_PAUSE", 0.05)


def _programs(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """Each start runs the next of these programs, and the last one for ever."""
    left = list(lines)

    def command_of(_part: str, _config: Path | None) -> list[str]:
        return [sys.executable, "-S", "-c", left.pop(0) if len(left) > 1 else left[0]]

    monkeypatch.setattr(tree, "command_of", command_of)


@contextmanager
def _watched(ends: list[int], *names: str) -> Iterator[dict[str, Child]]:
    """Parts under watch; ``ends`` gets the ids of the processes that ended."""
    stop, parts = threading.Event(), dict(grow(names or ["x"], None))
    watch = threading.Thread(target=watch_over, args=(parts, ends.append, stop))
    watch.start()
    try:
        yield parts
    finally:
        stop.set()
        watch.join(30)
        assert not watch.is_alive()


def _pauses(caplog: pytest.LogCaptureFixture) -> list[tuple[int, float]]:
    found = [PAUSE.search(one) for one in caplog.messages]
    return [(int(one[1]), float(one[2])) for one in found if one]


def test_a_data_directory_that_is_no_more_ends_the_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real part, which says so itself; nobody starts it for ever."""
    monkeypatch.setenv("CLERK_DATA__DIRECTORY", str(tmp_path / "gone"))
    ends: list[int] = []
    with pytest.raises(PartRefuses, match=r"all parts \(timetable\) ended 3 times"):
        watch_over(grow(["timetable"], None), ends.append, threading.Event())
    assert len(set(ends)) == tree.MOST_REFUSALS


def test_one_part_that_refuses_never_ends_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """A chat token that was revoked must not stop the mail."""
    _programs(monkeypatch, "import time; time.sleep(600)", "raise SystemExit(2)")
    ends: list[int] = []
    with _watched(ends, "long", "short") as parts:
        until(lambda: len(ends) > 2 * tree.MOST_REFUSALS)
        assert parts["short"].refuses
        assert parts["long"].alive()


def test_a_start_that_the_system_refuses_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    programs = ["raise SystemExit(1)", "import time; time.sleep(600)"]
    _programs(monkeypatch, *programs)
    with _watched([]) as parts:
        monkeypatch.setattr(sys, "executable", "/nowhere/python")
        until(lambda: "part x could not be started" in caplog.messages)
        monkeypatch.undo()
        _programs(monkeypatch, programs[1])
        until(parts["x"].alive)


def test_a_part_that_fails_for_a_while_is_started_less_and_less_often(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The database may be away for an hour: the tree stands, and comes back with it."""
    _programs(monkeypatch, *["raise SystemExit(1)"] * 5, "import time; time.sleep(600)")
    ends: list[int] = []
    with _watched(ends) as parts:
        until(lambda: len(ends) == 5 and parts["x"].alive())
    assert _pauses(caplog) == [(1, 0.01), (1, 0.02), (1, 0.04), (1, 0.05), (1, 0.05)]
    assert len(set(ends)) == 5


def test_two_refusals_and_another_failure_between_end_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    programs = [
        "raise SystemExit(2)",
        "raise SystemExit(2)",
        "raise SystemExit(1)",
        "raise SystemExit(2)",
        "raise SystemExit(2)",
    ]
    _programs(monkeypatch, *programs, "import time; time.sleep(600)")
    ends: list[int] = []
    with _watched(ends) as parts:
        until(lambda: len(ends) == 5 and parts["x"].alive())
    assert [status for status, _ in _pauses(caplog)] == [2, 2, 1, 2, 2]


def _ended(ends: list[int], parts: int) -> bool:
    return len(ends) >= parts


def test_a_killed_part_is_started_again_at_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    _programs(monkeypatch, "import time; time.sleep(600)")
    ends: list[int] = []
    with _watched(ends) as parts:
        for number in range(3):
            until(parts["x"].alive, pause=0.01)
            parts["x"].process.kill()
            until(partial(_ended, ends, number + 1), pause=0.01)
    assert _pauses(caplog) == [(-9, 0.01)] * 3


def test_a_part_that_ran_long_begins_anew(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tree, "QUICK", 0.0)
    _programs(monkeypatch, *["raise SystemExit(2)"] * 4, "import time; time.sleep(600)")
    ends: list[int] = []
    with _watched(ends) as parts:
        until(lambda: len(ends) == 4 and parts["x"].alive())
    assert _pauses(caplog) == [(2, 0.01)] * 4


def test_a_part_that_does_not_end_is_killed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As one does that reads a long document."""
    monkeypatch.setattr(tree, "PATIENCE", 0.2)
    ready = tmp_path / "ready"
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); "
    _programs(monkeypatch, f"{deaf}open({str(ready)!r}, 'w').close(); time.sleep(600)")
    with _watched([]) as parts:
        until(ready.exists)
    assert parts["x"].process.returncode == -9
    assert "did not end in 0.2 s" in caplog.text


def test_all_parts_are_told_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    _programs(monkeypatch, "import time; time.sleep(600)")
    with _watched([]) as parts:
        until(parts["x"].alive)
        time.sleep(0.05)
    assert parts["x"].process.returncode == -15
    assert isinstance(parts["x"].process, subprocess.Popen)


@pytest.mark.parametrize("asked", [(), ("--refused", "78")])
def test_a_tree_that_refuses_ends_as_no_start_mends(
    asked: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The status that the unit of systemd stops at; that of a tree still there is another."""

    def refuses(*_: object) -> None:
        raise PartRefuses("all parts end")

    def there_already(*_: object) -> None:
        raise AlreadyServing("another tree")

    monkeypatch.setattr("clerk.commands.serve.house_of", lambda _: SimpleNamespace(settings=None))
    monkeypatch.setattr("clerk.commands.serve.logs.set_up", lambda _: None)
    for ends, status in ((refuses, int(asked[-1]) if asked else 2), (there_already, 2)):
        monkeypatch.setattr("clerk.commands.serve.serving.serve", ends)
        with pytest.raises(SystemExit) as end:
            cli.main(["serve", *asked])
        assert end.value.code == status
    assert len(capsys.readouterr().err.splitlines()) == 2
    unit = (ROOT / "ops" / "systemd" / "ccer-clerk.service").read_text(encoding="utf-8")
    assert "clerk serve --refused 78\n" in unit
    assert "RestartPreventExitStatus=78\n" in unit
