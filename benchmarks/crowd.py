"""A store filled with many alike cases at once, for benchmarks: as if their mails had come."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from casework.desk import Desk
from casework.rounds import slots
from procedure.case import derive
from procedure.events import Actor, ApplicationFiled, CancellationRecorded, Confirmed, Event
from procedure.jsonable import dump
from procedure.readings import DocumentReading, ProjectRow, Reading
from store import tables as t
from store.cases import START, chain_hash, event_body
from store.core import Tx

CLERK = Actor("clock", "benchmark")
NUMBER = "CASE-NUMBER"
"""Stands in the pattern of a case where its own number will stand."""
NAME = "某某热力有限公司"


def _read(value: str | int) -> Reading:
    return Reading(value, str(value), confidence=1.0, evidence=("native-text",), accepted=True)


def _filed(at: datetime, province: str) -> Event:
    fields = {
        "enterprise_name": _read(NAME), "uscc": _read("91130100MA00000000"),
        "province": _read(province), "obligation_t": _read(4_812_600), "offset_t": _read(210_000),
        "account_no": _read("CN-100-000001"), "contact": _read("林知远"),
        "phone": _read("13800000000"), "date": _read("2021-11-03"),
    }  # fmt: skip
    projects = tuple(
        ProjectRow(_read(f"某某风电项目{n}"), _read(f"CCER-000{n}"), _read(105_000)) for n in (1, 2)
    )
    reading = DocumentReading(kind="application", fields=fields, projects=projects)
    payload = ApplicationFiled(1, 1, at, "office@firm.example", reading, (), ())
    return Event(NUMBER, at, CLERK, payload)


def _record(at: datetime) -> Event:
    payload = CancellationRecorded(
        f"row {NUMBER}", "CN-100-000001", NAME, "CCER-0001", "某某风电项目1", 210_000,
        "自愿注销", "已完成", at - timedelta(hours=8), "301200001-301410000",
    )  # fmt: skip
    return Event(NUMBER, at, CLERK, payload)


@dataclass(frozen=True)
class Pattern:
    """One case as all of its kind are; ``told``: how many of its events digests hold already."""

    events: tuple[Event, ...]
    told: int

    @property
    def state(self) -> str:
        numbered = [replace(one, seq=seq) for seq, one in enumerate(self.events, 1)]
        return json.dumps(dump(derive(numbered)), ensure_ascii=False)


def patterns(evening: datetime, province: str) -> tuple[Pattern, ...]:
    """Of five cases two are quiet, two are new this week, one was cancelled today."""
    before, week = evening - timedelta(days=30), evening - timedelta(days=2)
    confirmed = Event(NUMBER, before + timedelta(hours=2), CLERK, Confirmed(1, 1, 210_000))
    quiet = Pattern((_filed(before, province), confirmed), 2)
    fresh = Pattern((_filed(week, province),), 0)
    busy = Pattern((*quiet.events, _record(evening - timedelta(hours=1))), 2)
    return quiet, fresh, busy, quiet, fresh


class Crowd:
    """Fills one store. ``count``: cases of each province."""

    def __init__(self, desk: Desk, count: int, evening: datetime) -> None:
        self.desk = desk
        self.count = count
        self.evening = evening
        self.seq = 0
        self.hash = START

    def fill(self) -> None:
        """All cases, and the digests of all days before as made."""
        with self.desk.store.write() as tx:
            self._digests(tx)
            tx.registry.begin_import("cancellations", "0" * 64, self.evening, "benchmark")
        for number, province in enumerate(sorted(self.desk.served), 1):
            with self.desk.store.write() as tx:
                self._province(tx, province, number)

    def _digests(self, tx: Tx) -> None:
        """As made; the first ``len(served)`` ids are the weekly ones that hold what was told."""
        yesterday = self.evening - timedelta(hours=20)
        due = list(slots(self.desk, yesterday))
        first = {one.province: one for one in due if one.kind == "weekly"}
        ordered = [first[one] for one in sorted(first)]
        ordered += [one for one in due if one not in ordered]
        rows: list[dict[str, Any]] = [
            {"id": number, "kind": one.kind, "period": one.period_key, "province": one.province,
             "recipient": one.recipient, "supplement": 0, "letter_key": f"old {number}",
             "created_at": yesterday, "facts": {}}
            for number, one in enumerate(ordered, 1)
        ]  # fmt: skip
        tx.connection.execute(insert(t.digest), rows)

    def _province(self, tx: Tx, prefix: str, digest: int) -> None:
        kinds = patterns(self.evening, self.desk.province_name(prefix))
        states = [one.state for one in kinds]
        cases: list[dict[str, Any]] = []
        events: list[dict[str, Any]] = []
        told: list[dict[str, Any]] = []
        for number in range(1, self.count + 1):
            kind = kinds[number % len(kinds)]
            case_no = f"CCER-2019-{prefix}-{number:05d}"
            state = json.loads(states[number % len(kinds)].replace(NUMBER, case_no))
            cases.append(self._case(case_no, prefix, number, state))
            own = list(self._events(case_no, kind))
            events += own
            told += [
                {"kind": "weekly", "recipient": "ncsc", "event_seq": one["seq"],
                 "digest_id": digest}
                for one in own[: kind.told]
            ]  # fmt: skip
        for table, rows in ((t.case, cases), (t.event, events), (t.digest_event, told)):
            tx.connection.execute(insert(table), rows)

    def _case(self, case_no: str, prefix: str, number: int, state: Any) -> dict[str, Any]:
        return {
            "case_no": case_no, "cycle": "2019-2020", "year": 0, "entity_key": case_no,
            "entity_name": NAME, "name_key": NAME, "uscc": "", "account_no": case_no,
            "province": prefix, "seq": number, "stage": "submitted",
            "opened_at": self.evening, "state": state,
        }  # fmt: skip

    def _events(self, case_no: str, kind: Pattern) -> Iterator[dict[str, Any]]:
        for one in kind.events:
            self.seq += 1
            body = event_body(one).replace(NUMBER, case_no)
            before, self.hash = self.hash, chain_hash(self.seq, self.hash, body)
            yield {
                "seq": self.seq, "case_no": case_no, "kind": one.kind, "at": one.at,
                "body": body, "prev_hash": before, "hash": self.hash,
            }  # fmt: skip
