"""An application form, 附件3 §2 step 3."""

import re

from mailer.kinds import cancellation
from mailer.kinds.traits import Traits

FORM = re.compile(
    r"申[请請]表|抵[销消銷].{0,12}申[请請]|申[请請].{0,16}抵[销消銷]|附件6(?!\.)"
    r"|application form|offset application|application (?:for|to) .{0,20}offset",
    re.IGNORECASE,
)
REPLY = re.compile(r"\s*(?:re|回复|答复|fwd?|转发)\s*[:：]", re.I)
ASKS = re.compile(r"怎么|如何|请问|請問|哪里|什么时候|何时|能否|可否|是否|吗|进度|查询")


def named(mail: Traits) -> bool:
    """A file is called so."""
    return bool(FORM.search(mail.names))


def matches(mail: Traits) -> bool:
    """Named so by subject or file; by the text alone only where a file comes with it."""
    if named(mail):
        return True
    # A reply keeps the subject of what it answers: its files say what it brings.
    if REPLY.match(mail.subject) and cancellation.named(mail):
        return False
    if FORM.search(mail.subject):
        return mail.files or not ASKS.search(f"{mail.subject}\n{mail.text[:400]}")
    if mail.files and cancellation.PROOF.search(mail.subject):
        return False
    return mail.files and bool(FORM.search(mail.own_text))
