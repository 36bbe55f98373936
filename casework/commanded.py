"""What a mail with a decision is answered, and whether a person has to look at it.

Who decided hears the outcome at the registered address. Anybody else hears that nothing was done,
and nothing of any case: a forged sender must not learn by it, nor a forged one be harmed.
"""

from typing import TYPE_CHECKING

from casework.incoming import Commanded
from casework.loops import enough
from casework.receipts import thread
from cycles.catalogues import language
from procedure.facts import LetterIntent, StaffNotice
from procedure.language import _, speaking

if TYPE_CHECKING:
    from casework.placing import Filing

COMMANDED = "mailed-command"
UNDONE = (
    _("来信中的处理意见未执行，已转人工核实。"),
    _("请用登记的邮箱直接回复系统发给您的待处理通知，或在聊天、工作站办理。"),
)
OUTCOME, ANSWER = _("处理意见的结果"), _("查询结果")
NOT_READ = Commanded(waiting=_("未能核对发件人").said())


def commanded(filing: "Filing") -> None:
    """Intend the answer and lay what is left to do into the tray."""
    mail, desk = filing.mail, filing.desk
    done = mail.commanded or NOT_READ
    if done.waiting:
        text = _(
            "来信“{subject}”像是一项处理意见（确认或退回），未执行：{waiting}。请人工核实后办理。"
        ).said(subject=mail.subject, waiting=done.waiting)
        filing.tx.tray.put(filing.message.id, "", COMMANDED, text, desk.now())
    # Who is not known is written to in the language of the installation's staff.
    locale = done.locale or desk.chat_locale
    with speaking(language(locale)):
        title = str(ANSWER if done.asked else OUTCOME)
        undone = tuple(map(str, UNDONE))
    to, lines = (done.to, done.lines) if done.lines else (mail.from_addr, undone)
    silent = not mail.may_reply or not to or desk.is_own(to) or not desk.send_receipts
    if silent or enough(filing, to, ("notice",)):
        return
    facts = StaffNotice(desk.office, title, lines)
    about = f"commanded:{filing.message.id}"
    letter = LetterIntent("notice", about, (to,), facts, thread=thread(mail), locale=locale)
    filing.tx.outbox.intend(letter)
