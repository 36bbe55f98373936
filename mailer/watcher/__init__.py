"""The mailbox watcher: what arrives by IMAP is taken into the store, then moved or flagged."""

from typing import TYPE_CHECKING

from mailer.watcher.profiles import PROFILES, Profile, profile
from procedure.late import late

if TYPE_CHECKING:
    from mailer.watcher.account import Account, Limits
    from mailer.watcher.connection import find, try_login
    from mailer.watcher.errors import MailboxDown, MailboxRefused, MailboxWatched
    from mailer.watcher.tokens import RefreshToken, TokenProvider
    from mailer.watcher.watching import Watcher

__all__ = [
    "PROFILES", "Account", "Limits", "MailboxDown", "MailboxRefused", "MailboxWatched", "Profile",
    "RefreshToken", "TokenProvider", "Watcher", "find", "profile", "try_login",
]  # fmt: skip
# The settings know the profiles; only who watches a mailbox needs the rest.
__getattr__ = late(
    __name__,
    {
        "Account": "mailer.watcher.account",
        "Limits": "mailer.watcher.account",
        "MailboxDown": "mailer.watcher.errors",
        "MailboxRefused": "mailer.watcher.errors",
        "MailboxWatched": "mailer.watcher.errors",
        "RefreshToken": "mailer.watcher.tokens",
        "TokenProvider": "mailer.watcher.tokens",
        "Watcher": "mailer.watcher.watching",
        "find": "mailer.watcher.connection",
        "try_login": "mailer.watcher.connection",
    },
)
