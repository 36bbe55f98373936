"""A connection that is logged in and says who it is; errors of the library become ours."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import CapabilityError, IMAPClientError, LoginError

from mailer.watcher.account import Account, Limits, MailboxDown, MailboxRefused
from mailer.watcher.tokens import RefreshToken

IDENTITY = {"name": "ccer-clerk", "version": "0.1.0", "vendor": "ccer-clerk"}


@contextmanager
def translated(account: Account) -> Iterator[None]:
    """Raises `MailboxRefused` and `MailboxDown` for what IMAPClient and sockets raise."""
    try:
        yield
    except LoginError as error:
        raise MailboxRefused(f"{account.name}: login refused: {error}") from error
    except (OSError, IMAPClientError) as error:
        raise MailboxDown(f"{account.name}: {error or type(error).__name__}") from error


def connected(account: Account, limits: Limits) -> IMAPClient:
    """A client that is logged in. It belongs to one thread."""
    client = _client(account, limits)
    try:
        _enter(client, account)
    except BaseException:
        hang_up(client)
        raise
    return client


def try_login(account: Account, limits: Limits) -> None:
    """Log in, look at the folder and leave; nothing is changed there.

    Raises `MailboxDown`, `MailboxRefused`.
    """
    with translated(account):
        client = connected(account, limits)
        try:
            if not client.folder_exists(account.folder):
                raise MailboxRefused(f"{account.name}: there is no folder {account.folder!r}")
        finally:
            hang_up(client)


def _client(account: Account, limits: Limits) -> IMAPClient:
    tls = account.ssl == "ssl"
    client = IMAPClient(
        account.host,
        account.port,
        ssl=tls,
        ssl_context=_trust(account) if tls else None,
        timeout=SocketTimeout(connect=limits.connect, read=limits.read),
    )
    # Else INTERNALDATE comes back naive, in this machine's own zone.
    client.normalise_times = False
    return client


def _enter(client: IMAPClient, account: Account) -> None:
    if account.ssl == "starttls":
        client.starttls(_trust(account))
    _login(client, account)
    if not account.id_command:
        return
    try:
        client.id_(IDENTITY)
    except CapabilityError:
        # A server that does not know ID does not ask for it either.
        return


def _trust(account: Account) -> ssl.SSLContext:
    """Whom we believe; raises `MailboxRefused` where the file says nothing."""
    try:
        return ssl.create_default_context(cafile=account.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise MailboxRefused(f"{account.name}: ca_file {account.ca_file}: {error}") from error


def _login(client: IMAPClient, account: Account) -> None:
    if account.token is None:
        client.login(account.user, account.password)
        return
    try:
        client.oauth2_login(account.user, account.token())
    except LoginError:
        # It may have been withdrawn before its time: the next connection brings another one.
        if isinstance(account.token, RefreshToken):
            account.token.forget()
        raise


def find(account: Account, limits: Limits, message_id: str) -> str:
    """The folder in which a message lies, "" for nowhere: the watched one or where it is moved to.

    For `clerk doctor --mailbox`, which sends itself a marked mail. Message-IDs are ASCII: no
    server stumbles over their charset. Raises `MailboxDown`, `MailboxRefused`.
    """
    with translated(account):
        client = connected(account, limits)
        try:
            folders = [account.folder, *([account.target] if account.moves else [])]
            for folder in folders:
                if client.folder_exists(folder):
                    client.select_folder(folder, readonly=True)
                    if client.search(["HEADER", "Message-ID", message_id]):
                        return folder
            return ""
        finally:
            hang_up(client)


def hang_up(client: IMAPClient) -> None:
    """Close the socket without a word: the server may be dead or frozen."""
    try:
        client.shutdown()
    except (OSError, IMAPClientError, AttributeError):
        # Already closed, or never open: that is what is wanted.
        return
