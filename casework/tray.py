"""The tray of unclear mail: what no rule could place waits here for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.changes import Change, actor_of
from casework.decisions import Done
from casework.desk import Desk
from casework.following import match_again
from casework.rights import require
from casework.world import check_proof, registry_of, used_serials
from procedure.acceptance import decide
from procedure.errors import Conflict, WrongUse
from procedure.events import Evidence, ProofFiled
from procedure.matching import rows_shown
from procedure.readings import DocumentReading
from store import Tx
from store.rows import Person, Placement
from store.rows import TrayItem as Row


@dataclass(frozen=True)
class TrayItem:
    """One thing to work off."""

    item: str
    message_id: str
    document: str
    """SHA-256, "" for a whole mail or an alarm."""
    reason: str
    """Code that logs and docs share."""
    text: str
    """The reason in Chinese."""
    since: datetime
    from_addr: str = ""
    subject: str = ""


def listed(desk: Desk, person: Person) -> list[TrayItem]:
    """What waits, oldest first."""
    require(person, "tray")
    with desk.store.read() as tx:
        return [_item(tx, row) for row in tx.tray.open_items()]


def _item(tx: Tx, row: Row) -> TrayItem:
    message = tx.messages.get(row.message_id)
    mail = message.mail if message else None
    return TrayItem(
        item=str(row.id),
        message_id=row.message_id,
        document=row.document,
        reason=row.reason,
        text=row.text,
        since=row.at,
        from_addr=mail.from_addr if mail else "",
        subject=mail.subject if mail else "",
    )


def assign(
    desk: Desk, person: Person, item: str, case_no: str, readings: Sequence[DocumentReading] = ()
) -> Done:
    """Attach a document of the tray to a case as cancellation proof (the person's decision)."""
    with desk.store.write() as tx:
        row = _open(tx, item)
        case = tx.cases.row(case_no)
        require(person, "tray", case.province if case else "")
        change = Change(desk, tx, case_no)
        reading = _reading(desk, tx, row, readings)
        payload = _proof(desk, tx, change, row, reading)
        evidence = Evidence(row.message_id, row.document)
        change.add(payload, actor_of(person), evidence)
        _place_again(tx, row, case_no)
        match_again(change, actor_of(person))
        tx.tray.close(row.id, person.name, "assigned", case_no, desk.now())
        text = f"已将第 {item} 项作为注销截图归入 {case_no}。"
        return Done(text, case_no, stage=change.state.stage, stage_name=change.state.stage_name)


def _reading(desk: Desk, tx: Tx, row: Row, readings: Sequence[DocumentReading]) -> DocumentReading:
    if not row.document:
        raise WrongUse("the item has no document", user_message="该项没有文件，不能归入案件。")
    found = list(readings) or tx.documents.reading(row.document, desk.reader_version) or []
    return decide(found[0] if found else DocumentReading("other"), registry_of(tx))


def _proof(desk: Desk, tx: Tx, change: Change, row: Row, reading: DocumentReading) -> ProofFiled:
    message = tx.messages.get(row.message_id)
    received = message.received_at if message else row.at
    return ProofFiled(
        proof=len(change.state.proofs) + 1,
        received_at=received,
        reply_to=message.mail.from_addr if message and message.mail else "",
        reading=reading,
        findings=check_proof(change, reading, received, used_serials(change, reading)),
        matched_rows=rows_shown(reading, change.state.cancellations),
    )


def _place_again(tx: Tx, row: Row, case_no: str) -> None:
    for old in tx.messages.placements(row.message_id):
        if old.sha256 == row.document and old.place == "tray":
            place = (old.message_id, old.ordinal, old.part, old.sha256, old.name)
            tx.messages.place(Placement(*place, "cancellation", case_no, note="assigned"))


def dismiss(desk: Desk, person: Person, item: str, note: str) -> None:
    """Close an item: looked at, nothing to file. ``note`` says why."""
    require(person, "tray")
    if not note.strip():
        raise WrongUse("a dismissal needs a reason", user_message="请写明处理说明。")
    with desk.store.write() as tx:
        row = _open(tx, item)
        tx.tray.close(row.id, person.name, "dismissed", note, desk.now())


def _open(tx: Tx, item: str) -> Row:
    row = tx.tray.get(int(item)) if item.isdigit() else None
    if row is None:
        raise WrongUse(f"no tray item {item!r}", user_message=f"待处理箱中没有第 {item} 项。")
    if row.closed_at is not None:
        raise Conflict(
            f"already closed by {row.closed_by}", user_message=f"该项已由 {row.closed_by} 处理。"
        )
    return row
