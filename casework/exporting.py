"""A case as a folder for the archive: originals, readings, pictures, events, letters, a manifest.

The same state gives the same bytes: nothing of the moment of making is in it.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

import ocr
from casework.changes import erased
from casework.desk import Desk
from casework.rights import require_case
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

    `NotAllowed` for an unknown case and for one of another province.
    """
    number = case_no.strip().upper()
    _look(desk, person, number)
    with desk.store.read() as tx:
        row = _row(tx, number)
        events = tx.cases.events(row.case_no)
        papers = list(_papers(desk, tx, row.case_no))
        files = list(_files(tx, row, events))
    # Drawing takes seconds a page: no transaction is open meanwhile.
    files += [file for paper in papers for file in _document(paper)]
    files.sort(key=lambda one: one.name)
    return [*files, _manifest(row, events, files)]


def _look(desk: Desk, person: Person, case_no: str) -> None:
    with desk.store.write() as tx:
        row = require_case(person, "look", tx.cases.row(case_no), case_no)
        if row.erased:
            raise erased(row.case_no)
        tx.access.looked(person.name, "export", row.case_no, desk.now())


def _row(tx: Tx, case_no: str) -> CaseRow:
    row = tx.cases.row(case_no)
    if row is None:
        raise WrongUse(f"no case {case_no!r}: see 'clerk case list'")
    return row


@dataclass(frozen=True)
class _Paper:
    """A document that was placed with the case."""

    placed: Placement
    data: bytes
    found: list[DocumentReading]


def _papers(desk: Desk, tx: Tx, case_no: str) -> Iterator[_Paper]:
    for one in {one.sha256: one for one in tx.messages.of_case(case_no)}.values():
        found = tx.documents.reading(one.sha256, desk.reader_version) or ()
        yield _Paper(one, tx.documents.data(one.sha256), list(found))


def _files(tx: Tx, row: CaseRow, events: list[Event]) -> Iterator[ExportFile]:
    placed = tx.messages.of_case(row.case_no)
    messages = dict.fromkeys(one.message_id for one in placed)
    for message_id in messages:
        yield ExportFile(f"mails/{message_id}.eml", tx.messages.raw(message_id), "mail")
    lines = "".join(_line(event) for event in events)
    yield ExportFile("events.jsonl", lines.encode(), "events")
    yield ExportFile("case.json", _json(dump(row)), "case")
    for letter in tx.outbox.of_case(row.case_no, messages):
        if raw := tx.outbox.raw(letter.key):
            digest = hashlib.sha256(letter.key.encode()).hexdigest()[:16]
            yield ExportFile(f"letters/{letter.kind}-{digest}.eml", raw, "letter")


def _document(paper: _Paper) -> Iterator[ExportFile]:
    placed, data, found = paper.placed, paper.data, paper.found
    folder = f"documents/{placed.sha256[:16]}"
    name = placed.name.replace("/", "_").replace("\\", "_") or "document"
    yield ExportFile(f"{folder}/original/{name}", data, "document")
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
