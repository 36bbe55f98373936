"""One IMAP account: where it is, who we are there, and what becomes of a taken message."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from mailer.watcher.errors import MailboxDown, MailboxRefused, MailboxWatched
from mailer.watcher.tokens import TokenProvider
from procedure.errors import WrongUse

__all__ = ["Account", "Limits", "MailboxDown", "MailboxRefused", "MailboxWatched"]


@dataclass(frozen=True)
class Limits:
    """Seconds, and the largest message in bytes. The defaults are meant for use."""

    connect: float = 10.0
    read: float = 60.0
    """A server that is frozen answers nothing: without a limit the watcher would hang."""
    idle: float = 50.0
    """IDLE is left after this long and the folder polled: RFC 2177 allows 29 minutes, but only so
    is a server noticed that went without a word."""
    poll: float = 60.0
    """Between polls where the server offers no IDLE, as 163 and 126."""
    most_bytes: int = 64 * 1024 * 1024
    back_off: tuple[float, ...] = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
    """Before the next connection, the last one repeated."""
    refused: float = 60.0
    """Before the next login where one was refused: repeated tries lock accounts at 163 and
    Exchange."""


@dataclass(frozen=True)
class Account:
    """``done`` is "move:FOLDER", or "keyword:NAME", which flags a message and leaves it there.

    ``user``, ``host`` and ``folder`` are parts of source keys: where one changes, all that is
    still in the folder is looked at again and recognised by its content.
    Raises `WrongUse` for a ``done`` that makes no sense.
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    ssl: Literal["ssl", "starttls", "none"] = "ssl"
    done: str = "move:CCER-done"
    id_command: bool = True
    """RFC 2971. 163 and 126 answer SELECT with "Unsafe Login" to a client without a name."""
    token: TokenProvider | None = field(default=None, repr=False)
    """Instead of a password: asked at each connection (XOAUTH2)."""
    ca_file: Path | None = None
    """PEM of who signed the server's certificate, where the system does not know them."""

    def __post_init__(self) -> None:
        way, _, name = self.done.partition(":")
        if way not in ("move", "keyword") or not name:
            raise WrongUse(f"{self.name}: done is move:FOLDER or keyword:NAME, not {self.done!r}")
        if way == "move" and name == self.folder:
            raise WrongUse(f"{self.name}: mail would be moved to the watched folder itself")
        if way == "keyword" and not _is_atom(name):
            raise WrongUse(f"{self.name}: {name!r} cannot be an IMAP keyword")
        if self.ssl not in ("ssl", "starttls", "none"):
            raise WrongUse(f"{self.name}: ssl is ssl, starttls or none, not {self.ssl!r}")

    @property
    def name(self) -> str:
        """For logs and source keys."""
        return f"{self.user}@{self.host}"

    @property
    def address(self) -> str:
        """Whom its mail is for: many servers take the whole address as the user."""
        return self.user if "@" in self.user else self.name

    @property
    def moves(self) -> bool:
        """Whether taken mail is moved away."""
        return self.done.startswith("move:")

    @property
    def target(self) -> str:
        """The folder moved to, or the keyword."""
        return self.done.partition(":")[2]

    def source_key(self, validity: int, uid: int) -> str:
        """Names one delivery for ever: a UID means something under its UIDVALIDITY alone."""
        return f"imap:{self.name}/{self.folder}/{validity}/{uid}"


def _is_atom(name: str) -> bool:
    """RFC 3501 section 9: a keyword is an atom."""
    return all(" " < char < "\x7f" and char not in '(){%*"\\]' for char in name)
