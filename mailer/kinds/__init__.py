"""What kind of mail it is: one small filter a file, asked in order."""

import re

from mailer.kinds import (
    application,
    auto_reply,
    bounce,
    cancellation,
    command,
    list_mail,
    question,
    registry,
)
from mailer.kinds.traits import Traits
from mailer.mail import MailKind

__all__ = ["Traits", "kind_of", "may_reply"]

NO_REPLY = re.compile(
    r"^(no-?_?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?)[+@.-]", re.I
)
SILENT = frozenset({"bounce", "auto_reply", "list"})


def kind_of(mail: Traits) -> MailKind:
    """The first filter that matches. Machines' mails come first: their words mean nothing."""
    if bounce.matches(mail):
        return "bounce"
    if auto_reply.matches(mail):
        return "auto_reply"
    if list_mail.matches(mail):
        return "list"
    if command.matches(mail):
        return "command"
    if registry.matches(mail):
        return "registry"
    if application.matches(mail):
        return "application"
    if cancellation.matches(mail):
        return "cancellation"
    return "question" if question.matches(mail) else "other"


def may_reply(mail: Traits, kind: MailKind) -> bool:
    """RFC 3834 §2, RFC 5230 §4: no answer to machines, lists, ourselves or nobody."""
    if kind in SILENT or mail.null_sender or not mail.from_addr:
        return False
    return mail.from_addr not in mail.own and not NO_REPLY.match(mail.from_addr)
