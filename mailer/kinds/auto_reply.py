"""Automatic replies: RFC 3834, and what stands for it elsewhere."""

import re

from mailer.kinds.traits import Traits

HEADERS = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply-From")
SUBJECT = re.compile(
    r"^\s*(?:\[?(?:自动回复|自动答复|自动应答)\]?|auto(?:matic)?[ -]?(?:reply|response|answer)"
    r"|out of (?:the )?office"
    r"|休假自动|假期自动)",
    re.I,
)


def matches(mail: Traits) -> bool:
    """Written by a machine in answer to a mail of ours."""
    submitted = mail.header("Auto-Submitted").split(";")[0].strip()
    # A program may well send what is wanted here, such as the day's registry file.
    if submitted == "auto-generated" and mail.files:
        return False
    if submitted not in ("", "no") or mail.report == "disposition-notification":
        return True
    if any(mail.message.get(name) is not None for name in HEADERS):
        return True
    return mail.header("Precedence") == "auto_reply" or bool(SUBJECT.search(mail.subject))
