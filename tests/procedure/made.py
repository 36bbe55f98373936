"""Invented firms, readings and events for the tests of the procedure."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import cycles
from procedure.acceptance import decide
from procedure.clock import BEIJING
from procedure.cycle import Cycle
from procedure.events import (
    Actor,
    ApplicationFiled,
    CancellationRecorded,
    Confirmed,
    Event,
    Payload,
    ProofFiled,
)
from procedure.findings import Finding
from procedure.provinces import Provinces
from procedure.readings import DocumentReading, ProjectRow, Reading, RecordRow, SealReading, Value
from procedure.registry import Account, CancellationRecord, Entity, Holding, Project
from procedure.registryview import RegistryTables

CYCLE = Cycle.parse(cycles.load("2019-2020"))
PROVINCES = Provinces.parse(cycles.provinces())
NAME = "河北衡岚热力（集团）有限公司"
OTHER_NAME = "四川澄野水泥股份有限公司"
USCC = "91130199MA0A1B2C2B"
ACCOUNT = "CN-100-2055383"
PROJECTS = (("CCER-0730", "甘肃远岫风电场项目", 4_000), ("CCER-1194", "青海朗川光伏项目", 1_000))
CANCELLED = tuple((code, t) for code, _, t in PROJECTS)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


def native(value: Value | None, **more: Any) -> Reading:
    return Reading(value, str(value), 1.0, evidence=("native-text",), **more)


def seen(value: Value | None, *engines: str, confidence: float = 0.98, **more: Any) -> Reading:
    """Recognised text; by two independent engines unless told."""
    names = engines or ("ppocr-v6", "ppocr-v4")
    return Reading(value, str(value), confidence, engines=names, **more)


def poor(value: Value | None) -> Reading:
    """By one engine that is rather sure: worth a look, but not accepted."""
    return seen(value, "ppocr-v6", confidence=0.97)


def seal(text: str = NAME, confidence: float = 0.9, **more: Any) -> SealReading:
    return SealReading(1, (0.5, 0.7, 0.7, 0.9), "round", text, confidence, **more)


def form(
    make: Any = native, rows: Any = PROJECTS, **fields: Value | Reading | None
) -> DocumentReading:
    """A form that is right in everything; ``field=None`` leaves a field out."""
    values: dict[str, Any] = {
        "enterprise_name": NAME,
        "uscc": USCC,
        "province": "河北省",
        "obligation_t": 100_000,
        "offset_t": 5_000,
        "account_no": ACCOUNT,
        "contact": "顾言",
        "phone": "13800138000",
        "date": "2021-11-03",
        **fields,
    }
    read = {k: v if isinstance(v, Reading) else make(v) for k, v in values.items() if v is not None}
    projects = tuple(ProjectRow(make(name), make(code), make(t)) for code, name, t in rows)
    return DocumentReading("application", fields=read, projects=projects, seals=(seal(),))


def shot(
    make: Any = native,
    rows: Any = CANCELLED,
    time: str = "2021-11-25T15:18:46+08:00",
    **fields: Value,
) -> DocumentReading:
    """A screenshot of finished cancellations, sealed."""
    values = {"account_name": NAME, "account_no": ACCOUNT, **fields}
    records = tuple(
        RecordRow(
            project_code=make(code),
            quantity_t=make(t),
            operation=make("自愿注销"),
            status=make("已完成"),
            time=make(time),
        )
        for code, t in rows
    )
    read = {name: make(value) for name, value in values.items()}
    return DocumentReading("cancellation", fields=read, records=records, seals=(seal(),))


def accepted(doc: DocumentReading) -> DocumentReading:
    return decide(doc)


ENTITY = Entity(NAME, USCC, "13", 100_000, account_no=ACCOUNT)


def registry(**change: Any) -> RegistryTables:
    """Records under which `form()` and `shot()` are right."""
    tables = RegistryTables(
        entities=[ENTITY],
        accounts=[Account(ACCOUNT, NAME, USCC)],
        holding_rows=[Holding(ACCOUNT, code, t) for code, _, t in PROJECTS],
        projects=[
            Project(code, name, False, date(2014, 1, 1), date(2016, 12, 31))
            for code, name, _ in PROJECTS
        ],
        cancellation_rows=[record(code, t) for code, _, t in PROJECTS],
    )
    return replace(tables, **change)


def record(code: str, tonnes: int, time: str = "2021-11-25T15:18:46") -> CancellationRecord:
    return CancellationRecord(ACCOUNT, NAME, code, "", tonnes, "自愿注销", "已完成", at(time))


PERSON, MAIL, CLOCK = Actor("person", "张某"), Actor("mail", "a@b.example"), Actor("clock", "clock")


def event(payload: Payload, when: str = "2021-11-04T09:00", actor: Actor = PERSON) -> Event:
    return Event("CCER-2019-13-0001", at(when), actor, payload)


def filed(
    number: int = 1,
    version: int = 1,
    *,
    unclear: tuple[str, ...] = (),
    findings: tuple[Finding, ...] = (),
    when: str = "2021-11-03T09:00",
    doc: DocumentReading | None = None,
    **fields: Any,
) -> Event:
    payload = ApplicationFiled(
        number, version, at(when), "a@b.example", doc or accepted(form(**fields)), findings, unclear
    )
    return event(payload, when, MAIL)


def confirmed(
    number: int = 1, version: int = 1, amount: int = 5_000, when: str = "2021-11-05T10:20"
) -> Event:
    return event(Confirmed(number, version, amount), when)


def cancelled(
    row: str = "r1",
    code: str = "CCER-0730",
    tonnes: int = 4_000,
    time: str = "2021-11-25T15:18:46",
    account: str = ACCOUNT,
    **more: Any,
) -> Event:
    payload = CancellationRecorded(
        row,
        account,
        NAME,
        code,
        "",
        tonnes,
        more.pop("operation", "自愿注销"),
        more.pop("status", "已完成"),
        at(time),
        more.pop("serial", ""),
    )
    return event(payload, "2021-11-26T17:30", Actor("registry", "import-1"))


def proof(number: int = 1, doc: DocumentReading | None = None, **more: Any) -> Event:
    payload = ProofFiled(
        number,
        at("2021-11-26T09:00"),
        "a@b.example",
        doc or accepted(shot()),
        **{"findings": (), **more},
    )
    return event(payload, "2021-11-26T09:00", MAIL)
