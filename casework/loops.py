"""No loop of answers: whoever was answered often enough today is left to a person."""

from datetime import timedelta
from typing import TYPE_CHECKING

from procedure.language import _

if TYPE_CHECKING:
    from casework.placing import Filing

TOO_MANY = "too-many-answers"
DAY = timedelta(days=1)
MOST_ANSWERS = 50
"""A day, to one address, to mails that bring nothing new."""


def enough(filing: "Filing", address: str, kinds: tuple[str, ...] = ("receipt", "answer")) -> bool:
    """Two machines that answer each other would never end (RFC 3834 section 2).

    What brings a new application or proof is always answered: no machine invents those.
    """
    now = filing.desk.now()
    made = filing.tx.outbox.count_to(address, kinds, now - DAY)
    if made < MOST_ANSWERS:
        return False
    text = _(
        "一天内已答复 {address} {made} 次，疑似自动往来，来信“{subject}”未再答复，请人工查看。"
    ).said(address=address, made=made, subject=filing.mail.subject)
    filing.tx.tray.put(filing.message.id, "", TOO_MANY, text, now)
    return True
