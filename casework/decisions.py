"""What staff decide on an application (附件3 §2 step 4), each with rights and state re-checked.

Every function runs in one write transaction, reads the state again inside it, and raises
`Conflict` (who was first, when, what was decided) where the state no longer allows the action;
`NotAllowed` where the person may not, or no case is there; `WrongUse` for an unknown application or
field.
``version`` is the one the person looked at: a newer one is a `Conflict`, None takes the current.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Literal

from casework import colleagues
from casework.amending import Corrected, tell_correction
from casework.cards import history_line, who_did
from casework.changes import Change, actor_of
from casework.correcting import old_value, parsed
from casework.desk import Desk
from casework.following import match_again
from casework.labels import field_label, moment, said_tonnes, said_value
from casework.moving import IDENTIFYING, refile, settle
from casework.rights import Action, require_case
from casework.telling import tell_decision, tell_undone
from casework.twopeople import proposer
from casework.world import RECHECKED, recheck
from procedure.case import ApplicationState, allowed
from procedure.errors import Conflict, NotAllowed, WrongUse
from procedure.events import (
    ConfirmationRevoked,
    Confirmed,
    Evidence,
    FieldCorrected,
    ProofAccepted,
    Proposed,
    Reassigned,
    Returned,
    Withdrawn,
)
from procedure.language import _, n_, term
from procedure.matching import rows_shown
from store.rows import Person


@dataclass(frozen=True)
class Done:
    """What was done, to be said to the person who did it."""

    text: str
    """In the language that was spoken."""
    case_no: str
    application: int = 0
    version: int = 0
    stage: str = ""
    stage_name: str = ""
    letters: tuple[str, ...] = ()
    """Keys of the letters that are due now."""
    proposed: bool = False
    """Written down as the first of two people's word: nothing is decided yet."""


def confirm(
    desk: Desk,
    person: Person,
    case_no: str,
    application: int,
    version: int | None = None,
    note: str = "",
    *,
    channel: str = "cli",
    seen_seq: int | None = None,
    evidence: Evidence | None = None,
) -> Done:
    """Confirm an application; blocked by unclear required fields and by findings of `error`.

    ``seen_seq``: the last event of the case that the person saw; `Conflict` ("changed") tells
    what happened to it since. ``evidence``: the mail that says so; the same mail acts once. Where
    two people are asked for (`Desk.two_person`), the first one's word is a proposal.
    """
    _channel(desk, channel)
    with _changing(desk, person, "confirm", case_no) as change:
        if done := _repeated(change, person, application, evidence):
            return done
        _unchanged(change, application, seen_seq)
        recheck(change, actor_of(person))
        allowed(change.state, application, "confirm", version)
        app = _application(change, application)
        amount = app.tonnes("offset_t")
        if amount is None:
            raise WrongUse(
                "no amount to confirm", user_message=str(_("申请抵销量尚未识读，不能确认。"))
            )
        wanted = Proposed(application, app.version, "confirm", amount)
        first = proposer(change, person, wanted, evidence)
        if first is None:
            return _said(change, wanted)
        decided = Confirmed(application, app.version, amount, note, first)
        change.add(decided, actor_of(person), evidence)
        colleagues.tell_decision(change, person, decided)
        match_again(change, actor_of(person))
        return _said(change, decided, tell_decision(change, person, application))


def return_(
    desk: Desk,
    person: Person,
    case_no: str,
    application: int,
    reason: str,
    rules: Sequence[str] = (),
    version: int | None = None,
    *,
    channel: str = "cli",
    seen_seq: int | None = None,
    evidence: Evidence | None = None,
) -> Done:
    """Return an application to the entity with the reason and the rules it rests on.

    "" takes the reason of the return that somebody proposed. The rest as for `confirm`.
    """
    _channel(desk, channel)
    with _changing(desk, person, "return", case_no) as change:
        if done := _repeated(change, person, application, evidence):
            return done
        _unchanged(change, application, seen_seq)
        allowed(change.state, application, "return", version)
        app = _application(change, application)
        reason, rules = reason.strip(), tuple(rules)
        if not reason and app.proposed and app.proposed.outcome == "return":
            reason, rules = app.proposed.reason, app.proposed.rules
        if not reason:
            raise WrongUse("a return needs a reason", user_message=str(_("退回须说明理由。")))
        wanted = Proposed(application, app.version, "return", None, reason, rules)
        first = proposer(change, person, wanted, evidence)
        if first is None:
            return _said(change, wanted)
        decided = Returned(application, app.version, reason, rules, first)
        change.add(decided, actor_of(person), evidence)
        colleagues.tell_decision(change, person, decided)
        return _said(change, decided, tell_decision(change, person, application))


