"""The paper in the chat: the page with its fields boxed, the crop of a field, the seals."""

from collections.abc import Sequence
from dataclasses import dataclass

import ocr
from bot import pick, plain, show, texts
from bot.messages import Button, File, Reply
from bot.references import Reference
from casework import held, rights, views
from casework.desk import Desk
from casework.views import ApplicationCard, CaseView
from procedure.errors import BadInput
from procedure.language import Text
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
) -> tuple[CaseView, DocumentReading, str, bytes] | None:
    """The case, what was read on the paper that a button names, its file name and bytes."""
    view = views.case_view(desk, person, seen.case_no)
    found = paper(view, seen.application, seen.version)
    if found is None:
        return None
    return (view, found.reading, *views.document(desk, person, seen.case_no, found.document))


def overlay(desk: Desk, person: Person, seen: Reference) -> Reply:
    """The pages with boxes, green for what is accepted; for a file without pages the reason."""
    opened = _opened(desk, person, seen)
    if opened is None:
        return Reply(str(texts.BAD_BUTTON))
    view, reading, name, data = opened
    pages = drawn(data, name, (reading,))
    if not pages:
        return Reply(texts.OVERLAY_NONE.format(case_no=seen.case_no))
    then, buttons = _then(person, view, seen, texts.OVERLAY_NEXT)
    return Reply(f"{texts.OVERLAY_SENT.format(case_no=seen.case_no)}\n{then}", buttons, pages)


def _then(
    person: Person, view: CaseView, seen: Reference, form: Text
) -> tuple[str, tuple[tuple[Button, ...], ...]]:
    """What whoever may decide does next, with the buttons for it; else where the case stands."""
    card = pick.card_of(view, seen.application)
    waits = card is not None and card.stage in show.DECIDABLE
    if not waits or not rights.may(person, "confirm", view.province):
        return show.next_step(view), ()
    then = form.format(case_no=view.case_no)
    return then, (show.deciding(view.case_no, seen.application),)


def drawn(
    data: bytes, name: str, readings: Sequence[DocumentReading], pages: int = PAGES
) -> tuple[File, ...]:
    """The boxed pages of these readings; none where the file has no pictures of pages."""
    numbers = {n for one in readings for n in range(one.first_page, one.first_page + one.pages)}
    files = []
    for page in sorted(numbers)[:pages]:
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
    view, reading, name, data = opened
    registered = held.registry_values(desk, person, seen.case_no).get("enterprise_name", "")
    lines = [texts.SEALS_HEAD.format(case_no=seen.case_no, count=len(reading.seals))]
    lines += [_seal(number, one) for number, one in enumerate(reading.seals, 1)]
    lines.append(
        texts.SEALS_REGISTRY.format(name=plain.name(str(registered)) or str(texts.NO_VALUE))
    )
    files = _seal_files(data, name, reading.seals)
    lines.append(str(texts.SEALS_PROVE if files else texts.SEALS_UNSEEN))
    then, buttons = _then(person, view, seen, texts.SEALS_NEXT)
    return Reply("\n".join([*lines, then]), buttons, files)


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
