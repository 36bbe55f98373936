"""One letter to one recipient through the relay; what the relay said."""

import smtplib
import ssl
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

from procedure.errors import WrongUse
from store.rows import OutgoingRow

TIMEOUT = 60.0
"""Seconds for each answer of the relay."""
SCHEMES = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True)
class Relay:
    """Where letters are handed to."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = ""

    @classmethod
    def parse(cls, url: str) -> "Relay":
        """From ``smtp[+starttls]://user:password@host:port`` or ``smtps://…``; `WrongUse`."""
        parts = urlsplit(url)
        if parts.scheme not in SCHEMES or not parts.hostname:
            raise WrongUse(
                f"relay.url {parts.scheme}://{parts.hostname or ''} is no relay: "
                "write smtp://, smtp+starttls:// or smtps:// and a host"
            )
        port = parts.port or SCHEMES[parts.scheme]
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.scheme, parts.hostname, port, user, password)


@dataclass(frozen=True)
class Outcome:
    """``deferred`` may be tried again under the same Message-ID, ``failed`` may not."""

    state: Literal["sent", "deferred", "failed"]
    answer: str


class Sender:
    """Hands letters to the relay, a connection for each."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay

    def greet(self) -> str:
        """Connect, log in and leave; what the relay says. Raises OSError, `SMTPException`."""
        smtp = self._connected()
        try:
            return _said(*smtp.noop())
        finally:
            _leave(smtp)

    def send(self, row: OutgoingRow, default_sender: str) -> Outcome:
        """Try once. Never raises for what the relay or the network does."""
        if not row.recipient.isascii():
            return Outcome("failed", "553 5.6.7 the address needs SMTPUTF8")
        try:
            smtp = self._connected()
        except (OSError, smtplib.SMTPException) as error:
            # Even a 5xx here is about us (a wrong password, a blocked address), not the letter.
            return _not_now(error)
        try:
            return self._hand_over(smtp, row, row.sender or default_sender)
        except smtplib.SMTPResponseException as error:
            return _answered(error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            # Also a time-out after the final dot: it may have arrived, so the same Message-ID goes
            # out again and the recipient's side can tell.
            return _not_now(error)
        finally:
            _leave(smtp)

    def _hand_over(self, smtp: smtplib.SMTP, row: OutgoingRow, sender: str) -> Outcome:
        code, answer = smtp.mail(sender)
        if code != 250:
            # Our own sender is refused: mended in the settings, so no letter is lost for it.
            return Outcome("deferred", _said(code, answer))
        code, answer = smtp.rcpt(row.recipient)
        if code not in (250, 251):
            return _answered(code, answer)
        return _answered(*smtp.data(row.raw))

    def _connected(self) -> smtplib.SMTP:
        relay = self._relay
        if relay.scheme == "smtps":
            context = ssl.create_default_context()
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(
                relay.host, relay.port, timeout=TIMEOUT, context=context
            )
        else:
            smtp = smtplib.SMTP(relay.host, relay.port, timeout=TIMEOUT)
        try:
            if relay.scheme == "smtp+starttls":
                smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
            if relay.user:
                smtp.login(relay.user, relay.password)
        except BaseException:
            smtp.close()
            raise
        return smtp


def _leave(smtp: smtplib.SMTP) -> None:
    """What becomes of QUIT changes nothing: a letter that was taken must not go out again."""
    try:
        smtp.quit()
    except (OSError, smtplib.SMTPException):
        smtp.close()


def _not_now(error: Exception) -> Outcome:
    if isinstance(error, smtplib.SMTPResponseException):
        return Outcome("deferred", _said(error.smtp_code, error.smtp_error))
    return Outcome("deferred", f"{type(error).__name__}: {error}")


def _said(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    # PostgreSQL keeps no NUL: the outcome could never be written down, and the letter went again.
    return f"{code} {text}".replace("\0", "\N{REPLACEMENT CHARACTER}")


def _answered(code: int, answer: bytes | str) -> Outcome:
    said = _said(code, answer)
    if 200 <= code < 300:
        return Outcome("sent", said)
    return Outcome("failed" if 500 <= code < 600 else "deferred", said)
