"""Letters of decisions: who is told what was decided, and that it stands no more.

A decision goes to whoever applied and to the entity's registered addresses, each in a letter of
its own: the applicant may be a stranger, who sees no registry data, and the entity must know that
somebody applied in its name.
"""

from collections.abc import Iterator
from typing import Literal

from casework.addresses import applicant_of, entity_of, own_addresses, writable
from casework.amending import letters_of, withhold
from casework.changes import Change
from casework.labels import NO_VALUE, cell, formerly, shown
from casework.receipts import public, until
from procedure.case import ApplicationState, Correction
from procedure.clock import beijing
from procedure.facts import Decision, LetterIntent, ReadLine, Thread
from procedure.findings import Finding
from procedure.language import _
from store.rows import Person

CANCEL = _(
    "请在 {deadline} 前，在自愿减排注册登记系统一般持有账户中按确认内容自愿注销相应CCER"
    "（{clause}），随后将注销完成的截图打印、加盖公章后发送至本邮箱。"
)
CANCEL_LATE = _(
    "自愿注销截止时间 {deadline} 已过（{clause}）：此前已完成自愿注销的，请将注销完成的截图打印、"
    "加盖公章后发送至本邮箱；尚未注销的，请勿自行注销，并联系省级生态环境主管部门。"
)
AGAIN_LATE = _("申请受理已于 {day} 截止，重新报送前请先联系省级生态环境主管部门（{clause}）。")
AGAIN = _("请按退回意见修改申请表，加盖公章后重新发送至本邮箱（{clause}）。")
AGAIN_BY = _("请按退回意见修改申请表，加盖公章后重新发送至本邮箱（{clause}）。{until}")
STOP = _("请勿再按原确认内容注销CCER；如已注销，请立即回复本邮件或联系省级生态环境主管部门。")
WAIT = _("申请恢复为待确认，请等待省级生态环境主管部门重新作出决定（{clause}）。")
Outcome = Literal["confirmed", "returned", "revoked", "withdrawn"]
KINDS = {"confirmed": "confirmation", "returned": "return"}


def tell_decision(change: Change, person: Person, number: int) -> tuple[str, ...]:
    """The confirmation or return just made; the keys of its letters."""
    app = change.state.application(number)
    if app is None:
        return ()
    if app.confirmed:
        deadline = f"{change.cycle.cancel_before:%Y-%m-%d %H:%M}"
        clause = change.cycle.cited("step-cancel")
        late = change.desk.now() >= change.cycle.cancel_before
        step = (CANCEL_LATE if late else CANCEL).said(deadline=deadline, clause=clause)
        return _tell(change, person, app, "confirmed", (step,))
    return _tell(change, person, app, "returned", tuple(_again(change)))


def _again(change: Change) -> Iterator[str]:
    """What to do after a return and until when; once no more forms are taken, whom to ask first."""
    clause, last = change.cycle.cited("step-apply"), change.cycle.apply_last
    if beijing(change.desk.now()).date() > last:
        yield AGAIN_LATE.said(day=last.isoformat(), clause=clause)
        yield AGAIN.said(clause=clause)
    else:
        yield AGAIN_BY.said(clause=clause, until=until(change.desk, change.cycle))


def tell_undone(change: Change, person: Person, before: ApplicationState) -> tuple[str, ...]:
    """The application was withdrawn, or its decision revoked; ``before`` is how it stood.

    A decision's letter that nobody tried to send yet is withheld, and nothing is said then.
    """
    decided = KINDS["confirmed" if before.confirmed else "returned"]
    known = [one.about for one in letters_of(change, decided, before.number)]
    for about in dict.fromkeys(known):
        change.tx.outbox.supersede(decided, about)
    told = bool(known and [*letters_of(change, decided, before.number)])
    now = change.state.application(before.number)
    withdrawn = now is not None and now.withdrawn is not None
    if not told and (known or not withdrawn):
        return ()
    wait = WAIT.said(clause=change.cycle.cited("step-confirm"))
    steps = (*([STOP.said()] if before.confirmed else []), *([] if withdrawn else [wait]))
    return _tell(change, person, now or before, "withdrawn" if withdrawn else "revoked", steps)


def _tell(
    change: Change, person: Person, app: ApplicationState, outcome: Outcome, steps: tuple[str, ...]
) -> tuple[str, ...]:
    about = f"{change.case_no}/{app.number}/{len(change.events)}"
    withhold(change, app.number)
    keys = []
    for address, own, thread in recipients(change, app.number):
        found = public(app.findings, own)
        facts = _facts(change, person, app, outcome, found, steps)
        kind = KINDS.get(outcome, "revocation")
        intent = LetterIntent(
            kind, about, (address,), facts, thread=thread, locale=change.desk.locale
        )
        change.tx.outbox.intend(intent)
        keys.append(intent.key)
    return tuple(keys)


def recipients(change: Change, number: int) -> Iterator[tuple[str, bool, Thread]]:
    """Whoever applied, and the entity's registered addresses.

    The address, whether it is the entity's own, and the mail that the letter answers.
    """
    applicant = applicant_of(change, number)
    own = own_addresses(change.tx, change.row, change.events)
    entity = entity_of(change.tx, change.row)
    registered = {address.lower() for address in entity.emails} if entity else set()
    for address in writable(change.desk, (applicant.address, *registered)):
        sent = address == applicant.address
        yield address, address in own, applicant.thread if sent else Thread()


def _facts(
    change: Change,
    person: Person,
    app: ApplicationState,
    outcome: Outcome,
    findings: tuple[Finding, ...],
    steps: tuple[str, ...],
) -> Decision:
    decision = app.withdrawn or app.confirmed or app.returned
    return Decision(
        office=change.desk.office,
        cycle_title=change.cycle.title,
        clause=change.cycle.clause("step-confirm"),
        case_no=change.case_no,
        application=app.number,
        version=app.version,
        entity_name=change.row.entity_name,
        outcome=outcome,
        decided_at=change.desk.now(),
        decided_by=person.name,
        amount_t=app.amount_t,
        obligation_t=app.tonnes("obligation_t"),
        reason=decision.reason if decision else _why(change),
        findings=findings,
        next_steps=steps,
        deadline=change.cycle.cancel_before if outcome == "confirmed" else None,
        corrections=tuple(_corrections(app)) if outcome in KINDS else (),
    )


def _corrections(app: ApplicationState) -> Iterator[ReadLine]:
    """What staff corrected, first against last word; the receipt had told the first."""
    first: dict[tuple[int | None, str], Correction] = {}
    last: dict[tuple[int | None, str], Correction] = {}
    for one in app.current.corrections:
        first.setdefault((one.row, one.field), one)
        last[one.row, one.field] = one
    for (row, field), one in last.items():
        old, new = first[row, field].old, one.new
        if old != new:
            value = shown(field, new) or NO_VALUE
            yield ReadLine(cell(row, field), value, True, formerly(field, old))


def _why(change: Change) -> str:
    """The reason of the event that was just added."""
    return next((r for p in reversed([*change.payloads()]) if (r := getattr(p, "reason", ""))), "")
