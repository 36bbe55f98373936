"""`clerk demo`: a whole day of casework on this machine, shown at the terminal and on one page.

The listener, the outbox, the readers, casework and the chat's core are the real ones; the servers
around them stand on loopback. What comes out is held against what must come out.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from casework import views
from clerk.commands.common import OPERATOR
from clerk.demo.friday import Day
from clerk.demo.page import render, summary
from clerk.demo.result import DemoResult
from clerk.demo.stage import staged
from clerk.demo.telling import gather
from procedure.findings import Finding

Say = Callable[[str], None]
PAGE = "demo.html"

STAGES = {
    0: "surrendered", 1: "credited", 2: "confirmed", 3: "confirmed", 4: "cancelled",
    5: "returned", 6: "submitted",
}  # fmt: skip
"""Where the case of each entity must stand at the day's end."""
RULES = {3: "offset-cap", 4: "cancel-quantity", 5: "seal-name", 6: "account-owner"}
"""What must have been found about each entity's papers."""


def run(say: Say, folder: Path = Path("demo-output")) -> bool:
    """Play it and write the page to ``folder``; whether all came out as it must."""
    began = time.monotonic()
    with (
        TemporaryDirectory(prefix="ccer-clerk-demo-") as directory,
        staged(Path(directory)) as stage,
    ):
        day = Day(stage, say)
        day.play()
        differs = tuple(_differences(day))
        result = gather(day, time.monotonic() - began, differs)
    problems = [*differs, *result.verification.problems, *_letters(result)]
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / PAGE
    page.write_text(render(result), encoding="utf-8")
    say("\n" + summary(result))
    say(f"\n网页：{page.resolve()}")
    return not problems


def _differences(day: Day) -> Iterator[str]:
    """Where a case is not as it must be."""
    for number, stage in STAGES.items():
        name, case_no = day.world.entities[number].name, day.case_of(number)
        if not case_no:
            yield f"与预期不符：{name}没有案件"
            continue
        view = views.case_view(day.stage.house.desk, OPERATOR, case_no)
        if view.stage != stage:
            yield f"与预期不符：{case_no} {name}：{view.stage}，应为 {stage}"
        found = {one.rule for one in _findings(day, case_no)}
        if number in RULES and RULES[number] not in found:
            yield f"与预期不符：{case_no} {name}：没有发现 {RULES[number]}"


def _findings(day: Day, case_no: str) -> Iterator[Finding]:
    """All that was ever found, of earlier versions too."""
    with day.stage.house.store.read() as tx:
        state = tx.cases.state(case_no)
    for app in state.applications if state else ():
        for version in app.versions:
            yield from version.findings
    view = views.case_view(day.stage.house.desk, OPERATOR, case_no)
    yield from view.findings
    for app_card in view.applications:
        yield from app_card.findings
    for proof in view.proofs:
        yield from proof.findings
    for record in view.cancellations:
        yield from record.findings


def _letters(result: DemoResult) -> Iterator[str]:
    """Digests come once for each recipient."""
    subjects = [one.subject for one in result.letters if one.group == "digest"]
    if len(subjects) != len(set(subjects)) or len(subjects) != 7:
        yield f"与预期不符：汇总与日报 {len(subjects)} 封，应为 7 封"
