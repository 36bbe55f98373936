"""Keeping messages: what waits goes into one commit, and nobody waits to fill it.

While one commit is on its way to the disk the next messages gather; alone, a message is kept at
once. Large ones are written in pieces of their own transactions, beside the groups.
"""

import asyncio
import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from mailer.listener.incoming import Spool
from mailer.listener.options import Options
from procedure.errors import ClerkError, Temporary
from store import Store
from store.rows import Envelope, Taken

log = logging.getLogger(__name__)
LARGE_AT_ONCE = 2
FOLD = 8 * 1024 * 1024
"""Bytes kept before the store is asked to tidy up, beside the next commits."""
POLITE = 1.0
"""Seconds that a piece of a large message waits at most for small ones to be kept."""


@dataclass
class Waiting:
    """A small message on its way."""

    envelope: Envelope
    raw: bytes
    kept: "asyncio.Future[Taken]"


class Keeper:
    """Takes messages for the store. Used by one event loop."""

    def __init__(self, store: Store, options: Options) -> None:
        self._store = store
        self._options = options
        self._waiting: list[Waiting] = []
        self._writer: asyncio.Task[None] | None = None
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)
        self._written = 0
        self._folding: asyncio.Task[None] | None = None
        self._calm = threading.Event()
        self._calm.set()

    async def keep(self, envelope: Envelope, spool: Spool) -> Taken:
        """Keep one message and close it; returns after its commit. Raises what the store raises."""
        if spool.large:
            return await self._keep_large(envelope, spool)
        kept: asyncio.Future[Taken] = asyncio.get_running_loop().create_future()
        self._waiting.append(Waiting(envelope, spool.whole(), kept))
        spool.close()
        if self._writer is None or self._writer.done():
            self._writer = asyncio.ensure_future(self._write())
        return await kept

    async def _keep_large(self, envelope: Envelope, spool: Spool) -> Taken:
        try:
            async with self._large:
                taken = await asyncio.to_thread(self._store.take, envelope, self._behind(spool))
            self._wrote(spool.size)
            return taken
        finally:
            spool.close()

    def _behind(self, spool: Spool) -> Iterator[bytes]:
        """Pieces of a large message, each behind the small ones that wait: nobody queues fairly
        for the database's one lock, and a small message would find it taken again and again."""
        for piece in spool.pieces():
            self._calm.wait(POLITE)
            yield piece

    def _wrote(self, size: int) -> None:
        self._written += size
        if self._written >= FOLD and (self._folding is None or self._folding.done()):
            self._written = 0
            self._folding = asyncio.ensure_future(self._fold())

    async def _fold(self) -> None:
        try:
            await asyncio.to_thread(self._store.fold)
        except ClerkError as error:
            # A writer does it later.
            log.warning("the log could not be folded: %s", error)

    async def _write(self) -> None:
        self._calm.clear()
        try:
            await self._write_groups()
        finally:
            self._calm.set()

    async def _write_groups(self) -> None:
        while self._waiting:
            group = self._group()
            try:
                results = await asyncio.to_thread(self._commit, group)
            except BaseException as error:
                _fail(group, error)
                raise
            for one, result in zip(group, results, strict=True):
                _settle(one, result)
            self._wrote(sum(len(one.raw) for one in group))

    def _group(self) -> list[Waiting]:
        """The next ones, oldest first, at least one."""
        size, count = 0, 0
        for one in self._waiting[: self._options.group]:
            size += len(one.raw)
            if count and size > self._options.group_bytes:
                break
            count += 1
        group, self._waiting = self._waiting[:count], self._waiting[count:]
        return group

    def _commit(self, group: list[Waiting]) -> list[Taken | Exception]:
        try:
            return list(self._store.take_many([(one.envelope, one.raw) for one in group]))
        except Temporary as error:
            return [error] * len(group)
        except Exception as error:
            if len(group) == 1:
                return [error]
            # One of them is to blame: the others must not share its fate.
            log.warning("a group of %d could not be kept: %s", len(group), type(error).__name__)
            return [result for one in group for result in self._commit([one])]


def _settle(one: Waiting, result: Taken | Exception) -> None:
    # Whoever waited may be gone: the message is kept all the same.
    if one.kept.done():
        return
    if isinstance(result, Exception):
        one.kept.set_exception(result)
    else:
        one.kept.set_result(result)


def _fail(group: list[Waiting], error: BaseException) -> None:
    for one in group:
        if not one.kept.done():
            one.kept.set_exception(RuntimeError(f"not kept: {type(error).__name__}"))
