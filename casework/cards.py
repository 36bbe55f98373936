"""One case made ready for a person: cards, history, letters, next steps."""

from collections.abc import Iterable

from casework.desk import Desk
from casework.labels import field_label, said_tonnes, said_value
from casework.receipts import short
from casework.viewtypes import (
    ApplicationCard,
    CancellationCard,
    CaseView,
    HistoryLine,
    LetterLine,
    ProofCard,
    VersionCard,
)
from procedure.case import STAGE_NAMES, ApplicationState, CaseState, Version, derive
from procedure.cycle import Cycle
from procedure.events import (
    ApplicationFiled,
    CancellationRecorded,
    Confirmed,
    Credited,
    Event,
    FieldCorrected,
    Matched,
    ProofAccepted,
    ProofFiled,
    Proposed,
    Returned,
    SurrenderRecorded,
)
from procedure.language import _, n_, term, told
from procedure.shortfall import proofs_in_order, short_t
from store import Tx
from store.rows import CaseRow, LetterRow


def view(desk: Desk, tx: Tx, row: CaseRow) -> CaseView:
    """Everything a person who may see the case sees of it."""
    events = tx.cases.events(row.case_no)
    state = derive(events)
    cycle = desk.cycle(row.cycle)
    obligation = next(
        (t for app in state.applications if (t := app.tonnes("obligation_t")) is not None), None
    )
    return CaseView(
        case_no=row.case_no,
        cycle=row.cycle,
        cycle_title=cycle.title,
        year=row.year,
        entity_name=row.entity_name,
        uscc=state.uscc or row.uscc,
        account_no=state.account_no,
        province=row.province,
        province_name=desk.province_name(row.province),
        stage=state.stage,
        stage_name=STAGE_NAMES[state.stage],
        deadline=cycle.cancel_before,
        cap_t=cycle.cap(obligation) if obligation is not None else None,
        confirmed_t=state.confirmed_t,
        cancelled_t=sum(state.allotted_t.values()),
        credited_t=state.credited_t,
        surrendered_t=state.surrendered_t,
        applications=tuple(_application(app) for app in state.applications),
        proofs=tuple(_proofs(state)),
        cancellations=tuple(_cancellations(state)),
        findings=state.match_findings,
        history=tuple(history_line(event) for event in events),
        letters=tuple(_letters(tx, row.case_no, events)),
        next_steps=_next_steps(desk, state, cycle),
        last_seq=state.last_seq,
    )


def _application(app: ApplicationState) -> ApplicationCard:
    decision = app.confirmed or app.sent_back or app.withdrawn or app.lapsed
    return ApplicationCard(
        application=app.number,
        version=app.version,
        stage=app.stage,
        stage_name=STAGE_NAMES[app.stage],
        received_at=app.received_at,
        values=dict(app.values),
        projects=tuple(
            {"name": one.name, "code": one.code, "amount_t": one.amount_t} for one in app.projects
        ),
        unclear=app.unclear,
        findings=app.findings,
        confirmed_t=app.confirmed.amount_t if app.confirmed else None,
        decided_by=decision.by if decision else "",
        decided_at=decision.at if decision else None,
        reason=decision.reason if decision else "",
        cancelled_t=app.allotted_t,
        versions=tuple(_version(one) for one in app.versions),
        proposed=app.proposed,
    )


def _version(one: Version) -> VersionCard:
    return VersionCard(
        version=one.version,
        received_at=one.received_at,
        reply_to=one.reply_to,
        message_id=one.evidence.message_id,
        document=one.evidence.document,
        part=one.evidence.part,
        reading=one.corrected,
    )


def _proofs(state: CaseState) -> Iterable[ProofCard]:
    for proof in state.proofs:
        yield ProofCard(
            proof=proof.number,
            received_at=proof.filed.received_at,
            message_id=proof.evidence.message_id,
            document=proof.evidence.document,
            part=proof.evidence.part,
            findings=proof.filed.findings,
            reading=proof.filed.reading,
            accepted_by=proof.accepted_by,
        )


def _cancellations(state: CaseState) -> Iterable[CancellationCard]:
    for one in state.cancellations:
        record = one.record
        yield CancellationCard(
            row=one.row,
            account_no=record.account_no,
            project_code=record.project_code,
            project_name=record.project_name,
            quantity_t=record.quantity_t,
            operation=record.operation,
            status=record.status,
            time=record.time,
            serial=record.serial,
            findings=record.findings,
        )


NAMES = {
    "application-filed": _("收到申请表"),
    "field-corrected": _("更正识读"),
    "checked": _("重新核对"),
    "proposed": _("提出处理意见"),
    "confirmed": _("省级确认"),
    "returned": _("退回"),
    "withdrawn": _("撤回"),
    "confirmation-revoked": _("撤销决定"),
    "reassigned": _("改列申请"),
    "duplicate-received": _("重复来件"),
    "cancellation-recorded": _("登记系统注销记录"),
    "proof-filed": _("收到注销截图"),
    "proof-accepted": _("人工核对注销截图"),
    "matched": _("核对注销"),
    "credited": _("生成抵销CCER"),
    "surrender-recorded": _("清缴登记"),
    "lapsed": _("逾期"),
    "lapse-lifted": _("撤销逾期"),
    "reported": _("列入汇总"),
}


DETAIL = _("：{said}")


