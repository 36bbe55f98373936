"""Mailing lists and bulk mail: RFC 2919, RFC 2369."""

from mailer.kinds.traits import Traits


def matches(mail: Traits) -> bool:
    """Sent to many; nobody waits for an answer."""
    if mail.header("List-Id") or mail.header("List-Unsubscribe") or mail.header("List-Post"):
        return True
    return mail.header("Precedence") in ("bulk", "list", "junk")
