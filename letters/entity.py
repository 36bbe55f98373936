"""Letters to entities: subject and blocks of each kind, in the language that is spoken."""

from collections.abc import Iterator
from datetime import datetime

from letters.blocks import Block, Heading, Items, Para, Status, Table
from letters.words import clause, closing, findings, heads, moment, stamp, steps, tonnes
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
from procedure.language import Text, _, n_, term, told

HELLO = _("您好：")
NEXT = _("下一步")
DEADLINE = _("自愿注销截止时间：{moment}（北京时间）。")


def receipt(facts: Receipt) -> tuple[str, list[Block]]:
    """What came, what was read, what is missing or wrong, what to do next."""
    numbers = [s.case_no for s in facts.sections if s.case_no]
    names = [s.entity_name for s in facts.sections if s.entity_name]
    about = " ".join(dict.fromkeys([*numbers[:3], *names[:1]]))
    subject = SUBJECT.format(title=_receipt_title(facts), about=about).strip()
    came = CAME.format(moment=moment(facts.received_at), subject=facts.subject)
    blocks: list[Block] = [_receipt_status(facts), Para(str(HELLO)), Para(came)]
    blocks += [Items(tuple(map(told, facts.problems)))] if facts.problems else []
    for section in facts.sections:
        blocks += _section(section)
    if facts.next_steps:
        blocks += [Heading(str(NEXT)), *steps(facts.next_steps)]
    blocks += _deadline(facts.deadline) if numbers else []
    return subject, [*blocks, *closing(facts.office, facts.received_at)]


SUBJECT = _("【CCER抵销】{title} {about}")
CAME = _("您于 {moment} 发来的邮件“{subject}”已收到。")
RECEIPT = _("受理回执")
PROOF_RECEIPT = _("注销截图回执")
AGAIN = _("重复来件")
REFUSED = _("来件未能受理")
WAITS = _("来件待人工核对")


def _receipt_title(facts: Receipt) -> Text:
    places = {section.place for section in facts.sections}
    if "application" in places:
        return RECEIPT
    if "cancellation" in places:
        return PROOF_RECEIPT
    if "duplicate" in places:
        return AGAIN
    return WAITS if _only_waits(facts) else REFUSED


def _only_waits(facts: Receipt) -> bool:
    """Whether all that was not filed waits for staff: of none the sender has to send another."""
    unfiled = [section for section in facts.sections if section.place == "tray"]
    return bool(unfiled) and all(section.waits for section in unfiled)


NOTHING = _("未找到可受理的文件，请按下列说明重新发送")
ERRORS = n_("已收到，有 {count} 项须更正")
PARTLY = _("已收到，部分内容待人工核对")
CHECK = _("已收到，请核对")
RECEIVED = _("已收到")
WAITING = _("已收到，待人工核对")


def _receipt_status(facts: Receipt) -> Status:
    errors = sum(f.severity == "error" for s in facts.sections for f in s.findings)
    filed = any(s.place in ("application", "cancellation", "duplicate") for s in facts.sections)
    waits = any(s.place == "tray" for s in facts.sections)
    if not filed:
        return Status(str(WAITING), "look") if _only_waits(facts) else Status(str(NOTHING), "bad")
    if errors:
        return Status(ERRORS.format(count=errors), "bad")
    if any(map(_to_check, facts.sections)):
        return Status(str(CHECK), "look")
    unread = waits or any(not line.accepted for s in facts.sections for line in s.lines)
    return Status(str(PARTLY), "look") if unread else Status(str(RECEIVED), "good")


def _to_check(section: ReceiptSection) -> bool:
    """Whether what was cancelled is not what was confirmed: of all screenshots where it is told."""
    if section.place != "cancellation":
        return False
    if section.short_t is not None:
        return section.short_t > 0
    return any(one.rule == "cancel-quantity" for one in section.findings)


PLACES = {
    "application": _("抵销申请表"),
    "cancellation": _("注销截图"),
    "registry": _("登记数据"),
    "duplicate": AGAIN,
    "set-aside": _("其他文件"),
    "tray": _("待人工处理"),
}
DOCUMENT = _("{place}：{document}")
DUPLICATE = _("同一文件已于 {moment} 收到，本次不重复受理。")
READ = _("已识读")
LOOK = _("待人工核对")
LINES = (_("栏目"), _("识读内容"), _("状态"))


