"""What comes after a letter: a correction of what it said, or that the time is over."""

from letters.blocks import Block, Heading, Para, Status, Table
from letters.entity import corrections
from letters.words import clause, closing, findings, heads, moment, steps, tonnes
from procedure.facts import Amendment, Lapse
from procedure.language import _

Said = tuple[str, list[Block]]

AMENDED = _("更正")
ONE_AMENDED = _(
    "{name}：贵单位第 {number} 份抵销申请（第 {version} 版）的识读内容已由工作人员对照原件更正，"
    "请以本邮件为准。"
)
SOME_AMENDED = _("{name}：贵单位抵销申请的识读内容已由工作人员对照原件更正，请以本邮件为准。")
CORRECTION = (_("栏目"), _("更正为"), _("此前邮件所列"))
STANDS = _("该申请已确认（{amount}），本次更正不改变确认结果。")
FINDINGS = _("更正后的核对意见")
CHECK = _("请核对；如与申请表原件不符，请直接回复本邮件说明。")
DEADLINE = _("注销截止时间：{moment}。")
ABOUT = _("【CCER抵销】{title} {case_no} {name}")


def correction(facts: Amendment) -> Said:
    """更正: in reply to the letter that it corrects."""
    said = ONE_AMENDED if facts.application else SOME_AMENDED
    blocks: list[Block] = [
        Status(str(AMENDED), "look"),
        Para(said.format(name=facts.entity_name, number=facts.application, version=facts.version)),
        Table(heads(*CORRECTION), corrections(facts.corrections)),
    ]
    if facts.confirmed_t is not None:
        blocks.append(Para(STANDS.format(amount=tonnes(facts.confirmed_t))))
    if facts.findings:
        blocks += [Heading(str(FINDINGS)), *findings(facts.findings)]
    blocks += [*steps((str(CHECK),))]
    if facts.deadline:
        blocks.append(Para(DEADLINE.format(moment=moment(facts.deadline))))
    subject = ABOUT.format(title=AMENDED, case_no=facts.case_no, name=facts.entity_name)
    return subject, [*blocks, *closing(facts.office, facts.at)]


LAPSED = _("已逾期")
DUE = _(
    "{name}：贵单位第 {number} 份抵销申请已确认 {amount}，注销截止时间为 {moment}（{clause}）。"
)
DUE_PLAIN = _("{name}：贵单位第 {number} 份抵销申请已确认 {amount}，注销截止时间为 {moment}。")
NOT_SEEN = _(
    "自愿减排注册登记系统截至 {moment} 的记录中未见截止时间前完成的相应自愿注销，"
    "该申请已作逾期处理，不再用于抵销。"
)
OBJECT = _("如已在截止时间前完成注销，请尽快回复本邮件并附盖章的注销截图，工作人员将重新核对。")


def lapse(facts: Lapse) -> Said:
    """已逾期."""
    due = (DUE if facts.clause else DUE_PLAIN).format(
        name=facts.entity_name,
        number=facts.application,
        amount=tonnes(facts.amount_t),
        moment=moment(facts.deadline),
        clause=clause(facts.clause),
    )
    blocks: list[Block] = [
        Status(str(LAPSED), "bad"),
        Para(due),
        Para(NOT_SEEN.format(moment=moment(facts.asked_until))),
        *steps((str(OBJECT),)),
    ]
    subject = ABOUT.format(title=LAPSED, case_no=facts.case_no, name=facts.entity_name)
    return subject, [*blocks, *closing(facts.office, facts.at)]
