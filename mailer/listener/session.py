"""aiosmtpd's session with a DATA of our own: chunks instead of lines, to disk above a size."""

import asyncio
import logging
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, LoginPassword

from mailer.listener.guests import Guests
from mailer.listener.incoming import Incoming, Spool, TooSlow
from mailer.listener.options import Options

log = logging.getLogger(__name__)

COMMAND = 4096
"""Bytes of a command line: SMTPUTF8 addresses and parameters pass the 512 of RFC 5321."""
OURS = "451 4.3.0 Temporary problem here, please send it again later"
TOO_SLOW = "421 4.4.2 Too slow, please send it again later"
CLOSING = "421 4.3.2 Closing for a moment, please come again"

Deliver = Callable[["Session", Spool], Awaitable[str]]


@dataclass
class Around:
    """What all sessions of a listener share."""

    options: Options
    guests: Guests
    deliver: Deliver
    open: "set[Session]" = field(default_factory=set)
    empty: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the last one has left."""


ORDINARY = re.compile(
    r"^<([A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)>(?:[ ]+(.*))?$"
)


_names: dict[type, list[str]] = {}


def names_of(kind: type) -> list[str]:
    """The methods of a class that aiosmtpd finds by their names; looked for once a class."""
    if kind not in _names:
        _names[kind] = _looked_for(kind)
    return _names[kind]


def _looked_for(kind: type) -> list[str]:
    wanted = ("auth_", "smtp_", "handle_")
    return sorted(name for one in kind.__mro__ for name in vars(one) if name.startswith(wanted))


class Session(SMTP):
    """One connection. ``around.deliver`` keeps the body durably and gives the answer."""

    def __init__(self, handler: Any, around: Around, **options: Any) -> None:
        # The library shares one table between all sessions, and each new one empties it.
        self.command_size_limits = defaultdict(lambda: COMMAND)
        super().__init__(handler, **options)
        self.command_size_limits["MAIL"] = COMMAND
        self._around = around
        self._peer = ""
        self._taking = False
        self._leaving = False
        self._incoming: Incoming | None = None

    def __dir__(self) -> list[str]:
        """What the library looks for in each new session: all else costs a connection dearly."""
        return names_of(type(self))

    def _getaddr(self, arg: str) -> Any:
        """As in the library, whose parser of addresses is slow: ordinary ones need none."""
        if plain := ORDINARY.match(arg):
            return plain[1], plain[2] or ""
        return super()._getaddr(arg)

    # Coming and going ---------------------------------------------------------------------------

    def connection_made(self, transport: Any) -> None:
        """Also called after STARTTLS, with the transport of the encrypted connection."""
        if self.transport is None:
            self._peer = peer_of(transport)
            if refusal := self._around.guests.enter(self._peer):
                log.warning("connection from %s refused: %s", self._peer, refusal)
                transport.write(refusal.encode() + b"\r\n")
                transport.close()
                return
            self._around.open.add(self)
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """A body goes straight to its place; of a connection that was refused nothing is read."""
        if self not in self._around.open:
            return
        if self._incoming is None or self._incoming.over:
            super().data_received(data)
        else:
            self._more(self._incoming, data)

    def _more(self, incoming: Incoming, data: bytes) -> None:
        # A slow but steady upload is no idle session.
        self._reset_timeout()
        if rest := incoming.feed(data):
            super().data_received(rest)

    def eof_received(self) -> bool | None:
        """As in the library, where the connection was let in."""
        return super().eof_received() if self in self._around.open else False

    def connection_lost(self, error: Exception | None) -> None:
        """As in the library, where the connection was let in."""
        if self in self._around.open:
            self._around.open.discard(self)
            if not self._around.open:
                self._around.empty.set()
            self._around.guests.leave(self._peer)
            super().connection_lost(error)

    @property
    def login_name(self) -> str:
        """Under which name the client logged in, "" for none."""
        told = self.session.auth_data if self.session and self.session.authenticated else None
        return told.login.decode("utf-8", "replace") if isinstance(told, LoginPassword) else ""

    def leave(self) -> None:
        """Close at once, or after the message that is coming in."""
        self._leaving = True
        closing = self.transport is None or self.transport.is_closing()
        if not self._taking and not closing:
            self._writer.write(CLOSING.encode() + b"\r\n")
            self._writer.close()

    def cut(self) -> None:
        """Close whatever goes on."""
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()

    # One message --------------------------------------------------------------------------------

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        """Take one message; `250` only after it is kept."""
        if await self.check_helo_needed() or await self.check_auth_needed("DATA"):
            return
        if self.envelope is None or not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        self._taking = True
        try:
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            answer = await self._answer()
            count = len(self.envelope.rcpt_tos)
            self._set_post_data_state()  # type: ignore[no-untyped-call]
            for _ in range(count if self._around.options.lmtp else 1):
                await self.push(answer)
        finally:
            self._taking = False
        if self._leaving:
            self.leave()

    async def _answer(self) -> str:
        incoming = Incoming(self._around.options, self.data_size_limit or 0, self.loop)
        try:
            await self._receive(incoming)
        except TooSlow as error:
            log.warning("%s: too slow, closed: %s", self._peer, error)
            await self.push(TOO_SLOW)
            self._writer.close()
            raise
        finally:
            self._incoming = None
            if incoming.refusal or not incoming.complete:
                incoming.spool.close()
        # Whoever keeps it closes it: that may be after this session is gone.
        return incoming.refusal or await self._kept(incoming.spool)

    async def _receive(self, incoming: Incoming) -> None:
        """Read the whole body, also of a message that is refused."""
        reader: Any = self._reader
        early = bytes(reader._buffer)
        reader._buffer.clear()
        # The reader stops the connection where more than some commands wait in it.
        reader._maybe_resume_transport()
        self._incoming = incoming
        if early:
            self._more(incoming, early)
        await incoming.whole()

    async def _kept(self, spool: Spool) -> str:
        try:
            return await self._around.deliver(self, spool)
        except asyncio.CancelledError:
            raise
        except Exception:
            # Whatever went wrong here is ours: the client must keep the message and come again.
            log.exception("a message could not be kept")
            return OURS


class LmtpSession(Session):
    """RFC 2033: LHLO instead of EHLO; `Session` answers for each recipient."""

    async def smtp_LHLO(self, arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        """The greeting."""
        await super().smtp_EHLO(arg)

    async def smtp_EHLO(self, _arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        """Not here."""
        await self.push("500 5.5.1 This is LMTP: say LHLO")

    async def smtp_HELO(self, _arg: str) -> None:  # noqa: N802 - aiosmtpd's name
        """Not here."""
        await self.push("500 5.5.1 This is LMTP: say LHLO")


def peer_of(transport: Any) -> str:
    """The address of the other side, "" for a socket without one."""
    peer = transport.get_extra_info("peername")
    return str(peer[0]) if isinstance(peer, tuple) and peer else ""
