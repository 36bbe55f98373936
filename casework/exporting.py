"""A case as a folder for the archive: originals, readings, pictures, events, letters, a manifest.

The same state gives the same bytes: nothing of the moment of making is in it.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

import ocr
from casework.desk import Desk
from casework.rights import require
from procedure.errors import BadInput, WrongUse
from procedure.events import Event
from procedure.jsonable import dump
from procedure.readings import DocumentReading
from store import Tx
from store.cases import event_body
from store.rows import CaseRow, Person, Placement

MANIFEST = "manifest.json"
PAGES = 12
"""So many pages of one document get a picture; the original has them all."""


@dataclass(frozen=True)
class ExportFile:
    """One file of the archive; ``name`` is its path, with ``/``."""

    name: str
    data: bytes
    what: str
    """mail, document, reading, picture, events, letter, case."""

    @property
    def sha256(self) -> str:
        """Of its bytes."""
        return hashlib.sha256(self.data).hexdigest()


def export(desk: Desk, person: Person, case_no: str) -> list[ExportFile]:
    """All files of a case, by name, the manifest last; the look is logged.

    `WrongUse` for an unknown case, `NotAllowed` for one of another province.
    """
    with desk.store.write() as tx:
        row = tx.cases.row(case_no.strip().upper())
        require(person, "look", row.province if row else "")
        if row is None:
            raise WrongUse(f"no case {case_no!r}: see 'clerk case list'")
        tx.access.looked(person.name, "export", row.case_no, desk.now())
        files = sorted(_files(desk, tx, row), key=lambda one: one.name)
        events = tx.cases.events(row.case_no)
    return [*files, _manifest(row, events, files)]


def _files(desk: Desk, tx: Tx, row: CaseRow) -> Iterator[ExportFile]:
    placed = tx.messages.of_case(row.case_no)
    events = tx.cases.events(row.case_no)
    messages = dict.fromkeys(one.message_id for one in placed)
    for message_id in messages:
        yield ExportFile(f"mails/{message_id}.eml", tx.messages.raw(message_id), "mail")
    for one in {one.sha256: one for one in placed}.values():
        yield from _document(desk, tx, one)
    lines = "".join(_line(event) for event in events)
    yield ExportFile("events.jsonl", lines.encode(), "events")
    yield ExportFile("case.json", _json(dump(row)), "case")
    for letter in tx.outbox.of_case(row.case_no, messages):
        if raw := tx.outbox.raw(letter.key):
            digest = hashlib.sha256(letter.key.encode()).hexdigest()[:16]
            yield ExportFile(f"letters/{letter.kind}-{digest}.eml", raw, "letter")


def _document(desk: Desk, tx: Tx, placed: Placement) -> Iterator[ExportFile]:
    folder = f"documents/{placed.sha256[:16]}"
    data = tx.documents.data(placed.sha256)
    name = placed.name.replace("/", "_").replace("\\", "_") or "document"
    yield ExportFile(f"{folder}/{name}", data, "document")
    found = tx.documents.reading(placed.sha256, desk.reader_version) or []
    if found:
        yield ExportFile(f"{folder}/readings.json", _json([dump(one) for one in found]), "reading")
    for page, png in _pictures(data, placed.name, found):
        yield ExportFile(f"{folder}/page-{page}.png", png, "picture")


def _pictures(data: bytes, name: str, found: list[DocumentReading]) -> Iterator[tuple[int, bytes]]:
    """Pages with what was read boxed; a file without pictures of pages gives none."""
    numbers = {n for one in found for n in range(one.first_page, one.first_page + one.pages)}
    for page in sorted(numbers)[:PAGES]:
        try:
            yield page, ocr.render_overlay(data, name, found, page)
        except BadInput:
            return


def _line(event: Event) -> str:
    """The event as the chain hashes it: SHA-256 over number, hash before, and ``body``."""
    facts = {
        "seq": event.seq, "prev_hash": event.prev_hash, "hash": event.hash,
        "body": event_body(event),
    }  # fmt: skip
    return json.dumps(facts, ensure_ascii=False, sort_keys=True) + "\n"


def _manifest(row: CaseRow, events: list[Event], files: list[ExportFile]) -> ExportFile:
    content = {
        "case_no": row.case_no,
        "entity_name": row.entity_name,
        "stage": row.stage,
        "last_event": {"seq": events[-1].seq, "hash": events[-1].hash} if events else None,
        "files": [
            {"name": one.name, "what": one.what, "size": len(one.data), "sha256": one.sha256}
            for one in files
        ],
    }
    return ExportFile(MANIFEST, _json(content), "manifest")


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
