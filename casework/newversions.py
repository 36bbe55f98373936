"""A form that came again while it waited: whoever may decide it hears what is different.

Their earlier notice, or what they saw, was of another version. The notice stands in for the one
that the case gives when it comes back to its stage (`tells`), so each version is told once. What
was not said yet of an earlier version is withdrawn: the new notice says what it would have.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from casework.changes import Change
from casework.colleagues import notify
from casework.labels import cell, said_value
from casework.rights import may
from procedure.case import ApplicationState, derive
from procedure.events import Actor, ApplicationFiled, Event, Evidence
from procedure.language import THEN, _, n_, told
from procedure.readings import Value
from store import Tx
from store.rows import Person

VERSION = "version:"
"""How the keys of these notices begin."""
WAITS = "waits:"
"""And those that say no more than that the case waits."""
CAME = _(
    "{case_no} {name}：第 {application} 份申请已更新为第 {version} 版：{changes}。\n"
    "下一步：点按案件号查看并办理。"
)
CHANGED = _("{field} {old} → {new}")
SAME = _("识读内容与上一版相同")
MORE = n_("另有 {count} 处不同")
ERRORS = _("不符 {old} 项 → {new} 项")
PRIVATE = frozenset({"contact", "phone"})
"""Of these only that they differ is said."""
DIFFERS = _("{field}有变化")
MOST = 5
Place = tuple[int | None, str]


def add_filed(
    change: Change, filed: ApplicationFiled, actor: Actor, evidence: Evidence | None
) -> Event:
    """Append the form as an event of the case; tell of it where it replaces one that waits."""
    before = change.state.application(filed.application)
    event = change.add(filed, actor, evidence)
    after = change.state.application(filed.application)
    if before is not None and after is not None and filed.version > 1:
        _tell(change, before, after, actor, event.seq)
    return event


def _tell(
    change: Change, before: ApplicationState, after: ApplicationState, actor: Actor, seq: int
) -> None:
    tx, case_no = change.tx, change.case_no
    by = actor.name if actor.kind == "person" else ""
    reached = tx.people.told_at()
    others = (one for one in tx.people.list() if one.name != by and not one.revoked)
    deciding = [one for one in others if may(one, "confirm", change.row.province)]
    key = f"{VERSION}{case_no}:{after.number}:{seq}"
    # Of who has no account now, what waits for the next one stays.
    for one in (one for one in deciding if one.name in reached):
        say = partial(_said, change, _known(change, one, before), after)
        notify(change.desk, tx, [one], key, say, case_no)


def _known(change: Change, person: Person, before: ApplicationState) -> ApplicationState:
    """The version that the person last could hear of; what is unsaid of later ones is withdrawn."""
    tx, now, number = change.tx, change.desk.now(), before.number
    tx.notices.withdraw(f"{WAITS}{change.case_no}", person.name, now)
    keys = tx.notices.withdraw(f"{VERSION}{change.case_no}:{number}", person.name, now)
    if not keys:
        return before
    first = min(int(key.split(":")[3]) for key in keys)
    then = derive(one for one in change.events if one.seq < first)
    return then.application(number) or before


def tells(tx: Tx, person: Person, case_no: str, since: datetime | None) -> bool:
    """Whether the person hears, or heard, of a version since then: and so that it waits."""
    key = f"{VERSION}{case_no}"
    return since is not None and tx.notices.intended(key, person.name, since)


def _said(change: Change, before: ApplicationState, after: ApplicationState) -> str:
    changes = [*_changes(before, after)]
    shown = changes[:MOST]
    if len(changes) > MOST:
        shown.append(MORE.format(count=len(changes) - MOST))
    shown += _errors(before, after)
    return CAME.format(
        case_no=change.case_no,
        name=change.row.entity_name,
        application=after.number,
        version=after.version,
        changes=str(THEN).join(shown or [str(SAME)]),
    )


def _errors(before: ApplicationState, after: ApplicationState) -> list[str]:
    old, new = (sum(one.severity == "error" for one in app.findings) for app in (before, after))
    return [ERRORS.format(old=old, new=new)] if old != new else []


def _changes(before: ApplicationState, after: ApplicationState) -> Iterator[str]:
    old, new = dict(_values(before)), dict(_values(after))
    for place in {**old, **new}:
        if old.get(place) != new.get(place):
            row, field = place
            name = told(cell(row, field))
            if field in PRIVATE:
                yield DIFFERS.format(field=name)
            else:
                yield CHANGED.format(
                    field=name,
                    old=said_value(field, old.get(place)),
                    new=said_value(field, new.get(place)),
                )


def _values(app: ApplicationState) -> Iterator[tuple[Place, Value | None]]:
    for name, value in app.values.items():
        yield (None, name), value
    for row, project in enumerate(app.projects):
        yield (row, "name"), project.name
        yield (row, "code"), project.code
        yield (row, "amount_t"), project.amount_t
