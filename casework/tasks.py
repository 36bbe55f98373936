"""Notices by mail: what waits for staff who have no chat, in letters that they decide by answering.

A person's letter and the marks on the notices that it tells are one transaction: each is told once.
The token in it cannot be guessed; it is what the letter is about, so an answer finds its letter.
"""

import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from casework import colleagues, habits
from casework.colleagues import DEADLINE, DECIDED
from casework.desk import Desk
from casework.labels import field_label
from casework.newversions import VERSION, WAITS
from casework.rights import may
from casework.twopeople import NAMES
from procedure.case import STAGE_NAMES, ApplicationState, CaseState
from procedure.facts import LetterIntent, StaffNotice, StaffTask, TaskItem
from procedure.language import _, n_, speaking, spoken
from store import Tx
from store.people import MAIL
from store.rows import NoticeRow, Person

WAITING = frozenset({"unclear", "submitted"})
GATHER = timedelta(minutes=10)
"""What comes this soon after a letter waits for the next one."""
HELD = timedelta(hours=4)
"""So long what colleagues decided waits for a letter that goes for another reason."""
MOST = 30
"""Applications in one letter; more only where one case has more."""
ASKS = (WAITS, "proposed:")
"""How the keys of notices begin that say no more than their case's item."""
BRINGS = (*ASKS, VERSION)
"""And of those that stand in for them."""
REMINDERS = n_("{count} 项提醒")
WISH = _("{who} 于 {at} 建议{what}")
WISH_WHY = _("{who} 于 {at} 建议{what}：{why}")
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 16
"""16 of 31 letters: 79 bits."""


def send_due(desk: Desk) -> list[str]:
    """Make the letters that are due now; their keys. Safe to run at any time, by anybody."""
    with desk.store.write() as tx:
        now = desk.now()
        quiet = {one.person for one in tx.notices.habits() if habits.is_quiet(one, now)}
        accounts: dict[str, list[NoticeRow]] = {}
        for row, address in tx.notices.pending(MAIL, 1000, quiet, (DECIDED, now - HELD)):
            accounts.setdefault(address, []).append(row)
        return [
            key
            for address, rows in accounts.items()
            if not tx.outbox.count_to(address, ("task", "notice"), now - GATHER)
            and (key := _in_their_language(desk, tx, address, rows, now))
        ]


def _in_their_language(
    desk: Desk, tx: Tx, address: str, rows: list[NoticeRow], now: datetime
) -> str:
    with speaking(habits.language_in(desk, tx, rows[0].person)):
        return _letter(desk, tx, address, rows, now)


def _letter(desk: Desk, tx: Tx, address: str, rows: list[NoticeRow], now: datetime) -> str:
    """The one letter that tells these notices; "" where nothing of them is still to be told.

    In the person's own language.
    """
    person = tx.people.person_of(MAIL, address)
    if person is None:
        return ""
    rows = _theirs(tx, person, rows, now)
    items, left = _fitting(desk, tx, person, rows)
    # What brings a case to a letter comes with the case.
    rows = [row for row in rows if row.case_no not in left or not row.key.startswith(BRINGS)]
    # A case that waits no more is said only where the notice says something else of it.
    lines = _lines(rows)
    for row in rows:
        tx.notices.sent(row.key, now)
    if not items and not lines:
        return ""
    intent = _task(desk, person, address, items, lines) if items else _plain(desk, address, rows)
    tx.outbox.intend(replace(intent, locale=spoken().tag))
    return intent.key


def _theirs(tx: Tx, person: Person, rows: list[NoticeRow], now: datetime) -> list[NoticeRow]:
    """Those that the person may still be told; the rest is settled."""
    kept = [row for row in rows if colleagues.may_know(tx, person, row)]
    for row in rows:
        if row not in kept:
            tx.notices.sent(row.key, now)
    return kept


def _fitting(
    desk: Desk, tx: Tx, person: Person, rows: list[NoticeRow]
) -> tuple[list[TaskItem], set[str]]:
    """What one letter asks, each case whole, and the cases that wait for the next letter."""
    items: list[TaskItem] = []
    left: set[str] = set()
    for number in dict.fromkeys(row.case_no for row in rows if row.case_no):
        more = [*_items(desk, tx, person, number)]
        if items and len(items) + len(more) > MOST:
            left.add(number)
        else:
            items += more
    return items, left


def _lines(rows: list[NoticeRow]) -> tuple[str, ...]:
    """What is said beside the cases that wait; of how much is left every figure."""
    return tuple(
        " ".join(row.text.splitlines()[:-1])
        if row.key.startswith(DEADLINE)
        else row.text.partition("\n")[0]
        for row in rows
        if not row.key.startswith(ASKS)
    )


def _task(
    desk: Desk, person: Person, address: str, items: list[TaskItem], lines: tuple[str, ...]
) -> LetterIntent:
    token = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    cycles = {item.case_no.split("-")[1] for item in items}
    deadline = desk.cycle(desk.active[0]).cancel_before if len(cycles) == 1 else None
    facts = StaffTask(
        desk.office, person.name, token, tuple(items), lines, deadline,
        tuple(sorted(desk.two_person)),
    )  # fmt: skip
    reply_to = plus(desk.office.address, token) if desk.reply_tokens else ""
    return LetterIntent("task", token, (address,), facts, reply_to=reply_to)


def plus(address: str, token: str) -> str:
    """The office's address with the token in it (RFC 5233 subaddress)."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{token}@{domain}"


def _plain(desk: Desk, address: str, rows: list[NoticeRow]) -> LetterIntent:
    lines = _lines(rows)
    facts = StaffNotice(desk.office, REMINDERS.format(count=len(lines)), lines)
    return LetterIntent("notice", f"told:{rows[0].key}"[:200], (address,), facts)


def _items(desk: Desk, tx: Tx, person: Person, case_no: str) -> Iterable[TaskItem]:
    """The case's applications that wait for a decision which the person may make."""
    row, state = tx.cases.row(case_no), tx.cases.state(case_no)
    if row is None or state is None or not may(person, "confirm", row.province):
        return
    cycle = desk.cycle(row.cycle)
    for app in state.applications:
        if app.stage in WAITING:
            obligation = app.tonnes("obligation_t")
            cap = cycle.cap(obligation) if obligation is not None else None
            yield _item(row.entity_name, state, app, cap)


def _item(name: str, state: CaseState, app: ApplicationState, cap: int | None) -> TaskItem:
    return TaskItem(
        case_no=state.case_no,
        application=app.number,
        version=app.version,
        seq=state.last_seq,
        entity_name=name,
        stage_name=STAGE_NAMES[app.stage],
        received_at=app.received_at,
        offset_t=app.tonnes("offset_t"),
        obligation_t=app.tonnes("obligation_t"),
        cap_t=cap,
        findings=app.findings,
        unclear=tuple(field_label(name) for name in app.unclear),
        proposed=_proposed(app),
    )


def _proposed(app: ApplicationState) -> str:
    one = app.proposed
    if one is None:
        return ""
    about = {"who": one.by, "at": spoken().moment(one.at), "what": NAMES[one.outcome]}
    return WISH_WHY.format(why=one.reason, **about) if one.reason else WISH.format(**about)
