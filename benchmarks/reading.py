"""How well documents are read: a corpus of its own, drawn anew, over all tiers and planted faults.

    python benchmarks/reading.py [--pairs 120] [--seed 7001] [--tiers phone,hard] [--jobs 2]
                                 [--hands DIR] [--plain N] [--plot FILE.svg] [--out rows.jsonl]
                                 [--faults] [--fault-share 0.4]

Each pair is a form and the screenshot that belongs to it. Every document is read by the product
(as ``clerk read`` does, in ``--jobs`` processes) and, every N-th pair with ``--plain N``, by
Tesseract (chi_sim and eng) and by the neural engine with its defaults, both on whole pages in the
same run: of these it is counted which values stand anywhere in their text, which is easier than a
value in its field. ``--plot`` draws how often readings of each confidence were right.
Fonts are the packaged one and those of the system; ``--hands`` names a folder of handwriting
fonts for half of the forms of tier hard, ``--fault-share`` which part of the pairs has a planted
fault (about; ``--faults`` prints what was not accepted or not found). The same seed and fonts give
the same corpus.
"""

import argparse
import json
import os
import re
import sys
import tempfile
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from clerk.drawing import Drawn, Pair, corpus
from clerk.drawing.documents import TIERS
from clerk.drawing.fonts import Face
from clerk.drawing.truth import Truth
from clerk.reading import Read, read_files, world_of
from procedure import names
from procedure.fieldrules import VOCABULARY
from procedure.readings import DocumentReading, ProjectRow, Reading, RecordRow

_CYCLE = "2019-2020"
_EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.92, 0.94, 0.96, 0.97, 0.98, 0.99, 0.995)
_SUFFIXES = {".ttf", ".otf", ".ttc"}


@dataclass
class Row:
    """One document as one engine reads it."""

    pair: int
    tier: str
    kind: str
    engine: str
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    """Of its process; of a pair's two documents half each, which hides how unlike they are."""
    memory_mb: int = 0
    right_kind: bool = True
    fields: dict[str, str] = field(default_factory=dict)
    """Field → ``accepted``, ``right`` (left to a person), ``unread`` or ``WRONG`` (accepted)."""
    detail: dict[str, Any] = field(default_factory=dict)
    planted: tuple[str, ...] = ()
    sound: bool = True
    """Nothing was planted in the whole pair: a sound proof may rightly differ from a wrong form."""
    found: tuple[str, ...] = ()
    """Rule ids of its findings (errors and warnings)."""
    ring: str = ""
    """``right``, ``wrong``, ``missed`` or ``false``; "" where there is none and none was seen."""
    traits: dict[str, Any] = field(default_factory=dict)


def read_pair(pair: Pair) -> list[Row]:
    """Form and screenshot of a pair in one call, so that each is checked against the other."""
    world, template = world_of(_CYCLE)
    start = _cpu()
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, drawn in enumerate((pair.form, pair.screenshot)):
            paths.append(Path(folder) / f"{number}-{drawn.name}")
            paths[-1].write_bytes(drawn.data)
        reads = [one for one in read_files(paths, world, template) if isinstance(one, Read)]
    spent = _cpu() - start
    rows = []
    for number, drawn in enumerate((pair.form, pair.screenshot)):
        mine = [one for one in reads if Path(one.file).name.startswith(f"{number}-")]
        rows.append(_judged(pair, drawn, mine))
        rows[-1].cpu_seconds = spent / 2
    return rows


def _cpu() -> float:
    """Seconds of this process and of those that it waited for (Tesseract's)."""
    return sum(os.times()[:4])


