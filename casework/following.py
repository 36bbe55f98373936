"""What follows from a change: matching again, and the letters that tell of progress."""

from casework.addresses import applicant_of, own_addresses, writable
from casework.changes import Change
from casework.receipts import public
from procedure.case import STAGE_NAMES, ApplicationState
from procedure.events import Actor
from procedure.facts import LetterIntent, Progress
from procedure.matching import match

TOLD = ("verified", "credited", "surrendered")
"""Stages whose reaching the entity is told of."""
NEXT = {
    "verified": "请等待全国碳排放权注册登记机构生成抵销CCER（附件3 §2 step 7）。",
    "credited": (
        "请登录全国碳排放权注册登记系统，在履约申请中选择抵销CCER并提交（附件3 §2 step 7）。"
    ),
    "surrendered": "抵销登记已完成，可登录系统查询（附件3 §2 step 8）。",
}


def match_again(change: Change, actor: Actor) -> None:
    """Match the case's cancellations anew; an event only where something is different."""
    state = change.state
    found = match(state, change.cycle)
    before = (dict(state.allotted_t), state.verified, state.match_findings)
    if (dict(found.allotted_t), found.verified, found.findings) != before:
        change.add(found, actor)
    tell_progress(change)


def tell_progress(change: Change) -> None:
    """Tell the applicant of every application that reached a stage; the outbox makes it once."""
    for app in change.state.applications:
        reached = TOLD[: TOLD.index(app.stage) + 1] if app.stage in TOLD else ()
        for stage in reached:
            if intent := _progress(change, app, stage):
                change.tx.outbox.intend(intent)


def _progress(change: Change, app: ApplicationState, stage: str) -> LetterIntent | None:
    applicant = applicant_of(change, app.number)
    to = writable(change.desk, (applicant.address,))
    if not to:
        return None
    own = applicant.address in own_addresses(change.tx, change.row, change.events)
    facts = Progress(
        office=change.desk.office,
        cycle_title=change.cycle.title,
        case_no=change.case_no,
        entity_name=change.row.entity_name,
        stage=stage,
        stage_name=STAGE_NAMES[stage],
        at=change.desk.now(),
        quantity_t=app.amount_t or 0,
        findings=public(change.state.match_findings, own),
        next_steps=(change.cycle.recited(NEXT[stage]),),
    )
    about = f"{change.case_no}/{app.number}/{stage}"
    return LetterIntent(
        "progress", about, to, facts, thread=applicant.thread, locale=change.desk.locale
    )
