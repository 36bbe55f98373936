"""The weekly summary (附件3 §2 step 4) and the daily records (step 6).

Which event went into which digest is stored, by sequence number. A digest takes what was recorded
before the moment it was due (for a held one: the moment the import came that it waited for) and
went into none before; so a digest that is made late says what it would have said in time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from casework.desk import Desk
from casework.rights import may, require
from casework.rounds import REPORTED, Slot, facts_for, selected, slots
from procedure.errors import WrongUse
from procedure.facts import FACTS, DailyRecords, LetterIntent, StaffNotice, WeeklySummary
from procedure.jsonable import dump, load
from store import Tx
from store.rows import DigestRow, LetterRow, Person

MARGIN = timedelta(minutes=30)
"""Made this long after its moment a digest says that it is late."""
HELD = "digest-held"

DigestKind = Literal["weekly", "daily"]


@dataclass(frozen=True)
class DigestLine:
    """One digest for a list; JSON-able."""

    key: str
    kind: str
    cycle: str
    period: str
    """2021-11-01/2021-11-05 or 2021-11-03."""
    province: str
    supplement: int
    rows: int
    late: bool
    made_at: datetime
    recipients: tuple[str, ...]
    delivery: str
    """One word for the worst of its recipients: waiting, sent, deferred, failed."""


def make_due(desk: Desk, now: datetime) -> list[str]:
    """Make every digest that is due and not there yet; their keys, oldest first.

    Safe to run at any time, any number of times, by any number of processes.
    """
    made: list[str] = []
    for slot in slots(desk, now):
        with desk.store.write() as tx:
            if tx.digests.get(slot.kind, slot.period_key, slot.recipient) is not None:
                continue
            cutoff = slot.cutoff(tx)
            if cutoff is None:
                _hold(desk, tx, slot)
                continue
            if key := _make(desk, tx, slot, cutoff, now):
                made.append(key)
    return made + _supplements(desk, now)


def _make(desk: Desk, tx: Tx, slot: Slot, cutoff: datetime, now: datetime) -> str | None:
    events = selected(tx, slot, cutoff)
    if not events and not desk.nil_reports(slot.cycle):
        return None
    late = now > slot.round.due + MARGIN
    facts = facts_for(desk, tx, slot, events, now, late)
    return _record(desk, tx, slot, facts, [event.seq for event in events])


def _record(
    desk: Desk, tx: Tx, slot: Slot, facts: WeeklySummary | DailyRecords, seqs: list[int]
) -> str:
    supplement = facts.period.supplement
    about = f"{slot.kind}/{slot.province}/{slot.period_key}/{supplement}"
    intent = LetterIntent(slot.kind, about, (slot.recipient,), facts, cc=slot.cc)
    tx.outbox.intend(intent)
    row = DigestRow(
        kind=slot.kind,
        period=slot.period_key,
        province=slot.province,
        recipient=slot.recipient,
        supplement=supplement,
        letter_key=intent.key,
        created_at=desk.now(),
        facts=dump(facts),
    )
    tx.digests.record(row, seqs)
    return intent.key


def _hold(desk: Desk, tx: Tx, slot: Slot) -> None:
    """A missing import is no day without records (trap 3): staff are told, once."""
    text = (
        f"{desk.province_name(slot.province)} {slot.round.last} 的注销记录尚未导入，日报暂缓发送。"
    )
    tx.tray.put(f"digest:{slot.period_key}", slot.province, HELD, text, desk.now())
    if desk.operator_mailbox:
        facts = StaffNotice(desk.office, "日报暂缓发送", (text, "请尽快导入注销记录。"))
        about = f"{HELD}/{slot.province}/{slot.period_key}"
        tx.outbox.intend(LetterIntent("notice", about, (desk.operator_mailbox,), facts))


def _supplements(desk: Desk, now: datetime) -> list[str]:
    """What came after the last regular round, at each later day's closing (补充)."""
    made: list[str] = []
    for slot in slots(desk, now, last_only=True):
        tick = slot.tick(now)
        with desk.store.write() as tx:
            regular = tx.digests.get(slot.kind, slot.period_key, slot.recipient)
            if regular is None or tick is None:
                continue
            if key := _supplement(desk, tx, slot, tick, now):
                made.append(key)
    return made


