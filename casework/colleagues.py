"""Notices for staff where they are: written with the change that they tell, each once by its key.

Only whoever has an account of some kind gets a row: a notice of long ago is no news to somebody
who comes later. `bot.notices` and `casework.tasks` say them.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime, time

from casework import habits
from casework.changes import Change
from casework.desk import Desk
from casework.labels import said_tonnes
from casework.rights import PROVINCIAL, may, provinces_of
from procedure.clock import beijing
from procedure.cycle import Cycle
from procedure.events import ConfirmationRevoked, Confirmed, Returned, Withdrawn
from procedure.language import Text, _, n_, speaking, spoken, told
from procedure.workdays import between, is_working_day
from store import Tx
from store.rows import NoticeRow, Person

DECIDED = "decided:"
"""How the keys of notices of decisions begin: by mail they wait for a letter of another reason."""
DEADLINE = "deadline:"
"""How those of `remind` begin."""
AT = time(9)
"""When staff are reminded, Beijing time."""
Decision = Confirmed | Returned | Withdrawn | ConfirmationRevoked
SAID: dict[type[Decision], Text] = {
    Confirmed: _("{case_no} {name}：{who} 已确认第 {application} 份申请（{amount}）。"),
    Returned: _("{case_no} {name}：{who} 已退回第 {application} 份申请：{reason}"),
    Withdrawn: _("{case_no} {name}：{who} 已撤回第 {application} 份申请。"),
    ConfirmationRevoked: _("{case_no} {name}：{who} 已撤销第 {application} 份申请的决定：{reason}"),
}
NEXT = _("下一步：点按案件号可查看案件，无需办理。")
LEFT = n_("距注销截止（{deadline}）还有 {count} 个工作日。")
WAITS = n_("待确认或待人工识读的案件 {count} 个。")
UNCANCELLED = n_("已确认而未注销的案件 {count} 个。")
TODO = _("下一步：发“待办”逐项办理，发“统计”查看各阶段案件。")
LONGEST_REASON = 200


def notify(
    desk: Desk,
    tx: Tx,
    people: Iterable[Person],
    key: str,
    say: Callable[[], str],
    case_no: str = "",
    *,
    later: bool = False,
) -> None:
    """Each of them is told, in their own language; ``later`` also who has no account yet."""
    reached = tx.people.told_at()
    for person in people:
        if not person.revoked and (later or person.name in reached):
            with speaking(habits.language_in(desk, tx, person.name)):
                tx.notices.intend(f"{key}:{person.name}", person.name, told(say()), case_no)


def may_know(tx: Tx, person: Person, notice: NoticeRow) -> bool:
    """Whether the person may still look at what it is about: it may have waited for days."""
    if not notice.case_no:
        return True
    row = tx.cases.row(notice.case_no)
    return row is not None and may(person, "look", row.province)


def tell_decision(change: Change, person: Person, made: Decision) -> None:
    """Whoever else may decide the province's cases hears what a colleague decided."""
    others = (
        one
        for one in change.tx.people.list()
        if one.name != person.name and may(one, "confirm", change.row.province)
    )
    key = f"{DECIDED}{change.case_no}:{change.events[-1].seq}"
    notify(
        change.desk, change.tx, others, key, lambda: _decided(change, person, made), change.case_no
    )


def _decided(change: Change, person: Person, made: Decision) -> str:
    told = SAID[type(made)].format(
        case_no=change.case_no,
        name=change.row.entity_name,
        who=person.name,
        application=made.application,
        amount=said_tonnes(made.amount_t) if isinstance(made, Confirmed) else "",
        reason="" if isinstance(made, Confirmed) else _line(made.reason),
    )
    return f"{told}\n{NEXT}"


def _line(reason: str) -> str:
    line = " ".join(reason.split())
    return line if len(line) <= LONGEST_REASON else f"{line[: LONGEST_REASON - 1]}…"


def remind(desk: Desk, tx: Tx, cycle: Cycle, now: datetime) -> None:
    """Each working day near the deadline: whoever decides hears what still waits in theirs."""
    day = beijing(now).date()
    if not is_working_day(day, desk.extra_working_days) or beijing(now).time() < AT:
        return
    for person in tx.people.list():
        if person.role in PROVINCIAL and (text := _left(desk, tx, person, cycle, day)):
            notify(desk, tx, [person], f"{DEADLINE}{cycle.id}/{day}", text)


def _left(desk: Desk, tx: Tx, person: Person, cycle: Cycle, day: date) -> Callable[[], str] | None:
    """What is to be said of the person's provinces; None where nothing waits there."""
    stages: Counter[str] = Counter()
    for (_province, stage), number in tx.cases.counts(provinces_of(person), cycle.id).items():
        stages[stage] += number
    waiting, open_ = stages["submitted"] + stages["unclear"], stages["confirmed"]
    if not waiting + open_:
        return None
    days = between(day, beijing(cycle.cancel_before).date(), desk.extra_working_days)

    def say() -> str:
        moment = spoken().moment(cycle.cancel_before)
        lines = [
            LEFT.format(deadline=moment, count=days),
            *([WAITS.format(count=waiting)] if waiting else []),
            *([UNCANCELLED.format(count=open_)] if open_ else []),
            str(TODO),
        ]
        return "\n".join(lines)

    return say
