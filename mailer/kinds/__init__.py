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
    r"^(?:[^@]*(?:no|not)[-_.]?reply|mailer-daemon|postmaster|bounces?|auto-?reply|owner-[^@]*"
    r"|[^@]*-(?:request|owner|bounces))(?:[+.-][^@]*)?@",
    re.I,
)
"""RFC 5230 §4.6, and what machines call themselves."""
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
    if kind in SILENT or mail.null_sender or mail.unsure or not mail.answer_to or _machine(mail):
        return False
    # An answer to ourselves would come in again, and be answered again.
    if mail.from_addr in mail.own or mail.answer_to in mail.own:
        return False
    return not NO_REPLY.match(mail.answer_to)


def _machine(mail: Traits) -> bool:
    """It asks not to be answered, whatever it brings; or it is marked and brings nothing."""
    suppress = re.split(r"[,;\s]+", mail.header("X-Auto-Response-Suppress"))
    if auto_reply.submitted(mail) or {"all", "autoreply"} & set(suppress):
        return True
    loops = {str(value).strip().lower() for value in mail.message.get_all("X-Loop", [])}
    if list_mail.from_list(mail) or loops & mail.own:
        return True
    # Gateways of offices set these on what a person sends; silence would lose the receipt.
    return not list_mail.brings_form(mail) and (list_mail.bulk(mail) or bool(loops))
