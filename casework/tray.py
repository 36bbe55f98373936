"""The tray of unclear mail: what no rule could place waits here for a person.

Nobody knows yet whose such a mail is. It is for the operator, and for staff whose provinces are
all that this installation serves: a province's staff must not see another's firms (trap 9).
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
from casework.rights import provinces_of, require
from casework.years import typed
from procedure.errors import Conflict, NotAllowed, WrongUse
from procedure.language import AND, _, joined, told
from procedure.readings import DocumentReading
from store import Tx
from store.rows import Person
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
    """What waits, oldest first. `NotAllowed` for staff of some of the provinces served here."""
    _whole(desk, person)
    with desk.store.read() as tx:
        return [_item(tx, row) for row in tx.tray.open_items()]


def _whole(desk: Desk, person: Person) -> None:
    require(person, "tray")
    seen = provinces_of(person)
    if seen is not None and not desk.served <= seen:
        raise NotAllowed(
            f"{person.name} does not serve every province of this tray",
            user_message=str(_("待处理箱含有其他省份的来件，请由系统管理员处理。")),
        )


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
        _whole(desk, person)
        row = _open(tx, item)
        case_no = _target(desk, tx, row, target)
        found = tx.cases.row(case_no)
        require(person, "tray", found.province if found else "")
        change = Change(desk, tx, case_no)
        said = file_pieces(change, person, row, readings, what)
        tx.tray.close(row.id, person.name, "assigned", case_no, desk.now())
        state = change.state
        text = _("已将第 {item} 项作为{kinds}归入 {case_no}。").format(
            item=item, kinds=told(joined(said, AND)), case_no=case_no
        )
        return Done(text, case_no, stage=state.stage, stage_name=state.stage_name)


def _target(desk: Desk, tx: Tx, row: Row, target: str) -> str:
    text = target.strip()
    if found := tx.cases.row(text.upper()):
        return found.case_no
    text, year = typed(text)
    entity = tx.registry.entity_by_uscc(text.upper()) or tx.registry.entity_by_name(text)
    if entity is None or entity.province not in desk.served:
        raise WrongUse(
            f"no case and no registered entity {text!r}",
            user_message=_("没有编号为 {text} 的案件，名录中也没有该单位。").format(text=text),
        )
    message = tx.messages.get(row.message_id)
    default = desk.cycle_at(message.received_at if message else row.at)
    cycle = desk.cycle_of_year(year) if year else default
    if cycle is None or (cycle.cap_per_year and year is None):
        raise WrongUse(
            "say which year the case is of: ENTITY/YEAR, a year of an active cycle",
            user_message=str(_("请写明年度，例如“单位名称/2021”，年度须属本系统受理的周期。")),
        )
    return open_case(tx, cycle, of_entity(entity).of(year))


def dismiss(desk: Desk, person: Person, item: str, note: str) -> None:
    """Close an item: looked at, nothing to file. ``note`` says why."""
    _whole(desk, person)
    if not note.strip():
        raise WrongUse("a dismissal needs a reason", user_message=str(_("请写明处理说明。")))
    with desk.store.write() as tx:
        row = _open(tx, item)
        tx.tray.close(row.id, person.name, "dismissed", note, desk.now())


def _open(tx: Tx, item: str) -> Row:
    row = tx.tray.get(int(item)) if item.isdigit() else None
    if row is None:
        raise WrongUse(
            f"no tray item {item!r}",
            user_message=_("待处理箱中没有第 {item} 项。").format(item=item),
        )
    if row.closed_at is not None:
        raise Conflict(
            f"already closed by {row.closed_by}",
            user_message=_("该项已由 {who} 处理。").format(who=row.closed_by),
        )
    return row
