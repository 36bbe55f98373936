"""One message while it comes in: fed by the connection piece by piece, awaited by the session."""

import asyncio
import logging
import tempfile
from collections.abc import Iterator
from typing import IO

from mailer.listener.body import Body
from mailer.listener.options import Options

log = logging.getLogger(__name__)

PIECE = 1024 * 1024
FULL_DISK = "452 4.3.1 No room here, please send it again later"
TOO_LARGE = "552 5.3.4 Message is too large"


class TooSlow(ConnectionResetError):
    """Less than the minimum rate, or longer than anybody may take."""


class Spool:
    """A body's parts, in memory up to the limit of ``options``, above it in a file."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._parts: list[bytes] = []
        self._file: IO[bytes] | None = None
        self.size = 0

    def write(self, part: bytes) -> None:
        """The next part. Raises OSError where there is no room."""
        if self._file is None and self.size + len(part) > self._options.spool:
            self._file = tempfile.TemporaryFile(dir=self._options.spool_folder)  # noqa: SIM115
            self._file.writelines(self._parts)
            self._parts.clear()
        if self._file is None:
            self._parts.append(part)
        else:
            self._file.write(part)
        self.size += len(part)

    @property
    def large(self) -> bool:
        """Whether it is in a file."""
        return self._file is not None

    def whole(self) -> bytes:
        """All of a body that is in memory."""
        return b"".join(self._parts)

    def pieces(self) -> Iterator[bytes]:
        """Of a body that is in a file, from its beginning."""
        if self._file is not None:
            self._file.seek(0)
            while piece := self._file.read(PIECE):
                yield piece

    def close(self) -> None:
        """Give up what it holds."""
        self._parts.clear()
        if self._file is not None:
            self._file.close()


class Incoming:
    """The message of one DATA; ``most`` bytes of it are taken, 0 for any number.

    The rest of one that is refused is read and dropped, so that the answer is understood.
    """

    def __init__(self, options: Options, most: int, loop: asyncio.AbstractEventLoop) -> None:
        self.spool = Spool(options)
        self.refusal = ""
        self._options = options
        self._most = most
        self._loop = loop
        self._began = loop.time()
        self._body = Body()
        self._size = 0
        self._whole: asyncio.Future[None] = loop.create_future()

    @property
    def over(self) -> bool:
        """Whether nothing more belongs to it."""
        return self._whole.done()

    @property
    def complete(self) -> bool:
        """Whether its end has come."""
        return self._body.done

    async def whole(self) -> None:
        """Wait for its end. Raises `TooSlow`."""
        await self._whole

    def feed(self, piece: bytes) -> bytes:
        """Take a piece; what came after the message's end is given back (pipelined commands)."""
        part = self._body.feed(piece)
        self._size += len(part)
        if self._too_slow(self._loop.time() - self._began):
            self._whole.set_exception(TooSlow(f"{self._size} bytes"))
            return b""
        self._keep(part)
        if self._body.done:
            self._whole.set_result(None)
        return self._body.rest

    def _too_slow(self, seconds: float) -> bool:
        options = self._options
        slow = seconds > options.patience and self._size < options.minimum_rate * seconds
        return slow or seconds > options.longest

    def _keep(self, part: bytes) -> None:
        if self._most and self._size > self._most:
            self.refusal = self.refusal or TOO_LARGE
        if self.refusal:
            return
        try:
            self.spool.write(part)
        except OSError:
            # A full disk is ours.
            log.exception("a message cannot be spooled")
            self.refusal = FULL_DISK
