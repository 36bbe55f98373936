"""Reads documents that lie beside their truth and counts, for each tier, what was read how.

Run: ``python -m tests.ocr.evaluate FOLDER``. A folder holds ``NAME.pdf`` with ``NAME.truth.json``.
"""

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cycles
from ocr import read_document
from procedure.acceptance import decide
from procedure.fieldrules import VOCABULARY
from procedure.forms import FormTemplate
from procedure.readings import DocumentReading, Reading

_FIELDS = {"quota_total": "obligation_t", "offset_amount": "offset_t"}
_PROJECT = {"name": "name", "code": "code", "amount": "amount_t"}
_RECORD = {
    "project_code": "project_code",
    "project_name": "project_name",
    "quantity": "quantity_t",
    "op_type": "operation",
    "status": "status",
    "op_time": "time",
    "serial_block": "serial",
}


@dataclass
class Score:
    """How the fields of one tier came out."""

    counts: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    seals: Counter[str] = field(default_factory=Counter)


def template() -> FormTemplate:
    return FormTemplate.parse(cycles.form("2019-2020"))


def truth_files(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in sorted(folder.glob("*.truth.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        document = folder / truth["file"]
        if document.exists():
            yield document, truth


def expected(name: str, truth: dict[str, Any]) -> str:
    value = str(truth["value"])
    if name.endswith("op_time"):
        return value.replace(" ", "T") + "+08:00"
    return value


def find(doc: DocumentReading, name: str) -> Reading | None:
    """The reading that a truth's field name means."""
    if found := re.fullmatch(r"ccer(\d+)\.(\w+)", name):
        index, key = int(found[1]), _PROJECT[found[2]]
        return getattr(doc.projects[index], key) if index < len(doc.projects) else None
    if found := re.fullmatch(r"record(\d+)\.(\w+)", name):
        if found[2] in ("account_name", "account_no"):
            return doc.fields.get(found[2])
        others = VOCABULARY["operation"] - {"自愿注销"}
        rows = [r for r in doc.records if r.operation is None or r.operation.value not in others]
        index = int(found[1])
        return getattr(rows[index], _RECORD[found[2]]) if index < len(rows) else None
    return doc.fields.get(_FIELDS.get(name, name))


def judge(reading: Reading | None, wanted: str) -> str:
    right = reading is not None and reading.value is not None and str(reading.value) == wanted
    accepted = reading is not None and reading.accepted
    if right:
        return "right-accepted" if accepted else "right-not-accepted"
    return "WRONG-ACCEPTED" if accepted else "wrong-not-accepted"


def evaluate(folder: Path, only: str = "") -> dict[str, Score]:
    scores: dict[str, Score] = {}
    form = template()
    for path, truth in truth_files(folder):
        if only and not re.search(only, path.name):
            continue
        score = scores.setdefault(truth["tier"], Score())
        start = time.perf_counter()
        documents = [decide(d) for d in read_document(path.read_bytes(), path.name, form)]
        score.seconds.append(time.perf_counter() - start)
        wanted_kind = "application" if truth["kind"] == "form" else "cancellation"
        doc = next((d for d in documents if d.kind == wanted_kind), documents[0])
        if doc.kind != wanted_kind:
            score.faults.append(f"{path.name} kind {doc.kind} {doc.problem}")
        for name, entry in truth["fields"].items():
            reading = find(doc, name)
            verdict = judge(reading, expected(name, entry))
            score.counts[verdict] += 1
            if verdict != "right-accepted":
                score.faults.append(f"{verdict} {path.name} {name} {entry['value']!r} {reading}")
        extra = len(doc.projects) - sum(k.endswith(".amount") for k in truth["fields"])
        if truth["kind"] == "form" and extra > 0:
            score.faults.append(f"EXTRA ROWS {path.name} {doc.projects[-extra:]}")
        _judge_seal(doc, truth, score, path.name)
    return scores


def _judge_seal(doc: DocumentReading, truth: dict[str, Any], score: Score, name: str) -> None:
    wanted = truth["seal"]
    text = doc.seals[0].text if doc.seals else ""
    verdict = "found" if bool(doc.seals) == wanted["present"] else "SEAL-WRONG"
    score.seals[verdict] += 1
    if wanted["present"] and doc.seals:
        score.seals["ring right" if text == wanted["text"] else "ring wrong"] += 1
        score.seals[f"matches {doc.seals[0].matches_name}"] += 1
    if verdict != "found" or (wanted["present"] and text != wanted["text"]):
        score.faults.append(f"{verdict} {name} {wanted['text']!r} {doc.seals}")


def main(folder: str, only: str = "", *rest: str) -> None:
    for tier, score in evaluate(Path(folder), only).items():
        total = sum(score.counts.values())
        mean = sum(score.seconds) / len(score.seconds)
        print(tier, total, dict(score.counts), dict(score.seals), f"{mean:.2f} s")
        if "-v" in rest:
            print("   ", "\n    ".join(score.faults))


if __name__ == "__main__":
    main(*sys.argv[1:])