def _supplement(desk: Desk, tx: Tx, slot: Slot, until: datetime, now: datetime) -> str | None:
    waiting = tx.digests.unreported(slot.kind, slot.recipient, slot.province, REPORTED[slot.kind])
    events = [event for event in waiting if event.at <= until]
    if not events:
        return None
    number = tx.digests.next_supplement(slot.kind, slot.period_key, slot.recipient)
    facts = facts_for(desk, tx, slot, events, now, late=False)
    facts = replace(facts, period=replace(facts.period, supplement=number))
    return _record(desk, tx, slot, facts, [event.seq for event in events])


def preview(
    desk: Desk, person: Person, kind: DigestKind, province: str, now: datetime
) -> WeeklySummary | DailyRecords:
    """What the next digest of this kind would say; nothing is stored."""
    require(person, "digest-look", province)
    slot = _next_slot(desk, kind, province, now)
    with desk.store.read() as tx:
        waiting = tx.digests.unreported(kind, slot.recipient, province, REPORTED[kind])
        return facts_for(desk, tx, slot, waiting, now, late=False)


def send(desk: Desk, person: Person, kind: DigestKind, province: str, now: datetime) -> str | None:
    """Make a supplement of what no digest holds yet, by hand; its key, None for nothing to say."""
    require(person, "digest-send", province)
    slot = _next_slot(desk, kind, province, now, before=True)
    with desk.store.write() as tx:
        if tx.digests.get(kind, slot.period_key, slot.recipient) is None:
            cutoff = slot.cutoff(tx)
            return _make(desk, tx, slot, cutoff, now) if cutoff else None
        return _supplement(desk, tx, slot, now, now)


def _next_slot(
    desk: Desk, kind: DigestKind, province: str, now: datetime, *, before: bool = False
) -> Slot:
    """The round that comes next, or with ``before`` the latest one that is due."""
    far = now if before else now + timedelta(days=8)
    found = [s for s in slots(desk, far) if s.kind == kind and s.province == province]
    if not before:
        found = [s for s in found if s.round.due > now][:1] or found[-1:]
    if not found:
        raise WrongUse(
            f"no {kind} digest of {province} is due here now",
            user_message="本系统目前没有该省应发送的该类汇总。",
        )
    return found[-1]


def resend(desk: Desk, person: Person, key: str) -> str:
    """Let a digest's letter be delivered again under the same identity; the letter's key."""
    with desk.store.write() as tx:
        row = _digest(tx, key)
        require(person, "digest-send", row.province)
        tx.outbox.again(row.letter_key)
        return row.letter_key


def listed(desk: Desk, person: Person) -> list[DigestLine]:
    """The digests that the person may see, newest first."""
    require(person, "digest-look")
    with desk.store.read() as tx:
        rows = [row for row in tx.digests.list() if may(person, "digest-look", row.province)]
        return [_line(row, tx.outbox.letter(row.letter_key)) for row in reversed(rows)]


def facts_of(desk: Desk, person: Person, key: str) -> WeeklySummary | DailyRecords:
    """The snapshot a digest was made from."""
    with desk.store.read() as tx:
        row = _digest(tx, key)
        require(person, "digest-look", row.province)
        return _facts(row)


def _facts(row: DigestRow) -> WeeklySummary | DailyRecords:
    found = load(FACTS[row.kind], row.facts)
    if not isinstance(found, WeeklySummary | DailyRecords):
        raise TypeError(f"{row.kind} is no digest")
    return found


def _digest(tx: Tx, key: str) -> DigestRow:
    found = next((row for row in tx.digests.list() if row.letter_key == key), None)
    if found is None:
        raise WrongUse(f"no digest {key!r}", user_message="没有这份汇总。")
    return found


def _line(row: DigestRow, letter: LetterRow | None) -> DigestLine:
    facts = _facts(row)
    return DigestLine(
        key=row.letter_key,
        kind=row.kind,
        cycle=facts.period.cycle,
        period=row.period,
        province=row.province,
        supplement=row.supplement,
        rows=len(facts.rows),
        late=facts.late,
        made_at=row.created_at,
        recipients=(*letter.to, *letter.cc) if letter else (),
        delivery=_worst(letter),
    )


def _worst(letter: LetterRow | None) -> str:
    states = {one.state for one in letter.recipients} if letter else set()
    order: Iterator[str] = iter(("failed", "deferred", "queued", "sent"))
    worst = next((state for state in order if state in states), "queued")
    return "waiting" if worst == "queued" else worst
