"""Delivery reports: RFC 3464, and those of QQ, 163 and Exchange in words of their own."""

import re

from mailer.kinds.traits import Traits

SENDERS = re.compile(r"^(mailer-daemon|postmaster|mail-daemon|mdaemon)@", re.I)
SUBJECT = re.compile(
    r"退信|投递失败|未送达|无法送达|undeliver|delivery (status|failure|has failed)|returned mail"
    r"|mail delivery (failed|system)|failure notice",
    re.I,
)


def matches(mail: Traits) -> bool:
    """A bounce or another delivery report."""
    content = mail.header("Content-Type")
    if content.startswith("multipart/report") and "delivery-status" in content:
        return True
    daemon = bool(SENDERS.match(mail.from_addr)) or mail.null_sender
    return bool(mail.header("X-Failed-Recipients")) or (
        daemon and bool(SUBJECT.search(mail.subject))
    )