def _peak_mb() -> int:
    """Peak memory of this process. Not ru_maxrss: a child begins with its parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s*(\d+) kB", status)
    return int(found[1]) // 1024 if found else 0


def _judged(pair: Pair, drawn: Drawn, reads: list[Read]) -> Row:
    truth = drawn.truth
    of_kind = [one for one in reads if one.doc.kind == truth.kind]
    read = (of_kind or reads)[0]
    row = Row(pair.number, pair.tier, truth.kind, "product", planted=truth.planted)
    row.seconds = sum(one.doc.seconds for one in reads)
    row.memory_mb = _peak_mb()
    row.sound = not pair.fault
    row.right_kind, row.traits = bool(of_kind), dict(truth.traits)
    readings = dict(_readings(read.doc))
    for name, meant in truth.fields.items():
        _count(row, name, str(meant.value), readings.pop(name, None))
    for name, reading in readings.items():
        # Rows that the paper does not have; the total is no field of the truth.
        if "[" in name and reading.accepted:
            _count(row, name, "", reading)
    rules = (f.rule for one in reads for f in one.findings if f.severity != "note")
    row.found = tuple(dict.fromkeys(rules))
    row.ring = _ring(read.doc, truth)
    return row


def _readings(doc: DocumentReading) -> Iterator[tuple[str, Reading]]:
    yield from doc.fields.items()
    # What is surely another operation is no row of the truth; a misread one still is.
    others = VOCABULARY["operation"] - {"自愿注销"}
    own = [r for r in doc.records if r.operation is None or r.operation.value not in others]
    lists: tuple[tuple[str, Iterable[ProjectRow | RecordRow]], ...] = (
        ("projects", doc.projects),
        ("records", own),
    )
    for name, rows in lists:
        for index, row in enumerate(rows):
            for key in row.__dataclass_fields__:
                reading = getattr(row, key)
                if reading is not None:
                    yield f"{name}[{index}].{key}", reading


def _count(row: Row, name: str, meant: str, reading: Reading | None) -> None:
    right = reading is not None and reading.value is not None and str(reading.value) == meant
    accepted = reading is not None and reading.accepted
    verdict = ("accepted" if right else "WRONG") if accepted else ("right" if right else "unread")
    row.fields[name] = verdict
    row.detail[name] = [meant, asdict(reading) if reading else None]


def _ring(doc: DocumentReading, truth: Truth) -> str:
    texts = [seal.text for seal in doc.seals]
    if truth.seal_text is None:
        return "false" if texts else ""
    right = any(names.same(text, truth.seal_text + truth.seal_kind) for text in texts)
    return "right" if right else "wrong" if texts else "missed"


def plain_rows(pair: Pair) -> list[Row]:
    """The same documents by the two plain engines; a .docx has no page for them."""
    rows = []
    for drawn in (pair.form, pair.screenshot):
        if drawn.name.endswith(".docx"):
            continue
        image = _page(drawn)
        for name, engine in (("tesseract", _tesseract), ("neural", _neural)):
            start, before = time.perf_counter(), _cpu()
            text = _folded(engine(image))
            row = Row(pair.number, pair.tier, drawn.truth.kind, name)
            row.seconds, row.cpu_seconds = time.perf_counter() - start, _cpu() - before
            for key, meant in drawn.truth.fields.items():
                row.fields[key] = "right" if _folded(meant.printed) in text else "unread"
            rows.append(row)
    return rows


def _page(drawn: Drawn) -> Any:
    from ocr import pictures

    if not drawn.name.endswith(".pdf"):
        return pictures.decode(drawn.data)[0]
    with pictures.open_pdf(drawn.data) as pdf:
        return pictures.render(pdf, 0, pictures.scan_dpi(pdf, 0))


def _tesseract(image: Any) -> str:
    import pytesseract

    return str(pytesseract.image_to_string(image[:, :, ::-1], lang="chi_sim+eng", timeout=120))


_PLAIN: list[Any] = []


def _neural(image: Any) -> str:
    from ocr.engines.silent import tell_nobody

    tell_nobody()
    from rapidocr import RapidOCR

    if not _PLAIN:
        _PLAIN.append(RapidOCR(params={"Global.log_level": "critical"}))
    result = _PLAIN[0](image, use_det=True, use_cls=True, use_rec=True)
    return "".join(result.txts or ())


def _folded(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()


def show(rows: list[Row], wall: float) -> None:
    """The table, and what is worth a look."""
    print(
        "tier engine docs fields accepted left unread WRONG straight "
        "faults(found+left/all) false-alarms ring s/doc CPU-s/doc"
    )
    for tier in (*TIERS, "all"):
        for engine in ("product", "neural", "tesseract"):
            mine = [r for r in rows if r.engine == engine and tier in (r.tier, "all")]
            if mine:
                print(tier, engine, _line(mine))
    product = [row for row in rows if row.engine == "product"]
    peak = max((row.memory_mb for row in product), default=0)
    rate = 60 * len(product) / wall if wall else 0
    print(f"pages a minute, all processes: {rate:.1f}; peak memory of a process: {peak} MB")
    _reliability(product)


def _expected(row: Row) -> set[str]:
    """Findings that are no false alarms: a screenshot that was never printed has no seal."""
    unsealed = row.kind == "cancellation" and row.ring == ""
    return {"rows-unclear", "seal-missing"} if unsealed else {"rows-unclear"}


_AT_FAULT = {
    "offset-cap": ("offset_t", "obligation_t"),
    "uscc-check": ("uscc",),
    "form-date": ("date",),
    "rows-total": ("offset_t", "projects[0].amount_t"),
    "cancel-quantity": ("records[0].quantity_t",),
}
"""Planted fault → the readings that it is in; a seal's has none."""


