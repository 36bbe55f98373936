"""What the demo's runner hands to `clerk.demo.page`: everything that happened, ready to show.

All texts are Simplified Chinese for people; all moments are aware (demo time, not wall clock).
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from procedure.facts import ReadLine
from procedure.findings import Finding

Outcome = Literal["good", "finding", "tray", "silent"]
"""good: went its way; finding: filed with findings; tray: waits for a person; silent: no answer."""


@dataclass(frozen=True)
class Step:
    """One step of the story as the runner took it."""

    title: str
    """收信, 识读, 确认 …"""
    detail: str
    """What happened, in one sentence."""
    at: datetime
    clause: str = ""
    """附件3 §2 step 3, where the step is one of the procedure's."""


@dataclass(frozen=True)
class MailShown:
    """One mail that came in, and where each of its documents ended."""

    key: str
    """`DemoMail.key`: documents and letters refer to it."""
    title: str
    """What the demo means by it (`DemoMail.title`)."""
    sender: str
    subject: str
    received_at: datetime
    kind: str
    """Its kind in Chinese: 申请, 注销凭证, 自动回复 …"""
    outcome: Outcome
    places: tuple[str, ...]
    """Where its documents (or the mail itself) ended, one sentence each."""
    attachments: tuple[str, ...] = ()
    case_nos: tuple[str, ...] = ()


@dataclass(frozen=True)
class DocumentShown:
    """One document as read."""

    mail: str
    """Key of its mail."""
    name: str
    kind: str
    """申请表, 注销凭证, 其他."""
    lines: tuple[ReadLine, ...]
    findings: tuple[Finding, ...] = ()
    picture: bytes = b""
    """PNG of its first page with boxes (`ocr.render_overlay`); b"" where there is no page image."""
    seal: str = ""
    """What the seal says, and whether it is the entity's own."""
    problem: str = ""
    seconds: float = 0.0
    seal_verdict: Literal["good", "look", "bad"] = "look"
    """Whether every seal is the entity's own; bad: one is another's."""


@dataclass(frozen=True)
class Table:
    """An attached sheet as rows of text; the first row holds the headings."""

    name: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class FileShown:
    """An attachment of a letter; ``data`` is linked into the page where it is given."""

    name: str
    type: str
    size: int
    data: bytes = b""
    content_id: str = ""
    """For an inline picture of the HTML (without <>)."""


@dataclass(frozen=True)
class LetterShown:
    """One letter as the sink received it."""

    kind: str
    """回执, 确认通知, 退回通知, 提醒, 周汇总, 每日注销记录, 进展 …"""
    group: Literal["receipt", "decision", "progress", "digest"]
    to: tuple[str, ...]
    subject: str
    sent_at: datetime
    html: str
    text: str = ""
    cc: tuple[str, ...] = ()
    sender: str = ""
    mail: str = ""
    """Key of the mail that it answers, "" for a letter that starts a thread."""
    case_no: str = ""
    files: tuple[FileShown, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class ChatLine:
    """One bubble of the chat: a member of staff's, or the clerk's (``mine`` False)."""

    who: str
    text: str
    mine: bool
    at: datetime
    buttons: tuple[str, ...] = ()


@dataclass(frozen=True)
class EventLine:
    """One event of a case: who did what on which evidence."""

    at: datetime
    who: str
    what: str
    detail: str = ""


@dataclass(frozen=True)
class CaseShown:
    """A case with its history at the demo's end."""

    case_no: str
    entity_name: str
    province: str
    stage: str
    """Id of the stage: received … surrendered (`procedure.case.STAGE_NAMES`)."""
    stage_name: str
    amount_t: int | None
    confirmed_t: int | None
    cancelled_t: int
    events: tuple[EventLine, ...]


@dataclass(frozen=True)
class Verification:
    """What `clerk verify` said: counts of what is accounted for, and problems."""

    messages: int
    documents: int
    events: int
    letters: int
    places: tuple[tuple[str, int], ...]
    """Place in Chinese → how many documents or messages ended there; adds up."""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class DemoResult:
    """The whole demo."""

    title: str
    office: str
    cycle_title: str
    steps: tuple[Step, ...]
    mails: tuple[MailShown, ...]
    documents: tuple[DocumentShown, ...]
    letters: tuple[LetterShown, ...]
    chat: tuple[ChatLine, ...]
    cases: tuple[CaseShown, ...]
    verification: Verification
    seconds: float
    engines: tuple[str, ...] = ()
    """Names of the reading engines that were there."""
    notes: tuple[str, ...] = field(default_factory=tuple)
