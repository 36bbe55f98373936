"""What aiosmtpd asks while a session goes on: who may log in, send, and to whom."""

import asyncio
import hmac
import logging
from typing import Any

from aiosmtpd.smtp import AuthResult, LoginPassword
from aiosmtpd.smtp import Envelope as SmtpEnvelope
from aiosmtpd.smtp import Session as SmtpSession

from mailer.listener.guests import TOO_MANY, Guests
from mailer.listener.options import Listening
from mailer.listener.session import OURS, names_of

log = logging.getLogger(__name__)
UNKNOWN = "550 5.1.1 No such recipient here"
TOO_MANY_RECIPIENTS = "452 4.5.3 Too many recipients"
WRONG_LOGIN = 1.0
"""Seconds that a wrong password costs."""


class Handler:
    """Stands between the protocol and the limits of a listener."""

    def __init__(self, listening: Listening, guests: Guests) -> None:
        self._recipients = listening.recipients
        self._options = listening.options
        self._guests = guests

    def __dir__(self) -> list[str]:
        """As in `Session`."""
        return names_of(type(self))

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: SmtpSession, _envelope: SmtpEnvelope, name: str,
        answers: list[str],
    ) -> list[str]:  # fmt: skip
        """No logins where nobody may log in."""
        session.host_name = name
        if not self._options.users:
            answers = [line for line in answers if not line.startswith("250-AUTH")]
        # One answer, one packet.
        return ["\r\n".join(answers)]

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: SmtpSession, envelope: SmtpEnvelope, address: str,
        options: list[str],
    ) -> str:  # fmt: skip
        """Not too many from one place."""
        peer = session.peer[0] if isinstance(session.peer, tuple) else ""
        if not self._guests.send(str(peer), server.loop.time()):
            return TOO_MANY
        envelope.mail_from = plain(address)
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: SmtpSession, envelope: SmtpEnvelope, address: str,
        _options: list[str],
    ) -> str:  # fmt: skip
        """Recipients that exist only."""
        if self._recipients and base(address.lower()) not in self._recipients:
            return UNKNOWN
        if len(envelope.rcpt_tos) >= self._options.recipients_each:
            return TOO_MANY_RECIPIENTS
        envelope.rcpt_tos.append(plain(address))
        return "250 2.1.5 OK"

    async def handle_AUTH(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: SmtpSession, _envelope: SmtpEnvelope, args: list[str]
    ) -> str | None:
        """PLAIN and LOGIN; what they say is asked of us in `authenticate`."""
        method = {"PLAIN": server.auth_PLAIN, "LOGIN": server.auth_LOGIN}.get(args[0].upper())
        if method is None or not self._options.users:
            return "504 5.5.4 Unrecognized authentication type"
        result = await method(server, args)
        if not isinstance(result, AuthResult) or not result.success:
            await asyncio.sleep(WRONG_LOGIN)
            handled = isinstance(result, AuthResult) and result.handled
            return None if handled else "535 5.7.8 Authentication credentials invalid"
        session.authenticated = True
        session.auth_data = result.auth_data
        return "235 2.7.0 Authentication successful"

    def authenticate(
        self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, given: LoginPassword
    ) -> AuthResult:
        """Whether a name goes with a password, in the same time whether the name exists or not."""
        wanted = self._options.users.get(given.login.decode("utf-8", "replace"), "")
        right = hmac.compare_digest(wanted.encode(), given.password)
        return AuthResult(success=right and bool(wanted), handled=False, auth_data=given)

    async def handle_exception(self, error: Exception) -> str:
        """Whatever it is, it is ours; the client is not told its text."""
        log.error("a session met a fault of ours", exc_info=error)
        return OURS


def base(address: str) -> str:
    """The mailbox of ``local+detail@domain`` (RFC 5233): letters to staff bear such addresses."""
    local, at, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def plain(address: str) -> str:
    """As text that any database keeps: raw bytes of unknown charset are replaced."""
    clean = address.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return clean.replace("\0", "")
