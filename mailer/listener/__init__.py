"""The SMTP listener: `250` only after the message is durable, `451` for every fault of ours."""

import asyncio
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from aiosmtpd.smtp import Envelope as SmtpEnvelope
from aiosmtpd.smtp import Session as SmtpSession

from mailer.listener.session import PIECE, Session
from procedure.clock import Clock
from procedure.errors import WrongUse
from store import Store
from store.rows import Envelope

IDLE = 300
"""Seconds without a byte before a connection is closed (RFC 5321 §4.5.3.2.7)."""
UNKNOWN = "550 5.1.1 No such recipient here"


@dataclass(frozen=True)
class Listening:
    """Where and for whom mail is taken."""

    host: str
    port: int
    recipients: frozenset[str]
    """Addresses that exist here, lower case; empty takes every recipient."""
    max_bytes: int = 64 * 1024 * 1024
    hostname: str = "ccer-clerk"

    @classmethod
    def parse(cls, listen: str, recipients: frozenset[str], max_bytes: int) -> "Listening":
        """From ``address:port``; `WrongUse` for anything else."""
        host, _, port = listen.rpartition(":")
        if not host or not port.isdigit():
            raise WrongUse(f"smtp.listen {listen!r} is no address:port, such as 127.0.0.1:2525")
        return cls(host.strip("[]"), int(port), recipients, max_bytes)


class _Handler:
    """What aiosmtpd asks while the envelope comes in."""

    def __init__(self, recipients: frozenset[str]) -> None:
        self._recipients = recipients

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        _server: Any,
        _session: SmtpSession,
        envelope: SmtpEnvelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Recipients that exist only."""
        if self._recipients and address.lower() not in self._recipients:
            return UNKNOWN
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"


class Listener:
    """Takes mail for the store. Use within a running event loop."""

    def __init__(self, store: Store, clock: Clock, listening: Listening) -> None:
        self._store = store
        self._clock = clock
        self._listening = listening
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Bind and take mail. Raises OSError where the port is not free."""
        loop = asyncio.get_running_loop()
        where = self._listening
        self._server = await loop.create_server(self._session, where.host, where.port)

    @property
    def port(self) -> int:
        """The bound port."""
        if self._server is None:
            return self._listening.port
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Take no new connection; those at work end by themselves or with the process."""
        if self._server is not None:
            self._server.close()

    def _session(self) -> Session:
        return Session(
            _Handler(self._listening.recipients),
            self._deliver,
            data_size_limit=self._listening.max_bytes,
            enable_SMTPUTF8=True,
            hostname=self._listening.hostname,
            ident="ccer-clerk",
            timeout=IDLE,
        )

    async def _deliver(self, session: Session, spool: IO[bytes]) -> str:
        envelope = self._envelope(session)
        # Shielded: a client that half-closes cancels the session, not the storing.
        work = asyncio.to_thread(self._store.take, envelope, _pieces(spool))
        taken = await asyncio.shield(asyncio.ensure_future(work))
        return f"250 2.0.0 OK {taken.message_id}"

    def _envelope(self, session: Session) -> Envelope:
        envelope = session.envelope
        peer = session.session.peer if session.session else ""
        return Envelope(
            source="smtp",
            source_key=f"smtp:{uuid.uuid4().hex}",
            sender=(envelope.mail_from or "") if envelope else "",
            recipients=tuple(envelope.rcpt_tos) if envelope else (),
            received_at=self._clock.now(),
            peer=str(peer[0]) if isinstance(peer, tuple) else str(peer),
        )


def _pieces(spool: IO[bytes]) -> bytes | Iterator[bytes]:
    """A small body whole, so that it takes one transaction; a large one in pieces."""
    first = spool.read(PIECE * 4)
    if len(first) < PIECE * 4:
        return first
    return _all(first, spool)


def _all(first: bytes, spool: IO[bytes]) -> Iterator[bytes]:
    yield first
    while piece := spool.read(PIECE * 4):
        yield piece
