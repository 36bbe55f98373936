"""What was read from a document, and on which evidence. Neutral: every engine fills these."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from procedure.language import Words

DocumentKind = Literal["application", "cancellation", "other"]
Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 as fractions of the page from its top left."""

Value = str | int
"""Tonnes are int; dates YYYY-MM-DD; times ISO 8601 in +08:00; all else str."""


@dataclass(frozen=True)
class Reading:
    """One value with its text as printed and what speaks for it.

    ``engines`` agreed on this very value; ``evidence`` names what else speaks for it
    (``native-text``, ``check-character``, ``sum``, ``serial-span``, ``registry``, ``person`` …);
    ``against`` names what speaks against it (``engine-disagrees``, ``check-fails`` …).
    ``accepted`` is set by `procedure.acceptance` alone.
    """

    value: Value | None
    text: str = ""
    confidence: float = 0.0
    accepted: bool = False
    page: int | None = None
    box: Box | None = None
    engines: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProjectRow:
    """A row of CCER on an application form; a cell the paper lacks is None."""

    name: Reading | None = None
    code: Reading | None = None
    amount_t: Reading | None = None


@dataclass(frozen=True)
class RecordRow:
    """A row of a registry screenshot; a cell the paper lacks is None."""

    project_name: Reading | None = None
    project_code: Reading | None = None
    quantity_t: Reading | None = None
    operation: Reading | None = None
    status: Reading | None = None
    time: Reading | None = None
    serial: Reading | None = None


@dataclass(frozen=True)
class SealReading:
    """A seal found on a page. ``text`` is its ring text ("" where unreadable).

    ``tries`` are all texts that were read from its ring, the weightiest first: what an own seal's
    name is looked for in, where ``text`` has a character wrong. ``kind_unread``: below the star,
    where an official seal has nothing, stands what may be a kind that could not be read.
    """

    page: int | None
    box: Box | None
    shape: Literal["round", "oval", "other"] = "round"
    text: str = ""
    confidence: float = 0.0
    matches_name: bool | None = None
    tries: tuple[str, ...] = ()
    kind_unread: bool = False


@dataclass(frozen=True)
class Problem:
    """Why a document could not be read, for its sender (Simplified Chinese)."""

    code: str
    message: Words


@dataclass(frozen=True)
class DocumentReading:
    """One document as read; a file may hold several (form on page 1, screenshot on page 2)."""

    kind: DocumentKind
    first_page: int = 1
    pages: int = 1
    fields: Mapping[str, Reading] = field(default_factory=dict)
    projects: tuple[ProjectRow, ...] = ()
    records: tuple[RecordRow, ...] = ()
    seals: tuple[SealReading, ...] = ()
    problem: Problem | None = None
    seconds: float = 0.0
    rows_total: Reading | None = None
    """The 合计 cell below the project rows, where the paper has one."""
    handwritten: bool = False


APPLICATION_FIELDS = (
    "enterprise_name",
    "uscc",
    "province",
    "obligation_t",
    "offset_t",
    "account_no",
    "contact",
    "phone",
    "date",
)
YEAR = "year"
"""The year that a form is for, where the cycle's template has forms of single years (trap 7)."""
CANCELLATION_FIELDS = ("account_name", "account_no")
REQUIRED_FIELDS = ("enterprise_name", "obligation_t", "offset_t")
"""附件3 §2 step 4 names these; the rest is read where present."""
