"""Entities are told before the deadline what is still missing (附件3 §2 step 5); then it lapses."""

from collections.abc import Iterator
from datetime import datetime

from casework import colleagues
from casework.addresses import applicant_of, writable
from casework.changes import Change
from casework.desk import Desk
from casework.telling import recipients
from casework.waiting import waiting_lines
from cycles.catalogues import language
from procedure.case import ApplicationState
from procedure.clock import beijing
from procedure.cycle import Cycle
from procedure.events import Actor, Lapsed
from procedure.facts import Lapse, LetterIntent, Reminder, StaffNotice
from procedure.language import _, n_, speaking, spoken, term
from procedure.timetable import reminder_moments
from procedure.workdays import between, is_working_day
from store import Tx

NO_CANCELLATION = _("注销截止时间前未见注销记录")
WAITING = n_("{name}有 {count} 份申请待处理，注销截止时间为 {deadline}：")
WAITING_NEXT = _("请省级经办人员尽快逐件处理：在聊天中发送“待办”，或回复系统发给本人的待处理邮件。")
WAITING_TITLE = _("待确认申请提醒（{name}）")
CLOCK = Actor("clock", "timetable")


def make_due(desk: Desk, now: datetime) -> list[str]:
    """Reminders due now, each once: the keys of the letters.

    From `Desk.reminder_days` working days before the cancellation deadline: confirmed but not
    wholly cancelled (``cancel``), or cancelled without a sealed screenshot (``proof``). From then
    on each province with cases that wait for it is told once a working day.
    """
    made: list[str] = []
    for cycle in _active(desk):
        (start,) = reminder_moments(cycle, (desk.reminder_days,), desk.extra_working_days)
        if start <= now < cycle.cancel_before:
            with desk.store.write() as tx:
                intents = [*_due(desk, tx, cycle, now), *_of_provinces(desk, tx, cycle, now)]
                made += [intent.key for intent in intents if tx.outbox.intend(intent)]
                colleagues.remind(desk, tx, cycle, now)
    return made


def _of_provinces(desk: Desk, tx: Tx, cycle: Cycle, now: datetime) -> Iterator[LetterIntent]:
    """Each working day, to each province: its cases that wait to be read or decided on."""
    day = beijing(now).date()
    if not is_working_day(day, desk.extra_working_days) or beijing(now).time() < colleagues.AT:
        return
    for province in sorted(desk.served):
        address = desk.province_mailboxes.get(province, "")
        if not address:
            continue
        with speaking(language(desk.chat_locale)):
            facts = _waiting(desk, cycle, province, waiting_lines(tx, cycle, province))
        if facts is not None:
            key = f"waiting:{cycle.id}/{province}/{day}"
            yield LetterIntent("notice", key, (address,), facts, locale=desk.chat_locale)


def _waiting(desk: Desk, cycle: Cycle, province: str, lines: tuple[str, ...]) -> StaffNotice | None:
    if not lines:
        return None
    name, deadline = term(desk.province_name(province)), spoken().moment(cycle.cancel_before)
    head = WAITING.format(name=name, count=len(lines), deadline=deadline)
    return StaffNotice(
        desk.office, WAITING_TITLE.format(name=name), (head, *lines, WAITING_NEXT.said())
    )


def _active(desk: Desk) -> Iterator[Cycle]:
    if "province" in desk.roles:
        yield from (desk.cycles[name] for name in desk.active)


def _due(desk: Desk, tx: Tx, cycle: Cycle, now: datetime) -> Iterator[LetterIntent]:
    for row in tx.cases.list(desk.served, cycle=cycle.id):
        change = Change(desk, tx, row.case_no)
        for app in change.state.confirmed:
            if app.stage in ("confirmed", "cancelled") and (found := _intent(change, app, now)):
                yield found


def _intent(change: Change, app: ApplicationState, now: datetime) -> LetterIntent | None:
    amount = app.amount_t or 0
    outstanding = max(0, amount - app.allotted_t)
    applicant = applicant_of(change, app.number)
    to = writable(change.desk, (applicant.address,))
    if not to:
        return None
    deadline = change.cycle.cancel_before
    days = between(beijing(now).date(), beijing(deadline).date(), change.desk.extra_working_days)
    facts = Reminder(
        office=change.desk.office,
        cycle_title=change.cycle.title,
        case_no=change.case_no,
        entity_name=change.row.entity_name,
        about="cancel" if outstanding else "proof",
        amount_t=amount,
        outstanding_t=outstanding,
        deadline=deadline,
        working_days_left=days,
        clause=change.cycle.clause("step-cancel"),
    )
    about = f"{change.case_no}/{app.number}/{facts.about}"
    return LetterIntent(
        "reminder", about, to, facts, thread=applicant.thread, locale=change.desk.locale
    )


def lapse_due(desk: Desk, now: datetime) -> list[str]:
    """Mark what was confirmed and not cancelled in time; the case numbers, each once.

    Only after an import says that the registry was asked up to the deadline: a missing import is
    no missing cancellation.
    """
    lapsed: list[str] = []
    for cycle in _active(desk):
        if now < cycle.cancel_before:
            continue
        with desk.store.write() as tx:
            until = tx.registry.complete_until("cancellations")
            if until is None or until < cycle.cancel_before:
                continue
            for row in tx.cases.list(desk.served, cycle=cycle.id):
                lapsed += _lapse(Change(desk, tx, row.case_no), until)
    return lapsed


def _lapse(change: Change, asked_until: datetime) -> list[str]:
    due = [app.number for app in change.state.confirmed if app.stage == "confirmed"]
    for number in due:
        change.add(Lapsed(number, NO_CANCELLATION.said()), CLOCK, rule="cancel-deadline")
        _tell_lapse(change, number, asked_until)
    return [change.case_no] if due else []


def _tell_lapse(change: Change, number: int, asked_until: datetime) -> None:
    """Whoever applied, and the entity's registered addresses, hear that it is over."""
    app, cycle = change.state.application(number), change.cycle
    if app is None or app.confirmed is None:
        return
    facts = Lapse(
        office=change.desk.office,
        cycle_title=cycle.title,
        case_no=change.case_no,
        application=number,
        entity_name=change.row.entity_name,
        amount_t=app.confirmed.amount_t or 0,
        deadline=cycle.cancel_before,
        asked_until=asked_until,
        at=change.desk.now(),
        clause=cycle.clause("cancel-deadline"),
    )
    # A second lapse, after one that was lifted, is told as well.
    times = sum(isinstance(one, Lapsed) and one.application == number for one in change.payloads())
    about = f"{change.case_no}/{number}/lapsed" + (f"-{times}" if times > 1 else "")
    for address, _own, thread in recipients(change, number):
        intent = LetterIntent("lapse", about, (address,), facts, thread=thread,
                              locale=change.desk.locale)  # fmt: skip
        change.tx.outbox.intend(intent)
