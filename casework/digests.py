"""The weekly summary (附件3 §2 step 4), the daily records and the national file (step 6).

Which event went into which digest is stored, by sequence number. A digest takes what was recorded
before the moment it was due (for a held one: the moment the import came that it waited for) and
went into none before; so a digest that is made late says what it would have said in time.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Literal, NoReturn

from casework import daily, national, weekly
from casework.alarms import alarm, raise_due, tell_late
from casework.desk import Desk
from casework.rights import may, require
from casework.rounds import Numbers, Slot, slots, waiting
from procedure.errors import Conflict, WrongUse
from procedure.facts import FACTS, DailyRecords, LetterIntent, NationalRecords, WeeklySummary
from procedure.jsonable import dump, load
from procedure.language import AND, _, joined
from store import Tx
from store.rows import DigestRow, LetterRow, Person, RecipientRow

HELD = "digest-held"
NOT_IMPORTED = _("{day} 的注销记录尚未导入（须覆盖至 {until}），各省日报暂缓发送。")
HELD_FOR = _(
    "该汇总对 {bad} 暂停投递，本次未重新发送。请先核对邮箱并执行：{how}；"
    "只向拒收的收件人重新发送：clerk outbox retry {key}"
)
UNDER_WAY = _("该汇总尚在投递中，本次未重新发送；投递失败时另行告警。")
IMPORT = _("请尽快导入注销记录。")
AHEAD = 400
"""Days within which a cycle's next round is looked for."""

DigestKind = Literal["weekly", "daily", "national"]
Digest = WeeklySummary | DailyRecords | NationalRecords


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
    """One word for the worst of its recipients: waiting, sent, deferred, held, failed."""


def make_due(desk: Desk, now: datetime) -> list[str]:
    """Make every digest that is due and not there yet; their keys, those of a round together.

    Safe to run at any time, any number of times, by any number of processes.
    """
    raise_due(desk, now)
    with desk.store.read() as tx:
        there = tx.digests.made()
    due = [slot for slot in slots(desk, now) if slot.key not in there]
    made = [key for slot in due if (key := _regular(desk, slot, now))]
    return made + _supplements(desk, now)


def _regular(desk: Desk, slot: Slot, now: datetime) -> str | None:
    with desk.store.write() as tx:
        if tx.digests.get(*slot.key) is not None:
            return None
        cutoff = slot.cutoff(tx)
        if cutoff is None:
            if desk.is_late(slot.round.due, now):
                _hold(desk, tx, slot, now)
            return None
        return _make(desk, tx, slot, cutoff, now)


def _select(tx: Tx, slot: Slot, cutoff: datetime) -> Numbers:
    if slot.kind == "weekly":
        return weekly.selected(tx, slot, cutoff)
    return daily.selected(tx, slot, cutoff)


def _facts_for(
    desk: Desk, tx: Tx, slot: Slot, events: Numbers, cutoff: datetime, late: bool
) -> Digest:
    if slot.kind == "weekly":
        return weekly.summary(desk, tx, slot, events, cutoff, late)
    if slot.kind == "national":
        return national.records(desk, tx, slot, events, cutoff, late)
    return daily.records(desk, tx, slot, events, cutoff, late)


def _make(desk: Desk, tx: Tx, slot: Slot, cutoff: datetime, now: datetime) -> str | None:
    events = _select(tx, slot, cutoff)
    if slot.kind != "weekly":
        _release(desk, tx, slot)
    if not events and not desk.nil_reports(slot.cycle):
        return None
    late = desk.is_late(slot.round.due, now)
    facts = _facts_for(desk, tx, slot, events, cutoff, late)
    if late:
        tell_late(desk, tx, slot)
    return _record(desk, tx, slot, facts, events)


def _record(desk: Desk, tx: Tx, slot: Slot, facts: Digest, events: Numbers) -> str:
    supplement = facts.period.supplement
    about = f"{slot.kind}/{slot.province}/{slot.period_key}/{supplement}"
    intent = LetterIntent(
        slot.kind,
        about,
        (slot.address,),
        facts,
        cc=slot.cc,
        sender=_sender(desk, slot),
        locale=desk.locale,
    )
    tx.outbox.intend(intent)
    row = DigestRow(
        kind=slot.kind,
        period=slot.period_key,
        province=slot.province,
        recipient=slot.recipient,
        supplement=supplement,
        letter_key=intent.key,
        created_at=desk.now(),
        facts=dump(facts, memory=True),
    )
    tx.digests.record(row, events)
    return intent.key


def _sender(desk: Desk, slot: Slot) -> str:
    """The sending desk's own mailbox where it is one of ours, else the office's address."""
    if slot.kind == "weekly":
        desks = desk.province_mailboxes.get(slot.province, "")
    else:
        desks = desk.ncsc_mailbox or slot.cycle.ncsc_mailbox
    return desks if desk.is_own(desks) else ""


