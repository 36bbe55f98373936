"""Watching: the poll is the truth, IDLE only wakes it up.

::

    connect → log in → ID ─┬→ poll (SELECT anew) → wait (IDLE, or sleep) ─┐
       ↑                   └───────────────────────←──────────────────────┘
       └── back-off ←── any error of the server, the network or the store
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime

from imapclient import IMAPClient

from mailer.watcher.account import Account, Limits, MailboxRefused, MailboxWatched
from mailer.watcher.connection import connected, hang_up, translated
from mailer.watcher.folder import Folder, Polled, Seen
from procedure.clock import Clock
from procedure.errors import Temporary
from store import Store
from store.lock import Turn
from store.rows import Taken

log = logging.getLogger(__name__)
SLICE = 1.0
"""Seconds of one look at an IDLE connection; a stop is noticed no later."""
DEFAULTS = Limits()


def _ignore(_taken: Taken) -> None:
    """Nobody wants to know."""


def _unnoticed(_account: Account, _at: datetime) -> None:
    """Nobody wants to know."""


class Watcher:
    """Watches one folder of one account. All of it belongs to the thread that calls `run`.

    ``on_taken`` is told of each committed message, in that thread, before it is moved or flagged;
    ``on_poll`` of each poll that went well: when none did for long, an alarm is due.
    """

    def __init__(
        self, store: Store, clock: Clock, account: Account, stop: threading.Event, *,
        on_taken: Callable[[Taken], None] = _ignore, limits: Limits = DEFAULTS,
        on_poll: Callable[[Account, datetime], None] = _unnoticed,
    ) -> None:  # fmt: skip
        self._store = store
        self._clock = clock
        self._account = account
        self._stop = stop
        self._on_taken = on_taken
        self._limits = limits
        self._on_poll = on_poll
        self._alone: ExitStack | None = None
        self._turn = Turn(False)
        self._seen = Seen()
        self._open: tuple[IMAPClient, Folder] | None = None
        self.last_good_poll: datetime | None = None
        """An alarm is due when this is long ago, or None for long."""
        self.failures = 0
        """In a row, since the last good poll."""

    def poll_once(self) -> int:
        """Connect if needed, take what is new; how many messages were committed now.

        The connection stays open for the next poll, until `close` or an error.
        Raises `MailboxDown`, `MailboxRefused`, and the store's `Temporary` errors.
        """
        return self._poll().taken

    def run(self) -> None:
        """Watch until ``stop`` is set; comes back from all that server, network or store do."""
        while not self._stop.is_set():
            try:
                self._round()
            except Temporary as error:
                self._failed(error)
            except Exception as error:
                # A thread that dies here would be missed only when no mail comes any more.
                log.exception("%s: unforeseen", self._account.name)
                self._failed(error)
        self.close()

    def close(self) -> None:
        """Hang up, and let another one watch; `poll_once` connects again."""
        if self._open is not None:
            hang_up(self._open[0])
            self._open = None
        if self._alone is not None:
            self._alone.close()
            self._alone = None

    def _claim(self) -> None:
        """One watcher a mailbox at a time. Two would lose nothing and take each mail twice."""
        if self._alone is not None:
            self._still_ours()
            return
        account = self._account
        name = f"watch:{account.name}/{account.folder}"
        with ExitStack() as stack:
            self._turn = stack.enter_context(self._store.alone(name))
            if not self._turn:
                raise MailboxWatched(f"{account.name}/{account.folder} is watched by another one")
            self._alone = stack.pop_all()

    def _still_ours(self) -> None:
        """A database server's lock ends with its session: another one may watch by now."""
        if not self._turn.kept():
            raise MailboxWatched(f"{self._account.name}: the lock on the mailbox was lost")

    def _round(self) -> None:
        # What arrived meanwhile may have been announced in an answer that is gone: IDLE starts
        # only after a poll that found nothing to do.
        if not self._poll().settled:
            self._wait()

    def _poll(self) -> Polled:
        try:
            with translated(self._account):
                polled = self._folder().poll()
        except BaseException:
            self.close()
            raise
        self.last_good_poll = self._clock.now()
        self.failures = 0
        self._on_poll(self._account, self.last_good_poll)
        return polled

    def _folder(self) -> Folder:
        self._claim()
        if self._open is None:
            client = connected(self._account, self._limits)
            folder = Folder(
                client, self._account, self._limits, self._store, self._clock, self._seen,
                self._on_taken,
            )  # fmt: skip
            self._open = client, folder
            folder.prepare()
        return self._open[1]

    def _wait(self) -> None:
        if self._open is None:
            return
        client = self._open[0]
        with translated(self._account):
            if client.has_capability("IDLE"):
                self._idle(client)
            else:
                self._stop.wait(self._limits.poll)

    def _idle(self, client: IMAPClient) -> None:
        """Until something happens, it is time to poll, or the connection turns out dead."""
        client.idle()
        dead = self._until_woken(client)
        client.idle_done()
        if dead:
            client.noop()

    def _until_woken(self, client: IMAPClient) -> bool:
        """Whether the connection seems dead: `idle_check` then returns nothing, at once, always."""
        ends = time.monotonic() + self._limits.idle
        quick = 0
        while quick < 2 and not self._stop.is_set():
            began = time.monotonic()
            if began >= ends or client.idle_check(timeout=SLICE):
                return False
            quick = quick + 1 if time.monotonic() - began < SLICE / 2 else 0
        return quick >= 2

    def _failed(self, error: Exception) -> None:
        self.close()
        self.failures += 1
        # Once is weather; what stays is told, not every minute.
        level = (
            logging.WARNING
            if self.failures in (1, 10) or self.failures % 100 == 0
            else logging.DEBUG
        )
        log.log(level, "%s: %s (%d in a row)", self._account.name, error, self.failures)
        waits = self._limits.back_off
        refused = isinstance(error, MailboxRefused)
        later = waits[min(self.failures, len(waits)) - 1]
        self._stop.wait(self._limits.refused if refused else later)
