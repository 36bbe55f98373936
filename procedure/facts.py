"""The facts of every letter: what `casework` snapshots, `letters` dresses and `store` keeps.

No text for people is made here but what a field says it holds. All moments are aware.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Literal

from procedure.findings import Finding
from procedure.language import Words, _
from procedure.packed import PackedRows


@dataclass(frozen=True)
class Office:
    """Whose name stands below the letter, and whom to ask."""

    name: str
    address: str
    phone: str = ""


@dataclass(frozen=True)
class ReadLine:
    """One value as read, for a receipt. ``value`` is formatted for people ("6,182 吨")."""

    label: Words
    value: Words
    accepted: bool
    note: Words = ""


@dataclass(frozen=True)
class ReceiptSection:
    """One document of the mail: what it is, what was read, what is missing or wrong."""

    document: str
    """File name as sent."""
    place: Literal["application", "cancellation", "registry", "duplicate", "set-aside", "tray"]
    case_no: str = ""
    application: int = 0
    version: int = 0
    entity_name: str = ""
    lines: tuple[ReadLine, ...] = ()
    findings: tuple[Finding, ...] = ()
    problem: Words = ""
    """Why it could not be read and what to send instead, "" where it was read."""
    duplicate_of: Words = ""
    """When the same document had come before, formatted for people."""
    exchanges: tuple[str, ...] = ()
    """附件3 §2 step 1: the nine exchanges, where the account is missing."""
    waits: bool = False
    """In the tray: a person looks at it, and nothing need be sent again."""
    short_t: int | None = None
    """Confirmed tonnes that no screenshot shows; None where that is not told."""


@dataclass(frozen=True)
class Receipt:
    """kind ``receipt``: one answer to one mail with applications or proofs, or unclear ones."""

    office: Office
    cycle_title: str
    received_at: datetime
    subject: str
    sections: tuple[ReceiptSection, ...]
    next_steps: tuple[Words, ...]
    deadline: datetime | None = None
    problems: tuple[Words, ...] = ()
    """What was wrong with the mail as a whole: password-protected, links only, …"""


@dataclass(frozen=True)
class Decision:
    """kinds ``confirmation``, ``return`` and ``revocation``: a decision on one application."""

    office: Office
    cycle_title: str
    case_no: str
    application: int
    version: int
    entity_name: str
    outcome: Literal["confirmed", "returned", "revoked", "withdrawn"]
    decided_at: datetime
    decided_by: str
    amount_t: int | None = None
    obligation_t: int | None = None
    reason: Words = ""
    findings: tuple[Finding, ...] = ()
    next_steps: tuple[Words, ...] = ()
    deadline: datetime | None = None
    document: str = ""
    clause: str = "附件3 §2 step 4"
    """Under which the province decides."""
    corrections: tuple[ReadLine, ...] = ()
    """What staff read otherwise than the receipt said; ``note`` is what it said."""


@dataclass(frozen=True)
class Reminder:
    """kind ``reminder``: confirmed but not cancelled, or cancelled but no sealed screenshot."""

    office: Office
    cycle_title: str
    case_no: str
    entity_name: str
    about: Literal["cancel", "proof"]
    amount_t: int
    outstanding_t: int
    deadline: datetime
    working_days_left: int
    clause: str = "附件3 §2 step 5"
    """Under which the entity cancels."""


@dataclass(frozen=True)
class Progress:
    """kind ``progress``: cancellation verified, CCER credited, or surrender registered."""

    office: Office
    cycle_title: str
    case_no: str
    entity_name: str
    stage: str
    stage_name: str
    at: datetime
    quantity_t: int
    findings: tuple[Finding, ...] = ()
    next_steps: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Amendment:
    """kind ``correction``: staff read a form otherwise than a letter that went out had said."""

    office: Office
    cycle_title: str
    case_no: str
    application: int
    version: int
    entity_name: str
    at: datetime
    corrections: tuple[ReadLine, ...]
    """``note`` is what the earlier letter said."""
    findings: tuple[Finding, ...] = ()
    """As they are now."""
    confirmed_t: int | None = None
    """Confirmed before: the correction leaves that as it is."""
    deadline: datetime | None = None


@dataclass(frozen=True)
class Lapse:
    """kind ``lapse``: confirmed, and no cancellation in the registry before the deadline."""

    office: Office
    cycle_title: str
    case_no: str
    application: int
    entity_name: str
    amount_t: int
    deadline: datetime
    asked_until: datetime
    """Up to when the registry was asked."""
    at: datetime
    clause: str = ""


@dataclass(frozen=True)
class StatusCase:
    """One case in an answer to a question."""

    case_no: str
    entity_name: str
    stage_name: str
    since: datetime | None
    amount_t: int | None
    next_steps: tuple[Words, ...] = ()


@dataclass(frozen=True)
class StatusAnswer:
    """kind ``answer``: to a question by mail; ``cases`` only where the address is their own."""

    office: Office
    cycle_title: str
    subject: str
    cases: tuple[StatusCase, ...]
    deadline: datetime | None = None


@dataclass(frozen=True)
class StaffNotice:
    """kind ``notice``: one plain message to staff or the operator."""

    office: Office
    title: Words
    lines: tuple[Words, ...]
    case_no: str = ""


@dataclass(frozen=True)
class TaskItem:
    """One application that waits, as it was when the letter was made: an answer rests on this."""

    case_no: str
    application: int
    version: int
    seq: int
    """The last event of the case that the letter tells of."""
    entity_name: str
    stage_name: str
    received_at: datetime
    offset_t: int | None = None
    obligation_t: int | None = None
    cap_t: int | None = None
    findings: tuple[Finding, ...] = ()
    unclear: tuple[str, ...] = ()
    """Labels of the fields that nobody could read yet."""
    proposed: str = ""
    """Who asked for which decision, where two people decide, in the reader's language."""


