"""Documents out of the tray are filed under a case, as if they had been placed at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from casework.addresses import own_addresses
from casework.applying import Source, application, section
from casework.changes import Change, actor_of
from casework.following import match_again
from casework.incoming import IncomingMail
from casework.newversions import add_filed
from casework.proving import proof, proof_section
from casework.receipts import receipt
from casework.world import decided
from procedure.errors import Conflict, WrongUse
from procedure.events import Evidence
from procedure.facts import ReceiptSection
from procedure.language import _
from procedure.readings import DocumentReading
from store.rows import MessageRow, Person, Placement, TrayItem

What = Literal["application", "cancellation"]
NAMES: Mapping[What, str] = {
    "application": _("申请表").said(),
    "cancellation": _("注销截图").said(),
}


def file_pieces(
    change: Change,
    person: Person,
    row: TrayItem,
    readings: Sequence[DocumentReading],
    what: What | None,
) -> list[str]:
    """File what waits of the item's document; what it became, in Chinese.

    A file may hold several documents: each that lies in the tray for this reason is filed.
    """
    tx = change.tx
    message = tx.messages.get(row.message_id)
    version = change.desk.reader_version
    kept = list(readings) or tx.documents.last_reading(row.document, version) or []
    waiting = [p for p in tx.messages.placements(row.message_id) if _waits(p, row)]
    if not row.document or not waiting:
        raise WrongUse(
            "the item has no document", user_message=str(_("该项没有文件，不能归入案件。"))
        )
    said, sections = [], []
    for place in waiting:
        _not_filed(change, place)
        reading = kept[place.part] if place.part < len(kept) else DocumentReading("other")
        kind: What = what or ("application" if reading.kind == "application" else "cancellation")
        judged = decided(change, replace(reading, kind=kind))
        sections.append(_file(change, person, place, judged, message, row.at))
        said.append(NAMES[kind])
    match_again(change, actor_of(person))
    _tell(change, message, tuple(sections))
    return said


def _not_filed(change: Change, place: Placement) -> None:
    """The same document may have come twice, and been filed meanwhile."""
    known = change.tx.cases.documents_filed(place.sha256, place.part)
    state = change.tx.cases.state(known.case_no) if known else None
    app = state.application(known.application) if state and known else None
    if known is None or (app is not None and not app.live):
        return
    raise Conflict(
        f"the document is filed in {known.case_no} already",
        user_message=_("该文件已归入 {case_no}，无需再次归入。").format(case_no=known.case_no),
    )


def _waits(place: Placement, row: TrayItem) -> bool:
    return (place.sha256, place.place, place.note) == (row.document, "tray", row.reason)


def _file(
    change: Change,
    person: Person,
    place: Placement,
    reading: DocumentReading,
    message: MessageRow | None,
    since: datetime,
) -> ReceiptSection:
    source = _source(message, since)
    evidence = Evidence(place.message_id, place.sha256, place.part, reading.first_page)
    own = source.reply_to in own_addresses(change.tx, change.row, change.events)
    if reading.kind == "application":
        payload = application(change, reading, source)
        told, number = section(place.name, change, payload, own), payload.application
        add_filed(change, payload, actor_of(person), evidence)
    else:
        shown = proof(change, reading, source)
        change.add(shown, actor_of(person), evidence)
        told, number = proof_section(place.name, change, shown, own), 0
    where = (place.message_id, place.ordinal, place.part, place.sha256, place.name)
    kind = "application" if reading.kind == "application" else "cancellation"
    note = Placement(*where, kind, change.case_no, number, "assigned")  # type: ignore[arg-type]
    change.tx.messages.place(note)
    change.tx.cases.refile(evidence, change.case_no, number)
    return told


def _source(message: MessageRow | None, since: datetime) -> Source:
    mail = message.mail if message else None
    if message is None or mail is None:
        return Source(message.received_at if message else since, "")
    answer_to = (mail.reply_to or mail.from_addr).strip().lower()
    return Source(message.received_at, answer_to, mail.rfc_message_id, mail.subject, message.id)


def _tell(change: Change, message: MessageRow | None, sections: tuple[ReceiptSection, ...]) -> None:
    """The receipt again, as its next revision: the first one said that a person would look."""
    mail = message.mail if message else None
    desk = change.desk
    if message is None or mail is None or not (mail.may_reply and desk.send_receipts):
        return
    incoming = IncomingMail(
        kind="application",
        from_addr=mail.from_addr,
        subject=mail.subject,
        rfc_message_id=mail.rfc_message_id,
        references=mail.references,
        reply_to=mail.reply_to,
    )
    if not incoming.answer_to or desk.is_own(incoming.answer_to):
        return
    before = sum(1 for _ in _receipts(change, message.id))
    intent = receipt(desk, change.cycle, incoming, message.id, message.received_at, sections)
    change.tx.outbox.intend(replace(intent, revision=before + 1))


def _receipts(change: Change, message_id: str) -> Iterator[str]:
    return (one.key for one in change.tx.outbox.letters(message_id) if one.kind == "receipt")