def _section(section: ReceiptSection) -> Iterator[Block]:
    yield Heading(DOCUMENT.format(place=PLACES[section.place], document=section.document))
    if section.case_no:
        yield Para(_which(section))
    if section.duplicate_of:
        yield Para(DUPLICATE.format(moment=told(section.duplicate_of)))
    if section.problem:
        yield Para(told(section.problem))
    if section.lines:
        rows = [
            (told(x.label), told(x.value), told(x.note) or str(READ if x.accepted else LOOK))
            for x in section.lines
        ]
        yield Table(heads(*LINES), rows)
    yield from findings(section.findings)


CASE = _("案件编号 {case_no}{name}{number}{version}。")
CASE_NAME = _("，{name}")
CASE_NUMBER = _("，第 {number} 份申请")
CASE_VERSION = _("第 {version} 版")


def _which(section: ReceiptSection) -> str:
    version = CASE_VERSION.format(version=section.version) if section.version else ""
    name = CASE_NAME.format(name=section.entity_name) if section.entity_name else ""
    number = CASE_NUMBER.format(number=section.application) if section.application else ""
    return CASE.format(case_no=section.case_no, name=name, number=number, version=version)


def _deadline(deadline: datetime | None) -> list[Block]:
    return [Para(DEADLINE.format(moment=moment(deadline)))] if deadline else []


OUTCOMES = {
    "confirmed": (_("申请已确认"), "good"),
    "returned": (_("申请退回"), "bad"),
    "revoked": (_("原决定已撤销"), "bad"),
    "withdrawn": (_("申请已撤回"), "look"),
}
ABOUT = _("【CCER抵销】{title} {case_no} {name}")
CONFIRMED_T = _("确认抵销量")
APPLIED_T = _("申请抵销量")
OBLIGATION_T = _("应清缴配额")
AMOUNTS = (_("项目"), _("数量"))


def decision(facts: Decision) -> tuple[str, list[Block]]:
    """The province's confirmation or return, or that one of them stands no more."""
    title, tone = OUTCOMES[facts.outcome]
    amount = CONFIRMED_T if facts.outcome == "confirmed" else APPLIED_T
    rows = [
        (str(amount), tonnes(facts.amount_t)),
        (str(OBLIGATION_T), tonnes(facts.obligation_t)),
    ]
    blocks: list[Block] = [
        Status(str(title), tone),
        Para(_decided(facts)),
        Table(heads(*AMOUNTS), rows, frozenset({1})),
        *_corrections(facts.corrections),
        *findings(facts.findings),
    ]
    blocks += [Heading(str(NEXT)), *steps(facts.next_steps)] if facts.next_steps else []
    blocks += _deadline(facts.deadline)
    return _about(title, facts), [*blocks, *closing(facts.office, facts.decided_at)]


def _about(title: object, facts: Decision | Progress | Reminder) -> str:
    return ABOUT.format(title=title, case_no=facts.case_no, name=facts.entity_name)


CORRECTED = _("更正")
CORRECTIONS = _("此前回执所列下列识读内容有误，已由工作人员对照原件更正：")
CORRECTION = (_("栏目"), _("更正为"), _("回执所列"))


def _corrections(lines: tuple[ReadLine, ...]) -> Iterator[Block]:
    """The receipt named what was recognised; this is what the paper says."""
    if lines:
        yield Heading(str(CORRECTED))
        yield Para(str(CORRECTIONS))
        yield Table(heads(*CORRECTION), corrections(lines))


def corrections(lines: tuple[ReadLine, ...]) -> list[tuple[str, ...]]:
    """Field, what the paper says, what a letter had said."""
    return [(told(x.label), told(x.value), told(x.note)) for x in lines]


DECIDED = {
    "confirmed": _(
        "{name}：贵单位第 {number} 份抵销申请（第 {version} 版）已于 {moment} "
        "由省级生态环境主管部门确认（{clause}）。"
    ),
    "returned": _(
        "{name}：贵单位第 {number} 份抵销申请（第 {version} 版）已于 {moment} "
        "退回（{clause}）。退回{reason}"
    ),
    "revoked": _(
        "{name}：贵单位第 {number} 份抵销申请（第 {version} 版）此前作出的决定已于 {moment} "
        "撤销，原邮件通知作废。{reason}"
    ),
    "withdrawn": _(
        "{name}：贵单位第 {number} 份抵销申请（第 {version} 版）已于 {moment} 撤回。{reason}"
    ),
}
REASON = _("理由：{reason}")