def _left_to_person(row: Row) -> bool:
    """A fault that no rule found, in a reading that is there and is left to a person."""
    return not set(row.planted) <= set(row.found) and any(
        row.detail.get(name, [None, None])[1] and row.fields[name] != "accepted"
        for fault in row.planted
        for name in _AT_FAULT.get(fault, ())
    )


def _line(rows: list[Row]) -> str:
    counts = Counter(verdict for row in rows for verdict in row.fields.values())
    total = sum(counts.values())
    straight = sum(set(row.fields.values()) == {"accepted"} for row in rows)
    planted = [row for row in rows if row.planted]
    caught = sum(set(row.planted) <= set(row.found) for row in planted)
    shown = sum(_left_to_person(row) for row in planted)
    sound = [row for row in rows if row.sound and row.engine == "product"]
    alarms = sum(bool(set(row.found) - _expected(row)) for row in sound)
    rings = Counter(row.ring for row in rows if row.ring)
    share = 100 * counts["accepted"] / total if total else 0
    seconds = sum(row.seconds for row in rows) / len(rows)
    cpu = sum(row.cpu_seconds for row in rows) / len(rows)
    return (
        f"{len(rows)} {total} {counts['accepted']} ({share:.1f}%) {counts['right']} "
        f"{counts['unread']} {counts['WRONG']} {straight} {caught}+{shown}/{len(planted)} "
        f"{alarms}/{len(sound)} {dict(rings)} {seconds:.2f} {cpu:.2f}"
    )


def _steps(rows: list[Row]) -> dict[float, tuple[int, int]]:
    """Confidence (lower edge) → readings of pictures that were right, and all of them."""
    steps: dict[float, list[bool]] = defaultdict(list)
    for row in (row for row in rows if row.engine == "product"):
        for name, (_, reading) in row.detail.items():
            if (
                reading
                and reading["value"] is not None
                and "native-text" not in reading["evidence"]
            ):
                edge = max(low for low in _EDGES if low <= reading["confidence"])
                steps[edge].append(row.fields[name] in ("accepted", "right"))
    return {edge: (sum(found), len(found)) for edge, found in sorted(steps.items())}


def _reliability(rows: list[Row]) -> None:
    """Confidence against how often the value was right (accepted or not)."""
    for edge, (right, every) in _steps(rows).items():
        print(f"confidence {edge:.2f}+: right {right / every:.3f} of {every}")