def _hold(desk: Desk, tx: Tx, slot: Slot, now: datetime) -> None:
    """A missing import is no day without records (trap 3): staff are told, once a day.

    Not before the digest is late: on a usual evening the import comes minutes after the hour.
    Of days long past, as after a downtime, the tray tells; the newest one is mailed.
    """
    day = slot.round.last
    say = partial(NOT_IMPORTED.said, day=day, until=f"{slot.round.due:%H:%M}")
    key, old = f"digest:{slot.cycle.id}/{day}", now - slot.round.due >= timedelta(days=1)
    alarm(desk, tx, key, HELD, say, IMPORT.said, quiet=old)


def _release(desk: Desk, tx: Tx, slot: Slot) -> None:
    """The import came: the alarm is settled."""
    for item in tx.tray.of_message(f"digest:{slot.cycle.id}/{slot.round.last}"):
        if item.closed_at is None:
            tx.tray.close(item.id, "timetable", "made", _("日报已生成").said(), desk.now())


def _supplements(desk: Desk, now: datetime) -> list[str]:
    """What came after the last regular round, at each later day's closing (补充)."""
    made: list[str] = []
    first = desk.owes_from()
    for slot in slots(desk, now, last_only=True):
        tick = slot.tick(now)
        if tick is None:
            continue
        with desk.store.read() as tx:
            wanted = _settled(desk, tx, slot, first) and bool(_left(tx, slot, tick))
        if wanted and (key := _supplement(desk, slot, tick)):
            made.append(key)
    return made


def _settled(desk: Desk, tx: Tx, slot: Slot, first: date | None) -> bool:
    """Whether the regular digest is made, is not owed, or had nothing to say and no nil report."""
    if tx.digests.get(*slot.key) is not None or (first is not None and slot.day < first):
        return True
    return not desk.nil_reports(slot.cycle) and slot.cutoff(tx) is not None


def _left(tx: Tx, slot: Slot, until: datetime) -> Numbers:
    """What no digest holds, whatever the registry's time of it."""
    if slot.kind == "weekly":
        return weekly.selected(tx, slot, until)
    return waiting(tx, slot, daily.KINDS, until)


def _supplement(desk: Desk, slot: Slot, until: datetime) -> str | None:
    with desk.store.write() as tx:
        events = _left(tx, slot, until)
        if not events:
            return None
        facts = _facts_for(desk, tx, slot, events, until, late=False)
        return _record(desk, tx, slot, _supplementing(tx, slot, facts), events)


def _supplementing(tx: Tx, slot: Slot, facts: Digest) -> Digest:
    number = tx.digests.next_supplement(slot.kind, slot.period_key, slot.recipient)
    return replace(facts, period=slot.period(number))


def preview(desk: Desk, person: Person, kind: DigestKind, province: str, now: datetime) -> Digest:
    """What the next digest of this kind would say by now; nothing is stored."""
    require(person, "digest-look", province)
    slot = _next_slot(desk, kind, province, now)
    with desk.store.read() as tx:
        facts = _facts_for(desk, tx, slot, _left(tx, slot, now), now, late=False)
        if tx.digests.get(*slot.key) is not None:
            # The last regular one is made: what comes is told by a supplement.
            facts = _supplementing(tx, slot, facts)
    return facts


@dataclass(frozen=True)
class Sent:
    """A digest as it went out."""

    facts: Digest
    raw: bytes | None
    """The letter's bytes; None where it waits to be dressed."""


def as_of(desk: Desk, person: Person, kind: DigestKind, province: str, at: datetime) -> Sent:
    """The latest digest of this kind that was made by ``at``. `WrongUse` where there was none."""
    require(person, "digest-look", province)
    with desk.store.read() as tx:
        rows = [one for one in tx.digests.list() if (one.kind, one.province) == (kind, province)]
        made = [one for one in rows if one.created_at <= at]
        if not made:
            raise WrongUse(
                f"no {kind} digest of {province} was made by {at.isoformat()}",
                user_message=str(_("截至该时间尚未生成该类汇总。")),
            )
        return Sent(_facts(made[-1]), tx.outbox.raw(made[-1].letter_key))


def send(desk: Desk, person: Person, kind: DigestKind, province: str, now: datetime) -> str | None:
    """Make what is due, or a supplement of what no digest holds yet; its key.

    None where there is nothing to say, or where the day's import is still missing.
    """
    require(person, "digest-send", province)
    slot = _latest_slot(desk, kind, province, now)
    with desk.store.read() as tx:
        there = tx.digests.get(*slot.key) is not None
    return _supplement(desk, slot, now) if there else _regular(desk, slot, now)


def _latest_slot(desk: Desk, kind: DigestKind, province: str, now: datetime) -> Slot:
    """The latest round that is due."""
    found = [s for s in slots(desk, now) if s.kind == kind and s.province == province]
    if not found:
        raise WrongUse(
            f"no {kind} digest of {province} is due here now",
            user_message=str(_("本系统目前没有该省应发送的该类汇总。")),
        )
    return found[-1]


