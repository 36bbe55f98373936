"""One IMAP mailbox: its settings, and a connection that is logged in and says who it is."""

import ssl
from dataclasses import dataclass, field
from typing import Literal

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError, IMAPClientError, LoginError

from procedure.errors import Temporary, WrongUse

CONNECT, READ = 10.0, 60.0
"""Seconds. A server that is frozen answers nothing: without a limit the watcher would hang."""
IDENTITY = {"name": "ccer-clerk", "version": "0.1.0", "vendor": "ccer-clerk"}


class MailboxDown(Temporary):
    """The server cannot be reached, or gave up in between."""

    code = "mailbox-down"


class MailboxRefused(Temporary):
    """The server refuses the login or the folder; a person has to look, but it may pass."""

    code = "mailbox-refused"


@dataclass(frozen=True)
class Mailbox:
    """An account and a folder, and what is done to a message that was taken.

    ``done`` "move" puts it into ``done_folder``; "keyword" flags it with ``keyword`` where it is.
    ``account`` names the mailbox in source keys: it must not change once mail was taken.
    """

    account: str
    host: str
    user: str
    password: str = field(repr=False)
    port: int = 993
    security: Literal["tls", "starttls", "none"] = "tls"
    folder: str = "INBOX"
    done: Literal["move", "keyword"] = "move"
    done_folder: str = "CCER-done"
    keyword: str = "CcerTaken"
    poll_seconds: float = 60.0
    idle_seconds: float = 300.0
    """IDLE is left after this long, and the folder polled: RFC 2177 allows 29 minutes, routers
    forget a quiet connection much sooner."""
    max_bytes: int = 128 * 1024 * 1024
    connect_timeout: float = CONNECT
    read_timeout: float = READ

    def __post_init__(self) -> None:
        if self.done == "move" and self.done_folder == self.folder:
            raise WrongUse(f"mailbox {self.account}: done_folder is the watched folder itself")


def connected(mailbox: Mailbox) -> IMAPClient:
    """A client that is logged in. Raises `MailboxDown`, `MailboxRefused`."""
    try:
        client = _client(mailbox)
    except (OSError, IMAPClientError) as error:
        raise MailboxDown(f"mailbox {mailbox.account}: {mailbox.host}: {error}") from error
    try:
        _enter(client, mailbox)
    except LoginError as error:
        hang_up(client)
        raise MailboxRefused(f"mailbox {mailbox.account}: login refused: {error}") from error
    except (OSError, IMAPClientError) as error:
        hang_up(client)
        raise MailboxDown(f"mailbox {mailbox.account}: {error}") from error
    return client


def _client(mailbox: Mailbox) -> IMAPClient:
    limits = SocketTimeout(connect=mailbox.connect_timeout, read=mailbox.read_timeout)
    tls = mailbox.security == "tls"
    context = ssl.create_default_context() if tls else None
    client = IMAPClient(mailbox.host, mailbox.port, ssl=tls, ssl_context=context, timeout=limits)
    # Else INTERNALDATE comes back naive, in this machine's own zone.
    client.normalise_times = False
    return client


def _enter(client: IMAPClient, mailbox: Mailbox) -> None:
    if mailbox.security == "starttls":
        client.starttls(ssl.create_default_context())
    client.login(mailbox.user, mailbox.password)
    # 163 and 126 answer SELECT with "Unsafe Login" to a client that does not say who it is.
    try:
        client.id_(IDENTITY)
    except CapabilityError:
        return


def hang_up(client: IMAPClient) -> None:
    """Close the socket without a word: the server may be dead or frozen."""
    try:
        client.shutdown()
    except (OSError, IMAPClientError, AttributeError):
        # Already closed, or never open: that is what is wanted.
        return
