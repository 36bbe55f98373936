"""A reading process ends with the process that started it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from clerk.readers import POLITE

ROOT = Path(__file__).parents[2]
_PARENT = """
import time
from clerk.readers import Readers
from tests.clerk.lifeline_reader import who

if __name__ == "__main__":
    readers = Readers(None, read=who)
    print(readers.read(b"", "")[0], flush=True)
    time.sleep(600)
"""


def _is_there(process: int) -> bool:
    """Whether a process runs (one that ended and was not waited for runs no more)."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_the_reading_process_ends_with_one_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(_PARENT, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert _is_there(child)
        # And it lets whoever answers a person or a mail server go first.
        own = os.getpriority(os.PRIO_PROCESS, 0)
        assert os.getpriority(os.PRIO_PROCESS, child) == min(own + POLITE, 19)
        parent.send_signal(signal.SIGKILL)
    end = time.monotonic() + 30
    while _is_there(child) and time.monotonic() < end:
        time.sleep(0.05)
    left = _is_there(child)
    if left:
        os.kill(child, signal.SIGKILL)
    assert not left
