"""Mailing lists and bulk mail: RFC 2919, RFC 2369."""

from mailer.kinds import application, cancellation
from mailer.kinds.traits import Traits


def from_list(mail: Traits) -> bool:
    """Came through a mailing list."""
    names = ("List-Id", "List-Unsubscribe", "List-Post", "Mailing-List")
    return any(mail.header(name) for name in names)


def matches(mail: Traits) -> bool:
    """Sent to many; nobody waits for an answer.

    A form in a file of that name is filed all the same: some offices write through a group
    address, and a lost application is worse than one looked at in vain. It is not answered.
    """
    if mail.files and (application.named(mail) or cancellation.named(mail)):
        return False
    return from_list(mail) or mail.header("Precedence") in ("bulk", "list", "junk")
