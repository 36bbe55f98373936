"""Settings of the mail doors: the listener, the watched mailboxes, the relay, who is believed."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from clerk.section import Section, Texts, secret
from mailer.listener import Options
from mailer.watcher.profiles import PROFILES
from procedure.registry import ROWS

_DEFAULT = Options()
MINUTES = 15
"""Without a good poll before somebody is told."""


class Smtp(Section):
    """The listener."""

    listen: str = Field("127.0.0.1:2525", description="address:port on which mail is taken")
    recipients: Texts = Field(
        (), description="addresses that exist here; empty takes office.own_addresses"
    )
    max_bytes: int = Field(64 * 1024 * 1024, gt=0, description="largest message, in bytes")
    hostname: str = Field("ccer-clerk", description="the name in the greeting")
    lmtp: bool = Field(False, description="LMTP instead of SMTP")
    certificate: Path | None = Field(None, description="PEM; with it STARTTLS is offered")
    key: Path | None = Field(None, description="PEM; none where the certificate's file holds it")
    require_tls: bool = Field(False, description="take no mail before STARTTLS")
    users: dict[str, SecretStr] = Field(
        default_factory=dict, description="name → password of those who may log in, over TLS"
    )
    require_login: bool = Field(False, description="take no mail before a login (submission)")
    idle: float = Field(_DEFAULT.idle, gt=0, description="seconds of silence, then closed")
    connections: int = Field(_DEFAULT.connections, gt=0, description="connections at once")
    connections_each: int = Field(_DEFAULT.connections_each, gt=0, description="of one address")
    mails_each: int = Field(_DEFAULT.mails_each, gt=0, description="mails a minute, one address")
    trusted: Texts = Field(_DEFAULT.trusted, description="networks of our own mail servers")
    recipients_each: int = Field(_DEFAULT.recipients_each, gt=0, description="recipients a mail")
    minimum_rate: int = Field(_DEFAULT.minimum_rate, ge=0, description="bytes a second of a body")
    patience: float = Field(_DEFAULT.patience, ge=0, description="seconds before the rate counts")
    longest: float = Field(_DEFAULT.longest, gt=0, description="seconds for one message")
    spool: int = Field(_DEFAULT.spool, gt=0, description="bytes of a message kept in memory")
    spool_folder: Path | None = Field(None, description="folder of what is larger")
    group: int = Field(_DEFAULT.group, gt=0, description="messages a commit at most")
    group_bytes: int = Field(_DEFAULT.group_bytes, gt=0, description="their bytes at most")
    grace: float = Field(_DEFAULT.grace, ge=0, description="seconds for mail on its way at a stop")

    def options(self) -> Options:
        """For the listener. `WrongUse` for what makes no sense together."""
        given = self.model_dump(exclude={"listen", "recipients", "max_bytes", "hostname", "users"})
        users = {name: one.get_secret_value() for name, one in self.users.items()}
        return Options(**given, users=users)


class Mailbox(Section):
    """One IMAP account that is watched; keys of a table of ``imap.accounts``."""

    profile: str = Field("generic", description=f"provider: generic, {', '.join(PROFILES)}")
    host: str = Field("", description="IMAP server; empty takes the profile's")
    port: int = Field(0, ge=0, description="its port; 0 takes the profile's")
    user: str = Field(description="login name")
    password: SecretStr = Field(SecretStr(""), description="password or app password")
    password_file: Path | None = Field(None, description="file that holds the password")
    folders: Texts = Field(("INBOX",), description="folders watched")
    ssl: Literal["", "ssl", "starttls", "none"] = Field("", description="ssl, starttls or none")
    ca_file: Path | None = Field(None, description="PEM of who signed the server's certificate")
    done: str = Field("", description="what becomes of taken mail: move:FOLDER or keyword:NAME")
    client_id: str = Field("", description="OAuth2: the application; with it no password is used")
    client_secret: SecretStr = Field(SecretStr(""), description="OAuth2: its secret")
    client_secret_file: Path | None = Field(None, description="file that holds the secret")
    refresh_token: SecretStr = Field(SecretStr(""), description="OAuth2: the grant")
    refresh_token_file: Path | None = Field(None, description="file that holds the grant")
    endpoint: str = Field("", description="OAuth2: token endpoint; empty takes the profile's")
    tenant: str = Field("", description="Microsoft's tenant, put into the endpoint")
    scope: str = Field("", description="OAuth2: scope; empty takes the profile's")

    @field_validator("profile")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in (*PROFILES, "generic"):
            raise ValueError(f"there is no profile {value!r}: generic, {', '.join(PROFILES)}")
        return value

    def told(self, key: Literal["password", "client_secret", "refresh_token"]) -> str:
        """A secret, from its file where one is named. `WrongUse` where it cannot be read."""
        file: Path | None = getattr(self, f"{key}_file")
        if file is not None:
            return secret(f"imap.accounts ({self.user}) {key}_file", str(file))
        value: SecretStr = getattr(self, key)
        return value.get_secret_value()


class Imap(Section):
    """The mailbox watcher."""

    accounts: tuple[Mailbox, ...] = Field((), description="accounts watched, a table each")
    alarm_minutes: float = Field(
        MINUTES, ge=0, description="minutes without a good poll before an alarm; 0 never"
    )


class Relay(Section):
    """Where letters are handed to."""

    url: str = Field("", description="smtp://, smtp+starttls:// or smtps:// relay of letters")


class Dkim(Section):
    """The signature under our letters (RFC 6376)."""

    domain: str = Field("", description="signing domain; empty takes office.address's")
    selector: str = Field("", description="selector of the key in the DNS; empty signs nothing")
    key: Path | None = Field(None, description="RSA key in PEM")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if bool(self.selector) != (self.key is not None):
            raise ValueError("dkim needs both a selector and a key")
        return self


class Evidence(Section):
    """Who is believed about who wrote a mail."""

    servers: Texts = Field(
        (), description="authserv-ids of our own mail servers, whose results are believed"
    )
    dns: bool = Field(False, description="ask the DNS (SPF, DKIM, DMARC) on direct receipt")
    nameserver: str = Field("", description="address[:port] to ask; empty takes the system's")


class Registry(Section):
    """Registry files that come by mail."""

    senders: dict[str, Texts] = Field(
        default_factory=dict, description="address → kinds of files that are imported from it"
    )

    @field_validator("senders")
    @classmethod
    def _kinds(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for address, kinds in value.items():
            if "@" not in address or not kinds or set(kinds) - set(ROWS):
                raise ValueError(f"{address}: an address and some of {', '.join(ROWS)}")
        return {address.strip().lower(): kinds for address, kinds in value.items()}
