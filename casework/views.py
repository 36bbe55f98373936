"""Looking: what a person may see of cases, ready for JSON, terminal and chat."""

from collections.abc import Iterable

from casework import cards, searching
from casework.changes import erased
from casework.desk import Desk
from casework.rights import may, provinces_of, require, require_case
from casework.viewtypes import (
    ApplicationCard,
    CancellationCard,
    CaseLine,
    CaseView,
    HistoryLine,
    LetterLine,
    ProofCard,
    TodoLine,
    VersionCard,
)
from procedure.case import STAGE_NAMES, ApplicationState
from procedure.language import _
from store import Tx
from store.rows import CaseRow, Person

__all__ = [
    "ApplicationCard",
    "CancellationCard",
    "CaseLine",
    "CaseView",
    "HistoryLine",
    "LetterLine",
    "ProofCard",
    "TodoLine",
    "VersionCard",
    "case_view",
    "changed",
    "document",
    "find",
    "listed",
    "proposals",
    "todo",
]


def find(desk: Desk, person: Person, text: str, limit: int = 20) -> list[CaseLine]:
    """Cases by number, credit code, account or part of a name; own provinces only.

    Where none has it: names that sound so (initials of their pinyin) or are nearly so spelt.
    """
    require(person, "look")
    with desk.store.read() as tx:
        seen = provinces_of(person)
        rows = tx.cases.find(text, seen, limit)
        if not rows:
            near = searching.near(tx, text, seen, limit)
            rows = [row for number in near if (row := tx.cases.row(number))]
        return [_line(desk, row) for row in rows]


def listed(
    desk: Desk, person: Person, *, stage: str | None = None, cycle: str | None = None
) -> list[CaseLine]:
    """All cases that the person may see, by number."""
    require(person, "look")
    with desk.store.read() as tx:
        rows = tx.cases.list(provinces_of(person), stage, cycle)
        return [_line(desk, row) for row in rows]


def changed(desk: Desk, person: Person, seq: int, stages: Iterable[str]) -> list[CaseLine]:
    """Cases in these stages, of the person's provinces, that have an event after number ``seq``."""
    require(person, "look")
    with desk.store.read() as tx:
        rows = tx.cases.rows(tx.cases.changed_since(seq))
        return [
            _line(desk, row)
            for _, row in sorted(rows.items())
            if row.stage in stages and may(person, "look", row.province)
        ]


def _line(desk: Desk, row: CaseRow) -> CaseLine:
    return CaseLine(
        case_no=row.case_no,
        cycle=row.cycle,
        year=row.year,
        entity_name=row.entity_name,
        uscc=row.uscc,
        province=row.province,
        province_name=desk.province_name(row.province),
        stage=row.stage,
        stage_name=STAGE_NAMES[row.stage],
        since=row.since,
    )


WAITING = {"submitted": "待确认", "unclear": "待人工识读"}
PROPOSED = {
    "confirm": _("待核准（{who} 建议确认）"),
    "return": _("待核准（{who} 建议退回）"),
}


def todo(desk: Desk, person: Person, first: int = 0, size: int = 8) -> tuple[int, list[TodoLine]]:
    """How much waits for the person, and a page of it from the ``first`` (0-based), oldest first.

    Behind the end it is the first page again.
    """
    require(person, "look")
    if not may(person, "confirm"):
        return 0, []
    with desk.store.read() as tx:
        count, page = tx.cases.waiting(provinces_of(person), first, size)
        if count and not page:
            count, page = tx.cases.waiting(provinces_of(person), 0, size)
        rows = tx.cases.rows(one.case_no for one in page)
        states = {number: tx.cases.state(number) for number in rows}
        lines = [
            _todo(desk, rows[one.case_no], app)
            for one in page
            if (state := states[one.case_no]) and (app := state.application(one.application))
        ]
    return count, lines


def proposals(desk: Desk, person: Person, seq: int | None) -> list[TodoLine]:
    """Applications whose decision somebody proposed and this person may approve, with the rights.

    With ``seq`` only of cases that have an event after that number.
    """
    require(person, "look")
    with desk.store.read() as tx:
        if seq is None:
            count, _ = tx.cases.waiting(provinces_of(person), 0, 0)
            _, all_waiting = tx.cases.waiting(provinces_of(person), 0, count)
            numbers = {one.case_no for one in all_waiting}
        else:
            numbers = tx.cases.changed_since(seq)
        return [
            _todo(desk, row, app)
            for _, row in sorted(tx.cases.rows(numbers).items())
            if may(person, "approve", row.province) and (state := tx.cases.state(row.case_no))
            for app in state.applications
            if app.stage in WAITING and app.proposed is not None
        ]


def _todo(desk: Desk, row: CaseRow, app: ApplicationState) -> TodoLine:
    return TodoLine(
        case_no=row.case_no,
        application=app.number,
        version=app.version,
        entity_name=row.entity_name,
        province_name=desk.province_name(row.province),
        stage=app.stage,
        stage_name=STAGE_NAMES[app.stage],
        what=_what(app),
        received_at=app.received_at,
        deadline=desk.cycle(row.cycle).cancel_before,
        offset_t=app.tonnes("offset_t"),
        errors=sum(finding.severity == "error" for finding in app.findings),
        proposed=app.proposed,
    )


def _what(app: ApplicationState) -> str:
    if app.proposed is None:
        return WAITING[app.stage]
    return PROPOSED[app.proposed.outcome].format(who=app.proposed.by)


def case_view(desk: Desk, person: Person, case_no: str) -> CaseView:
    """One case whole; the look is logged. `NotAllowed` alike for a foreign and a missing case."""
    with desk.store.write() as tx:
        row = _seen(tx, person, case_no)
        found = cards.view(desk, tx, row)
        # What was shown is written down with it: a typed decision rests on the last look.
        tx.access.looked(person.name, f"{CASE_LOOK}{found.last_seq}", row.case_no, desk.now())
        return found


CASE_LOOK = "case #"


def last_look(desk: Desk, person: Person, case_no: str) -> int:
    """The last event that the person was shown of the case, 0 where they never looked at it."""
    with desk.store.read() as tx:
        return tx.access.last(person.name, CASE_LOOK, case_no.strip().upper())


def document(desk: Desk, person: Person, case_no: str, sha256: str) -> tuple[str, bytes]:
    """File name and bytes of a document of the case; the look is logged."""
    with desk.store.write() as tx:
        _seen(tx, person, case_no)
        placed = [one for one in tx.messages.placements_of(sha256) if one.case_no == case_no]
        require(person, "look", None if placed else "")
        tx.access.looked(person.name, f"document {sha256}", case_no, desk.now())
        return placed[0].name, tx.documents.data(sha256)


def _seen(tx: Tx, person: Person, case_no: str) -> CaseRow:
    """The case where the person may see it; a foreign and a missing one look alike."""
    found = tx.cases.row(case_no.strip().upper())
    row = require_case(person, "look", found, case_no)
    if row.erased:
        raise erased(row.case_no)
    return row
