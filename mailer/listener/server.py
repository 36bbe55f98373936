"""The listener: `250` only after the message is durable, `451` for every fault of ours."""

import asyncio
import contextlib
import gc
import uuid

from mailer.listener.certificate import Certificate
from mailer.listener.guests import Guests
from mailer.listener.handler import Handler
from mailer.listener.incoming import Spool
from mailer.listener.keeper import Keeper
from mailer.listener.options import Listening
from mailer.listener.session import Around, LmtpSession, Session
from procedure.clock import Clock, utc
from store import Store
from store.rows import Envelope


class Listener:
    """Takes mail for the store. Use within a running event loop.

    Raises `WrongUse` for a certificate that cannot be used.
    """

    def __init__(self, store: Store, clock: Clock, listening: Listening) -> None:
        options = listening.options
        self._clock = clock
        self._listening = listening
        self._keeper = Keeper(store, options)
        self._around = Around(options, Guests(options), self._deliver)
        self._handler = Handler(listening, self._around.guests)
        self._certificate = (
            Certificate(options.certificate, options.key) if options.certificate else None
        )
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Bind and take mail. Raises OSError where the port is not free."""
        loop = asyncio.get_running_loop()
        where = self._listening
        self._server = await loop.create_server(self._session, where.host, where.port, backlog=512)
        # What was imported lives as long as the process: no need to look at it for every mail.
        gc.collect()
        gc.freeze()

    @property
    def port(self) -> int:
        """The bound port."""
        if self._server is None:
            return self._listening.port
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Take no new connection; messages on their way may come in, for a while."""
        if self._server is None:
            return
        self._server.close()
        for session in list(self._around.open):
            session.leave()
        await self._all_gone()
        for session in list(self._around.open):
            session.cut()

    async def _all_gone(self) -> None:
        self._around.empty.clear()
        if self._around.open:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._around.empty.wait(), self._listening.options.grace)

    def _session(self) -> Session:
        options = self._listening.options
        kind = LmtpSession if options.lmtp else Session
        return kind(
            self._handler,
            self._around,
            data_size_limit=self._listening.max_bytes,
            enable_SMTPUTF8=True,
            hostname=self._listening.hostname,
            ident="ccer-clerk",
            timeout=options.idle,
            tls_context=self._certificate.context if self._certificate else None,
            require_starttls=options.require_tls,
            auth_required=options.require_login,
            authenticator=self._handler.authenticate,
        )

    async def _deliver(self, session: Session, spool: Spool) -> str:
        # Shielded: a client that half-closes cancels the session, not the storing.
        work = asyncio.ensure_future(self._keeper.keep(self._envelope(session), spool))
        taken = await asyncio.shield(work)
        return f"250 2.0.0 OK {taken.message_id}"

    def _envelope(self, session: Session) -> Envelope:
        envelope = session.envelope
        sender = (envelope.mail_from or "") if envelope else ""
        now = self._clock.now()
        return Envelope(
            source="smtp",
            # In the order of time, as the index of deliveries likes it.
            source_key=f"smtp:{utc(now):%Y%m%d%H%M%S%f}-{uuid.uuid4().hex}",
            sender="" if sender == "<>" else sender,
            recipients=tuple(envelope.rcpt_tos) if envelope else (),
            received_at=now,
            peer=session._peer,
            login=session.login_name,
        )
