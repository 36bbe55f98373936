"""Letters to entities and staff: subject and blocks of each kind."""

from collections.abc import Iterator
from datetime import datetime

from letters.blocks import Block, Heading, Items, Para, Status, Table
from letters.words import closing, findings, moment, stamp, steps, tonnes
from procedure.facts import (
    Decision,
    Progress,
    ReadLine,
    Receipt,
    ReceiptSection,
    Reminder,
    StatusAnswer,
    StatusCase,
)

PLACES = {
    "application": "抵销申请表",
    "cancellation": "注销截图",
    "registry": "登记数据",
    "duplicate": "重复来件",
    "set-aside": "其他文件",
    "tray": "待人工处理",
}


def receipt(facts: Receipt) -> tuple[str, list[Block]]:
    """What came, what was read, what is missing or wrong, what to do next."""
    numbers = [s.case_no for s in facts.sections if s.case_no]
    names = [s.entity_name for s in facts.sections if s.entity_name]
    about = " ".join(dict.fromkeys([*numbers[:3], *names[:1]]))
    subject = f"【CCER抵销】{_receipt_title(facts)} {about}".strip()
    blocks: list[Block] = [_receipt_status(facts), Para("您好：")]
    blocks.append(Para(f"您于 {moment(facts.received_at)} 发来的邮件“{facts.subject}”已收到。"))
    blocks += [Items(facts.problems)] if facts.problems else []
    for section in facts.sections:
        blocks += _section(section)
    if facts.next_steps:
        blocks += [Heading("下一步"), *steps(facts.next_steps)]
    blocks += _deadline(facts.deadline) if numbers else []
    return subject, [*blocks, *closing(facts.office, facts.received_at)]


def _receipt_title(facts: Receipt) -> str:
    places = {section.place for section in facts.sections}
    if "application" in places:
        return "受理回执"
    if "cancellation" in places:
        return "注销截图回执"
    return "重复来件" if "duplicate" in places else "来件未能受理"


def _receipt_status(facts: Receipt) -> Status:
    errors = sum(f.severity == "error" for s in facts.sections for f in s.findings)
    filed = any(s.place in ("application", "cancellation", "duplicate") for s in facts.sections)
    waits = any(s.place == "tray" for s in facts.sections)
    if not filed:
        return Status("未找到可受理的文件，请按下列说明重新发送", "bad")
    if errors:
        return Status(f"已收到，有 {errors} 项须更正", "bad")
    unread = waits or any(not line.accepted for s in facts.sections for line in s.lines)
    return Status("已收到，部分内容待人工核对", "look") if unread else Status("已收到", "good")


def _section(section: ReceiptSection) -> Iterator[Block]:
    title = f"{PLACES[section.place]}：{section.document}"
    yield Heading(title)
    if section.case_no:
        number = f"，第 {section.application} 份申请" if section.application else ""
        version = f"第 {section.version} 版" if section.version else ""
        name = f"，{section.entity_name}" if section.entity_name else ""
        yield Para(f"案件编号 {section.case_no}{name}{number}{version}。")
    if section.duplicate_of:
        yield Para(f"同一文件已于 {section.duplicate_of} 收到，本次不重复受理。")
    if section.problem:
        yield Para(section.problem)
    if section.lines:
        rows = [
            (x.label, x.value, x.note or ("已识读" if x.accepted else "待人工核对"))
            for x in section.lines
        ]
        yield Table(("栏目", "识读内容", "状态"), rows)
    yield from findings(section.findings)


def _deadline(deadline: datetime | None) -> list[Block]:
    return [Para(f"自愿注销截止时间：{moment(deadline)}（北京时间）。")] if deadline else []


OUTCOMES = {
    "confirmed": ("申请已确认", "good"),
    "returned": ("申请退回", "bad"),
    "revoked": ("原决定已撤销", "bad"),
    "withdrawn": ("申请已撤回", "look"),
}


def decision(facts: Decision) -> tuple[str, list[Block]]:
    """The province's confirmation or return, or that one of them stands no more."""
    title, tone = OUTCOMES[facts.outcome]
    subject = f"【CCER抵销】{title} {facts.case_no} {facts.entity_name}"
    amount = "确认抵销量" if facts.outcome == "confirmed" else "申请抵销量"
    rows = [(amount, tonnes(facts.amount_t)), ("应清缴配额", tonnes(facts.obligation_t))]
    blocks: list[Block] = [
        Status(title, tone),
        Para(_decided(facts)),
        Table(("项目", "数量"), rows, frozenset({1})),
        *_corrections(facts.corrections),
        *findings(facts.findings),
    ]
    blocks += [Heading("下一步"), *steps(facts.next_steps)] if facts.next_steps else []
    blocks += _deadline(facts.deadline)
    return subject, [*blocks, *closing(facts.office, facts.decided_at)]


