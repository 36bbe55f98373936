"""Where mail is taken, for whom, and within which limits."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from procedure.errors import WrongUse

KB, MB = 1024, 1024 * 1024


@dataclass(frozen=True)
class Options:
    """How guests are treated; the defaults are meant for use. Seconds and bytes.

    ``trusted`` are networks without limits on connections and mails: a server in front of us hands
    over the mail of many. Raises `WrongUse` for what makes no sense.
    """

    lmtp: bool = False
    """Speak LMTP (RFC 2033) instead of SMTP: one answer for each recipient."""
    certificate: Path | None = None
    """PEM; with it STARTTLS is offered. Read again when the file changes."""
    key: Path | None = None
    """PEM; None where the certificate's file holds it."""
    require_tls: bool = False
    users: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Name → password of those who may log in (RFC 4954), over TLS only."""
    require_login: bool = False
    idle: float = 300.0
    """Without a byte or a command before a connection is closed (RFC 5321 section 4.5.3.2.7)."""
    connections: int = 500
    connections_each: int = 50
    """For one address, or one /64 of IPv6."""
    mails_each: int = 600
    """A minute, for one address."""
    trusted: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    recipients_each: int = 100
    """For one mail (RFC 5321 section 4.5.3.1.8)."""
    minimum_rate: int = 1 * KB
    """Bytes a second of a message, on average after ``patience``."""
    patience: float = 60.0
    longest: float = 3600.0
    """For one message, however steady."""
    spool: int = 2 * MB
    """Bytes of a message kept in memory; more goes to a file in ``spool_folder``."""
    spool_folder: Path | None = None
    """None: the system's folder for temporary files."""
    group: int = 64
    group_bytes: int = 8 * MB
    """Messages, and their bytes, that one commit takes at most."""
    grace: float = 10.0
    """For messages that are coming in when we are told to stop."""

    def __post_init__(self) -> None:
        if (self.require_tls or self.key) and self.certificate is None:
            raise WrongUse("smtp: TLS needs a certificate")
        if self.users and self.certificate is None:
            raise WrongUse("smtp: logins need a certificate: no password goes over an open wire")
        if self.require_login and not self.users:
            raise WrongUse("smtp: logins are required, and nobody may log in")
        self.networks()

    def networks(self) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        """``trusted``, parsed."""
        try:
            return tuple(ipaddress.ip_network(one) for one in self.trusted)
        except ValueError as error:
            raise WrongUse(f"smtp: {error}") from error


@dataclass(frozen=True)
class Listening:
    """Where and for whom mail is taken."""

    host: str
    port: int
    recipients: frozenset[str]
    """Addresses that exist here, lower case; empty takes every recipient."""
    max_bytes: int = 64 * MB
    hostname: str = "ccer-clerk"
    options: Options = Options()

    @classmethod
    def parse(
        cls, listen: str, recipients: frozenset[str], max_bytes: int,
        options: Options | None = None, hostname: str = "ccer-clerk",
    ) -> "Listening":  # fmt: skip
        """From ``address:port``; `WrongUse` for anything else."""
        host, _, port = listen.rpartition(":")
        if not host or not port.isdigit():
            raise WrongUse(f"smtp.listen {listen!r} is no address:port, such as 127.0.0.1:2525")
        return cls(
            host.strip("[]"), int(port), recipients, max_bytes, hostname, options or Options()
        )
