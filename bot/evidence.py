"""The paper in the chat: the page with its fields boxed, the crop of a field, the seals."""

from collections.abc import Sequence
from dataclasses import dataclass

import ocr
from bot import pick, plain, texts
from bot.messages import File, Reply
from bot.references import Reference
from casework import held, views
from casework.desk import Desk
from casework.views import ApplicationCard, CaseView
from procedure.errors import BadInput
from procedure.readings import DocumentReading, Reading, SealReading
from store.rows import Person

PAGES = 6
"""So many pages of one document are shown; the original has them all."""


@dataclass(frozen=True)
class Paper:
    """A document of a case and what was read on it."""

    document: str
    reading: DocumentReading


def paper(view: CaseView, application: int, proof: int = 0) -> Paper | None:
    """The latest version of an application, or (application 0) a cancellation screenshot."""
    if not application:
        found = next((one for one in view.proofs if one.proof == proof), None)
        return Paper(found.document, found.reading) if found else None
    card = pick.card_of(view, application)
    return latest(card) if card else None


def latest(card: ApplicationCard) -> Paper | None:
    """The paper of the application's latest version."""
    if not card.versions:
        return None
    version = max(card.versions, key=lambda one: one.version)
    return Paper(version.document, version.reading)


def _opened(
    desk: Desk, person: Person, seen: Reference
) -> tuple[DocumentReading, str, bytes] | None:
    """What was read on the paper that a button names, its file name and bytes."""
    view = views.case_view(desk, person, seen.case_no)
    found = paper(view, seen.application, seen.version)
    if found is None:
        return None
    return (found.reading, *views.document(desk, person, seen.case_no, found.document))


def overlay(desk: Desk, person: Person, seen: Reference) -> Reply:
    """The pages with boxes, green for what is accepted; for a file without pages the reason."""
    opened = _opened(desk, person, seen)
    if opened is None:
        return Reply(str(texts.BAD_BUTTON))
    reading, name, data = opened
    pages = drawn(data, name, (reading,))
    text = texts.OVERLAY_SENT if pages else texts.OVERLAY_NONE
    return Reply(text.format(case_no=seen.case_no), files=pages)


def drawn(data: bytes, name: str, readings: Sequence[DocumentReading]) -> tuple[File, ...]:
    """The boxed pages of these readings; none where the file has no pictures of pages."""
    numbers = {n for one in readings for n in range(one.first_page, one.first_page + one.pages)}
    files = []
    for page in sorted(numbers)[:PAGES]:
        try:
            png = ocr.render_overlay(data, name, readings, page)
        except BadInput:
            continue  # a page of a Word file has no picture: the original is sent instead
        files.append(File(texts.OVERLAY_FILE.format(page=page), "image/png", png, picture=True))
    return tuple(files)


def crop(data: bytes, name: str, reading: Reading | None, label: str) -> tuple[File, ...]:
    """The place on the page where it was read; none where the paper has no such picture."""
    if reading is None:
        return ()
    try:
        png = ocr.crop(data, name, reading)
    except BadInput:
        return ()
    return (File(f"{label}.png", "image/png", png, picture=True),)


def seals(desk: Desk, person: Person, seen: Reference) -> Reply:
    """Each seal with its ring text, next to the name that the registry holds."""
    opened = _opened(desk, person, seen)
    if opened is None:
        return Reply(str(texts.BAD_BUTTON))
    reading, name, data = opened
    registered = held.registry_values(desk, person, seen.case_no).get("enterprise_name", "")
    lines = [texts.SEALS_HEAD.format(case_no=seen.case_no, count=len(reading.seals))]
    lines += [_seal(number, one) for number, one in enumerate(reading.seals, 1)]
    lines.append(
        texts.SEALS_REGISTRY.format(name=plain.name(str(registered)) or str(texts.NO_VALUE))
    )
    lines.append(str(texts.SEALS_NEXT))
    return Reply("\n".join(lines), files=_seal_files(data, name, reading.seals))


def _seal(number: int, seal: SealReading) -> str:
    verdict = {True: texts.SEAL_SAME, False: texts.SEAL_OTHER, None: texts.SEAL_UNKNOWN}
    ring = plain.name(seal.text) or str(texts.SEAL_UNREAD)
    return texts.SEAL_LINE.format(number=number, ring=ring, verdict=verdict[seal.matches_name])


def _seal_files(data: bytes, name: str, found: Sequence[SealReading]) -> tuple[File, ...]:
    files: tuple[File, ...] = ()
    for number, seal in enumerate(found, 1):
        place = Reading(value=None, page=seal.page, box=seal.box)
        files += crop(data, name, place, texts.SEAL_FILE.format(number=number))
    return files
