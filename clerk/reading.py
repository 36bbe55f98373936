"""`clerk read`: documents read and checked, nothing stored."""

import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import cycles
from casework.folder import registry_folder
from clerk.wiring import load_cycle, load_form
from ocr import read_document, render_overlay
from procedure.acceptance import decide
from procedure.checks import (
    ApplicationView,
    ProofView,
    World,
    check_application,
    check_cancellation,
    claim_of_reading,
)
from procedure.errors import BadInput
from procedure.findings import Finding
from procedure.forms import FormTemplate
from procedure.provinces import Provinces
from procedure.readings import DocumentReading, ProjectRow, Reading, RecordRow


@dataclass(frozen=True)
class Read:
    """One document of one file."""

    file: str
    sha256: str
    doc: DocumentReading
    findings: tuple[Finding, ...] = ()


def world_of(cycle_id: str, folder: Path | None = None) -> tuple[World, FormTemplate]:
    """What the checks may know, and the cycle's form.

    `WrongUse` for an unknown cycle, `BadInput` for a registry folder with a fault.
    """
    cycle = load_cycle(cycle_id)
    provinces = Provinces.parse(cycles.provinces())
    registry = registry_folder(folder, provinces) if folder else None
    world = World(cycle=cycle, provinces=provinces, registry=registry)
    return world, load_form(cycle)


def read_files(
    paths: Iterable[Path], world: World, template: FormTemplate
) -> Iterator[Read | BadInput]:
    """Each file's documents in turn; a file that cannot be opened gives its error.

    A screenshot is checked against the forms of the same call, where they are of its entity, and
    against a single form where nobody can tell whether it is.
    """
    forms: list[DocumentReading] = []
    for path in paths:
        try:
            data = path.read_bytes()
        except OSError as error:
            yield BadInput(f"{path}: cannot be opened: {error.strerror}; name a readable file")
            continue
        yield from _documents(path, data, world, template, forms)


def _documents(
    path: Path, data: bytes, world: World, template: FormTemplate, forms: list[DocumentReading]
) -> Iterator[Read]:
    sha256 = hashlib.sha256(data).hexdigest()
    started = time.perf_counter()
    for found in read_document(data, path.name, template):
        doc = decide(found, world.registry)
        doc = replace(doc, seconds=time.perf_counter() - started)
        yield Read(str(path), sha256, doc, _findings(doc, world, forms))
        started = time.perf_counter()


def pages_of(doc: DocumentReading) -> tuple[int, ...]:
    """The pages that anything of a document was read from."""
    rows: tuple[ProjectRow | RecordRow, ...] = (*doc.projects, *doc.records)
    cells = (getattr(row, one.name) for row in rows for one in fields(row))
    places = [*doc.fields.values(), *cells, doc.rows_total, *doc.seals]
    return tuple(sorted({place.page for place in places if place and place.page}))


def overlays(found: Sequence[Read]) -> Iterator[bytes]:
    """PNGs of all pages of these documents with their fields boxed, in the files' order.

    `BadInput` where a file has no page images (.docx, .xlsx).
    """
    for file in dict.fromkeys(one.file for one in found):
        docs = [one.doc for one in found if one.file == file]
        data = Path(file).read_bytes()
        pages = sorted({page for doc in docs for page in pages_of(doc)})
        if not pages:
            raise BadInput(f"{file}: no page image to draw on; give a PDF or a picture")
        for page in pages:
            yield render_overlay(data, file, docs, page)


def _findings(
    doc: DocumentReading, world: World, forms: list[DocumentReading]
) -> tuple[Finding, ...]:
    if doc.kind == "application":
        forms.append(doc)
        return check_application(ApplicationView(doc), world)
    if doc.kind == "cancellation":
        claims = tuple(claim_of_reading(form) for form in _own(forms, doc))
        return check_cancellation(ProofView(doc, claims=claims), world)
    return ()


def _own(forms: Sequence[DocumentReading], shot: DocumentReading) -> tuple[DocumentReading, ...]:
    """The forms of the screenshot's entity, by what was read, accepted or not: forms of one call
    may be of many. The only one there is where nobody can tell whose the two are."""
    own = tuple(form for form in forms if any(a.value == b.value for a, b in _said(form, shot)))
    if own or len(forms) != 1:
        return own
    told = any(a.accepted and b.accepted for a, b in _said(forms[0], shot))
    return () if told else tuple(forms)


def _said(form: DocumentReading, shot: DocumentReading) -> list[tuple[Reading, Reading]]:
    """What both say of whose they are."""
    named = (("account_no", "account_no"), ("enterprise_name", "account_name"))
    pairs = [(form.fields.get(one), shot.fields.get(other)) for one, other in named]
    return [(a, b) for a, b in pairs if a and b and a.value and b.value]
