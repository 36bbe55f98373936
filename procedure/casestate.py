"""What a case's events add up to. All of it is derived; nothing here is ever set by hand."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from procedure.events import CancellationRecorded, Evidence, ProofFiled
from procedure.findings import Finding
from procedure.judged import with_accepted
from procedure.language import Words
from procedure.readings import DocumentReading, ProjectRow, Reading, SealReading, Value

Stage = Literal[
    "received",
    "reading",
    "unclear",
    "submitted",
    "returned",
    "confirmed",
    "cancelled",
    "verified",
    "credited",
    "surrendered",
    "withdrawn",
    "lapsed",
]

STAGES: tuple[Stage, ...] = (
    "received",
    "reading",
    "unclear",
    "submitted",
    "returned",
    "confirmed",
    "cancelled",
    "verified",
    "credited",
    "surrendered",
)
"""From the least to the most advanced; ``withdrawn`` and ``lapsed`` stand beside them."""

STAGE_NAMES: Mapping[str, str] = {
    "received": "已收件",
    "reading": "识读中",
    "unclear": "待人工识读",
    "submitted": "待省级确认",
    "returned": "已退回",
    "confirmed": "已确认",
    "cancelled": "已注销待核实",
    "verified": "已核实",
    "credited": "已生成抵销CCER",
    "surrendered": "已登记清缴",
    "withdrawn": "已撤回",
    "lapsed": "已逾期",
}


@dataclass(frozen=True)
class Correction:
    """A person's word on what the paper says."""

    field: str
    row: int | None
    old: Value | None
    new: Value | None
    by: str
    at: datetime


@dataclass(frozen=True)
class Decision:
    """Somebody confirmed, returned, withdrew or let lapse ``version`` at ``at``."""

    version: int
    at: datetime
    by: str
    amount_t: int | None = None
    reason: Words = ""
    rules: tuple[str, ...] = ()
    note: str = ""
    proposed_by: str = ""
    """The first of two people, "" where one decided."""


@dataclass(frozen=True)
class Proposal:
    """A decision that waits for a second person; any change of the paper voids it."""

    outcome: Literal["confirm", "return"]
    version: int
    at: datetime
    by: str
    amount_t: int | None = None
    reason: Words = ""
    rules: tuple[str, ...] = ()
    seq: int = 0


@dataclass(frozen=True)
class Version:
    """One form as filed, with what people corrected in its reading."""

    version: int
    received_at: datetime
    reply_to: str
    reading: DocumentReading
    """As `ocr` and the acceptance rule left it; `corrected` is what counts."""
    findings: tuple[Finding, ...] = ()
    unclear: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    evidence: Evidence = field(default_factory=Evidence)
    rfc_message_id: str = ""
    subject: str = ""
    seq: int = 0
    """Of the event that filed it."""
    judged: tuple[str, ...] | None = None
    """Names of what was accepted when it was last checked; None where that was at its filing."""

    @property
    def corrected(self) -> DocumentReading:
        """The reading with every correction on top: accepted, on a person's evidence."""
        reading = self.reading
        for correction in self.corrections:
            reading = _correct(reading, correction)
        return reading if self.judged is None else with_accepted(reading, frozenset(self.judged))


@dataclass(frozen=True)
class ProjectValues:
    """One project row's values, corrections applied; None where absent or unread."""

    name: str | None
    code: str | None
    amount_t: int | None


@dataclass(frozen=True)
class ApplicationState:
    """One application of a case with all its versions."""

    number: int
    versions: tuple[Version, ...]
    confirmed: Decision | None = None
    returned: Decision | None = None
    withdrawn: Decision | None = None
    lapsed: Decision | None = None
    proposed: Proposal | None = None
    """What one of two people asked for; None where nothing waits for the second."""
    stage: Stage = "received"
    since: datetime | None = None
    """When it reached its stage."""
    allotted_t: int = 0
    """Cancelled tonnes that count for it, by the last `Matched`."""

    @property
    def current(self) -> Version:
        """The confirmed version while a confirmation stands, else the latest one."""
        if self.confirmed:
            wanted = self.confirmed.version
            return next((v for v in self.versions if v.version == wanted), self.versions[-1])
        return self.versions[-1]

    @property
    def version(self) -> int:
        return self.current.version

    @property
    def reading(self) -> DocumentReading:
        """The current version's reading, corrections applied."""
        return self.current.corrected

    @property
    def values(self) -> Mapping[str, Value | None]:
        """Field → value as read or corrected, accepted or not; None where it was not read."""
        return {name: reading.value for name, reading in self.reading.fields.items()}

    @property
    def projects(self) -> tuple[ProjectValues, ...]:
        """The project rows in the order of the paper."""
        return tuple(_project(row) for row in self.reading.projects)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.current.findings

    @property
    def unclear(self) -> tuple[str, ...]:
        """Required fields of the current version that wait for a person."""
        return self.current.unclear

    @property
    def received_at(self) -> datetime:
        return self.current.received_at

    @property
    def reply_to(self) -> str:
        return self.current.reply_to

    @property
    def amount_t(self) -> int | None:
        """Confirmed tonnes where confirmed, else the offset asked for; None while unread."""
        if self.confirmed and self.confirmed.amount_t is not None:
            return self.confirmed.amount_t
        return self.tonnes("offset_t")

    @property
    def sent_back(self) -> Decision | None:
        """The return of the current version; None where only a former one was returned."""
        return self.returned if self.returned and self.returned.version == self.version else None

    @property
    def live(self) -> bool:
        """Neither withdrawn nor lapsed."""
        return self.stage not in ("withdrawn", "lapsed")

    @property
    def counts(self) -> bool:
        """Whether its amount counts for the cap: live, and not sent back."""
        return self.live and self.stage != "returned"

    def text(self, name: str) -> str:
        """A text field's value, "" where it is absent or unread."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def tonnes(self, name: str) -> int | None:
        """An amount field's value, None where it is absent or unread."""
        value = self.values.get(name)
        return value if isinstance(value, int) else None