def _repeated(
    change: Change, person: Person, application: int, evidence: Evidence | None
) -> Done | None:
    """What the same mail did already: its work may be done again after a crash."""
    if evidence is None or not evidence.message_id:
        return None
    for event in change.events:
        payload = event.payload
        same = (event.evidence.message_id, event.actor) == (evidence.message_id, actor_of(person))
        if same and isinstance(payload, Decided) and payload.application == application:
            return _said(change, payload)
    return None


Decided = Proposed | Confirmed | Returned


PROPOSED = {
    "confirm": _(
        "已记录您确认 {case_no} 第 {application} 份申请的建议，待另一位复核人员核准后生效。"
    ),
    "return": _(
        "已记录您退回 {case_no} 第 {application} 份申请的建议，待另一位复核人员核准后生效。"
    ),
}


def _said(change: Change, made: Decided, keys: tuple[str, ...] = ()) -> Done:
    about = {"case_no": change.case_no, "application": made.application}
    if isinstance(made, Confirmed):
        text = _(
            "已确认 {case_no} 第 {application} 份申请，数量 {amount}。确认结果将邮件通知该单位。"
        ).format(amount=said_tonnes(made.amount_t), **about)
    elif isinstance(made, Returned):
        text = _("已退回 {case_no} 第 {application} 份申请，退回意见将邮件通知该单位。").format(
            **about
        )
    else:
        text = PROPOSED[made.outcome].format(**about)
    done = _done(change, made.application, text, keys)
    return replace(done, proposed=isinstance(made, Proposed))


def correct(
    desk: Desk,
    person: Person,
    case_no: str,
    application: int,
    field: str,
    value: str,
    row: int | None = None,
    *,
    channel: str = "cli",
    seen_seq: int | None = None,
) -> Done:
    """Set a field to what the paper says, as a person reads it; checks run again.

    ``field`` is a name of the reading contract (``offset_t``, …) or ``seal``; with ``row`` (from
    0) one of ``name``, ``code``, ``amount_t`` of a project row. ``value`` is text; tonnes may be
    "6,182 吨", "" says that the paper has no such value. ``seen_seq`` as for `confirm`.
    """
    _channel(desk, channel)
    with _changing(desk, person, "correct", case_no) as change:
        _unchanged(change, application, seen_seq)
        allowed(change.state, application, "correct")
        app = _application(change, application)
        new = parsed(field, value, row, desk.provinces)
        old = old_value(app, field, row)
        change.add(FieldCorrected(application, field, old, new, row), actor_of(person))
        recheck(change, actor_of(person))
        match_again(change, actor_of(person))
        label, said = term(field_label(field)), said_value(field, new)
        text = _("{case_no} 第 {application} 份申请的“{label}”已更正为 {said}。").format(
            case_no=case_no, application=application, label=label, said=said
        )
        origin, number = change, application
        if change.state.application(application) != app and field in IDENTIFYING:
            change, application, moved = settle(change, application, actor_of(person))
            text = _lines(text, moved)
        keys = tell_correction(Corrected(origin, number, change, application))
        return _done(change, application, _lines(text, _still_confirmed(app)), keys)


def _lines(*said: str) -> str:
    return "\n".join(one for one in said if one)


def _still_confirmed(app: ApplicationState) -> str:
    """Said after a correction: it never undoes a confirmation."""
    if app.confirmed is None:
        return ""
    said = _("该申请已确认（{amount}），更正不影响原确认；如确认有误，请由复核人员撤销确认。")
    return said.format(amount=said_value("offset_t", app.confirmed.amount_t))


def accept_proof(
    desk: Desk,
    person: Person,
    case_no: str,
    proof: int,
    rows: Sequence[str] | None = None,
    note: str = "",
) -> Done:
    """A person looked at the screenshot: it is sealed, and it shows these registry records.

    A seal on a grey copy may not be found and a figure be misread. ``rows``: ids of the case's
    registry records; None takes those that it shows as it was read. `WrongUse` where it shows
    none, or for a row or proof that is not the case's.
    """
    with _changing(desk, person, "correct", case_no) as change:
        known = next((one for one in change.state.proofs if one.number == proof), None)
        there = change.state.cancellations
        if known is None:
            raise WrongUse(
                f"no proof {proof}",
                user_message=_("本案没有第 {proof} 份注销截图。").format(proof=proof),
            )
        chosen = tuple(rows_shown(known.filed.reading, there) if rows is None else rows)
        if not chosen or not set(chosen) <= {one.row for one in there}:
            raise WrongUse(
                "choose the registry records that the screenshot shows",
                user_message=str(_("请指明该截图所示的登记系统注销记录。")),
            )
        change.add(ProofAccepted(proof, chosen, note.strip()), actor_of(person))
        match_again(change, actor_of(person))
        text = n_("{case_no} 第 {proof} 份注销截图已人工核对，对应 {count} 笔注销记录。").format(
            case_no=case_no, proof=proof, count=len(chosen)
        )
        return _done(change, 0, text, ())


