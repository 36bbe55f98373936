"""The fold: one event more, one state further. Total and pure; an event never fails here.

Whether an event may happen is asked before it is appended (`procedure.case.allowed`). Where two
events contradict each other all the same, the first confirmation stands.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from procedure.casestate import (
    STAGES,
    ApplicationState,
    CancellationState,
    CaseState,
    Correction,
    Decision,
    ProofState,
    Proposal,
    RegistrySum,
    Stage,
    Version,
)
from procedure.events import (
    ApplicationFiled,
    CancellationRecorded,
    Checked,
    ConfirmationRevoked,
    Confirmed,
    Credited,
    DuplicateReceived,
    Event,
    FieldCorrected,
    Lapsed,
    LapseLifted,
    Matched,
    ProofAccepted,
    ProofFiled,
    Proposed,
    Reassigned,
    Returned,
    SurrenderRecorded,
    Withdrawn,
)

Row = TypeVar("Row", CancellationState, RegistrySum)


def fold(state: CaseState, event: Event) -> CaseState:
    """The state after ``event``."""
    step = _STEPS.get(type(event.payload))
    if step:
        state = step(state, event, event.payload)
    state = replace(state, case_no=event.case_no, last_seq=max(state.last_seq, event.seq))
    return _restage(state, event)


def _filed(state: CaseState, event: Event, filed: ApplicationFiled) -> CaseState:
    version = Version(
        version=filed.version,
        received_at=filed.received_at,
        reply_to=filed.reply_to,
        reading=filed.reading,
        findings=filed.findings,
        unclear=filed.unclear,
        evidence=event.evidence,
        rfc_message_id=filed.rfc_message_id,
        subject=filed.subject,
        seq=event.seq,
    )
    return _with_version(state, filed.application, version)


def _with_version(state: CaseState, number: int, version: Version) -> CaseState:
    app = state.application(number)
    if app is None:
        return _put(state, ApplicationState(number, (version,)))
    others = tuple(v for v in app.versions if v.version != version.version)
    versions = tuple(sorted((*others, version), key=lambda v: v.version))
    return _put(state, replace(app, versions=versions, proposed=None))


def _field_corrected(state: CaseState, event: Event, fixed: FieldCorrected) -> CaseState:
    correction = Correction(
        fixed.field, fixed.row, fixed.old, fixed.new, event.actor.name, event.at
    )

    def change(version: Version) -> Version:
        left = version.unclear
        if fixed.row is None:
            left = tuple(name for name in left if name != fixed.field)
        return replace(version, corrections=(*version.corrections, correction), unclear=left)

    state = _on_current(state, fixed.application, change)
    app = state.application(fixed.application)
    # Whoever comes second approves what the first one saw, not what was corrected since.
    return state if app is None else _put(state, replace(app, proposed=None))


def _checked(state: CaseState, event: Event, checked: Checked) -> CaseState:
    def change(version: Version) -> Version:
        judged = version.judged if checked.accepted is None else checked.accepted
        return replace(version, findings=checked.findings, unclear=checked.unclear, judged=judged)

    return _on_current(state, checked.application, change)


def _proposed(state: CaseState, event: Event, made: Proposed) -> CaseState:
    app = state.application(made.application)
    if app is None or app.confirmed:
        return state
    proposal = Proposal(
        made.outcome, made.version, event.at, event.actor.name, made.amount_t, made.reason,
        made.rules, event.seq,
    )  # fmt: skip
    return _put(state, replace(app, proposed=proposal))


def _confirmed(state: CaseState, event: Event, made: Confirmed) -> CaseState:
    app = state.application(made.application)
    if app is None or app.confirmed:
        return state
    by = event.actor.name
    decision = Decision(
        made.version, event.at, by, made.amount_t, note=made.note, proposed_by=made.proposed_by
    )
    return _put(state, replace(app, confirmed=decision, returned=None, proposed=None))


def _returned(state: CaseState, event: Event, made: Returned) -> CaseState:
    decision = Decision(
        made.version, event.at, event.actor.name, reason=made.reason, rules=made.rules,
        proposed_by=made.proposed_by,
    )  # fmt: skip
    app = state.application(made.application)
    if app is None or app.confirmed:
        return state
    return _put(state, replace(app, returned=decision, proposed=None))


def _withdrawn(state: CaseState, event: Event, made: Withdrawn) -> CaseState:
    app = state.application(made.application)
    if app is None or app.withdrawn:
        return state
    decision = Decision(app.version, event.at, event.actor.name, reason=made.reason)
    return _put(state, replace(app, withdrawn=decision, proposed=None))


def _revoked(state: CaseState, event: Event, made: ConfirmationRevoked) -> CaseState:
    app = state.application(made.application)
    if app is None:
        return state
    return _put(state, replace(app, confirmed=None, returned=None, proposed=None))


def _lapsed(state: CaseState, event: Event, made: Lapsed) -> CaseState:
    app = state.application(made.application)
    if app is None or app.lapsed:
        return state
    decision = Decision(app.version, event.at, event.actor.name, reason=made.reason)
    return _put(state, replace(app, lapsed=decision, proposed=None))


def _lifted(state: CaseState, event: Event, made: LapseLifted) -> CaseState:
    app = state.application(made.application)
    return state if app is None else _put(state, replace(app, lapsed=None))


def _reassigned(state: CaseState, event: Event, made: Reassigned) -> CaseState:
    app = state.application(made.application)
    if app is None or made.to_application == app.number:
        return state
    moved = app.versions[-1]
    if app.confirmed and app.confirmed.version == moved.version:
        return state
    left = replace(app, versions=app.versions[:-1], proposed=None)
    kept = tuple(other for other in state.applications if other.number != app.number)
    state = replace(state, applications=kept)
    if left.versions:
        state = _put(state, left)
    return _with_version(state, made.to_application, replace(moved, version=made.to_version))


def _duplicate(state: CaseState, event: Event, made: DuplicateReceived) -> CaseState:
    return replace(state, duplicates=state.duplicates + 1)


def _cancellation(state: CaseState, event: Event, made: CancellationRecorded) -> CaseState:
    row = CancellationState(made.row, made, event.at, event.seq)
    return replace(state, cancellations=_upsert(state.cancellations, row))


def _proof(state: CaseState, event: Event, made: ProofFiled) -> CaseState:
    proof = ProofState(made.proof, made, event.evidence, event.seq)
    others = tuple(old for old in state.proofs if old.number != made.proof)
    return replace(state, proofs=(*others, proof))


def _proof_accepted(state: CaseState, event: Event, made: ProofAccepted) -> CaseState:
    proofs = tuple(
        replace(proof, accepted_rows=made.rows, accepted_by=event.actor.name)
        if proof.number == made.proof
        else proof
        for proof in state.proofs
    )
    return replace(state, proofs=proofs)


def _matched(state: CaseState, event: Event, made: Matched) -> CaseState:
    return replace(
        state,
        allotted_t=dict(made.allotted_t),
        verified=made.verified,
        match_findings=made.findings,
    )


def _credited(state: CaseState, event: Event, made: Credited) -> CaseState:
    row = RegistrySum(made.row, made.quantity_t, made.time)
    return replace(state, credits=_upsert(state.credits, row))


def _surrender(state: CaseState, event: Event, made: SurrenderRecorded) -> CaseState:
    row = RegistrySum(made.row, made.quantity_t, made.time, made.status)
    return replace(state, surrenders=_upsert(state.surrenders, row))


# CaseErased changes nothing: what it was about is gone.
# Reported changes nothing: being reported is a fact about an event, not a stage.
_STEPS: dict[type, Callable[[CaseState, Event, Any], CaseState]] = {
    ApplicationFiled: _filed,
    FieldCorrected: _field_corrected,
    Checked: _checked,
    Proposed: _proposed,
    Confirmed: _confirmed,
    Returned: _returned,
    Withdrawn: _withdrawn,
    ConfirmationRevoked: _revoked,
    Lapsed: _lapsed,
    LapseLifted: _lifted,
    Reassigned: _reassigned,
    DuplicateReceived: _duplicate,
    CancellationRecorded: _cancellation,
    ProofFiled: _proof,
    ProofAccepted: _proof_accepted,
    Matched: _matched,
    Credited: _credited,
    SurrenderRecorded: _surrender,
}


def _put(state: CaseState, app: ApplicationState) -> CaseState:
    others = (other for other in state.applications if other.number != app.number)
    ordered = sorted((*others, app), key=lambda a: a.number)
    return replace(state, applications=tuple(ordered))


def _on_current(state: CaseState, number: int, change: Callable[[Version], Version]) -> CaseState:
    app = state.application(number)
    if app is None:
        return state
    now = app.current
    versions = tuple(change(v) if v is now else v for v in app.versions)
    return _put(state, replace(app, versions=versions))


def _upsert(rows: tuple[Row, ...], new: Row) -> tuple[Row, ...]:
    """The registry's latest word on a row takes the old one's place."""
    kept = [new if old.row == new.row else old for old in rows]
    if new not in kept:
        kept.append(new)
    return tuple(kept)


def _restage(state: CaseState, event: Event) -> CaseState:
    credited = _covered(state, state.credited_t)
    surrendered = _covered(state, state.surrendered_t)
    apps = []
    for app in state.applications:
        stage = _stage(state, app, credited, surrendered)
        allotted = state.allotted_t.get(app.number, 0) if app.confirmed else 0
        since = app.since if stage == app.stage and app.since else event.at
        apps.append(replace(app, stage=stage, since=since, allotted_t=allotted))
    stage = _least(apps)
    since = state.since if stage == state.stage and state.since else event.at
    return replace(state, applications=tuple(apps), stage=stage, since=since)


def _stage(
    state: CaseState, app: ApplicationState, credited: set[int], surrendered: set[int]
) -> Stage:
    if app.withdrawn:
        return "withdrawn"
    further = _after_confirmation(state, app, credited, surrendered) if app.confirmed else None
    # A record that came late may show that it was cancelled in time after all: `LapseLifted`.
    if app.lapsed and further in (None, "confirmed", "cancelled"):
        return "lapsed"
    if further:
        return further
    if app.sent_back:
        return "returned"
    return "unclear" if app.unclear else "submitted"


def _after_confirmation(
    state: CaseState, app: ApplicationState, credited: set[int], surrendered: set[int]
) -> Stage:
    if app.number in surrendered:
        return "surrendered"
    if app.number in credited:
        return "credited"
    if app.number in state.verified:
        return "verified"
    return "cancelled" if state.allotted_t.get(app.number, 0) > 0 else "confirmed"


def _covered(state: CaseState, total: int) -> set[int]:
    """Applications that ``total`` tonnes cover wholly, in the order of confirmation."""
    covered = set()
    for app in state.confirmed:
        need = state.allotted_t.get(app.number) or app.amount_t or 0
        if need <= 0 or need > total:
            break
        total -= need
        covered.add(app.number)
    return covered


def _least(apps: Iterable[ApplicationState]) -> Stage:
    found = [app.stage for app in apps]
    live = [stage for stage in found if stage in STAGES]
    if live:
        return min(live, key=STAGES.index)
    if not found:
        return "received"
    return "lapsed" if "lapsed" in found else "withdrawn"
