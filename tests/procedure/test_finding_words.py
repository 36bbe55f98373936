"""What people read of each finding, to the letter, with where it points and what it compares.

The table beside this file is the expectation; `python -m tests.procedure.test_finding_words` writes
it anew from the code, to be read line by line before it is kept.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from procedure.acceptance import decide
from procedure.checks import ApplicationView, Claim, ProofView, World
from procedure.checks import check_application as application
from procedure.checks import check_cancellation as cancellation
from procedure.findings import Finding
from procedure.readings import DocumentReading, Reading, RecordRow, Value
from procedure.registry import Account, Entity, Holding, Project
from procedure.registryview import RegistryTables
from tests.procedure.made import (
    ACCOUNT,
    CYCLE,
    ENTITY,
    NAME,
    OTHER_NAME,
    PROJECTS,
    PROVINCES,
    USCC,
    at,
    form,
    poor,
    record,
    registry,
    seal,
    seen,
    shot,
)
from tests.settled import settled

TABLE = Path(__file__).with_name("finding_words.txt")
RECEIVED = at("2021-11-03T09:00")
CLAIM = Claim(
    1, 5_000, ACCOUNT, NAME, (("CCER-0730", 4_000), ("CCER-1194", 1_000)), at("2021-11-05T10:20")
)
OTHER = Entity(OTHER_NAME, "91510199MA0A1B2C2L", "51", 70_000)
CODES = tuple(code for code, *_ in PROJECTS)


def printed(value: Value | None, **more: Any) -> Reading:
    """As `native`, at a place of its own: as far from the left as its text is long."""
    box = (len(str(value)) / 100, 0.1, 0.9, 0.2)
    return Reading(value, str(value), 1.0, evidence=("native-text",), page=1, box=box, **more)


def _unread(fields: Mapping[str, Reading]) -> dict[str, Reading]:
    """The same places, where engines saw something and made nothing of it."""
    return {name: replace(one, value=None, engines=()) for name, one in fields.items()}


def applied(
    doc: DocumentReading | None = None, tables: RegistryTables | None = None, **more: Any
) -> tuple[Finding, ...]:
    """Findings on a form."""
    world = World(more.pop("cycle", CYCLE), PROVINCES, tables, more.pop("served", None))
    view = ApplicationView(
        decide(doc or form(printed), tables), received_at=more.pop("received", RECEIVED), **more
    )
    return application(view, world)


def proven(
    doc: DocumentReading | None = None,
    tables: RegistryTables | None = None,
    claims: tuple[Claim, ...] = (CLAIM,),
    **more: Any,
) -> tuple[Finding, ...]:
    """Findings on a screenshot."""
    world = World(CYCLE, PROVINCES, tables)
    view = ProofView(decide(doc or shot(printed), tables), claims=claims, **more)
    return cancellation(view, world)


def _projects() -> Sequence[Project]:
    given = registry().projects
    assert given is not None
    return given


def projects(**change: Any) -> RegistryTables:
    """The registry, with another project of the first number."""
    given = _projects()
    return registry(projects=[replace(given[0], **change), given[1]])


def row(number: int = 0, **change: Any) -> DocumentReading:
    """The screenshot, with another row."""
    doc = shot(printed)
    rows: list[RecordRow] = list(doc.records)
    rows[number] = replace(rows[number], **change)
    return replace(doc, records=tuple(rows))


SCENES: dict[str, Callable[[], Iterable[Finding]]] = {
    "nothing wrong, no registry": applied,
    "no amount": lambda: applied(form(printed, offset_t=None)),
    "no amount on a picture": lambda: applied(form(seen, offset_t=None)),
    "an amount that nobody could read": lambda: applied(form(seen, offset_t=seen(None))),
    "no tonne": lambda: applied(form(printed, offset_t=0, rows=())),
    "check character": lambda: applied(form(printed, uscc=USCC[:-1] + "0")),
    "check character, one engine": lambda: applied(
        form(seen, uscc=seen("914606997829602914", "ppocr-v6"))
    ),
    "check character, one engine that is hardly sure": lambda: applied(
        form(seen, uscc=seen("914606997829602914", "ppocr-v6", confidence=0.98))
    ),
    "check character, one engine that is not sure": lambda: applied(
        form(seen, uscc=seen("914606997829602914", "ppocr-v6", confidence=0.979))
    ),
    "no code at all": lambda: applied(form(printed, uscc="9113")),
    "organisation code": lambda: applied(form(printed, uscc="91130199MA0A1B2C3E")),
    "too early": lambda: applied(received=at("2021-10-25T23:59")),
    "too late": lambda: applied(received=at("2021-12-11T00:00")),
    "on the first day": lambda: applied(
        form(printed, date="2021-10-26"), received=at("2021-10-26T00:00")
    ),
    "on the last day": lambda: applied(
        form(printed, date="2021-12-10"), received=at("2021-12-10T23:59")
    ),
    "dated far away": lambda: applied(form(printed, date="2027-11-11")),
    "dated far away, poor": lambda: applied(form(printed, date=poor("2022-12-01"))),
    "dated not so far away, poor": lambda: applied(form(printed, date=poor("2022-11-30"))),
    "dated too early": lambda: applied(form(printed, date="2021-10-25")),
    "dated too late": lambda: applied(form(printed, date="2021-12-11")),
    "dated after its receipt": lambda: applied(received=at("2021-11-02T23:00")),
    "rows and amount": lambda: applied(form(printed, offset_t=4_000)),
    "rows and amount, one poor": lambda: applied(form(printed, offset_t=poor(4_000))),
    "rows and total": lambda: applied(replace(form(printed), rows_total=printed(4_999))),
    "rows and a total of nothing": lambda: applied(
        replace(form(printed), rows_total=printed(0))
    ),
    "a row of nothing": lambda: applied(form(printed, rows=(*PROJECTS, ("C-1", "某项目", 0)))),
    "total and amount agree": lambda: applied(
        replace(form(printed, rows=()), rows_total=printed(5_000))
    ),
    "a total of nothing and an amount": lambda: applied(
        replace(form(printed, rows=()), rows_total=printed(0))
    ),
    "total and amount": lambda: applied(
        replace(form(printed, rows=()), rows_total=printed(4_999))
    ),
    "too much": lambda: applied(form(printed, offset_t=6_000, rows=())),
    "too much with others": lambda: applied(others_t=1),
    "too much on record": lambda: applied(
        None, registry(entities=[replace(ENTITY, obligation_t=90_000)])
    ),
    "too much, poor": lambda: applied(form(printed, offset_t=poor(6_000), rows=())),
    "another province's": lambda: applied(None, registry(), served=frozenset({"37"})),
    "another province's by its form": lambda: applied(served=frozenset({"37"})),
    "another province on record": lambda: applied(
        None, registry(entities=[replace(ENTITY, province="37")])
    ),
    "a province that nobody knows": lambda: applied(
        None, registry(entities=[replace(ENTITY, province="99")]), served=frozenset({"37"})
    ),
    "unknown entity": lambda: applied(None, registry(entities=[OTHER])),
    "unknown entity by its code": lambda: applied(
        form(printed, enterprise_name=None), registry(entities=[OTHER])
    ),
    "unknown entity, poor": lambda: applied(
        form(printed, enterprise_name=poor(NAME)), registry(entities=[OTHER])
    ),
    "another name": lambda: applied(form(printed, enterprise_name="河北另名有限公司"), registry()),
    "another code": lambda: applied(
        None, registry(entities=[replace(ENTITY, uscc="91510199MA0A1B2C2L")])
    ),
    "another obligation": lambda: applied(form(printed, obligation_t=100_001), registry()),
    "no account on record": lambda: applied(None, registry(accounts=[])),
    "no account at all": lambda: applied(
        form(printed, account_no=None), registry(accounts=[Account("X-1", OTHER_NAME)])
    ),
    "another's account": lambda: applied(
        None,
        registry(
            entities=[replace(ENTITY, account_no="")],
            accounts=[Account(ACCOUNT, OTHER_NAME, OTHER.uscc)],
        ),
    ),
    "another's account, no list": lambda: applied(
        None, registry(entities=[], accounts=[Account(ACCOUNT, OTHER_NAME, OTHER.uscc)])
    ),
    "too little held": lambda: applied(
        None,
        registry(
            holding_rows=[Holding(ACCOUNT, code, 7) for code in CODES], cancellation_rows=[]
        ),
    ),
    "too little held together": lambda: applied(
        form(printed, rows=()), registry(
            holding_rows=[Holding(ACCOUNT, CODES[0], 4_999)], cancellation_rows=[]
        ),
    ),
    "held until it was cancelled": lambda: applied(
        None,
        registry(
            holding_rows=[],
            cancellation_rows=[record(CODES[0], 3_999), record(CODES[1], 1_000)],
        ),
    ),
    "unknown project": lambda: applied(None, registry(projects=_projects()[1:])),
    "covered project": lambda: applied(None, projects(covered=True)),
    "produced later": lambda: applied(
        None, projects(produced_from=date(2017, 3, 1), produced_to=date(2018, 1, 1))
    ),
    "produced later, nobody knows since when": lambda: applied(
        None, projects(produced_from=None, produced_to=date(2017, 3, 1))
    ),
    "produced later in part": lambda: applied(
        None, projects(produced_from=date(2017, 2, 28), produced_to=date(2017, 3, 1))
    ),
    "registered too early": lambda: applied(
        form(printed, date="2025-08-01"),
        projects(registered_on=date(2024, 1, 21)),
        cycle=settled("2024"),
        received=at("2025-08-02T09:00"),
    ),
    "no day of registration": lambda: applied(
        form(printed, date="2025-08-01"),
        projects(registered_on=None),
        cycle=settled("2024"),
        received=at("2025-08-02T09:00"),
    ),
    "old or registered": lambda: applied(
        form(printed, date="2024-08-01"),
        projects(produced_from=date(2018, 1, 1), produced_to=date(2019, 1, 1)),
        cycle=settled("2023"),
        received=at("2024-08-02T09:00"),
    ),
    "old ones no longer": lambda: applied(
        form(printed, date="2024-08-01"),
        projects(produced_from=date(2015, 1, 1), produced_to=date(2016, 1, 1)),
        cycle=settled("2023"),
        received=at("2025-01-01T09:00"),
    ),
    "another type": lambda: applied(
        None, projects(project_type="林业"), cycle=settled("2019-2020", project_types=["风电"])
    ),
    "a type that nobody knows": lambda: applied(
        None,
        projects(project_type=""),
        cycle=settled("2019-2020", project_types=["风电", "光伏"]),
    ),
    "no seal": lambda: applied(replace(form(printed), seals=())),
    "another kind of seal": lambda: applied(
        replace(form(printed), seals=(seal(f"{NAME}合同专用章"),))
    ),
    "a kind of seal that nobody can read": lambda: applied(
        replace(form(printed), seals=(replace(seal(NAME), kind_unread=True),))
    ),
    "another's seal": lambda: applied(replace(form(printed), seals=(seal(OTHER_NAME, 0.99),))),
    "hardly another's seal": lambda: applied(
        replace(form(printed), seals=(seal(OTHER_NAME, 0.4),))
    ),
    "a seal that nobody can read": lambda: applied(replace(form(printed), seals=(seal("", 0.0),))),
    "screenshot: nothing wrong": lambda: proven(claims=()),
    "screenshot: no seal": lambda: proven(replace(shot(printed), seals=())),
    "screenshot: no record in its text": lambda: proven(replace(shot(printed), records=())),
    "screenshot: no record that anybody read": lambda: proven(replace(shot(seen), records=())),
    "screenshot: nothing that was read for certain": lambda: proven(
        replace(shot(seen), records=(), fields=_unread(shot(seen).fields))
    ),
    "screenshot: nothing read": lambda: proven(replace(shot(seen), records=(), fields={})),
    "screenshot: nothing cancelled": lambda: proven(
        row(0, operation=printed("交易转入")), claims=()
    ),
    "screenshot: only transfers": lambda: proven(
        replace(row(0, operation=printed("交易转入")), records=row(
            0, operation=printed("交易转入")).records[:1]), claims=(),
    ),
    "screenshot: unfinished": lambda: proven(row(0, status=printed("待审核"))),
    "screenshot: another account": lambda: proven(shot(printed, account_no="CN-100-9999999")),
    "screenshot: another account of two": lambda: proven(
        shot(printed, account_no="CN-100-9999999"),
        claims=(CLAIM, replace(CLAIM, account_no="CN-100-1")),
    ),
    "screenshot: another holder": lambda: proven(shot(printed, account_name=OTHER_NAME)),
    "screenshot: another holder on record": lambda: proven(
        None, registry(accounts=[Account(ACCOUNT, OTHER_NAME)]),
        claims=(replace(CLAIM, entity_name=""),),
    ),
    "screenshot: another project": lambda: proven(row(0, project_code=printed("JX-1"))),
    "screenshot: more": lambda: proven(row(0, quantity_t=printed(4_001))),
    "screenshot: less": lambda: proven(row(0, quantity_t=printed(3_999))),
    "screenshot: more than an unsure form": lambda: proven(
        row(0, quantity_t=printed(4_001)), claims=(replace(CLAIM, sure=False),)
    ),
    "screenshot: less together": lambda: proven(
        row(0, quantity_t=printed(3_999)), claims=(replace(CLAIM, projects=()),)
    ),
    "screenshot: not on record": lambda: proven(
        None, registry(cancellation_rows=[record(CODES[1], 1_000)])
    ),
    "screenshot: not on record yet": lambda: proven(
        None,
        registry(
            cancellation_rows=[record(CODES[1], 1_000)],
            cancellations_until=at("2021-11-24T17:00"),
        ),
    ),
    "screenshot: another amount on record": lambda: proven(
        None, registry(cancellation_rows=[record(CODES[0], 3_000), record(CODES[1], 1_000)])
    ),
    "screenshot: too late": lambda: proven(row(0, time=printed("2021-12-15T17:00:00+08:00"))),
    "screenshot: before the confirmation": lambda: proven(
        row(0, time=printed("2021-11-05T10:19:59+08:00"))
    ),
    "screenshot: used serial": lambda: proven(
        row(0, serial=printed("CN-1-100")), used_serials=("CN-1-100",)
    ),
}  # fmt: skip


def told(scene: str) -> list[str]:
    """A line for each finding; what was not checked is said by all, and looked at twice."""
    return [
        " | ".join(
            (
                scene, one.rule, one.clause, one.severity, one.field or "-", one.expected or "-",
                one.found or "-", f"{one.page}:{one.box[0] if one.box else ''}", one.message,
                one.public or "-",
            )
        )
        for one in SCENES[scene]()
        if one.rule != "checks-not-run" or "nothing wrong" in scene
    ]  # fmt: skip


def expected() -> list[str]:
    return TABLE.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("scene", SCENES)
def test_a_finding_says_what_the_table_has(scene: str) -> None:
    assert told(scene) == [line for line in expected() if line.startswith(f"{scene} | ")]


def test_the_table_has_no_other_scene() -> None:
    assert {line.split(" | ")[0] for line in expected()} <= set(SCENES)


if __name__ == "__main__":
    lines = [line for scene in SCENES for line in told(scene)]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
