"""Registry records, confirmations and proofs looked at together: 附件3 §2 step 5.

What is cancelled can differ from what was confirmed in every way (trap 5): each difference is a
finding, none is an exception. The registry's own record is the proof, the screenshot is evidence.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from procedure.casestate import ApplicationState, CancellationState, CaseState, ProofState
from procedure.checks_cancel import overlap
from procedure.clock import beijing
from procedure.cycle import Cycle
from procedure.events import Matched
from procedure.evidence import integer, text
from procedure.findings import Finding, Severity
from procedure.language import AND, _, joined
from procedure.operations import is_finished, is_voluntary_cancellation
from procedure.readings import DocumentReading, RecordRow
from procedure.values import format_tonnes, iso_moment, serial_spans

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass
class _Demand:
    """What one application still wants: in all, and per project where its form says so."""

    app: ApplicationState
    left: int
    projects: dict[str, int] = field(default_factory=dict)
    codes: frozenset[str] = frozenset()
    rows: list[str] = field(default_factory=list)

    def wants(self, code: str) -> int:
        """Tonnes of the project that still fit in."""
        if self.projects:
            return min(self.left, self.projects.get(code, 0))
        return self.left if not self.codes or code in self.codes else 0

    def names(self, code: str) -> bool:
        return not self.codes or code in self.codes

    def take(self, record: CancellationState, tonnes: int) -> None:
        self.left -= tonnes
        code = record.record.project_code
        if self.projects:
            self.projects[code] -= tonnes
        self.rows.append(record.row)


def match(state: CaseState, cycle: Cycle) -> Matched:
    """Allot the case's cancellations to its confirmed applications.

    In the order of confirmation and of the registry's time. A record counts where it is a
    finished voluntary cancellation on the application's account, of a project that it names,
    before the deadline; one before the confirmation counts, with a finding. Verified is an
    application whose whole amount is cancelled so and shown by sealed screenshots.
    """
    return _Matching(state, cycle).run()


def counted(record: CancellationState) -> bool:
    """Whether it is a finished voluntary cancellation at all."""
    return is_voluntary_cancellation(record.record.operation) and is_finished(record.record.status)


def rows_shown(
    reading: DocumentReading, cancellations: Iterable[CancellationState]
) -> tuple[str, ...]:
    """Registry rows that a screenshot shows: same account, project, quantity; each row once.

    Values count as read, accepted or not: that they equal the registry's own is evidence enough.
    """
    left = list(cancellations)
    shown = []
    for row in reading.records:
        alike = [record for record in left if _shows(reading, row, record)]
        if not alike:
            continue
        best = max(alike, key=lambda record: _closeness(row, record))
        left.remove(best)
        shown.append(best.row)
    return tuple(shown)


class _Matching:
    """One pass over a case; collects findings on the way."""

    def __init__(self, state: CaseState, cycle: Cycle) -> None:
        self.state = state
        self.cycle = cycle
        self.findings: list[Finding] = []
        self.demands = [_demand(app) for app in state.confirmed]
        self.taken: list[CancellationState] = []

    def run(self) -> Matched:
        records = [record for record in self.state.cancellations if counted(record)]
        if self.demands:
            for record in sorted(records, key=lambda r: (r.record.time or _NEVER, r.row)):
                self._record(record)
        for demand in self.demands:
            self._rest(demand)
        shown = evidenced(self.state)
        return Matched(
            allotted_t={d.app.number: (d.app.amount_t or 0) - d.left for d in self.demands},
            verified=tuple(d.app.number for d in self.demands if _verified(d, shown)),
            findings=tuple(self.findings),
        )

    def _record(self, record: CancellationState) -> None:
        again = self._again(record)
        self.taken.append(record)
        if again or not (self._account(record) and self._in_time(record) and self._project(record)):
            return
        self._confirmed_before(record)
        left = record.record.quantity_t
        for demand in self._own(record):
            part = min(left, demand.wants(record.record.project_code))
            if part > 0:
                demand.take(record, part)
                left -= part
        if left:
            self._excess(record, left)

    def _own(self, record: CancellationState) -> list[_Demand]:
        account = record.record.account_no
        return [d for d in self.demands if d.app.text("account_no") in ("", account)]

    def _account(self, record: CancellationState) -> bool:
        if self._own(record):
            return True
        wanted = joined(sorted({d.app.text("account_no") for d in self.demands}), AND)
        message = _("账户 {account_no} 的注销不在确认的账户 {wanted} 上，不予计入。").said(
            account_no=record.record.account_no, wanted=wanted
        )
        self._add("cancel-account", "error", message, record, wanted)
        return False

    def _in_time(self, record: CancellationState) -> bool:
        moment, deadline = record.record.time, beijing(self.cycle.cancel_before)
        if moment is not None and moment < deadline:
            return True
        if moment is None:
            message = _("登记系统记录没有注销时间，无法判断是否在截止时间前完成。").said()
            self._add("cancel-deadline", "warning", message, record)
        else:
            message = _("注销时间 {moment} 不早于截止时间 {deadline}，不予计入。").said(
                moment=f"{beijing(moment):%Y-%m-%d %H:%M:%S}", deadline=f"{deadline:%Y-%m-%d %H:%M}"
            )
            self._add("cancel-deadline", "error", message, record)
        return False

    def _project(self, record: CancellationState) -> bool:
        code = record.record.project_code
        if any(demand.names(code) for demand in self._own(record)):
            return True
        codes = joined(sorted({c for d in self.demands for c in d.codes}), AND)
        message = _("注销项目 {code} 不在确认的项目（{codes}）之内，不予计入。").said(
            code=code, codes=codes
        )
        self._add("cancel-project", "error", message, record, codes)
        return False

    def _confirmed_before(self, record: CancellationState) -> None:
        moment = record.record.time
        first = min(d.app.confirmed.at for d in self.demands if d.app.confirmed)
        if moment is not None and moment < first:
            message = _("注销时间 {moment} 早于申请确认时间 {first}，请核对。").said(
                moment=f"{beijing(moment):%Y-%m-%d %H:%M:%S}",
                first=f"{beijing(first):%Y-%m-%d %H:%M}",
            )
            self._add("cancel-before-confirmation", "warning", message, record)

    def _excess(self, record: CancellationState, left: int) -> None:
        this = record.record
        twin = any(
            old.record.project_code == this.project_code
            and old.record.quantity_t == this.quantity_t == left
            for old in self.taken[:-1]
        )
        if twin:
            message = _("项目 {project_code} 的 {left}疑似重复注销，请核对。").said(
                project_code=this.project_code, left=format_tonnes(left)
            )
            self._add("cancel-twice", "warning", message, record)
            return
        message = _("项目 {project_code} 的注销数量超出确认数量 {left}，请核对。").said(
            project_code=this.project_code, left=format_tonnes(left)
        )
        self._add("cancel-quantity", "warning", message, record)

    def _again(self, record: CancellationState) -> bool:
        """Whether units of the record were cancelled by an earlier one: no unit is cancelled twice.

        Serial numbers that are no blocks of units may be those of a batch: a person looks at them.
        """
        this = record.record
        same = [one for one in self.taken if one.record.project_code == this.project_code]
        if not any(overlap(this.serial, one.record.serial) for one in same):
            return False
        units = serial_spans(this.serial) is not None
        used = _("减排量序列号 {serial} 已在其他注销记录中使用，不予计入，请核对。")
        if not units:
            used = _("减排量序列号 {serial} 已在其他注销记录中使用，请核对。")
        self._add("serial-reused", "error", used.said(serial=this.serial), record)
        return units

    def _rest(self, demand: _Demand) -> None:
        amount = demand.app.amount_t or 0
        done = amount - demand.left
        if 0 < done < amount:
            message = _("第 {number} 份申请确认 {amount}，已注销 {done}，尚差 {left}。").said(
                number=demand.app.number,
                amount=format_tonnes(amount),
                done=format_tonnes(done),
                left=format_tonnes(demand.left),
            )
            self._add("cancel-quantity", "warning", message, None, amount, done)

    def _add(
        self,
        rule: str,
        severity: Severity,
        message: str,
        record: CancellationState | None,
        expected: object = "",
        found: object = "",
    ) -> None:
        what = found or (record.row if record else "")
        clause = self.cycle.clause(rule)
        self.findings.append(
            Finding(rule, clause, severity, message, expected=str(expected), found=str(what))
        )


def evidenced(state: CaseState) -> frozenset[str]:
    """Registry rows shown by a screenshot whose seal is in order, by the checks or a person."""
    sealed = [p for p in state.proofs if p.accepted_rows is None and has_seal(p)]
    shown = {row for proof in sealed for row in proof.filed.matched_rows}
    for proof in sealed:
        shown.update(rows_shown(proof.filed.reading, state.cancellations))
    for proof in state.proofs:
        shown.update(proof.accepted_rows or ())
    return frozenset(shown)


def has_seal(proof: ProofState) -> bool:
    """附件3 §2 step 5: printed and sealed (加盖公章)."""
    return not any(
        f.rule.startswith("seal-") and f.severity == "error" for f in proof.filed.findings
    )


def _verified(demand: _Demand, shown: frozenset[str]) -> bool:
    amount = demand.app.amount_t or 0
    return amount > 0 and demand.left == 0 and set(demand.rows) <= shown


def _demand(app: ApplicationState) -> _Demand:
    rows = app.projects
    codes = frozenset(row.code for row in rows if row.code)
    complete = bool(rows) and all(row.code and row.amount_t is not None for row in rows)
    projects: dict[str, int] = {}
    # Rows that do not add up to what was confirmed cannot say how it is split.
    if complete and sum(row.amount_t or 0 for row in rows) == app.amount_t:
        for row in rows:
            projects[row.code or ""] = projects.get(row.code or "", 0) + (row.amount_t or 0)
    whole = codes if len(codes) == len({row.code for row in rows}) else frozenset()
    return _Demand(app, app.amount_t or 0, projects, whole)


def _shows(reading: DocumentReading, row: RecordRow, record: CancellationState) -> bool:
    this = record.record
    account = text(reading.fields.get("account_no"))
    code = text(row.project_code)
    return (
        is_voluntary_cancellation(text(row.operation))
        and integer(row.quantity_t) == this.quantity_t
        and account in ("", this.account_no)
        and code in ("", this.project_code)
        and bool(account or code)
    )


def _closeness(row: RecordRow, record: CancellationState) -> int:
    this = record.record
    same_time = this.time is not None and text(row.time) == iso_moment(this.time)
    return 2 * (text(row.serial) == this.serial != "") + same_time