def history_line(event: Event) -> HistoryLine:
    """An event, said for a person."""
    return HistoryLine(
        seq=event.seq,
        at=event.at,
        kind=event.kind,
        who=event.actor.name,
        text=f"{NAMES[event.kind]}{_detail(event)}",
        message_id=event.evidence.message_id,
        document=event.evidence.document,
        by=event.actor.kind,
    )


BY_MAIL = _("邮件")
BY = {"registry": _("导入"), "clock": _("系统")}


def who_did(line: HistoryLine) -> str:
    """Who it was in words: imports and the clock have ids, a contact person's address is theirs."""
    if line.by in BY:
        return str(BY[line.by])
    return str(BY_MAIL) if "@" in line.who else line.who


OUTCOMES = {"confirm": _("建议确认"), "return": _("建议退回")}


SURRENDERS = {
    "applied": _("已申请"),
    "confirmed": _("省级已确认"),
    "registered": _("已登记"),
}
"""How far a compliance application is at CRC."""
STATE = _("（{status}）：{amount}")


def _first(name: str) -> str:
    """Who proposed it, where two people decided."""
    return _("（{name} 提出）").format(name=name) if name else ""


def _detail(event: Event) -> str:
    payload = event.payload
    if isinstance(payload, ApplicationFiled):
        return _("（第 {application} 份申请第 {version} 版）").format(
            application=payload.application, version=payload.version
        )
    if isinstance(payload, FieldCorrected):
        return _("：{field} 改为 {new}").format(
            field=term(field_label(payload.field)), new=said_value(payload.field, payload.new)
        )
    if isinstance(payload, Proposed):
        confirm = payload.outcome == "confirm"
        wish = said_value("amount_t", payload.amount_t) if confirm else payload.reason
        return DETAIL.format(said=f"{OUTCOMES[payload.outcome]} {wish}")
    if isinstance(payload, Confirmed):
        amount = said_tonnes(payload.amount_t)
        return DETAIL.format(said=amount) + _first(payload.proposed_by)
    if isinstance(payload, Returned):
        return DETAIL.format(said=told(payload.reason)) + _first(payload.proposed_by)
    if isinstance(payload, CancellationRecorded | Credited | SurrenderRecorded):
        return _recorded(payload)
    if isinstance(payload, Matched):
        if not (counted := sum(payload.allotted_t.values())):
            return str(_("：没有记录计入"))
        return _("：计入 {amount}").format(amount=said_tonnes(counted))
    if isinstance(payload, ProofAccepted):
        return n_("（第 {proof} 份，{count} 笔记录）").format(
            proof=payload.proof, count=len(payload.rows)
        )
    if isinstance(payload, ProofFiled):
        return _("（第 {proof} 份）").format(proof=payload.proof)
    return ""


def _recorded(payload: CancellationRecorded | Credited | SurrenderRecorded) -> str:
    """What a registry's record says."""
    amount = said_tonnes(payload.quantity_t)
    if isinstance(payload, SurrenderRecorded):
        return STATE.format(status=SURRENDERS[payload.status], amount=amount)
    project = f"{payload.project_code} " if isinstance(payload, CancellationRecorded) else ""
    return DETAIL.format(said=f"{project}{amount}")


def _letters(tx: Tx, case_no: str, events: Iterable[Event]) -> Iterable[LetterLine]:
    messages = {event.evidence.message_id for event in events if event.evidence.message_id}
    for letter in tx.outbox.of_case(case_no, messages):
        yield LetterLine(letter.key, letter.kind, letter.to, _state(letter))


def _state(letter: LetterRow) -> str:
    if letter.superseded:
        return "superseded"
    states = {one.state for one in letter.recipients}
    order = ("failed", "deferred", "queued", "sent")
    return next((state for state in order if state in states), "queued")


STEPS = {
    "unclear": (_("请核对未能识读的栏目并更正。"), ""),
    "submitted": (_("请省级生态环境主管部门确认或退回（{clause}）。"), "step-confirm"),
    "returned": (_("等待单位修改后重新提交。"), ""),
    "confirmed": (_("等待单位在截止时间前完成自愿注销（{clause}）。"), "step-cancel"),
    "cancelled": (_("等待加盖公章的注销截图，与登记系统注销记录核对。"), ""),
    "verified": (_("等待全国碳排放权注册登记机构生成抵销CCER（{clause}）。"), "step-credit"),
    "withdrawn": (_("申请已撤回，无须办理。"), ""),
    "lapsed": (_("截止前未见注销记录；其后导入的记录如表明已按时注销，将自动恢复。"), ""),
    "surrendered": (_("已登记清缴，案件办结。"), ""),
    "credited": (_("等待单位在履约申请中选用抵销CCER（{clause}）。"), "step-credit"),
}
"""What comes next in a stage, and under which clause."""


SHOWN = _("已收到加盖公章的注销截图，待与登记系统注销记录核对。")


def _next_steps(desk: Desk, state: CaseState, cycle: Cycle) -> tuple[str, ...]:
    if state.stage not in STEPS:
        return ()
    said, clause = STEPS[state.stage]
    usual = said.format(clause=told(cycle.cited(clause)))
    came = proofs_in_order(state)
    if state.stage not in ("confirmed", "cancelled") or not came:
        return (usual,)
    left = short_t(state, came)
    return (told(short(desk, cycle, left)) if left else str(SHOWN),)
