"""Delivery reports: RFC 3464, and those of QQ, 163 and Exchange in words of their own."""

import re

from mailer.kinds.traits import Traits

SENDERS = re.compile(
    r"^(mailer-daemon|postmaster|mail-daemon|mdaemon|microsoftexchange[0-9a-f]{20,}|10000(?=@qq\.com))@",
    re.I,
)
SUBJECT = re.compile(
    r"退信|投递失败|未送达|无法送达|undeliver|delivery (status|failure|has failed)|returned mail"
    r"|mail delivery (failed|system)|failure notice",
    re.I,
)


def matches(mail: Traits) -> bool:
    """A bounce or another delivery report."""
    if mail.report == "delivery-status" or "X-MS-Exchange-Message-Is-Ndr" in mail.message:
        return True
    daemon = bool(SENDERS.match(mail.from_addr)) or mail.null_sender
    return bool(mail.header("X-Failed-Recipients")) or (
        daemon and bool(SUBJECT.search(mail.subject))
    )
