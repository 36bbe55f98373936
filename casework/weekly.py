"""The weekly summary's rows: application versions and their later changes (附件3 §2 step 4)."""

from collections.abc import Iterator
from datetime import datetime

from casework.desk import Desk
from casework.progress import Tally
from casework.rounds import Cases, Numbers, Slot, numbers, waiting
from procedure.case import STAGE_NAMES, ApplicationState, derive
from procedure.events import (
    ApplicationFiled,
    ConfirmationRevoked,
    Confirmed,
    Event,
    FieldCorrected,
    Lapsed,
    LapseLifted,
    Reassigned,
    Returned,
    Withdrawn,
)
from procedure.facts import WeeklyRow, WeeklySummary
from procedure.language import THEN, joined
from procedure.packed import Packed
from store import Tx

KINDS = (
    "application-filed",
    "confirmed",
    "returned",
    "withdrawn",
    "field-corrected",
    "confirmation-revoked",
    "reassigned",
    "lapsed",
    "lapse-lifted",
)
OfApplication = (
    ApplicationFiled
    | Confirmed
    | Returned
    | Withdrawn
    | FieldCorrected
    | ConfirmationRevoked
    | Reassigned
    | Lapsed
    | LapseLifted
)


def application_of(event: Event) -> int | None:
    """The application that an event changes, None for an event that is not reported weekly."""
    payload = event.payload
    if isinstance(payload, Reassigned):
        return payload.to_application
    return payload.application if isinstance(payload, OfApplication) else None


def selected(tx: Tx, slot: Slot, cutoff: datetime) -> Numbers:
    """Events that no weekly summary holds, but for forms that still wait to be read by a person.

    Those are told as a count; once they are clear (or returned) their rows follow.
    """
    found = waiting(tx, slot, KINDS, cutoff)
    cases = Cases(tx, cutoff, found)
    clear = (event for some in cases.windows() for event in some if not _unclear(cases, event))
    return numbers(event.seq for event in clear)


def _unclear(cases: Cases, event: Event) -> bool:
    """Whether the event belongs to a version that cannot be read yet."""
    if not isinstance(event.payload, ApplicationFiled | FieldCorrected):
        return False
    app = cases.told(event.case_no).application(event.payload.application)
    return app is not None and app.stage == "unclear" and event.seq >= app.current.seq


def summary(
    desk: Desk, tx: Tx, slot: Slot, events: Numbers, cutoff: datetime, late: bool
) -> WeeklySummary:
    """The snapshot at ``cutoff``, whenever it is made."""
    cases = Cases(tx, cutoff, events)
    tally = Tally(cases.states(slot))
    return WeeklySummary(
        office=desk.office,
        period=slot.period(),
        province=desk.province_name(slot.province),
        authority=desk.province(slot.province).authority,
        rows=Packed.of(WeeklyRow, _rows(slot, cases)),
        stages=dict(tally.stages),
        unclear=tally.unclear,
        total_obligation_t=tally.obligation,
        total_offset_t=tally.offset,
        total_confirmed_t=tally.confirmed,
        snapshot_at=cutoff,
        late=late,
        deadline=slot.cycle.cancel_before,
        waiting=tally.waiting,
        waiting_more=tally.waiting_more,
        progress=tally.progress(slot.cycle, cutoff),
    )


def _rows(slot: Slot, cases: Cases) -> Iterator[WeeklyRow]:
    """One row an event; corrections of a form that is new itself are in that form's row."""
    for event in (one for some in cases.windows() for one in some):
        if not _inside(cases, event):
            row = _row(slot, cases, event, _until(cases.history(event.case_no), event))
            if row is not None:
                yield row


def _inside(cases: Cases, event: Event) -> bool:
    """Whether it corrects a form that is a row of the same digest."""
    if not isinstance(event.payload, FieldCorrected):
        return False
    history = cases.history(event.case_no)
    return any(
        isinstance(form.payload, ApplicationFiled)
        and form.payload.application == event.payload.application
        and form.seq < event.seq <= _until(history, form)
        for form in history
        if cases.tells(form.seq)
    )


def _until(history: list[Event], event: Event) -> int:
    """The last event that the row tells of: a form's row ends where its next change begins."""
    if not isinstance(event.payload, ApplicationFiled):
        return event.seq
    later = [
        one.seq
        for one in history
        if one.seq > event.seq
        and application_of(one) == event.payload.application
        and not isinstance(one.payload, FieldCorrected)
    ]
    return min(later) - 1 if later else history[-1].seq


def _row(slot: Slot, cases: Cases, event: Event, until: int) -> WeeklyRow | None:
    """The application as it stood then; None for a version that was replaced unread."""
    number = application_of(event)
    history = [one for one in cases.history(event.case_no) if one.seq <= until]
    app = derive(history).application(number) if number is not None else None
    if app is None or (isinstance(event.payload, ApplicationFiled) and app.stage == "unclear"):
        return None
    case = cases.row(event.case_no)
    obligation = app.tonnes("obligation_t")
    decision = app.confirmed or app.sent_back
    return WeeklyRow(
        event_seq=event.seq,
        change=_change(event),
        case_no=event.case_no,
        application=app.number,
        version=app.version,
        entity_name=app.text("enterprise_name") or (case.entity_name if case else ""),
        uscc=app.text("uscc"),
        obligation_t=obligation,
        offset_t=app.tonnes("offset_t"),
        cap_t=slot.cycle.cap(obligation) if obligation is not None else None,
        confirmed_t=app.confirmed.amount_t if app.confirmed else None,
        account_no=app.text("account_no"),
        stage=app.stage,
        stage_name=STAGE_NAMES[app.stage],
        received_at=app.received_at,
        decided_at=decision.at if decision else None,
        findings=_rules(app),
    )


def _change(event: Event) -> str:
    payload = event.payload
    if isinstance(payload, ApplicationFiled):
        return "新增" if payload.version == 1 else "新版本"
    if isinstance(payload, FieldCorrected | Reassigned):
        return "更正"
    return "撤回" if isinstance(payload, Withdrawn) else "状态更新"


def _rules(app: ApplicationState) -> str:
    serious = (f for f in app.findings if f.severity in ("error", "warning"))
    found = dict.fromkeys(finding.message for finding in serious)
    return joined(found, THEN) if found else ""
