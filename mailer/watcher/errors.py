"""What a mailbox may do to us. All of it may pass: the watcher comes back."""

from procedure.errors import Temporary


class MailboxDown(Temporary):
    """The server cannot be reached, or gave up in between."""

    code = "mailbox-down"


class MailboxRefused(Temporary):
    """The server refuses the login or the folder; a person has to look, but it may pass."""

    code = "mailbox-refused"


class MailboxWatched(Temporary):
    """Another watcher has the mailbox."""

    code = "mailbox-watched"