@dataclass(frozen=True)
class StaffTask:
    """kind ``task``: what waits for one member of staff, who decides by answering the letter."""

    office: Office
    person: str
    token: str
    """What an answer is recognised by; nobody else knows it."""
    items: tuple[TaskItem, ...]
    lines: tuple[str, ...] = ()
    """Other notices that came with it, in the reader's language."""
    deadline: datetime | None = None
    two_person: tuple[str, ...] = ()
    """Decisions (confirm, return) that need a second person."""


@dataclass(frozen=True)
class Period:
    """What a digest is about: a week or a day of a cycle, and the round's number."""

    cycle: str
    cycle_title: str
    kind: Literal["weekly", "daily", "national"]
    first: date
    last: date
    number: int
    """Round number from 1."""
    supplement: int = 0
    """0 for the regular digest, 1… for 补充."""
    clause: str = ""
    """Under which clause it is sent."""


MOST_WAITING = 50
"""Cases that one letter names; the rest are counted."""


@dataclass(frozen=True)
class CycleProgress:
    """How far a province is in the cycle, against the days left; tonnes of live applications."""

    applied_t: int
    confirmed_t: int
    cancelled_t: int
    """Finished voluntary cancellations, counted for an application or not."""
    verified_t: int
    days: int
    """Calendar days from the first application day to the cancellation deadline."""
    days_left: int


@dataclass(frozen=True)
class WeeklyRow:
    """附件3 §2 step 4: one application version, or a later change of it."""

    event_seq: int
    change: str
    """新增, 新版本, 状态更新, 更正 or 撤回."""
    case_no: str
    application: int
    version: int
    entity_name: str
    uscc: str
    obligation_t: int | None
    offset_t: int | None
    cap_t: int | None
    confirmed_t: int | None
    account_no: str
    stage: str
    stage_name: str
    received_at: datetime
    decided_at: datetime | None = None
    findings: Words = ""


