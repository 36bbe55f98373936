"""Everything that can happen to a case. State is derived from these, never set by hand.

An event says who, when, what, on which evidence and under which rule; `store` chains their hashes.
Payload classes are keyed by the event's kind in `PAYLOADS`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from procedure.findings import Finding
from procedure.language import Words
from procedure.readings import Box, DocumentReading, Value

ActorKind = Literal["person", "mail", "registry", "clock", "operator"]


@dataclass(frozen=True)
class Actor:
    """Who did it: a person's name, a mail address, an import's id, or the timetable."""

    kind: ActorKind
    name: str


@dataclass(frozen=True)
class Evidence:
    """What it rests on; empty strings and None where it does not apply."""

    message_id: str = ""
    document: str = ""
    """SHA-256 of the document."""
    part: int = 0
    """Which document within the file, from 0."""
    page: int | None = None
    box: Box | None = None
    registry_row: str = ""


@dataclass(frozen=True)
class ApplicationFiled:
    """A form became an application (``version`` 1) or a new version of an unconfirmed one."""

    application: int
    version: int
    received_at: datetime
    reply_to: str
    """Address of the applicant: where receipts and decisions go."""
    reading: DocumentReading
    findings: tuple[Finding, ...]
    unclear: tuple[str, ...]
    """Required fields that are not accepted: it waits for a person while any is left."""
    rfc_message_id: str = ""
    """Message-ID header of the applicant's mail, for threading."""
    subject: str = ""


@dataclass(frozen=True)
class FieldCorrected:
    """A person fixed a reading; outranks any later reading. ``row`` is None for single fields."""

    application: int
    field: str
    old: Value | None
    new: Value | None
    row: int | None = None


@dataclass(frozen=True)
class Checked:
    """Checks ran again (after a correction or an import)."""

    application: int
    findings: tuple[Finding, ...]
    unclear: tuple[str, ...] = ()
    accepted: tuple[str, ...] | None = None
    """What is accepted now (`procedure.judged`); None for as it was."""


@dataclass(frozen=True)
class Proposed:
    """附件3 §2 step 4 by two people: one asks another to confirm or return this very version."""

    application: int
    version: int
    outcome: Literal["confirm", "return"]
    amount_t: int | None = None
    """What is to be confirmed."""
    reason: str = ""
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Confirmed:
    """附件3 §2 step 4: the province confirmed this very version and amount."""

    application: int
    version: int
    amount_t: int
    note: str = ""
    proposed_by: str = ""
    """Who asked for it, where two people decide: the event's actor is the second of them."""


@dataclass(frozen=True)
class Returned:
    """附件3 §2 step 4: the province returned it, with the reason."""

    application: int
    version: int
    reason: str
    rules: tuple[str, ...] = ()
    proposed_by: str = ""
    """As in `Confirmed`."""


@dataclass(frozen=True)
class Withdrawn:
    """The entity (or staff on its behalf) took the application back."""

    application: int
    reason: Words = ""


@dataclass(frozen=True)
class ConfirmationRevoked:
    """A confirmation taken back by staff; the application waits for the province again."""

    application: int
    reason: str


@dataclass(frozen=True)
class Reassigned:
    """Staff switched a new version into a further application or back (design: Cases)."""

    application: int
    to_application: int
    to_version: int


@dataclass(frozen=True)
class DuplicateReceived:
    """The same document came again; nothing changes."""

    application: int | None
    received_at: datetime


@dataclass(frozen=True)
class CancellationRecorded:
    """附件3 §2 step 6: the registry's own record of one cancellation of this entity."""

    row: str
    """Id of the registry row, stable through repeated imports."""
    account_no: str
    account_name: str
    project_code: str
    project_name: str
    quantity_t: int
    operation: str
    status: str
    time: datetime | None
    serial: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class ProofFiled:
    """附件3 §2 step 5: the printed, sealed screenshot of the finished cancellation."""

    proof: int
    received_at: datetime
    reply_to: str
    reading: DocumentReading
    findings: tuple[Finding, ...]
    matched_rows: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    rfc_message_id: str = ""
    subject: str = ""


@dataclass(frozen=True)
class ProofAccepted:
    """附件3 §2 step 5: a person looked at the original, printed and sealed; it shows ``rows``."""

    proof: int
    rows: tuple[str, ...]
    """Ids of the registry's records that it shows."""
    note: str = ""


@dataclass(frozen=True)
class Matched:
    """Registry records, confirmation and proof looked at together.

    ``allotted_t`` maps application number to the cancelled tonnes that count for it. ``verified``
    lists the applications whose confirmed amount is cancelled in time and evidenced by a proof.
    """

    allotted_t: Mapping[int, int]
    verified: tuple[int, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Credited:
    """附件3 §2 step 7: CRC created offset CCER on the entity's account."""

    row: str
    quantity_t: int
    time: datetime | None
    account_no: str = ""


@dataclass(frozen=True)
class SurrenderRecorded:
    """附件3 §2 step 7-8: the compliance application's state at CRC."""

    row: str
    quantity_t: int
    status: Literal["applied", "confirmed", "registered"]
    time: datetime | None


@dataclass(frozen=True)
class Lapsed:
    """The cancellation deadline passed without what was confirmed having been cancelled."""

    application: int
    reason: Words = ""


@dataclass(frozen=True)
class LapseLifted:
    """The registry showed later that it was cancelled before the deadline after all."""

    application: int


@dataclass(frozen=True)
class Reported:
    """A fact beside the stages: this event's row went out in that digest."""

    digest: str


@dataclass(frozen=True)
class CaseErased:
    """The case's time of keeping is over: what is named here was deleted, and nothing else."""

    events: tuple[int, ...]
    """Numbers of the events whose content is gone; their hashes stay."""
    messages: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    """SHA-256."""
    letters: int = 0


Payload = (
    ApplicationFiled
    | FieldCorrected
    | Checked
    | Proposed
    | Confirmed
    | Returned
    | Withdrawn
    | ConfirmationRevoked
    | Reassigned
    | DuplicateReceived
    | CancellationRecorded
    | ProofFiled
    | ProofAccepted
    | Matched
    | Credited
    | SurrenderRecorded
    | Lapsed
    | LapseLifted
    | Reported
    | CaseErased
)

PAYLOADS: Mapping[str, type[Payload]] = {
    "application-filed": ApplicationFiled,
    "field-corrected": FieldCorrected,
    "checked": Checked,
    "proposed": Proposed,
    "confirmed": Confirmed,
    "returned": Returned,
    "withdrawn": Withdrawn,
    "confirmation-revoked": ConfirmationRevoked,
    "reassigned": Reassigned,
    "duplicate-received": DuplicateReceived,
    "cancellation-recorded": CancellationRecorded,
    "proof-filed": ProofFiled,
    "proof-accepted": ProofAccepted,
    "matched": Matched,
    "credited": Credited,
    "surrender-recorded": SurrenderRecorded,
    "lapsed": Lapsed,
    "lapse-lifted": LapseLifted,
    "reported": Reported,
    "case-erased": CaseErased,
}
KINDS: Mapping[type[Payload], str] = {cls: kind for kind, cls in PAYLOADS.items()}


@dataclass(frozen=True)
class Event:
    """One link of a case's history. ``seq`` and the hashes are `store`'s: 0 and "" before that."""

    case_no: str
    at: datetime
    actor: Actor
    payload: Payload
    evidence: Evidence = field(default_factory=Evidence)
    rule: str = ""
    seq: int = 0
    prev_hash: str = ""
    hash: str = ""

    @property
    def kind(self) -> str:
        return KINDS[type(self.payload)]
