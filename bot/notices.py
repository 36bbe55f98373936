"""Chat notices: what waits for a person is planned as rows of the store, and each is said once.

Planning looks at what waits *now* and adds the rows that are not there yet, so a missed pass or a
restart makes no difference. A row is marked after the chat system took the message: a crash in
between sends it twice, never not at all. Whoever has no account on the channel has no rows planned.
"""

from dataclasses import dataclass

from bot import plain, texts
from bot import references as ref
from bot.messages import Button, Reply
from bot.references import Reference
from casework import colleagues, habits, newversions, rights, tasks, views
from casework.desk import Desk
from procedure.language import speaking, term
from store.rows import NoticeRow, Person

STAGES = ("submitted", "unclear")
"""Stages in which a case waits for the province."""
Planned = dict[tuple[str, ...], int]
"""Person and desk → number of the last event that was gone through."""
GATHERED_FROM = 4
"""So many notices at a time are said as one."""
NAMED = 5
"""Of those that say no more than that a case waits, so many stand in one message."""
LONGEST = 300
"""Characters of one of them there."""


@dataclass(frozen=True)
class Notice:
    """What is said to one account; ``keys`` are its rows in the store."""

    keys: tuple[str, ...]
    channel_user: str
    reply: Reply


def plan(desk: Desk, channel: str, planned: Planned) -> None:
    """Add a row for everything that waits for a bound person and has none.

    ``planned`` is the caller's, empty at its start: how far each person was gone through, so that
    later passes look only at the cases to which something happened since.
    """
    with desk.store.read() as tx:
        last = tx.cases.last_seq()
    behind = [one for one in _bound(desk, channel) if planned.get(_desk_of(one)) != last]
    new = [row for one in behind for row in _waits(desk, one, planned.get(_desk_of(one)))]
    if new:
        with desk.store.write() as tx:
            for row in new:
                tx.notices.intend(row.key, row.person, row.text, row.case_no)
    planned.update({_desk_of(person): last for person in behind})


def _desk_of(person: Person) -> tuple[str, ...]:
    """Whoever gets further provinces or another role is gone through anew."""
    return (person.name, person.role, *person.provinces)


def _bound(desk: Desk, channel: str) -> list[Person]:
    with desk.store.read() as tx:
        active = [person for person in tx.people.list() if not person.revoked]
        return [person for person in active if tx.people.accounts(channel, person.name)]


def _waits(desk: Desk, person: Person, since: int | None) -> list[NoticeRow]:
    if not rights.may(person, "confirm"):
        return []
    if since is None:
        lines = [one for stage in STAGES for one in views.listed(desk, person, stage=stage)]
    else:
        lines = views.changed(desk, person, since, STAGES)
    with desk.store.read() as tx:
        lines = [x for x in lines if not newversions.tells(tx, person, x.case_no, x.since)]
    with speaking(habits.language(desk, person.name)):
        proposed = _proposed(desk, person, since) if desk.two_person else []
        return [_row(person, line) for line in lines] + proposed


def _proposed(desk: Desk, person: Person, since: int | None) -> list[NoticeRow]:
    """What somebody else proposed and this reviewer may approve."""
    if not rights.may(person, "approve"):
        return []
    return [
        NoticeRow(
            f"proposed:{line.case_no}:{line.application}:{line.proposed.seq}:{person.name}",
            person.name,
            texts.NOTICE_PROPOSED.format(
                case_no=line.case_no, name=plain.name(line.entity_name), what=line.what
            ),
            line.case_no,
        )
        for line in views.proposals(desk, person, since)
        if line.proposed is not None and line.proposed.by != person.name
    ]


def _row(person: Person, line: views.CaseLine) -> NoticeRow:
    text = texts.NOTICE_WAITS.format(
        case_no=line.case_no, name=plain.name(line.entity_name), stage=term(line.stage_name)
    )
    # A case that comes back to the stage (a revoked confirmation) waits anew.
    since = line.since.isoformat() if line.since else ""
    key = f"{newversions.WAITS}{line.case_no}:{line.stage}:{since}:{person.name}"
    return NoticeRow(key, person.name, text, line.case_no)


def due(desk: Desk, channel: str) -> list[Notice]:
    """What is to be said now to accounts of this channel, many rows of one person as one.

    Who wants quiet now gets it afterwards.
    """
    with desk.store.read() as tx:
        quiet = {one.person for one in tx.notices.habits() if habits.is_quiet(one, desk.now())}
        rows = tx.notices.pending(channel, without=quiet)
        people = {person.name: person for person in tx.people.list()}
        known = [one for one in rows if colleagues.may_know(tx, people[one[0].person], one[0])]
    _settle(desk, [row.key for row, _account in rows if (row, _account) not in known])
    accounts: dict[str, list[NoticeRow]] = {}
    for row, account in known:
        accounts.setdefault(account, []).append(row)
    return [one for account, waiting in accounts.items() for one in _said(desk, account, waiting)]


def _settle(desk: Desk, keys: list[str]) -> None:
    """Of cases that are no longer the person's nothing is said."""
    if keys:
        with desk.store.write() as tx:
            for key in keys:
                tx.notices.sent(key, desk.now())


def _said(desk: Desk, account: str, rows: list[NoticeRow]) -> list[Notice]:
    with speaking(habits.language(desk, rows[0].person)):
        return _gather(account, rows)


def _gather(account: str, rows: list[NoticeRow]) -> list[Notice]:
    if len(rows) >= GATHERED_FROM:
        text = texts.NOTICE_MANY.format(count=len(rows), lines="\n".join(_lines(rows)))
        button = Button(str(texts.BUTTON_TODO), str(Reference(ref.TODO)))
        return [Notice(tuple(row.key for row in rows), account, Reply(text, ((button,),)))]
    said = ((row, plain.clean(row.text)) for row in rows)
    return [Notice((row.key,), account, Reply(text, _button(row))) for row, text in said]


def _lines(rows: list[NoticeRow]) -> list[str]:
    """Each in a line; of what waits, which 待办 lists, the first ones and how many more."""
    waiting = [row for row in rows if row.key.startswith(tasks.ASKS)]
    named = [row for row in rows if row not in waiting[NAMED:]]
    lines = [texts.NOTICE_LINE.format(text=_said_of(row)) for row in named]
    more = len(rows) - len(named)
    return [*lines, *([texts.NOTICE_MORE.format(count=more)] if more else [])]


def _said_of(row: NoticeRow) -> str:
    """What it says without what to do next: the whole message says that once."""
    told = (line for line in row.text.splitlines() if not line.startswith(str(texts.NEXT_MARK)))
    return plain.name(" ".join(told), LONGEST)


def _button(row: NoticeRow) -> tuple[tuple[Button, ...], ...]:
    if not row.case_no:
        return ()
    label = texts.BUTTON_CASE.format(case_no=row.case_no)
    return ((Button(label, str(Reference(ref.SHOW, row.case_no))),),)


def sent(desk: Desk, notice: Notice) -> None:
    """The notice is settled: it was sent, or can never be."""
    with desk.store.write() as tx:
        for key in notice.keys:
            tx.notices.sent(key, desk.now())