def withdraw(desk: Desk, person: Person, case_no: str, application: int, reason: str = "") -> Done:
    """Take an application back on the entity's behalf."""
    payload = Withdrawn(application, reason)
    return _undo(desk, person, "withdraw", case_no, application, payload)


def revoke(desk: Desk, person: Person, case_no: str, application: int, reason: str) -> Done:
    """Take a decision back; the application waits for the province again, its entity is told."""
    if not reason.strip():
        raise WrongUse("revoking needs a reason", user_message=str(_("撤销决定须说明理由。")))
    payload = ConfirmationRevoked(application, reason.strip())
    return _undo(desk, person, "revoke", case_no, application, payload)


def reassign(
    desk: Desk, person: Person, case_no: str, application: int, to_application: int | None
) -> Done:
    """Make the latest version a further application (None), or a version of another one."""
    with _changing(desk, person, "reassign", case_no) as change:
        allowed(change.state, application, "reassign")
        moved = _application(change, application).versions[-1]
        if to_application is None:
            wanted, version = change.state.applications[-1].number + 1, 1
        else:
            target = _other(change, application, to_application)
            wanted, version = target.number, target.versions[-1].version + 1
        change.add(Reassigned(application, wanted, version), actor_of(person))
        # The same document again is a duplicate of what it is now.
        refile(change.tx, moved.evidence, change.case_no, wanted)
        recheck(change, actor_of(person))
        return _done(
            change,
            wanted,
            _("已改列为第 {application} 份申请第 {version} 版。").format(
                application=wanted, version=version
            ),
            (),
        )


def _other(change: Change, application: int, wanted: int) -> ApplicationState:
    found = _application(change, wanted)
    if wanted == application:
        raise WrongUse(
            f"application {application} is no version of itself",
            user_message=_("第 {number} 份申请不能改列为其自身的版本。").format(number=wanted),
        )
    return found


def _undo(
    desk: Desk,
    person: Person,
    action: Literal["withdraw", "revoke"],
    case_no: str,
    application: int,
    payload: Withdrawn | ConfirmationRevoked,
) -> Done:
    """A cancellation cannot be undone: who was told to go ahead is told at once to stop."""
    with _changing(desk, person, action, case_no) as change:
        allowed(change.state, application, action)
        before = _application(change, application)
        change.add(payload, actor_of(person))
        colleagues.tell_decision(change, person, payload)
        recheck(change, actor_of(person))
        match_again(change, actor_of(person))
        keys = tell_undone(change, person, before)
        said = UNDONE[action].format(case_no=case_no, application=application)
        return _done(change, application, said, keys)


UNDONE = {
    "withdraw": _("{case_no} 第 {application} 份申请已撤回。"),
    "revoke": _("{case_no} 第 {application} 份申请已撤销原决定。"),
}
UNSEEN = frozenset({"duplicate-received", "reported"})
"""Kinds that change nothing that a decision rests on."""


def _unchanged(change: Change, application: int, seen_seq: int | None) -> None:
    """`Conflict` where the case is not as the person saw it."""
    app = change.state.application(application)
    since = [e for e in change.events if seen_seq is not None and e.seq > seen_seq]
    since = [event for event in since if event.kind not in UNSEEN]
    # Who decided first, and what, is told in words of its own.
    if not since or app is None or app.stage not in RECHECKED:
        return
    lines = (history_line(event) for event in since)
    told = "；".join(f"{moment(line.at)} {who_did(line)} {line.text}" for line in lines)
    raise Conflict(
        f"the case changed since event {seen_seq}: {', '.join(e.kind for e in since)}",
        code="changed",
        user_message=_("您查看之后案件有变化：{told}。请重新查看后再操作。").format(told=told),
    )


@contextmanager
def _changing(desk: Desk, person: Person, action: Action, case_no: str) -> Iterator[Change]:
    """The case inside a write transaction, the person's right to it checked."""
    with desk.store.write() as tx:
        row = tx.cases.row(case_no.strip().upper())
        yield Change(desk, tx, require_case(person, action, row, case_no).case_no)


def _channel(desk: Desk, channel: str) -> None:
    if channel not in desk.confirm_channels:
        raise NotAllowed(
            f"decisions by {channel} are switched off",
            user_message=str(_("此渠道不接受确认、退回或更正。")),
        )


def _application(change: Change, number: int) -> ApplicationState:
    found = change.state.application(number)
    if found is None:
        raise WrongUse(
            f"no application {number}",
            user_message=_("本案没有第 {number} 份申请。").format(number=number),
        )
    return found


def _done(change: Change, application: int, text: str, keys: tuple[str, ...]) -> Done:
    app = change.state.application(application)
    version = app.version if app else 0
    state = change.state
    return Done(text, change.case_no, application, version, state.stage, state.stage_name, keys)