@dataclass(frozen=True)
class ProofState:
    """A screenshot of a finished cancellation, as filed."""

    number: int
    filed: ProofFiled
    evidence: Evidence
    seq: int = 0
    accepted_rows: tuple[str, ...] | None = None
    """Records that a person says it shows, seal in order; None while nobody said so."""
    accepted_by: str = ""


@dataclass(frozen=True)
class CancellationState:
    """A cancellation as the registry last told it."""

    row: str
    record: CancellationRecorded
    at: datetime
    """When we learned of it; `record.time` is the registry's own time."""
    seq: int = 0


@dataclass(frozen=True)
class RegistrySum:
    """A registry row of credits or surrenders: the latest word on it."""

    row: str
    quantity_t: int
    time: datetime | None
    status: str = ""


@dataclass(frozen=True)
class CaseState:
    """One entity's use of CCER in one cycle (and year). JSON-able with `procedure.jsonable`."""

    case_no: str = ""
    applications: tuple[ApplicationState, ...] = ()
    proofs: tuple[ProofState, ...] = ()
    cancellations: tuple[CancellationState, ...] = ()
    credits: tuple[RegistrySum, ...] = ()
    surrenders: tuple[RegistrySum, ...] = ()
    allotted_t: Mapping[int, int] = field(default_factory=dict)
    """By the last `Matched`: application number → cancelled tonnes that count for it."""
    verified: tuple[int, ...] = ()
    match_findings: tuple[Finding, ...] = ()
    duplicates: int = 0
    stage: Stage = "received"
    """The least advanced live application's."""
    since: datetime | None = None
    last_seq: int = 0

    def application(self, number: int) -> ApplicationState | None:
        """The application of that number, None for none."""
        return next((app for app in self.applications if app.number == number), None)

    @property
    def stage_name(self) -> str:
        return STAGE_NAMES[self.stage]

    @property
    def confirmed(self) -> tuple[ApplicationState, ...]:
        """Applications whose confirmation stands, in the order of confirmation."""
        found = [app for app in self.applications if app.confirmed and not app.withdrawn]
        return tuple(sorted(found, key=lambda app: (_confirmed_at(app), app.number)))

    @property
    def confirmed_t(self) -> int:
        return sum(app.amount_t or 0 for app in self.confirmed)

    @property
    def credited_t(self) -> int:
        return sum(row.quantity_t for row in self.credits)

    @property
    def surrendered_t(self) -> int:
        """Registered by CRC; applied for or confirmed only is not yet surrendered."""
        return sum(row.quantity_t for row in self.surrenders if row.status == "registered")

    def counting_t(self, other_than: int | None = None) -> int:
        """Tonnes of all applications that count for the cap (trap 4), but for one."""
        counting = [app for app in self.applications if app.counts and app.number != other_than]
        return sum(app.amount_t or 0 for app in counting)

    @property
    def entity_name(self) -> str:
        return self._latest("enterprise_name")

    @property
    def uscc(self) -> str:
        return self._latest("uscc")

    @property
    def account_no(self) -> str:
        return self._latest("account_no")

    def _latest(self, name: str) -> str:
        return next((t for app in reversed(self.applications) if (t := app.text(name))), "")


def _confirmed_at(app: ApplicationState) -> datetime:
    assert app.confirmed is not None  # noqa: S101 - callers filter
    return app.confirmed.at


def _project(row: ProjectRow) -> ProjectValues:
    amount = row.amount_t.value if row.amount_t else None
    return ProjectValues(
        name=str(row.name.value) if row.name and row.name.value is not None else None,
        code=str(row.code.value) if row.code and row.code.value is not None else None,
        amount_t=amount if isinstance(amount, int) else None,
    )


def _correct(reading: DocumentReading, correction: Correction) -> DocumentReading:
    if correction.row is not None:
        return _correct_row(reading, correction, correction.row)
    if correction.field == "rows_total":
        return replace(reading, rows_total=_corrected(reading.rows_total, correction))
    if correction.field == "seal":
        return replace(reading, seals=_seals(correction))
    fields = dict(reading.fields)
    new = _corrected(fields.pop(correction.field, None), correction)
    # A person may also say that the paper has no such field.
    if new is not None:
        fields[correction.field] = new
    return replace(reading, fields=fields)


def _seals(correction: Correction) -> tuple[SealReading, ...]:
    """Field ``seal``: the ring text as a person reads it; None says that there is no seal."""
    if correction.new is None:
        return ()
    return (SealReading(page=None, box=None, text=str(correction.new), confidence=1.0),)


def _correct_row(reading: DocumentReading, correction: Correction, index: int) -> DocumentReading:
    # The row behind the last one may be filled in; where it is not, it is left out again.
    rows = [*reading.projects, ProjectRow()]
    if index not in range(len(rows)) or correction.field not in ("name", "code", "amount_t"):
        return reading
    old = getattr(rows[index], correction.field)
    rows[index] = replace(rows[index], **{correction.field: _corrected(old, correction)})
    kept = tuple(row for row in rows if row != ProjectRow())
    return replace(reading, projects=kept)


def _corrected(old: Reading | None, correction: Correction) -> Reading | None:
    if correction.new is None:
        return None
    before = old or Reading(value=None)
    return Reading(
        value=correction.new,
        text=before.text,
        confidence=1.0,
        accepted=True,
        page=before.page,
        box=before.box,
        evidence=("person",),
        candidates=before.candidates,
    )
