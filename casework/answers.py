"""The one answer to a mail, or rightly none."""

import re
from typing import TYPE_CHECKING

from casework.addresses import cases_of_address
from casework.commanded import commanded
from casework.following import NEXT as FOLLOWING
from casework.incoming import IncomingMail
from casework.loops import enough
from casework.receipts import receipt, thread, until
from procedure.case import STAGE_NAMES
from procedure.clock import beijing
from procedure.facts import LetterIntent, ReceiptSection, StatusAnswer, StatusCase
from procedure.language import THEN, _, joined
from store.rows import CaseRow

if TYPE_CHECKING:
    from casework.placing import Filing

ANSWERED = frozenset({"application", "cancellation"})
FILED = frozenset({"application", "cancellation", "duplicate"})
PERSONAL = frozenset({"application", "cancellation", "question", "other"})
WITHDRAWING = ("撤回", "撤销申请", "取消申请", "申请作废")
WANTS_OUT = "withdrawal-asked"
NOTHING_FILED = "nothing-filed"
UNCLEAR = "sender-unclear"
UNPLACED = "unplaced-mail"
COURTESY = re.compile(
    r"(?:[\W_]|谢谢|多谢|感谢|收到|已|好的?|知道了|您好|你好|辛苦了?|明白|了解|了"
    r"|thanks?|thank you|ok|received|noted)*",
    re.IGNORECASE,
)
"""Nobody waits for an answer to these, and no person need read them."""
NEW = frozenset({"application", "cancellation"})
AUTOMATIC = frozenset({"auto_reply", "bounce", "list"})


def answer(filing: "Filing", sections: tuple[ReceiptSection, ...]) -> None:
    """Intend the answer that is due; lay into the tray what a person must see."""
    shown = tuple(section for section in sections if section.place != "set-aside")
    mail, desk = filing.mail, filing.desk
    if mail.kind in ANSWERED and not shown:
        _nothing_filed(filing)
    if mail.kind == "other" and mail.problems:
        _nothing_filed(filing)
    if mail.kind == "command":
        commanded(filing)
    if _unplaced(mail) and not sections:
        text = _("来信“{subject}”未能归类，未作答复，请人工查看。").said(subject=mail.subject)
        filing.tx.tray.put(filing.message.id, "", UNPLACED, text, desk.now())
    if _wants_out(mail) and not any(s.place in FILED for s in sections):
        text = _("来信“{subject}”可能要求撤回申请，请人工核实处理。").said(subject=mail.subject)
        filing.tx.tray.put(filing.message.id, "", WANTS_OUT, text, desk.now())
    if mail.kind not in AUTOMATIC and any(one.code == UNCLEAR for one in mail.problems):
        # Nobody can be answered, so a person has to look, or the writer waits for ever.
        text = _("来信“{subject}”没有唯一的发件人地址，未作答复，请人工联系。").said(
            subject=mail.subject
        )
        filing.tx.tray.put(filing.message.id, "", UNCLEAR, text, desk.now())
    ours = desk.is_own(mail.answer_to) or desk.is_own(mail.from_addr)
    silent = not mail.may_reply or ours or not mail.answer_to
    if silent or not desk.send_receipts:
        return
    if not any(section.place in NEW for section in shown) and enough(filing, mail.answer_to):
        return
    if shown or mail.kind in ANSWERED or (mail.kind == "other" and mail.problems):
        filing.tx.outbox.intend(_receipt(filing, shown))
    elif mail.kind == "question":
        filing.tx.outbox.intend(_status(filing))


def _wants_out(mail: IncomingMail) -> bool:
    """Words of a withdrawal in what a person wrote; a false alarm costs a look."""
    said = f"{mail.subject}\n{mail.text[:500]}"
    return mail.kind in PERSONAL and any(word in said for word in WITHDRAWING)


def _unplaced(mail: IncomingMail) -> bool:
    """A person's words that no rule knows: unread they were written in vain."""
    said = mail.text.partition("\n>")[0][:500]
    known = mail.problems or _wants_out(mail) or COURTESY.fullmatch(said)
    return mail.kind == "other" and mail.may_reply and not known


def _receipt(filing: "Filing", shown: tuple[ReceiptSection, ...]) -> LetterIntent:
    message = filing.message
    return receipt(filing.desk, filing.cycle, filing.mail, message.id, message.received_at, shown)


def _nothing_filed(filing: "Filing") -> None:
    said = joined((problem.message for problem in filing.mail.problems), THEN)
    text = _("邮件“{subject}”没有可用的申请表或注销截图。{said}").said(
        subject=filing.mail.subject, said=said
    )
    filing.tx.tray.put(filing.message.id, "", NOTHING_FILED, text, filing.desk.now())


def _status(filing: "Filing") -> LetterIntent:
    """Case data only where the address is the case's own (trap 9)."""
    desk, mail = filing.desk, filing.mail
    rows = cases_of_address(desk, filing.tx, mail.answer_to)
    facts = StatusAnswer(
        office=desk.office,
        cycle_title=filing.cycle.title,
        subject=mail.subject,
        cases=tuple(_status_case(filing, row) for row in rows),
        deadline=filing.cycle.cancel_before,
    )
    about = filing.message.id
    return LetterIntent(
        "answer", about, (mail.answer_to,), facts, thread=thread(mail), locale=desk.locale
    )


def _status_case(filing: "Filing", row: CaseRow) -> StatusCase:
    state = filing.tx.cases.state(row.case_no)
    live = [app for app in state.applications if app.live] if state else []
    return StatusCase(
        case_no=row.case_no,
        entity_name=row.entity_name,
        stage_name=STAGE_NAMES[row.stage],
        since=row.since,
        amount_t=sum(app.amount_t or 0 for app in live),
        next_steps=_next_steps(filing, row.stage),
    )


NEXT = {
    **FOLLOWING,
    "unclear": (_("工作人员正在核对未能识读的内容，请等待通知。"), ""),
    "submitted": (_("请等待省级生态环境主管部门确认（{clause}）。"), "step-confirm"),
    "returned": (
        _("请按退回意见修改申请表，加盖公章后重新发送（{clause}）。{until}"),
        "step-apply",
    ),
    "confirmed": (
        _("请在 {deadline} 前按确认内容自愿注销CCER，并提交打印盖章的注销截图（{clause}）。"),
        "step-cancel",
    ),
    "cancelled": (_("如尚未提交，请提交全部注销的打印盖章截图（{clause}）。"), "step-cancel"),
}


def _next_steps(filing: "Filing", stage: str) -> tuple[str, ...]:
    if stage not in NEXT:
        return ()
    said, clause = NEXT[stage]
    deadline = f"{beijing(filing.cycle.cancel_before):%Y-%m-%d %H:%M}"
    last = until(filing.desk, filing.cycle)
    return (said.said(deadline=deadline, clause=filing.cycle.cited(clause), until=last),)
