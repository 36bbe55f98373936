"""aiosmtpd's session with a DATA of our own: chunks instead of lines, to disk above a size."""

import asyncio
import logging
import tempfile
from collections.abc import Awaitable, Callable
from typing import IO, Any

from aiosmtpd.smtp import SMTP

from mailer.listener.body import Body

log = logging.getLogger(__name__)

PIECE = 256 * 1024
SPOOL = 1024 * 1024
"""Bytes of a body that stay in memory; more goes to a spool file."""
OURS = "451 4.3.0 Temporary problem here, please send it again later"
TOO_LARGE = "552 5.3.4 Message is too large"

Deliver = Callable[["Session", IO[bytes]], Awaitable[str]]


class Session(SMTP):
    """One connection. ``deliver`` keeps the body durably and gives the answer."""

    def __init__(self, handler: Any, deliver: Deliver, **options: Any) -> None:
        super().__init__(handler, **options)
        self._deliver = deliver

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802 - aiosmtpd's name
        """Take one message; `250` only after ``deliver`` is through."""
        if await self.check_helo_needed() or await self.check_auth_needed("DATA"):
            return
        if self.envelope is None or not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        with tempfile.SpooledTemporaryFile(max_size=SPOOL) as spool:
            answer = await self._receive(spool)
        self._set_post_data_state()  # type: ignore[no-untyped-call]
        await self.push(answer)

    async def _receive(self, spool: IO[bytes]) -> str:
        """Read the whole body, also of a message that is refused, then deliver it."""
        body, size = Body(), 0
        while not body.done:
            piece = await self._reader.read(PIECE)
            if not piece:
                raise ConnectionResetError("connection lost during DATA")
            # A slow but steady upload is no idle session.
            self._reset_timeout()
            part = body.feed(piece)
            size += len(part)
            if not self._over(size):
                spool.write(part)
        # Pipelined commands wait in front of whatever came since.
        buffer: bytearray = self._reader._buffer  # type: ignore[attr-defined]
        buffer[0:0] = body.rest
        if self._over(size):
            return TOO_LARGE
        spool.seek(0)
        return await self._kept(spool)

    def _over(self, size: int) -> bool:
        return bool(self.data_size_limit and size > self.data_size_limit)

    async def _kept(self, spool: IO[bytes]) -> str:
        try:
            return await self._deliver(self, spool)
        except asyncio.CancelledError:
            raise
        except Exception:
            # Whatever went wrong here is ours: the client must keep the message and come again.
            log.exception("a message could not be kept")
            return OURS
