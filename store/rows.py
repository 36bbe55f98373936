"""What the store hands out and takes: plain, frozen rows. No SQLAlchemy beyond this point."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from procedure.registry import RegistryKind
from procedure.sender import Authentication

Source = Literal["smtp", "imap", "file"]
MessageState = Literal["received", "done", "failed"]
Place = Literal["application", "cancellation", "registry", "duplicate", "set-aside", "tray"]
RecipientState = Literal["queued", "sent", "deferred", "failed", "held"]


@dataclass(frozen=True)
class Envelope:
    """How a message came. ``source_key`` is the same for the same delivery, however often retried.

    IMAP: account, folder, UIDVALIDITY and UID; SMTP: anything unique to the transaction.
    """

    source: Source
    source_key: str
    sender: str
    recipients: tuple[str, ...]
    received_at: datetime
    peer: str = ""
    login: str = ""
    """The name under which the client logged in, "" for none."""


@dataclass(frozen=True)
class Taken:
    """A message is durable. ``fresh`` is False where the very same bytes were here before."""

    message_id: str
    fresh: bool


@dataclass(frozen=True)
class MailFacts:
    """What a mail says of itself, once parsed. ``fingerprint`` hashes it without trace headers."""

    kind: str
    from_name: str = ""
    from_addr: str = ""
    reply_to: str = ""
    subject: str = ""
    rfc_message_id: str = ""
    references: tuple[str, ...] = ()
    may_reply: bool = False
    fingerprint: str = ""
    text: str = ""
    authentication: Authentication | None = None
    """Who vouches for the sender; None where nobody does."""


@dataclass(frozen=True)
class MessageRow:
    """A message in the ledger. ``received_at`` is the first delivery's."""

    id: str
    sha256: str
    size: int
    received_at: datetime
    envelope: Envelope
    state: MessageState
    attempts: int
    """Claims, of which no end was heard where a worker died."""
    failures: int
    next_at: datetime | None
    error: str
    mail: MailFacts | None


@dataclass(frozen=True)
class Placement:
    """Where a document of a message ended. Unique by message, ordinal and part."""

    message_id: str
    ordinal: int
    part: int
    sha256: str
    name: str
    place: Place
    case_no: str = ""
    application: int = 0
    note: str = ""


@dataclass(frozen=True)
class Filed:
    """A document that already became an application or a proof (``application`` 0)."""

    case_no: str
    application: int
    received_at: datetime


ERASED = "erased:"
"""How the entity key of a case begins whose content is gone (`store.erasing`)."""


@dataclass(frozen=True)
class CaseRow:
    """A case as lists show it; the state itself comes from `Cases.state`."""

    case_no: str
    cycle: str
    year: int | None
    entity_key: str
    entity_name: str
    uscc: str
    account_no: str
    province: str
    """GB/T 2260 prefix."""
    stage: str
    since: datetime | None
    opened_at: datetime

    @property
    def erased(self) -> bool:
        """Whether its content was deleted after its time of keeping."""
        return self.entity_key.startswith(ERASED)


@dataclass(frozen=True)
class ImportRow:
    """One import of a registry file."""

    id: str
    kind: RegistryKind
    sha256: str
    complete_until: datetime
    at: datetime
    actor: str
    rows: int


@dataclass(frozen=True)
class OutgoingRow:
    """One recipient of one dressed letter, ready to be sent."""

    key: str
    rfc_message_id: str
    sender: str
    recipient: str
    raw: bytes
    attempts: int


HELD = "held: the address is suspended after hard bounces"


@dataclass(frozen=True)
class RecipientRow:
    """One recipient's state and the relay's last answer."""

    address: str
    state: RecipientState
    attempts: int
    next_at: datetime | None
    answer: str
    at: datetime | None
    """Of the last attempt, of its being sent, or since when it is held."""

    @property
    def suspended(self) -> bool:
        """Whether nothing goes there any more, for earlier letters came back."""
        return self.state == "held" and self.answer == HELD


@dataclass(frozen=True)
class LetterRow:
    """A letter: its intent's facts as JSON, its bytes once dressed, its recipients."""

    key: str
    kind: str
    about: str
    revision: int
    to: tuple[str, ...]
    cc: tuple[str, ...]
    sender: str
    facts: Mapping[str, Any]
    created_at: datetime
    in_reply_to: str
    rfc_message_id: str
    superseded: bool
    dressed: bool
    recipients: tuple[RecipientRow, ...] = ()


@dataclass(frozen=True)
class DigestRow:
    """A digest that went, or waits to go, out: kind, period, recipient, supplement are unique."""

    kind: str
    period: str
    province: str
    recipient: str
    supplement: int
    letter_key: str
    created_at: datetime
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Person:
    """Staff. Roles: handler, reviewer, ncsc, crc, operator, auditor."""

    name: str
    role: str
    provinces: tuple[str, ...] = ()
    revoked: bool = False


@dataclass(frozen=True)
class TrayItem:
    """Unclear mail or an unclear document that a person must look at."""

    id: int
    message_id: str
    document: str
    reason: str
    text: str
    at: datetime
    closed_by: str = ""
    closed_how: str = ""
    closed_note: str = ""
    closed_at: datetime | None = None


@dataclass(frozen=True)
class NoticeRow:
    """A chat notice to a person, unique by key."""

    key: str
    person: str
    text: str
    case_no: str = ""
    created_at: datetime | None = None
    sent_at: datetime | None = None
    bound: Mapping[str, str] = field(default_factory=dict)
    """Channel → account of the person, as bound now."""


@dataclass(frozen=True)
class Habit:
    """How a person wants the chat; quiet hours in minutes after midnight, Beijing time."""

    person: str
    quiet_from: int | None = None
    quiet_to: int | None = None
    muted_until: datetime | None = None
    locale: str | None = None
    """zh_CN or en; None takes the installation's."""


@dataclass(frozen=True)
class InvitationRow:
    """An invitation as the operator sees it: never its code."""

    person: str
    expires: datetime
    used_at: datetime | None = None
