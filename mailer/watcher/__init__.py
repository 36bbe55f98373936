"""The mailbox watcher: what arrives by IMAP is taken into the store, then moved or flagged."""

from mailer.watcher.account import Account, Limits
from mailer.watcher.connection import find, try_login
from mailer.watcher.errors import MailboxDown, MailboxRefused, MailboxWatched
from mailer.watcher.profiles import PROFILES, Profile, profile
from mailer.watcher.tokens import RefreshToken, TokenProvider
from mailer.watcher.watching import Watcher

__all__ = [
    "PROFILES", "Account", "Limits", "MailboxDown", "MailboxRefused", "MailboxWatched", "Profile",
    "RefreshToken", "TokenProvider", "Watcher", "find", "profile", "try_login",
]  # fmt: skip
