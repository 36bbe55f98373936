"""The mailbox watcher: what arrives by IMAP is taken into the store, then moved or flagged."""

from mailer.watcher.account import Account, Limits, MailboxDown, MailboxRefused
from mailer.watcher.connection import try_login
from mailer.watcher.watching import Watcher

__all__ = ["Account", "Limits", "MailboxDown", "MailboxRefused", "Watcher", "try_login"]
