"""What comes after a letter: a correction of what it said, or that the time is over."""

from letters import english
from letters.blocks import Block, Heading, Para, Status, Table
from letters.words import closing, findings, moment, steps, tonnes
from procedure.facts import Amendment, Lapse

Said = tuple[str, list[Block]]


def correction(facts: Amendment) -> Said:
    """更正: in reply to the letter that it corrects."""
    what = f"第 {facts.application} 份抵销申请（第 {facts.version} 版）"
    said = what if facts.application else "抵销申请"
    blocks: list[Block] = [
        Status("更正", "look"),
        Para(
            f"{facts.entity_name}：贵单位{said}的识读内容已由工作人员对照原件更正，请以本邮件为准。"
        ),
        Table(
            ("栏目", "更正为", "此前邮件所列"),
            [(one.label, one.value, one.note) for one in facts.corrections],
        ),
    ]
    if facts.confirmed_t is not None:
        amount = tonnes(facts.confirmed_t)
        blocks.append(Para(f"该申请已确认（{amount}），本次更正不改变确认结果。"))
    if facts.findings:
        blocks += [Heading("更正后的核对意见"), *findings(facts.findings)]
    blocks += [*steps((CHECK,))]
    if facts.deadline:
        blocks.append(Para(f"注销截止时间：{moment(facts.deadline)}。"))
    subject = f"【CCER抵销】更正 {facts.case_no} {facts.entity_name}"
    return subject, [*blocks, *closing(facts.office, facts.at)]


CHECK = "请核对；如与申请表原件不符，请直接回复本邮件说明。"


def lapse(facts: Lapse) -> Said:
    """已逾期."""
    clause = f"（{facts.clause}）" if facts.clause else ""
    blocks: list[Block] = [
        Status("已逾期", "bad"),
        Para(
            f"{facts.entity_name}：贵单位第 {facts.application} 份抵销申请已确认 "
            f"{tonnes(facts.amount_t)}，注销截止时间为 {moment(facts.deadline)}{clause}。"
        ),
        Para(
            f"自愿减排注册登记系统截至 {moment(facts.asked_until)} 的记录中"
            "未见截止时间前完成的相应自愿注销，该申请已作逾期处理，不再用于抵销。"
        ),
        *steps((OBJECT,)),
    ]
    subject = f"【CCER抵销】已逾期 {facts.case_no} {facts.entity_name}"
    return subject, [*blocks, *closing(facts.office, facts.at)]


OBJECT = "如已在截止时间前完成注销，请尽快回复本邮件并附盖章的注销截图，工作人员将重新核对。"


def correction_in_english(facts: Amendment) -> Said:
    """The same for a foreign reader."""
    rows = [
        (english.label(one.label), english.value(one.value), english.value(one.note))
        for one in facts.corrections
    ]
    which = f", application {facts.application}, version {facts.version}"
    blocks: list[Block] = [
        Status("Correction", "look"),
        Para(
            f"{facts.entity_name}{which if facts.application else ''}: staff read your form anew."
        ),
        Table(("field", "is", "the earlier letter said"), rows),
    ]
    if facts.confirmed_t is not None:
        blocks.append(Para(f"The confirmation of {english.tonnes(facts.confirmed_t)} stands."))
    blocks += [*english.findings(facts.findings), Para("Reply to this letter if that is wrong.")]
    blocks += english.deadline(facts.deadline)
    return f"[CCER offset] Correction {facts.case_no}", [*blocks, *english.closing(facts.office)]


def lapse_in_english(facts: Lapse) -> Said:
    """The same for a foreign reader."""
    said = (
        f"{facts.entity_name}, application {facts.application}: {english.tonnes(facts.amount_t)} "
        f"were confirmed; the registry, asked up to {english.moment(facts.asked_until)}, shows no "
        f"cancellation before {english.moment(facts.deadline)}. The application has lapsed."
    )
    ask = "Reply with the sealed screenshot if you cancelled in time: staff will look again."
    blocks: list[Block] = [Status("Lapsed", "bad"), Para(said), Para(ask)]
    return f"[CCER offset] Lapsed {facts.case_no}", [*blocks, *english.closing(facts.office)]
