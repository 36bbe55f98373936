"""The tray of unclear mail: what no rule could place waits here for a person.

Nobody knows yet whose such a mail is. It is for the operator, and for staff whose provinces are
all that this installation serves. Other staff get what is certainly of their provinces
(`casework.trayplace`): they must not see another's firms (trap 9), nor learn that one is there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from casework.assigning import file_pieces
from casework.changes import Change
from casework.decisions import Done
from casework.desk import Desk
from casework.identity import of_entity, open_case
from casework.rights import may, provinces_of, require
from casework.trayplace import province_of
from casework.years import typed
from procedure.errors import Conflict, WrongUse
from procedure.language import AND, _, joined, told
from procedure.readings import DocumentReading
from procedure.registry import Entity
from store import Tx
from store.rows import CaseRow, Person
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
    """What waits for this person, oldest first. `NotAllowed` without the right to a tray."""
    with desk.store.read() as tx:
        return [_item(tx, row) for row in _theirs(desk, tx, person, tx.tray.open_items())]


def whole(desk: Desk, person: Person) -> bool:
    """Whether the person works on all of it: whoever serves every province served here."""
    require(person, "tray")
    seen = provinces_of(person)
    return seen is None or desk.served <= seen


def _theirs(desk: Desk, tx: Tx, person: Person, rows: Sequence[Row]) -> list[Row]:
    if whole(desk, person):
        return list(rows)
    seen = provinces_of(person) or frozenset()
    return [row for row in rows if province_of(desk, tx, row) in seen]


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
    desk: Desk,
    person: Person,
    item: str,
    target: str,
    readings: Sequence[DocumentReading] = (),
    what: Literal["application", "cancellation"] | None = None,
) -> Done:
    """File a document of the tray under a case (the person's decision); its sender is told.

    ``target``: a case number, or the credit code or name of a registered entity, whose case is
    opened where there is none. ``what`` it is: None takes what was read, a screenshot where
    nothing was. ``readings`` replace what is kept of the document.
    """
    with desk.store.write() as tx:
        row = _open(desk, tx, person, item)
        case_no = _target(desk, tx, person, row, target)
        found = tx.cases.row(case_no)
        # The case of an entity whose province has changed since it was opened stays where it is.
        if found is None or not may(person, "tray", found.province):
            raise _nobody(target.strip())
        change = Change(desk, tx, case_no)
        said = file_pieces(change, person, row, readings, what)
        tx.tray.close(row.id, person.name, "assigned", case_no, desk.now())
        state = change.state
        text = _("已将第 {item} 项作为{kinds}归入 {case_no}。").format(
            item=item, kinds=told(joined(said, AND)), case_no=case_no
        )
        return Done(text, case_no, stage=state.stage, stage_name=state.stage_name)


def whose(desk: Desk, person: Person, target: str) -> str:
    """The name of whom a target means, to be looked at before anything is filed under it.

    `WrongUse` for none, as from `assign`.
    """
    with desk.store.read() as tx:
        meant = _meant(desk, tx, person, target)
        return meant.entity_name if isinstance(meant, CaseRow) else meant.name


def _meant(desk: Desk, tx: Tx, person: Person, target: str) -> CaseRow | Entity:
    """The case or entity. Another province's is answered like one that is not there."""
    text = target.strip()
    found = tx.cases.row(text.upper())
    if found and may(person, "tray", found.province):
        return found
    text, _year = typed(text)
    entity = tx.registry.entity_by_uscc(text.upper()) or tx.registry.entity_by_name(text)
    served = entity is not None and entity.province in desk.served
    if entity is None or not served or not may(person, "tray", entity.province):
        raise _nobody(text)
    return entity


def _nobody(text: str) -> WrongUse:
    return WrongUse(
        f"no case and no registered entity {text!r}",
        user_message=_("没有编号为 {text} 的案件，名录中也没有该单位。").format(text=text),
    )


def _target(desk: Desk, tx: Tx, person: Person, row: Row, target: str) -> str:
    meant = _meant(desk, tx, person, target)
    if isinstance(meant, CaseRow):
        return meant.case_no
    year = typed(target.strip())[1]
    message = tx.messages.get(row.message_id)
    default = desk.cycle_at(message.received_at if message else row.at)
    cycle = desk.cycle_of_year(year) if year else default
    if cycle is None or (cycle.cap_per_year and year is None):
        raise WrongUse(
            "say which year the case is of: ENTITY/YEAR, a year of an active cycle",
            user_message=str(_("请写明年度，例如“单位名称/2021”，年度须属本系统受理的周期。")),
        )
    return open_case(tx, cycle, of_entity(meant).of(year))


def dismiss(desk: Desk, person: Person, item: str, note: str) -> None:
    """Close an item: looked at, nothing to file. ``note`` says why."""
    require(person, "tray")
    if not note.strip():
        raise WrongUse("a dismissal needs a reason", user_message=str(_("请写明处理说明。")))
    with desk.store.write() as tx:
        row = _open(desk, tx, person, item)
        tx.tray.close(row.id, person.name, "dismissed", note, desk.now())


def _open(desk: Desk, tx: Tx, person: Person, item: str) -> Row:
    require(person, "tray")
    row = tx.tray.get(int(item)) if item.isdigit() else None
    if row is None or not _theirs(desk, tx, person, [row]):
        raise WrongUse(
            f"no tray item {item!r}",
            user_message=_(
                "待处理箱中没有您可处理的第 {item} 项；如有疑问，请联系系统管理员。"
            ).format(item=item),
        )
    if row.closed_at is not None:
        raise Conflict(
            f"already closed by {row.closed_by}",
            user_message=_("该项已由 {who} 处理。").format(who=row.closed_by),
        )
    return row
