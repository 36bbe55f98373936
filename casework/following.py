"""What follows from a change: matching again, and the letters that tell of progress."""

from dataclasses import replace

from casework.addresses import applicant_of, own_addresses, writable
from casework.amending import letters_of
from casework.changes import Change
from casework.receipts import public
from casework.telling import recipients
from procedure.case import STAGE_NAMES, ApplicationState
from procedure.events import Actor, LapseLifted
from procedure.facts import LetterIntent, Progress, Thread
from procedure.language import _
from procedure.matching import match

TOLD = ("verified", "credited", "surrendered")
"""Stages whose reaching the entity is told of."""
NEXT = {
    "cancelled": (
        _(
            "登记系统已查到截止时间前完成的注销记录，此前的逾期通知作废；"
            "尚未报送盖章注销截图的，请尽快回复本邮件并附上。"
        ),
        "",
    ),
    "verified": (_("请等待全国碳排放权注册登记机构生成抵销CCER（{clause}）。"), "step-credit"),
    "credited": (
        _("请登录全国碳排放权注册登记系统，在履约申请中选择抵销CCER并提交（{clause}）。"),
        "step-credit",
    ),
    "surrendered": (_("抵销登记已完成，可登录系统查询（{clause}）。"), "step-query"),
}
"""What comes after a stage, and under which clause."""


def match_again(change: Change, actor: Actor) -> None:
    """Match the case's cancellations anew; an event only where something is different."""
    state = change.state
    found = match(state, change.cycle)
    before = (dict(state.allotted_t), state.verified, state.match_findings)
    if (dict(found.allotted_t), found.verified, found.findings) != before:
        change.add(found, actor)
    _lift_lapses(change, actor)
    tell_progress(change)


def _lift_lapses(change: Change, actor: Actor) -> None:
    """Only records before the deadline are allotted: whatever has one did not lapse."""
    allotted = change.state.allotted_t
    lapsed = [a.number for a in change.state.applications if a.lapsed and allotted.get(a.number)]
    for number in lapsed:
        change.add(LapseLifted(number), actor, rule="cancel-deadline")
        _tell_lifted(change, number)


def _tell_lifted(change: Change, number: int) -> None:
    """Whoever heard of the lapse hears that it is void, each time.

    What nobody tried to tell yet is withheld; what is beyond a cancellation has letters of its own.
    """
    heard = _heard(change, number)
    app = change.state.application(number)
    if app is None or app.stage != "cancelled":
        return
    times = sum(payload == LapseLifted(number) for payload in change.payloads())
    for address, own, thread in recipients(change, number):
        if address in heard:
            intent = _intent(change, app, "cancelled", address, own, thread)
            about = f"{change.case_no}/{number}/lapse-lifted-{times}"
            change.tx.outbox.intend(replace(intent, about=about))


def _heard(change: Change, number: int) -> set[str]:
    """Addresses to which somebody tried to send the lapse."""
    for letter in letters_of(change, "lapse", number):
        change.tx.outbox.supersede("lapse", letter.about)
    told = letters_of(change, "lapse", number)
    return {address for letter in told for address in letter.to}


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
    return _intent(change, app, stage, to[0], own, applicant.thread)


def _intent(
    change: Change, app: ApplicationState, stage: str, address: str, own: bool, thread: Thread
) -> LetterIntent:
    said, clause = NEXT[stage]
    facts = Progress(
        office=change.desk.office,
        cycle_title=change.cycle.title,
        case_no=change.case_no,
        entity_name=change.row.entity_name,
        stage=stage,
        stage_name=STAGE_NAMES[stage],
        at=change.desk.now(),
        quantity_t=(app.allotted_t if stage == "cancelled" else app.amount_t) or 0,
        findings=public(change.state.match_findings, own),
        next_steps=(said.said(clause=change.cycle.cited(clause)),),
    )
    about = f"{change.case_no}/{app.number}/{stage}"
    return LetterIntent(
        "progress", about, (address,), facts, thread=thread, locale=change.desk.locale
    )
