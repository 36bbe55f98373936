"""Which digests there are, what goes into each, and what they say."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.desk import Desk
from procedure.case import STAGE_NAMES, ApplicationState, CaseState, derive
from procedure.clock import beijing
from procedure.cycle import Cycle
from procedure.events import (
    ApplicationFiled,
    CancellationRecorded,
    ConfirmationRevoked,
    Confirmed,
    Event,
    FieldCorrected,
    Lapsed,
    Returned,
    Withdrawn,
)
from procedure.facts import DailyRecords, DailyRow, Period, WeeklyRow, WeeklySummary
from procedure.operations import is_finished, is_voluntary_cancellation
from procedure.timetable import Round, daily_rounds, weekly_rounds
from store import Tx

REPORTED: Mapping[str, tuple[str, ...]] = {
    "weekly": (
        "application-filed",
        "confirmed",
        "returned",
        "withdrawn",
        "field-corrected",
        "confirmation-revoked",
        "lapsed",
    ),
    "daily": ("cancellation-recorded",),
}
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Slot:
    """One round of one kind for one province and recipient."""

    kind: str
    cycle: Cycle
    province: str
    recipient: str
    cc: tuple[str, ...]
    round: Round

    @property
    def period_key(self) -> str:
        """Cycle and period: with kind, recipient and supplement the digest's identity.

        Several provinces report to one recipient: the province is part of it.
        """
        return f"{self.cycle.id}/{self.province}/{self.round.first}/{self.round.last}"

    def cutoff(self, tx: Tx) -> datetime | None:
        """What was recorded up to here goes in; None while the import it waits for is missing."""
        if self.kind == "weekly":
            return self.round.due
        covering = (
            row.at
            for row in tx.registry.imports()
            if row.kind == "cancellations" and row.complete_until >= self.round.due
        )
        return min(covering, default=None)

    def tick(self, now: datetime) -> datetime | None:
        """The latest daily repetition of this round's hour after it; None before the first."""
        days = (now - self.round.due) // _DAY
        return self.round.due + days * _DAY if days >= 1 else None


def slots(desk: Desk, now: datetime, *, last_only: bool = False) -> Iterator[Slot]:
    """Every round whose time has come, in its order; with ``last_only`` each kind's last one."""
    for name in desk.active:
        cycle = desk.cycles[name]
        for province in sorted(desk.served):
            for all_rounds in (_weekly(desk, cycle, province), _daily(desk, cycle, province)):
                wanted = all_rounds[-1:] if last_only else all_rounds
                yield from (slot for slot in wanted if slot.round.due <= now)


def _weekly(desk: Desk, cycle: Cycle, province: str) -> list[Slot]:
    recipient = desk.ncsc_mailbox or cycle.ncsc_mailbox
    if "province" not in desk.roles or not recipient:
        return []
    closing = desk.closing_of(province)
    rounds = weekly_rounds(cycle, closing, desk.extra_working_days, desk.weekly_lead)
    return [Slot("weekly", cycle, province, recipient, (), one) for one in rounds]


def _daily(desk: Desk, cycle: Cycle, province: str) -> list[Slot]:
    recipient = desk.province_mailboxes.get(province, "")
    if "ncsc" not in desk.roles or not recipient:
        return []
    cc = tuple(one for one in (desk.crc_mailbox or cycle.crc_mailbox,) if one)
    return [Slot("daily", cycle, province, recipient, cc, one) for one in daily_rounds(cycle)]


def selected(tx: Tx, slot: Slot, cutoff: datetime) -> list[Event]:
    """Events that no digest of this kind holds and that belong to this round."""
    waiting = tx.digests.unreported(slot.kind, slot.recipient, slot.province, REPORTED[slot.kind])
    return [event for event in waiting if event.at <= cutoff and _in_time(event, slot)]


def _in_time(event: Event, slot: Slot) -> bool:
    """A day's records are those up to its query: later ones of the same import wait a day."""
    payload = event.payload
    if not isinstance(payload, CancellationRecorded) or payload.time is None:
        return True
    return payload.time <= slot.round.due


def facts_for(
    desk: Desk, tx: Tx, slot: Slot, events: Sequence[Event], now: datetime, late: bool
) -> WeeklySummary | DailyRecords:
    """The digest's snapshot."""
    period = Period(
        cycle=slot.cycle.id,
        cycle_title=slot.cycle.title,
        kind="weekly" if slot.kind == "weekly" else "daily",
        first=slot.round.first,
        last=slot.round.last,
        number=slot.round.number,
    )
    if slot.kind == "weekly":
        return _weekly_facts(desk, tx, slot, period, events, now, late)
    return _daily_facts(desk, tx, slot, period, events, now, late)