def _decided(facts: Decision) -> str:
    return DECIDED[facts.outcome].format(
        name=facts.entity_name,
        number=facts.application,
        version=facts.version,
        moment=moment(facts.decided_at),
        clause=clause(facts.clause),
        reason=REASON.format(reason=told(facts.reason)) if facts.reason else "",
    )


CANCEL = _("请尽快完成自愿注销")
PROVE = _("请提交盖章的注销截图")
REMINDER = _("提醒：{title}")
LEFT = n_("{name}：{said}距截止时间 {moment} 还有 {count} 个工作日。")
TO_CANCEL = _("已确认 {confirmed}，尚有 {outstanding}未注销。")
HOW_CANCEL = _("请在一般持有账户中完成自愿注销，并提交打印盖章的截图（{clause}）。")
TO_PROVE = _("登记系统已有 {amount}的注销记录，尚未收到盖章的注销截图。")
HOW_PROVE = _("请将注销完成的截图打印、加盖公章后发送至本邮箱（{clause}）。")


def reminder(facts: Reminder) -> tuple[str, list[Block]]:
    """What is still missing before the deadline."""
    cancel = facts.about == "cancel"
    title, how = (CANCEL, HOW_CANCEL) if cancel else (PROVE, HOW_PROVE)
    if cancel:
        outstanding = tonnes(facts.outstanding_t)
        said = TO_CANCEL.format(confirmed=tonnes(facts.amount_t), outstanding=outstanding)
    else:
        said = TO_PROVE.format(amount=tonnes(facts.amount_t))
    left = LEFT.format(
        name=facts.entity_name,
        said=said,
        moment=moment(facts.deadline),
        count=facts.working_days_left,
    )
    blocks: list[Block] = [Status(str(title), "look"), Para(left)]
    blocks += steps((how.format(clause=clause(facts.clause)),))
    return _about(REMINDER.format(title=title), facts), [*blocks, *closing(facts.office)]


REACHED = _("{name}：案件 {case_no} 已进入“{stage}”阶段，数量 {amount}。")


def progress(facts: Progress) -> tuple[str, list[Block]]:
    """A stage was reached."""
    stage = term(facts.stage_name)
    said = REACHED.format(
        name=facts.entity_name,
        case_no=facts.case_no,
        stage=stage,
        amount=tonnes(facts.quantity_t),
    )
    blocks: list[Block] = [
        Status(stage, "good"),
        Para(said),
        *findings(facts.findings),
        *steps(facts.next_steps),
    ]
    return _about(stage, facts), [*blocks, *closing(facts.office, facts.at)]


ANSWER = _("【CCER抵销】答复：{subject}")
PRIVATE = _(
    "来信已收到。出于信息保密要求，案件信息仅答复案件登记的邮箱；"
    "请用提交申请的邮箱来信查询，或联系所属省级生态环境主管部门。"
)
ANSWERED = _("您好：现将贵单位案件的进展答复如下。")
CASES = (_("案件编号"), _("单位名称"), _("阶段"), _("进入时间"), _("数量"))


def answer(facts: StatusAnswer) -> tuple[str, list[Block]]:
    """To a question by mail."""
    subject = ANSWER.format(subject=facts.subject)
    end = [*_deadline(facts.deadline), *closing(facts.office)]
    if not facts.cases:
        return subject, [Para(str(HELLO)), Para(str(PRIVATE)), *end]
    rows = [
        (c.case_no, c.entity_name, term(c.stage_name), stamp(c.since)[:16], tonnes(c.amount_t))
        for c in facts.cases
    ]
    table = Table(heads(*CASES), rows, frozenset({4}))
    return subject, [Para(str(ANSWERED)), table, *_next_of(facts.cases), *end]


STEP_OF = _("{case_no}：{step}")


def _next_of(cases: tuple[StatusCase, ...]) -> Iterator[Block]:
    """What each case waits for; its number is said where there are several."""
    said = [
        STEP_OF.format(case_no=case.case_no, step=told(step)) if len(cases) > 1 else told(step)
        for case in cases
        for step in case.next_steps
    ]
    if said:
        yield Heading(str(NEXT))
        yield from steps(said)
