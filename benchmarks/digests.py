"""A national evening's digests at 1, 10 and 100 times the first cycle's load.

    python -m benchmarks.digests [--scales 1 10 100] [--folder DIR]

Friday, 2021-12-10, 17:00: 32 weekly summaries, 32 provinces' daily records and the national file,
made and dressed by a process of its own for each size. Of 2,176 cases (times the scale) two in five
have a form that is new this week, one in five a cancellation of today. What is shown is ratios to
the smallest size: time for each case, and the peak of memory beyond what the program itself takes.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import cycles
from benchmarks.crowd import Crowd
from casework import digests
from casework.desk import Desk, Moment
from mailer.outbox import dress_due
from procedure.clock import BEIJING
from procedure.provinces import Provinces
from store import Store

PROVINCES = 32
CASES = 68
"""Of each province: 2,162 entities of the first cycle, spread evenly."""
BEGINS = datetime(2021, 10, 25, 9, tzinfo=BEIJING)
EVENING = datetime(2021, 12, 10, 17, 5, tzinfo=BEIJING)


@dataclass(frozen=True)
class Measured:
    """One evening at one size."""

    scale: int
    letters: int
    rows: int
    bytes: int
    seconds: float
    """Of processor time."""
    program_mb: float
    """Peak before the evening began."""
    peak_mb: float


def desk_of(folder: Path, *, create: bool = False) -> Desk:
    """The national installation: every desk here, a mailbox for each province."""
    # What was due before an installation began is not owed: it begins before the cycle.
    clock = Moment(BEGINS if create else EVENING)
    store = Store.open(f"sqlite:///{folder}/clerk.db", clock, create=create)
    known = Provinces.parse(cycles.provinces()).all
    boxes = {one.prefix: f"p{one.prefix}@province.example" for one in known}
    return Desk.make(store, clock, province_mailboxes=boxes)


def peak_mb() -> float:
    """The most that this program ever held: getrusage tells what its parent held before exec, too.

    Linux, proc(5): VmHWM.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(one for one in status.splitlines() if one.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def evening(folder: Path, scale: int) -> Measured:
    """Make and dress all digests of one evening."""
    desk = desk_of(folder)
    program, started = peak_mb(), time.process_time()
    made = digests.make_due(desk, EVENING)
    dressed = 0
    while count := dress_due(desk.store, desk.office, "office.example"):
        dressed += count
    spent, most = time.process_time() - started, peak_mb()
    assert dressed == len(made) == 2 * PROVINCES + 1, (dressed, len(made))
    with desk.store.read() as tx:
        sizes = [len(tx.outbox.raw(key) or b"") for key in made]
        rows = len(tx.digests.reported("national", "crc"))
    desk.store.close()
    return Measured(scale, dressed, rows, sum(sizes), spent, program, most)


def measured(folder: Path, scale: int) -> Measured:
    """Fill a store, then the evening in a process of its own."""
    home = folder / str(scale)
    home.mkdir()
    desk = desk_of(home, create=True)
    Crowd(desk, CASES * scale, EVENING).fill()
    desk.store.close()
    command = [
        sys.executable,
        "-m",
        "benchmarks.digests",
        "--evening",
        str(home),
        "--scales",
        str(scale),
    ]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return Measured(**json.loads(said))


def table(found: list[Measured]) -> str:
    """Markdown, with ratios to the first row."""
    first = found[0]
    head = "| load | cases | records | letters | CPU s | per case | peak MB | beyond the program |"
    lines = [head, "|---:" * 8 + "|"]
    for one in found:
        each = one.seconds / one.scale / (first.seconds / first.scale)
        more, less = one.peak_mb - one.program_mb, first.peak_mb - first.program_mb
        lines.append(
            f"| {one.scale} × | {one.scale * CASES * PROVINCES:,} | {one.rows:,} | {one.letters} "
            f"| {one.seconds:.1f} | {each:.2f} × | {one.peak_mb:.0f} | {more / less:.2f} × |"
        )
    return "\n".join(lines)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--scales", type=int, nargs="+", default=[1, 10, 100])
    asked.add_argument("--folder", type=Path, default=None)
    asked.add_argument("--evening", type=Path, default=None, help=argparse.SUPPRESS)
    chosen = asked.parse_args()
    if chosen.evening:
        print(json.dumps(vars(evening(chosen.evening, chosen.scales[0]))))
        return
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        found = []
        for scale in chosen.scales:
            found.append(measured(Path(folder), scale))
            print(f"[{len(found)}/{len(chosen.scales)}] {found[-1]}", file=sys.stderr, flush=True)
    print(table(found))


if __name__ == "__main__":
    main()
