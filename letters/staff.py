"""The letter that a member of staff decides by: what waits, and how to answer it."""

from collections.abc import Sequence

from letters.blocks import Block, Heading, Items, Para, Status, Table
from letters.words import findings, moment, tonnes
from procedure.facts import StaffTask, TaskItem

ABOVE = "════ 请在此行以上回复，以下原文系统不读取 ════"
"""Whatever stands below it in an answer is our own letter, quoted."""
SECOND = {"confirm": "确认", "return": "退回"}


def subject_token(token: str) -> str:
    """The token as the subject bears it: answers keep the subject."""
    return f"〔回复码 {token}〕"


def task(facts: StaffTask) -> tuple[str, list[Block]]:
    """What waits, each with what was read and found; the answer's form is told by example."""
    count = len(facts.items)
    about = facts.items[0].case_no if count == 1 else f"{count} 份申请"
    head = Status(f"{facts.person}：{about}等您处理", "look")
    blocks: list[Block] = [Para(ABOVE, quiet=True), head, *_how(facts)]
    for number, item in enumerate(facts.items, 1):
        blocks += _item(number, item)
    if facts.lines:
        blocks += [Heading("其他提醒"), Items(facts.lines)]
    return f"【CCER抵销】待处理：{about} {subject_token(facts.token)}", blocks


def _how(facts: StaffTask) -> list[Block]:
    one = len(facts.items) == 1
    yes, no = ("“确认”", "“退回”加原因") if one else ("“确认 1”", "“退回 2”加原因")
    lines = [
        f"直接回复本邮件即可办理：第一行写{yes}，或{no}；每项意见各占一行，不要写其他内容。",
        "请用收到本邮件的邮箱回复。本邮件发出后案件如有变化，回复不会执行，系统会告知。",
    ]
    if facts.two_person:
        kinds = "、".join(SECOND[one] for one in facts.two_person)
        lines.append(f"{kinds}须由两人办理：第一人的意见记为建议，由另一位复核人员核准后生效。")
    if facts.deadline:
        lines.append(f"注销截止时间：{moment(facts.deadline)}。")
    return [Items(lines)]


def _item(number: int, item: TaskItem) -> list[Block]:
    rows: list[Sequence[str]] = [
        ("企业", item.entity_name),
        ("进度", item.stage_name),
        ("收件", moment(item.received_at)),
        ("应清缴量", tonnes(item.obligation_t)),
        ("申请抵销量", tonnes(item.offset_t)),
    ]
    if item.cap_t is not None:
        rows.append(("抵销上限", tonnes(item.cap_t)))
    if item.unclear:
        rows.append(("待人工识读", "、".join(item.unclear)))
    if item.proposed:
        rows.append(("建议", item.proposed))
    title = f"第 {number} 项　{item.case_no} 第 {item.application} 份申请（第 {item.version} 版）"
    return [Heading(title), Table(("项目", "内容"), rows), *findings(item.findings)]