def _next_slot(desk: Desk, kind: DigestKind, province: str, now: datetime) -> Slot:
    """The round that comes next, else the latest one."""
    ahead = slots(desk, now + timedelta(days=AHEAD))
    found = [s for s in ahead if s.kind == kind and s.province == province and s.round.due > now]
    return found[0] if found else _latest_slot(desk, kind, province, now)


def resend(desk: Desk, person: Person, key: str) -> str:
    """Let a digest's letter be delivered again under the same identity; the letter's key.

    To those whose server refused it, at the mailbox that the settings name by now; where all have
    it, to all of them. `Conflict` where it is held for anybody (sending it to the others would pass
    for a cure), and where it is still on its way.
    """
    with desk.store.write() as tx:
        row = _digest(tx, key)
        require(person, "digest-send", row.province)
        _follow(desk, tx, row)
        letter = tx.outbox.letter(row.letter_key)
        recipients = letter.recipients if letter else ()
        _none_held(row.letter_key, recipients)
        everywhere = all(one.state == "sent" for one in recipients)
        if not tx.outbox.again(row.letter_key, ("sent",) if everywhere else ("failed",)):
            _under_way(row.letter_key)
        return row.letter_key


def _follow(desk: Desk, tx: Tx, row: DigestRow) -> None:
    """What did not reach a mailbox that has changed since is for the desk's present one."""
    letter, cycle = tx.outbox.letter(row.letter_key), desk.cycles.get(row.period.split("/")[0])
    if letter is None or cycle is None:
        return
    crc = desk.crc_mailbox or cycle.crc_mailbox
    present = {
        "weekly": (desk.ncsc_mailbox or cycle.ncsc_mailbox, ""),
        "daily": (desk.province_mailboxes.get(row.province, ""), crc),
        "national": (crc, ""),
    }[row.kind]
    copied = {*letter.cc, present[1]}
    for one in letter.recipients:
        address = present[one.address in copied]
        if address and one.address != address:
            tx.outbox.moved(letter.key, one.address, address)


def _under_way(key: str) -> NoReturn:
    raise Conflict(
        f"letter {key} is on its way still, nothing was sent again: see clerk outbox show {key}",
        code="under-way",
        user_message=UNDER_WAY.said(),
    )


def _none_held(key: str, recipients: Iterable[RecipientRow]) -> None:
    held = [one for one in recipients if one.state == "held"]
    if held:
        how = "; ".join(
            f"clerk outbox reinstate {one.address}"
            if one.suspended
            else f"clerk outbox release {key} --to {one.address}"
            for one in held
        )
        bad = joined((one.address for one in held), AND)
        raise Conflict(
            f"letter {key} is held for {bad}, nothing was sent; first: {how}",
            code="held",
            user_message=HELD_FOR.said(bad=bad, how=how, key=key),
        )


def listed(desk: Desk, person: Person) -> list[DigestLine]:
    """The digests that the person may see, newest first."""
    require(person, "digest-look")
    with desk.store.read() as tx:
        rows = [row for row in tx.digests.list() if may(person, "digest-look", row.province)]
        return [_line(row, tx.outbox.letter(row.letter_key)) for row in reversed(rows)]


def facts_of(desk: Desk, person: Person, key: str) -> Digest:
    """The snapshot a digest was made from."""
    with desk.store.read() as tx:
        row = _digest(tx, key)
        require(person, "digest-look", row.province)
        return _facts(row)


def _facts(row: DigestRow) -> Digest:
    found = load(FACTS[row.kind], row.facts)
    if not isinstance(found, Digest):
        raise TypeError(f"{row.kind} is no digest")
    return found


def _digest(tx: Tx, key: str) -> DigestRow:
    found = tx.digests.of_letter(key)
    if found is None:
        raise WrongUse(f"no digest {key!r}", user_message=str(_("没有这份汇总。")))
    return found


def _line(row: DigestRow, letter: LetterRow | None) -> DigestLine:
    facts = _facts(row)
    return DigestLine(
        key=row.letter_key,
        kind=row.kind,
        cycle=facts.period.cycle,
        period=_period(facts),
        province=row.province,
        supplement=row.supplement,
        rows=len(facts.rows),
        late=facts.late,
        made_at=row.created_at,
        recipients=(*letter.to, *letter.cc) if letter else (),
        delivery=_worst(letter),
    )


def _period(facts: Digest) -> str:
    first, last = facts.period.first, facts.period.last
    return f"{first}/{last}" if facts.period.kind == "weekly" else f"{last}"


def _worst(letter: LetterRow | None) -> str:
    states = {one.state for one in letter.recipients} if letter else set()
    order: Iterator[str] = iter(("failed", "held", "deferred", "queued", "sent"))
    worst = next((state for state in order if state in states), "queued")
    return "waiting" if worst == "queued" else worst
