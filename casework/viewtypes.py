"""What a person sees of cases: plain, JSON-able."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from procedure.casestate import Proposal
from procedure.events import ActorKind
from procedure.findings import Finding
from procedure.readings import DocumentReading, Value


@dataclass(frozen=True)
class CaseLine:
    """A case in a list."""

    case_no: str
    cycle: str
    year: int | None
    entity_name: str
    uscc: str
    province: str
    """Prefix."""
    province_name: str
    stage: str
    stage_name: str
    since: datetime | None


@dataclass(frozen=True)
class TodoLine:
    """What waits for a person: an application to decide on or to read, or a proof."""

    case_no: str
    application: int
    version: int
    entity_name: str
    province_name: str
    stage: str
    stage_name: str
    what: str
    """Chinese: 待确认, 待人工识读, …"""
    received_at: datetime
    deadline: datetime | None
    offset_t: int | None
    errors: int
    """Findings that block confirmation."""
    proposed: Proposal | None = None
    """What one of two people asked for, while it waits for the second."""


@dataclass(frozen=True)
class VersionCard:
    """One version of an application as it was filed."""

    version: int
    received_at: datetime
    reply_to: str
    message_id: str
    document: str
    part: int
    reading: DocumentReading


@dataclass(frozen=True)
class ApplicationCard:
    """One application, corrections applied."""

    application: int
    version: int
    stage: str
    stage_name: str
    received_at: datetime
    values: Mapping[str, Value | None]
    projects: tuple[Mapping[str, Value | None], ...]
    unclear: tuple[str, ...]
    findings: tuple[Finding, ...]
    confirmed_t: int | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""
    cancelled_t: int = 0
    versions: tuple[VersionCard, ...] = ()
    proposed: Proposal | None = None
    """What one of two people asked for, while it waits for the second."""


@dataclass(frozen=True)
class ProofCard:
    """A cancellation screenshot."""

    proof: int
    received_at: datetime
    message_id: str
    document: str
    part: int
    findings: tuple[Finding, ...]
    reading: DocumentReading
    accepted_by: str = ""
    """Who looked at the original, "" while its checks alone decide."""


@dataclass(frozen=True)
class CancellationCard:
    """The registry's own record of a cancellation."""

    row: str
    account_no: str
    project_code: str
    project_name: str
    quantity_t: int
    operation: str
    status: str
    time: datetime | None
    serial: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class HistoryLine:
    """One event, said for a person."""

    seq: int
    at: datetime
    kind: str
    who: str
    text: str
    """Chinese."""
    message_id: str = ""
    document: str = ""
    by: ActorKind = "person"


@dataclass(frozen=True)
class LetterLine:
    """One letter of the case."""

    key: str
    kind: str
    to: tuple[str, ...]
    state: str


@dataclass(frozen=True)
class CaseView:
    """Everything a person who may see the case sees of it."""

    case_no: str
    cycle: str
    cycle_title: str
    year: int | None
    entity_name: str
    uscc: str
    account_no: str
    province: str
    province_name: str
    stage: str
    stage_name: str
    deadline: datetime | None
    cap_t: int | None
    confirmed_t: int
    cancelled_t: int
    credited_t: int
    surrendered_t: int
    applications: tuple[ApplicationCard, ...]
    proofs: tuple[ProofCard, ...]
    cancellations: tuple[CancellationCard, ...]
    findings: tuple[Finding, ...]
    history: tuple[HistoryLine, ...]
    letters: tuple[LetterLine, ...]
    next_steps: tuple[str, ...]
    last_seq: int = 0
    """Of the last event shown: a decision passes it as ``seen_seq``."""
