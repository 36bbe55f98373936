"""kill -9 at any moment: what was said to be durable is there, the rest never happened."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from store import Store, schema, upgrade
from store.verify import counts, verify
from tests.store.helpers import CLOCK, left, tomorrow

_UPLOAD = """
import os, signal, sys
from store import Store
from tests.store.helpers import CLOCK, envelope
store = Store.open(sys.argv[1], CLOCK)
def pieces():
    for n in range(4):
        yield os.urandom(1 << 20)
    os.kill(os.getpid(), signal.SIGKILL)
store.take(envelope(), pieces())
"""

_WORK = """
import os, sys
from store import Store
from tests.store.helpers import CLOCK, case_with_event, envelope, letter
store = Store.open(sys.argv[1], CLOCK)
run = sys.argv[2]
for n in range(100_000):
    size = 3_000_000 if n % 3 == 2 else 20_000
    raw = os.urandom(size)
    taken = store.take(envelope(f"{run}-{n}"), raw if n % 2 else iter([raw]))
    print(taken.message_id, flush=True)
    case_with_event(store, f"{run}-{n}")
    with store.write() as tx:
        tx.outbox.intend(letter(f"{run}-{n}"))
        tx.tray.put(taken.message_id, "", "damaged", "", CLOCK.now())
"""

_UPGRADE = """
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
seen = []
@event.listens_for(Engine, "after_cursor_execute")
def count(connection, cursor, statement, *rest):
    seen.append(statement)
    if sum("CREATE TABLE" in one for one in seen) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
from store import upgrade
upgrade(sys.argv[1])
"""


def _python(code: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _killed(code: str, *arguments: str) -> None:
    process = _python(code, *arguments)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL


def test_an_upload_killed_halfway_is_invisible_and_swept(store: Store) -> None:
    _killed(_UPLOAD, store.url)
    with store.read() as tx:
        assert tx.messages.ids() == []
    assert len(left(store)) == 4
    tomorrow(store).sweep()
    assert left(store) == []
    assert verify(store) == []


def _kill_at_work(target: str, run: int, after: float) -> list[str]:
    """Ids that a process said were durable before it was killed ``after`` its first one.

    The first process is heard out for three: on a busy machine none might come to a letter.
    """
    process = _python(_WORK, target, str(run))
    assert process.stdout is not None
    said = [process.stdout.readline().strip() for _ in range(1 if run else 3)]
    time.sleep(after)
    process.kill()
    rest, _ = process.communicate(timeout=30)
    return said + [line for line in rest.splitlines() if line]


def test_what_was_acknowledged_survives_a_kill_at_any_moment(store: Store) -> None:
    moments, durable = random.Random(7), []
    for run in range(6):
        durable += _kill_at_work(store.url, run, moments.uniform(0, 1.5))
        with store.read() as tx:
            kept = set(tx.messages.ids())
            in_tray = tx.tray.open_items()
            letters = tx.outbox.all()
        assert set(durable) <= kept
        # At most the one message of each run that was not said yet.
        assert len(kept) - len(set(durable)) <= run + 1
        # One transaction: neither is there without the other.
        assert len(letters) == len(in_tray)
        assert verify(store) == []
    tomorrow(store).sweep()
    assert verify(store) == []
    assert counts(store)["events"] >= counts(store)["letters"] > 0


@pytest.mark.parametrize("tables", [1, 6, 20])
def test_an_upgrade_killed_halfway_can_be_done_again(empty: str, tables: int) -> None:
    _killed(_UPGRADE, empty, str(tables))
    assert schema.current(empty) is None
    upgrade(empty)
    opened = Store.open(empty, CLOCK)
    assert verify(opened) == []
    opened.close()


def test_a_forked_child_opens_connections_of_its_own(store: Store) -> None:
    with store.write() as tx:
        tx.tray.put("m1", "", "damaged", "", CLOCK.now())
    child = os.fork()
    if child == 0:
        with store.write() as tx:
            tx.tray.put("m2", "", "damaged", "", CLOCK.now())
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert counts(store)["tray"] == 2
    assert verify(store) == []