def _weekly_facts(
    desk: Desk,
    tx: Tx,
    slot: Slot,
    period: Period,
    events: Sequence[Event],
    now: datetime,
    late: bool,
) -> WeeklySummary:
    states = {
        row.case_no: tx.cases.state(row.case_no) or CaseState()
        for row in tx.cases.list(frozenset({slot.province}), cycle=slot.cycle.id)
    }
    rows = tuple(row for event in events if (row := _weekly_row(slot, tx, event)) is not None)
    apps = [app for state in states.values() for app in state.applications]
    counting = [app for app in apps if app.counts]
    return WeeklySummary(
        office=desk.office,
        period=period,
        province=desk.province_name(slot.province),
        authority=desk.province(slot.province).authority,
        rows=rows,
        stages=dict(Counter(STAGE_NAMES[app.stage] for app in apps)),
        unclear=sum(app.stage == "unclear" for app in apps),
        total_obligation_t=sum(_obligation(state) for state in states.values()),
        total_offset_t=sum(app.amount_t or 0 for app in counting),
        total_confirmed_t=sum(state.confirmed_t for state in states.values()),
        snapshot_at=now,
        late=late,
        deadline=slot.cycle.cancel_before,
        waiting=_waiting(states),
    )


def _obligation(state: CaseState) -> int:
    """One entity's obligation, however many applications name it."""
    named = [app.tonnes("obligation_t") for app in state.applications if app.counts]
    return next((tonnes for tonnes in reversed(named) if tonnes is not None), 0)


def _waiting(states: Mapping[str, CaseState]) -> tuple[str, ...]:
    waiting = sorted(
        (app.received_at, case_no)
        for case_no, state in states.items()
        for app in state.applications
        if app.stage in ("unclear", "submitted")
    )
    return tuple(f"{no}（{beijing(at):%Y-%m-%d} 收件）" for at, no in waiting)


def _change(event: Event) -> str:
    payload = event.payload
    if isinstance(payload, ApplicationFiled):
        return "新增" if payload.version == 1 else "新版本"
    if isinstance(payload, FieldCorrected):
        return "更正"
    return "撤回" if isinstance(payload, Withdrawn) else "状态更新"


_OF_APPLICATION = (
    ApplicationFiled | Confirmed | Returned | Withdrawn | FieldCorrected
    | ConfirmationRevoked | Lapsed
)  # fmt: skip


def _weekly_row(slot: Slot, tx: Tx, event: Event) -> WeeklyRow | None:
    """The application as it stood right after the event."""
    if not isinstance(event.payload, _OF_APPLICATION):
        return None
    history = [one for one in tx.cases.events(event.case_no) if one.seq <= event.seq]
    app = derive(history).application(event.payload.application)
    case = tx.cases.row(event.case_no)
    if app is None or case is None:
        return None
    obligation = app.tonnes("obligation_t")
    decision = app.confirmed or app.returned
    return WeeklyRow(
        event_seq=event.seq,
        change=_change(event),
        case_no=event.case_no,
        application=app.number,
        version=app.version,
        entity_name=app.text("enterprise_name") or case.entity_name,
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


def _rules(app: ApplicationState) -> str:
    serious = (f for f in app.findings if f.severity in ("error", "warning"))
    return "；".join(dict.fromkeys(finding.message for finding in serious))


def _daily_facts(
    desk: Desk,
    tx: Tx,
    slot: Slot,
    period: Period,
    events: Sequence[Event],
    now: datetime,
    late: bool,
) -> DailyRecords:
    rows = tuple(_daily_row(desk, slot, event) for event in events)
    until = tx.registry.complete_until("cancellations")
    return DailyRecords(
        office=desk.office,
        period=period,
        province=desk.province_name(slot.province),
        authority=desk.province(slot.province).authority,
        rows=rows,
        total_t=sum(row.quantity_t for row in rows if _counts(row)),
        complete_until=until or slot.round.due,
        snapshot_at=now,
        late=late,
        deadline=slot.cycle.cancel_before,
        cumulative_t=_cumulative(tx, slot),
    )


def _counts(row: DailyRow) -> bool:
    return is_voluntary_cancellation(row.operation) and is_finished(row.status)


def _cumulative(tx: Tx, slot: Slot) -> int:
    return sum(
        one.record.quantity_t
        for row in tx.cases.list(frozenset({slot.province}), cycle=slot.cycle.id)
        if (state := tx.cases.state(row.case_no)) is not None
        for one in state.cancellations
        if is_voluntary_cancellation(one.record.operation) and is_finished(one.record.status)
    )


def _daily_row(desk: Desk, slot: Slot, event: Event) -> DailyRow:
    record = event.payload
    if not isinstance(record, CancellationRecorded):
        raise TypeError(f"{event.kind} is no cancellation record")
    return DailyRow(
        event_seq=event.seq,
        change="新增",
        account_name=record.account_name,
        account_no=record.account_no,
        project_code=record.project_code,
        project_name=record.project_name,
        quantity_t=record.quantity_t,
        operation=record.operation,
        status=record.status,
        time=record.time,
        serial=record.serial,
        case_no=event.case_no,
        province=desk.province_name(slot.province),
        findings="；".join(finding.message for finding in record.findings),
    )
