"""A correction may say whose form it is: then it belongs to that entity's case.

One entity in two cases would have a cap in each (trap 4).
"""

from casework.applying import Source, application
from casework.changes import Change
from casework.identity import Identity, case_of, identify, open_case
from casework.newversions import add_filed
from procedure.case import ApplicationState
from procedure.events import Actor, Evidence, Withdrawn
from procedure.language import _
from store import Tx
from store.rows import Placement

IDENTIFYING = frozenset({"enterprise_name", "uscc"})


def settle(change: Change, number: int, actor: Actor) -> tuple[Change, int, str]:
    """The case and number that the application has now, and what to say of it.

    Nothing moves where it is confirmed, or where the correction names no other entity.
    """
    app = change.state.application(number)
    identity = identify(change.desk, change.tx, app.reading) if app else None
    if app is None or identity is None or identity.key == change.row.entity_key:
        return change, number, ""
    identity = identity.of(change.row.year)
    if app.confirmed:
        said = _("更正后的单位为“{name}”，与案件单位不同；该申请已确认，未作移动。").format(
            name=identity.name
        )
        return change, number, said
    there = case_of(change.tx, change.cycle, identity)
    alone = len(change.state.applications) == 1 and not change.state.cancellations
    same = there is None or there.case_no == change.case_no
    if same and alone and identity.province in ("", change.row.province):
        change.tx.cases.rekey(change.case_no, identity.key, identity.name)
        return change, number, ""
    if not identity.province:
        return change, number, str(_("更正后的单位不属本系统服务省份，未作移动。"))
    return _move(change, app, identity, actor)


def _move(
    change: Change, app: ApplicationState, identity: Identity, actor: Actor
) -> tuple[Change, int, str]:
    tx = change.tx
    target = Change(change.desk, tx, open_case(tx, change.cycle, identity))
    was = app.current
    source = Source(
        was.received_at, was.reply_to, was.rfc_message_id, was.subject, was.evidence.message_id
    )
    filed, evidence = application(target, app.reading, source), was.evidence
    number = filed.application
    add_filed(target, filed, actor, evidence)
    change.add(
        Withdrawn(
            app.number,
            _("单位更正为“{name}”，移至 {case_no}").said(
                name=identity.name, case_no=target.case_no
            ),
        ),
        actor,
    )
    refile(tx, evidence, target.case_no, number)
    said = _("该申请属于“{name}”，已移至 {case_no} 第 {number} 份申请。").format(
        name=identity.name, case_no=target.case_no, number=number
    )
    return target, number, said


def refile(tx: Tx, evidence: Evidence, case_no: str, application: int) -> None:
    """A filed document is another application's from now on, wherever it is looked for."""
    tx.cases.refile(evidence, case_no, application)
    for old in tx.messages.placements(evidence.message_id):
        same = (old.sha256, old.part) == (evidence.document, evidence.part)
        if same and old.place == "application":
            where = (old.message_id, old.ordinal, old.part, old.sha256, old.name)
            tx.messages.place(Placement(*where, "application", case_no, application))