@dataclass(frozen=True)
class DailyRow:
    """附件3 §2 step 6: one cancellation record as the registry has it."""

    event_seq: int
    change: str
    account_name: str
    account_no: str
    project_code: str
    project_name: str
    quantity_t: int
    operation: str
    status: str
    time: datetime | None
    serial: str
    case_no: str = ""
    province: str = ""
    findings: Words = ""
    record: str = ""
    """The registry's record that it tells of: the same in a later 更正."""


@dataclass(frozen=True)
class WeeklySummary:
    """kind ``weekly``: a province's applications to NCSC."""

    office: Office
    period: Period
    province: str
    authority: str
    rows: Annotated[Sequence[WeeklyRow], PackedRows(WeeklyRow)]
    stages: Mapping[str, int]
    """Stage name → applications of the province at that stage, all rounds together."""
    unclear: int
    total_obligation_t: int
    total_offset_t: int
    total_confirmed_t: int
    snapshot_at: datetime
    late: bool = False
    deadline: datetime | None = None
    waiting: tuple[Words, ...] = ()
    """Cases that wait for this province, oldest first, formatted for people; `MOST_WAITING`."""
    waiting_more: int = 0
    """How many wait beside them."""
    progress: CycleProgress | None = None


@dataclass(frozen=True)
class DailyRecords:
    """kind ``daily``: the day's cancellation records of one province (空报 without rows)."""

    office: Office
    period: Period
    province: str
    authority: str
    rows: Annotated[Sequence[DailyRow], PackedRows(DailyRow)]
    total_t: int
    complete_until: datetime
    snapshot_at: datetime
    late: bool = False
    deadline: datetime | None = None
    cumulative_t: int = 0
    waiting: tuple[Words, ...] = ()
    """As in the weekly summary."""
    waiting_more: int = 0
    progress: CycleProgress | None = None


@dataclass(frozen=True)
class ProvinceSum:
    """One province's part of the national file."""

    name: str
    records: int
    total_t: int
    """Finished voluntary cancellations of the day's rows."""


@dataclass(frozen=True)
class NationalRecords:
    """kind ``national``: the day's cancellation records of all provinces, for CRC's machines."""

    office: Office
    period: Period
    rows: Annotated[Sequence[DailyRow], PackedRows(DailyRow)]
    provinces: tuple[ProvinceSum, ...]
    """Those served, in the order of their prefixes; one without records too."""
    total_t: int
    complete_until: datetime
    snapshot_at: datetime
    late: bool = False
    deadline: datetime | None = None
    cumulative_t: int = 0

    @property
    def province(self) -> str:
        """In a province's place."""
        return str(_("全国"))


Facts = (
    Receipt
    | Decision
    | Reminder
    | Progress
    | Amendment
    | Lapse
    | StatusAnswer
    | StaffNotice
    | StaffTask
    | WeeklySummary
    | DailyRecords
    | NationalRecords
)

FACTS: Mapping[str, type[Facts]] = {
    "receipt": Receipt,
    "confirmation": Decision,
    "return": Decision,
    "revocation": Decision,
    "reminder": Reminder,
    "progress": Progress,
    "correction": Amendment,
    "lapse": Lapse,
    "answer": StatusAnswer,
    "notice": StaffNotice,
    "task": StaffTask,
    "weekly": WeeklySummary,
    "daily": DailyRecords,
    "national": NationalRecords,
}


@dataclass(frozen=True)
class Thread:
    """What a letter answers: RFC 5322 §3.6.4. Empty for a letter that starts a thread."""

    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    subject: str = ""
    """Subject of the mail that is answered."""


@dataclass(frozen=True)
class LetterIntent:
    """A letter that is due, in the transaction of the change. Unique by ``key``."""

    kind: str
    about: str
    """Case number, message id or digest key."""
    to: tuple[str, ...]
    facts: Facts
    cc: tuple[str, ...] = ()
    sender: str = ""
    """From address; "" for the office's own address."""
    thread: Thread = field(default_factory=Thread)
    revision: int = 1
    locale: str = "zh_CN"
    reply_to: str = ""
    """Where answers go, "" for the From address."""

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.about}:{','.join(self.to)}:{self.revision}"
