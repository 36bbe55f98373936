"""Letters to staff, in their language: what waits and how to decide it by an answer; plain notices.

Names and what applicants wrote are shown as they are.
"""

from collections.abc import Sequence
from datetime import datetime

from letters.blocks import Block, Heading, Items, Para, Status, Table
from letters.words import FOUND, SEVERITIES, TONNES, clause, heads
from procedure.facts import StaffNotice, StaffTask, TaskItem
from procedure.findings import Finding
from procedure.language import _, n_, spoken, term, told

ABOVE = _("════ 请在此行以上回复，以下原文系统不读取 ════")
"""Whatever stands below it in an answer is our own letter, quoted."""
SECOND = {"confirm": _("确认"), "return": _("退回")}
BETWEEN = _("、")
TOKEN = _("〔回复码 {token}〕")
APPLICATIONS = n_("{count} 份申请")
FOR_YOU = _("{person}：{about}等您处理")
SUBJECT = _("【CCER抵销】待处理：{about} {token}")
OTHERS = _("其他提醒")
HOW_ONE = _(
    "直接回复本邮件即可办理：第一行写“确认”，或“退回”加原因；每项意见各占一行，不要写其他内容。"
)
HOW_MANY = _(
    "直接回复本邮件即可办理：第一行写“确认 1”，或“退回 2”加原因；每项意见各占一行，不要写其他内容。"
)
FROM_HERE = _(
    "请用收到本邮件的邮箱回复。本邮件发出后案件如有变化，回复不会执行，系统会告知。"
    "只看不办：回复“待办”“案件 案件号”或“帮助”。"
)
TWO = _("{kinds}须由两人办理：第一人的意见记为建议，由另一位复核人员核准后生效。")
DEADLINE = _("注销截止时间：{moment}。")
TITLE = _("第 {number} 项　{case_no} 第 {application} 份申请（第 {version} 版）")
NOTICE = _("【CCER抵销】{title} {case_no}")
HEADS = (_("项目"), _("内容"))
ENTITY, STAGE, RECEIVED, OBLIGATION, OFFSET, CAP, UNCLEAR, PROPOSED = (
    _("企业"), _("进度"), _("收件"), _("应清缴量"), _("申请抵销量"), _("抵销上限"),
    _("待人工识读"), _("建议"),
)  # fmt: skip


def subject_token(token: str) -> str:
    """The token as the subject bears it: answers keep the subject."""
    return TOKEN.format(token=token)


def notice(facts: StaffNotice) -> tuple[str, list[Block]]:
    """A plain message to staff; its words were chosen where it was intended."""
    subject = NOTICE.format(title=told(facts.title), case_no=facts.case_no).strip()
    return subject, [Status(told(facts.title), "look"), *(Para(told(line)) for line in facts.lines)]


def task(facts: StaffTask) -> tuple[str, list[Block]]:
    """What waits, each with what was read and found; the answer's form is told by example."""
    count = len(facts.items)
    about = facts.items[0].case_no if count == 1 else APPLICATIONS.format(count=count)
    head = Status(FOR_YOU.format(person=facts.person, about=about), "look")
    blocks: list[Block] = [Para(str(ABOVE), quiet=True), head, *_how(facts)]
    for number, item in enumerate(facts.items, 1):
        blocks += _item(number, item)
    if facts.lines:
        blocks += [Heading(str(OTHERS)), Items(facts.lines)]
    return SUBJECT.format(about=about, token=subject_token(facts.token)), blocks


def _how(facts: StaffTask) -> list[Block]:
    lines = [str(HOW_ONE if len(facts.items) == 1 else HOW_MANY), str(FROM_HERE)]
    if facts.two_person:
        kinds = str(BETWEEN).join(str(SECOND[one]) for one in facts.two_person)
        lines.append(TWO.format(kinds=kinds))
    if facts.deadline:
        lines.append(DEADLINE.format(moment=_moment(facts.deadline)))
    return [Items(lines)]


def _item(number: int, item: TaskItem) -> list[Block]:
    rows = [
        (ENTITY, item.entity_name),
        (STAGE, term(item.stage_name)),
        (RECEIVED, _moment(item.received_at)),
        (OBLIGATION, _tonnes(item.obligation_t)),
        (OFFSET, _tonnes(item.offset_t)),
    ]
    if item.cap_t is not None:
        rows.append((CAP, _tonnes(item.cap_t)))
    if item.unclear:
        rows.append((UNCLEAR, str(BETWEEN).join(map(term, item.unclear))))
    if item.proposed:
        rows.append((PROPOSED, item.proposed))
    title = TITLE.format(
        number=number, case_no=item.case_no, application=item.application, version=item.version
    )
    table = Table(heads(*HEADS), [(str(label), value) for label, value in rows])
    return [Heading(title), table, *_findings(item.findings)]


def _findings(found: Sequence[Finding]) -> list[Block]:
    rows = [(str(SEVERITIES[one.severity]), told(one.message), clause(one.clause)) for one in found]
    return [Table(heads(*FOUND), rows)] if rows else []


def _moment(at: datetime) -> str:
    return spoken().moment(at)


def _tonnes(amount: int | None) -> str:
    return "" if amount is None else TONNES.format(amount=spoken().number(amount))
