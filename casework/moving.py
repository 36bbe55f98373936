"""A correction may say whose form it is: then it belongs to that entity's case.

One entity in two cases would have a cap in each (trap 4).
"""

from casework.changes import Change
from casework.identity import Identity, case_of, identify, open_case
from casework.world import check
from procedure.acceptance import unclear
from procedure.case import ApplicationState, next_place
from procedure.events import Actor, ApplicationFiled, Withdrawn
from store import Tx
from store.rows import Placement

IDENTIFYING = frozenset({"enterprise_name", "uscc"})


def settle(change: Change, number: int, actor: Actor) -> tuple[Change, int, str]:
    """The case and number that the application has now, and what to say of it (Chinese).

    Nothing moves where it is confirmed, or where the correction names no other entity.
    """
    app = change.state.application(number)
    identity = identify(change.desk, change.tx, app.reading) if app else None
    if app is None or identity is None or identity.key == change.row.entity_key:
        return change, number, ""
    if app.confirmed:
        said = f"更正后的单位为“{identity.name}”，与案件单位不同；该申请已确认，未作移动。"
        return change, number, said
    there = case_of(change.tx, change.cycle, identity)
    alone = len(change.state.applications) == 1 and not change.state.cancellations
    same = there is None or there.case_no == change.case_no
    if same and alone and identity.province in ("", change.row.province):
        change.tx.cases.rekey(change.case_no, identity.key, identity.name)
        return change, number, ""
    if not identity.province:
        return change, number, "更正后的单位不属本系统服务省份，未作移动。"
    return _move(change, app, identity, actor)


def _move(
    change: Change, app: ApplicationState, identity: Identity, actor: Actor
) -> tuple[Change, int, str]:
    tx = change.tx
    target = Change(change.desk, tx, open_case(tx, change.cycle, identity))
    number, version = next_place(target.state)
    evidence, reading = app.current.evidence, app.reading
    filed = ApplicationFiled(
        application=number,
        version=version,
        received_at=app.received_at,
        reply_to=app.reply_to,
        reading=reading,
        findings=check(target, number, reading, app.received_at, app.reply_to),
        unclear=unclear(reading),
        rfc_message_id=app.current.rfc_message_id,
        subject=app.current.subject,
    )
    target.add(filed, actor, evidence)
    change.add(Withdrawn(app.number, f"单位更正为“{identity.name}”，移至 {target.case_no}"), actor)
    tx.cases.refile(evidence, target.case_no, number)
    place_again(tx, evidence.message_id, evidence.document, evidence.part, target.case_no, number)
    said = f"该申请属于“{identity.name}”，已移至 {target.case_no} 第 {number} 份申请。"
    return target, number, said


def place_again(
    tx: Tx, message_id: str, document: str, part: int, case_no: str, application: int
) -> None:
    """The document ends elsewhere now."""
    for old in tx.messages.placements(message_id):
        if (old.sha256, old.part) == (document, part) and old.place in ("tray", "application"):
            where = (old.message_id, old.ordinal, old.part, old.sha256, old.name)
            tx.messages.place(Placement(*where, "application", case_no, application))
