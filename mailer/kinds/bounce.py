"""Delivery reports: RFC 3464, and those of QQ, 163 and Exchange in words of their own."""

import re

from mailer.kinds.traits import Traits

SENDERS = re.compile(
    r"^(mailer-daemon|postmaster|mail-daemon|mdaemon|microsoftexchange[0-9a-f]{20,}|10000(?=@qq\.com))@",
    re.I,
)
REPORTS = ("delivery-status", "global-delivery-status")
"""RFC 3464, RFC 6533."""
SUBJECT = re.compile(
    r"退信|退件|投[递遞](?:失败|失敗|状态|狀態|报告)|(?:未|无法|無法|不能)(?:送达|送達|投[递遞])"
    r"|undeliver|not delivered|could not be delivered|failure notice|nondeliverable"
    r"|delivery.{0,20}(?:status|fail|delayed|problem)|returned (?:mail|to sender)"
    r"|mail (?:delivery|system)|message (?:delayed|bounced)|系统通知",
    re.I,
)


def matches(mail: Traits) -> bool:
    """A bounce or another delivery report."""
    if mail.report in REPORTS or "X-MS-Exchange-Message-Is-Ndr" in mail.message:
        return True
    # Some daemons name no domain: no address, and a sender all the same.
    nameless = mail.header("From") in ("mailer-daemon", "<mailer-daemon>", "<>")
    daemon = bool(SENDERS.match(mail.from_addr)) or mail.null_sender or nameless
    return bool(mail.header("X-Failed-Recipients")) or (
        daemon and bool(SUBJECT.search(mail.subject))
    )
