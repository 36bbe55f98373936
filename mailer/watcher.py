"""Watching a mailbox: the poll is the truth, IDLE only wakes it up.

::

    connect → log in → ID ─┬→ select → poll → wait (IDLE, or sleep) ─┐
       ↑                   └──────────────────────←──────────────────┘
       └── back-off ←── any error of the server, the network or the store
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from mailer.folder import Folder, Seen
from mailer.mailbox import Mailbox, MailboxRefused, connected, hang_up
from procedure.clock import Clock
from procedure.errors import Temporary
from store import Store
from store.rows import Taken

log = logging.getLogger(__name__)
BACK_OFF = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
"""Seconds before the next connection, the last one repeated: back within a minute."""
REFUSED = 120.0
"""Seconds after a refused login: repeated tries lock accounts at 163 and Exchange."""
SLICE = 1.0
"""Seconds of one look at an IDLE connection; `Watcher.stop` waits no longer."""


@dataclass
class Health:
    """How the watcher fares; an alarm is due when ``last_poll`` is long ago."""

    last_poll: datetime | None = None
    failures: int = 0
    """In a row, since the last poll that succeeded."""
    error: str = ""


def _ignore(_taken: Taken) -> None:
    """Nobody wants to know."""


class Watcher:
    """Watches one folder of one account in a thread of its own."""

    def __init__(
        self,
        store: Store,
        mailbox: Mailbox,
        clock: Clock,
        on_taken: Callable[[Taken], None] = _ignore,
        back_off: tuple[float, ...] = BACK_OFF,
        refused: float = REFUSED,
    ) -> None:
        self._store = store
        self._mailbox = mailbox
        self._clock = clock
        self._on_taken = on_taken
        self._back_off = back_off
        self._refused = refused
        self._seen = Seen()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.health = Health()

    def start(self) -> None:
        """Watch in a thread until `stop`."""
        name = f"watch {self._mailbox.account}"
        self._thread = threading.Thread(target=self.run, name=name, daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """End after the message at hand."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout)

    def run(self) -> None:
        """Watch until `stop`; comes back from everything that the server or network does."""
        while not self._stop.is_set():
            try:
                self._connection()
            except (Temporary, IMAPClientError, OSError) as error:
                self._failed(error)
                self._stop.wait(self._pause(error))

    def poll_once(self) -> int:
        """Connect, take what is new, hang up; how many. Raises `Temporary` and IMAP errors."""
        client = connected(self._mailbox)
        try:
            folder = Folder(client, self._mailbox, self._store, self._clock, self._seen)
            folder.prepare()
            return self._poll(folder)
        finally:
            hang_up(client)

    def _connection(self) -> None:
        client = connected(self._mailbox)
        try:
            folder = Folder(client, self._mailbox, self._store, self._clock, self._seen)
            folder.prepare()
            while not self._stop.is_set():
                # What arrived meanwhile may have been announced in an answer that is gone: IDLE
                # starts only after a poll that found nothing.
                while self._poll(folder) and not self._stop.is_set():
                    continue
                self._wait(client)
        finally:
            hang_up(client)

    def _poll(self, folder: Folder) -> int:
        folder.select()
        taken = folder.poll(self._on_taken)
        self.health = Health(last_poll=self._clock.now())
        return taken

    def _wait(self, client: IMAPClient) -> None:
        if client.has_capability("IDLE"):
            self._idle(client)
        else:
            self._stop.wait(self._mailbox.poll_seconds)

    def _idle(self, client: IMAPClient) -> None:
        """Until something happens, it is time to poll, or the connection turns out dead."""
        client.idle()
        ends = time.monotonic() + min(self._mailbox.idle_seconds, 9 * 60)
        quick = 0
        while time.monotonic() < ends and not self._stop.is_set():
            began = time.monotonic()
            if client.idle_check(timeout=SLICE):
                break
            # After the server died `idle_check` returns nothing at once, for ever.
            quick = quick + 1 if time.monotonic() - began < SLICE / 2 else 0
            if quick >= 2:
                break
        client.idle_done()
        if quick >= 2:
            client.noop()

    def _failed(self, error: Exception) -> None:
        failures = self.health.failures + 1
        self.health = Health(self.health.last_poll, failures, str(error))
        # Once is weather; what stays is told, not every second.
        level = logging.WARNING if failures in (1, 10) or failures % 100 == 0 else logging.DEBUG
        log.log(level, "%s: %s (%d in a row)", self._mailbox.account, error, failures)

    def _pause(self, error: Exception) -> float:
        if isinstance(error, MailboxRefused):
            return self._refused
        return self._back_off[min(self.health.failures, len(self._back_off)) - 1]


def watch(
    store: Store,
    mailbox: Mailbox,
    clock: Clock,
    on_taken: Callable[[Taken], None] = _ignore,
) -> Watcher:
    """Start watching; `Watcher.stop` ends it."""
    watcher = Watcher(store, mailbox, clock, on_taken)
    watcher.start()
    return watcher