def plot(steps: dict[float, tuple[int, int]]) -> str:
    """The same as a picture (SVG): a bar for each step, its width the share of all readings."""
    total = sum(every for _, every in steps.values()) or 1
    parts, x = [], 60.0
    for edge, (right, every) in steps.items():
        wide, high = 560 * every / total, 240 * right / every
        parts.append(
            f'<rect x="{x:.1f}" y="{270 - high:.1f}" width="{max(1.0, wide - 1):.1f}" '
            f'height="{high:.1f}" fill="#3b7dd8"/>'
            f'<line x1="{x:.1f}" x2="{x + wide:.1f}" y1="{270 - 240 * edge:.1f}" '
            f'y2="{270 - 240 * edge:.1f}" stroke="#d05020" stroke-width="2"/>'
        )
        x += wide
    marks = "".join(
        f'<text x="52" y="{274 - 240 * share / 4:.0f}" text-anchor="end">{25 * share} %</text>'
        for share in range(5)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 320" font-family="sans-serif" '
        f'font-size="12"><rect width="640" height="320" fill="white"/>{marks}{"".join(parts)}'
        '<text x="60" y="296">readings in order of confidence; a bar: how many were right, '
        "a line: least confidence of the step</text></svg>\n"
    )


def faults(rows: list[Row]) -> Iterator[str]:
    """Each field that was not accepted and right, with what was read instead."""
    for row in rows:
        if not row.right_kind:
            yield f"{row.tier} {row.pair} {row.kind}: KIND"
        if row.planted and not set(row.planted) <= set(row.found):
            yield f"{row.tier} {row.pair} {row.kind}: MISSED {row.planted} {row.found}"
        if row.sound and row.found:
            yield f"{row.tier} {row.pair} {row.kind}: FOUND {row.found}"
        for name, verdict in row.fields.items():
            meant, reading = row.detail.get(name, ("", None))
            if verdict == "accepted" or row.engine != "product":
                continue
            said = (
                "nothing"
                if reading is None
                else " ".join(
                    f"{key}={reading[key]!r}"
                    for key in (
                        "value",
                        "text",
                        "confidence",
                        "engines",
                        "evidence",
                        "against",
                        "candidates",
                    )
                )
            )
            yield f"{verdict} {row.tier} {row.pair} {row.kind} {name} {meant!r} {said}"


def _faces(folder: str) -> tuple[Face, ...]:
    if not folder:
        return ()
    return tuple(Face(str(p)) for p in sorted(Path(folder).iterdir()) if p.suffix in _SUFFIXES)


def main() -> int:
    """1 where anything wrong was accepted."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=120)
    parser.add_argument("--seed", type=int, default=7001)
    parser.add_argument("--tiers", default=",".join(TIERS))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--fault-share", type=float, default=0.4)
    parser.add_argument("--hands", default="")
    parser.add_argument("--plain", type=int, default=0)
    parser.add_argument("--plot", default="")
    parser.add_argument("--out", default="")
    parser.add_argument("--faults", action="store_true")
    asked = parser.parse_args()
    tiers = tuple(tier for tier in TIERS if tier in asked.tiers.split(","))
    hands = _faces(asked.hands)
    pairs = list(corpus(asked.seed, asked.pairs, tiers, asked.fault_share, hands=hands))
    start, rows = time.perf_counter(), []
    with ProcessPoolExecutor(asked.jobs, mp_context=get_context("spawn")) as pool:
        for found in pool.map(read_pair, pairs):
            rows += found
            print(".", end="", file=sys.stderr, flush=True)
    wall = time.perf_counter() - start
    for pair in pairs[:: asked.plain] if asked.plain else ():
        rows += plain_rows(pair)
    if asked.out:
        lines = (json.dumps(asdict(row), ensure_ascii=False, default=str) for row in rows)
        Path(asked.out).write_text("\n".join(lines) + "\n", encoding="utf-8")
    show(rows, wall)
    if asked.plot:
        Path(asked.plot).write_text(plot(_steps(rows)), encoding="utf-8")
    if asked.faults:
        print("\n".join(faults(rows)))
    return int(any("WRONG" in row.fields.values() for row in rows))


if __name__ == "__main__":
    sys.exit(main())
