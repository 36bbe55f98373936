"""Mailing lists and bulk mail: RFC 2919, RFC 2369."""

from mailer.kinds import application, cancellation
from mailer.kinds.traits import Traits


def from_list(mail: Traits) -> bool:
    """Came through a mailing list."""
    return any(mail.header(name) for name in ("List-Id", "List-Post", "Mailing-List")) or (
        mail.header("Precedence") == "list"
    )


def bulk(mail: Traits) -> bool:
    """Marked as sent to many. Office gateways mark what single persons send through them, too."""
    return bool(
        mail.header("List-Unsubscribe")
        or mail.header("List-Help")
        or mail.header("Precedence") in ("bulk", "junk")
    )


def matches(mail: Traits) -> bool:
    """Sent to many; nobody waits for an answer.

    A form in a file of that name is filed all the same: some offices write through a group
    address, and a lost application is worse than one looked at in vain. Through a list it is not
    answered, through a gateway it is.
    """
    return not brings_form(mail) and (from_list(mail) or bulk(mail))


def brings_form(mail: Traits) -> bool:
    """A file that is called as the procedure's papers are: no newsletter has one."""
    return mail.files and (application.named(mail) or cancellation.named(mail))