def _corrections(lines: tuple[ReadLine, ...]) -> Iterator[Block]:
    """The receipt named what was recognised; this is what the paper says."""
    if lines:
        yield Heading("更正")
        yield Para("此前回执所列下列识读内容有误，已由工作人员对照原件更正：")
        yield Table(("栏目", "更正为", "回执所列"), [(x.label, x.value, x.note) for x in lines])


def _decided(facts: Decision) -> str:
    said = f"{facts.entity_name}：贵单位第 {facts.application} 份抵销申请（第 {facts.version} 版）"
    at = moment(facts.decided_at)
    reason = f"理由：{facts.reason}" if facts.reason else ""
    return {
        "confirmed": f"{said}已于 {at} 由省级生态环境主管部门确认（{facts.clause}）。",
        "returned": f"{said}已于 {at} 退回（{facts.clause}）。退回{reason}",
        "revoked": f"对{said}此前作出的决定已于 {at} 撤销，原邮件通知作废。{reason}",
        "withdrawn": f"{said}已于 {at} 撤回。{reason}",
    }[facts.outcome]


def reminder(facts: Reminder) -> tuple[str, list[Block]]:
    """What is still missing before the deadline."""
    cancel = facts.about == "cancel"
    title = "请尽快完成自愿注销" if cancel else "请提交盖章的注销截图"
    subject = f"【CCER抵销】提醒：{title} {facts.case_no} {facts.entity_name}"
    left = f"距截止时间 {moment(facts.deadline)} 还有 {facts.working_days_left} 个工作日。"
    if cancel:
        said = f"已确认 {tonnes(facts.amount_t)}，尚有 {tonnes(facts.outstanding_t)} 未注销。"
        step = f"请在一般持有账户中完成自愿注销，并提交打印盖章的截图（{facts.clause}）。"
    else:
        said = f"登记系统已有 {tonnes(facts.amount_t)} 的注销记录，尚未收到盖章的注销截图。"
        step = f"请将注销完成的截图打印、加盖公章后发送至本邮箱（{facts.clause}）。"
    blocks: list[Block] = [Status(title, "look"), Para(f"{facts.entity_name}：{said}{left}")]
    return subject, [*blocks, *steps((step,)), *closing(facts.office)]


def progress(facts: Progress) -> tuple[str, list[Block]]:
    """A stage was reached."""
    subject = f"【CCER抵销】{facts.stage_name} {facts.case_no} {facts.entity_name}"
    said = f"{facts.entity_name}：案件 {facts.case_no} 已进入“{facts.stage_name}”阶段"
    blocks: list[Block] = [
        Status(facts.stage_name, "good"),
        Para(f"{said}，数量 {tonnes(facts.quantity_t)}。"),
        *findings(facts.findings),
        *steps(facts.next_steps),
    ]
    return subject, [*blocks, *closing(facts.office, facts.at)]


def answer(facts: StatusAnswer) -> tuple[str, list[Block]]:
    """To a question by mail."""
    subject = f"【CCER抵销】答复：{facts.subject}"
    if not facts.cases:
        said = (
            "来信已收到。出于信息保密要求，案件信息仅答复案件登记的邮箱；"
            "请用提交申请的邮箱来信查询，或联系所属省级生态环境主管部门。"
        )
        blocks: list[Block] = [Para("您好："), Para(said)]
        return subject, [*blocks, *_deadline(facts.deadline), *closing(facts.office)]
    rows = [
        (c.case_no, c.entity_name, c.stage_name, stamp(c.since)[:16], tonnes(c.amount_t))
        for c in facts.cases
    ]
    table = Table(("案件编号", "单位名称", "阶段", "进入时间", "数量"), rows, frozenset({4}))
    blocks = [Para("您好：现将贵单位案件的进展答复如下。"), table, *_next_of(facts.cases)]
    return subject, [*blocks, *_deadline(facts.deadline), *closing(facts.office)]


def _next_of(cases: tuple[StatusCase, ...]) -> Iterator[Block]:
    """What each case waits for; its number is said where there are several."""
    said = [
        f"{case.case_no}：{step}" if len(cases) > 1 else step
        for case in cases
        for step in case.next_steps
    ]
    if said:
        yield Heading("下一步")
        yield from steps(said)
