"""One look at a watched folder: what is new is taken, then moved or flagged.

A message is done when the store has committed it, never by ``\\Seen``, which any other client may
set. Only then is it moved or flagged; both may be repeated. Where UIDVALIDITY changed every UID
means something else: all is looked at again, and the store knows the same bytes by their hash.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, ProtocolError

from mailer.watcher.account import Account, Limits, MailboxRefused
from mailer.watcher.senders import sender_of
from procedure.clock import Clock
from procedure.errors import Temporary
from store import Store
from store.rows import Envelope, Taken

log = logging.getLogger(__name__)
RESTS = (0.0, 0.0, 60.0, 600.0, 3600.0)
"""Seconds a message is left alone after its first, second … failure. Without a rest a message
that breaks the connection would break it for ever; a server's death blames an innocent one."""


@dataclass
class Seen:
    """What this process knows of the folder; a restart costs one look at the store."""

    validity: int = 0
    settled: set[int] = field(default_factory=set)
    """UIDs that need nothing more."""
    failures: dict[int, int] = field(default_factory=dict)
    rests: dict[int, float] = field(default_factory=dict)
    """Until when (`time.monotonic`) a UID that failed is left alone."""

    def begin(self, validity: int) -> None:
        """Forget all where UIDs mean something else now."""
        if self.validity != validity:
            self.validity = validity
            for known in (self.settled, self.failures, self.rests):
                known.clear()

    def failed(self, uid: int) -> None:
        """Later ones go on; this one is tried again after a while."""
        count = self.failures[uid] = self.failures.get(uid, 0) + 1
        self.rests[uid] = time.monotonic() + RESTS[min(count, len(RESTS)) - 1]

    def waiting(self, uids: set[int]) -> list[int]:
        """Oldest first, those that made trouble last."""
        now = time.monotonic()
        due = (uid for uid in uids - self.settled if self.rests.get(uid, 0.0) <= now)
        return sorted(due, key=lambda uid: (self.failures.get(uid, 0), uid))

    def settle(self, uid: int) -> None:
        """Nothing more to do for it."""
        self.settled.add(uid)
        self.failures.pop(uid, None)
        self.rests.pop(uid, None)


@dataclass
class Polled:
    """What one poll did: messages committed now, and messages moved or flagged."""

    taken: int = 0
    settled: int = 0


class Folder:
    """The folder on one connection. Belongs to one thread."""

    def __init__(
        self, client: IMAPClient, account: Account, limits: Limits, store: Store, clock: Clock,
        seen: Seen, on_taken: Callable[[Taken], None],
    ) -> None:  # fmt: skip
        self._client = client
        self._account = account
        self._limits = limits
        self._store = store
        self._clock = clock
        self._seen = seen
        self._on_taken = on_taken
        self._flags = False

    def prepare(self) -> None:
        """See that there is a folder to move to; once a connection."""
        target = self._account.target
        if self._account.moves and not self._client.folder_exists(target):
            self._client.create_folder(target)

    def poll(self) -> Polled:
        """Take what is new. Raises `Temporary` and IMAP errors where the connection is over."""
        self._select()
        polled = Polled()
        for uid in self._seen.waiting(self._search()):
            self._handle(uid, polled)
        return polled

    def _select(self) -> None:
        """Anew for each poll: only so a changed UIDVALIDITY shows. Raises `MailboxRefused`."""
        try:
            answer = self._client.select_folder(self._account.folder)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            where = f"{self._account.name}: {self._account.folder}"
            raise MailboxRefused(f"{where}: {error}") from error
        validity = int(answer.get(b"UIDVALIDITY", 0))
        if self._seen.validity not in (0, validity):
            log.warning("%s: UIDVALIDITY changed, looking again", self._account.name)
        self._seen.begin(validity)
        permanent = {flag.lower() for flag in answer.get(b"PERMANENTFLAGS", ())}
        self._flags = bool({b"\\*", self._account.target.lower().encode()} & permanent)

    def _search(self) -> set[int]:
        criteria = ["UNDELETED"]
        if not self._account.moves and self._flags:
            criteria += ["UNKEYWORD", self._account.target]
        return {int(uid) for uid in self._client.search(criteria)}

    def _handle(self, uid: int, polled: Polled) -> None:
        """One that fails is logged and left; the next ones go on."""
        try:
            polled.taken += self._take(uid)
            polled.settled += uid in self._seen.settled
        except (IMAPClientAbortError, ProtocolError, OSError):
            # The connection is over or cannot be trusted: remember at whose turn.
            self._failed(uid, "broke the connection")
            raise
        except Temporary:
            # The store, not the message: all of them would fail.
            raise
        except Exception as error:
            log.debug("message %d", uid, exc_info=True)
            self._failed(uid, f"failed ({type(error).__name__}: {error})")

    def _take(self, uid: int) -> bool:
        """Whether it was committed now; one that is known already is only moved or flagged."""
        key = self._account.source_key(self._seen.validity, uid)
        with self._store.read() as tx:
            known = tx.messages.known(key)
        if not known and not self._stored(uid, key):
            return False
        self._done_with(uid)
        return not known

    def _stored(self, uid: int, key: str) -> bool:
        size = self._item(uid, b"RFC822.SIZE")
        if size is not None and int(size) > self._limits.most_bytes:
            self._failed(uid, f"is too large ({size} bytes)")
            return False
        raw = self._item(uid, b"BODY[]", ask=b"BODY.PEEK[]")
        if not isinstance(raw, bytes):
            # Expunged by another client since the search; else the next search finds it again.
            return False
        self._on_taken(self._store.take(self._envelope(uid, key, raw), raw))
        return True

    def _item(self, uid: int, name: bytes, ask: bytes = b"") -> Any:
        answer = self._client.fetch([uid], [ask or name])
        return answer.get(uid, {}).get(name)

    def _received(self, uid: int) -> datetime:
        """INTERNALDATE; a date that no calendar has counts as now."""
        try:
            moment = self._item(uid, b"INTERNALDATE")
        except ValueError:
            moment = None
        if isinstance(moment, datetime) and moment.tzinfo is not None:
            return moment
        return self._clock.now()

    def _envelope(self, uid: int, key: str, raw: bytes) -> Envelope:
        return Envelope(
            source="imap",
            source_key=key,
            sender=sender_of(raw),
            recipients=(self._account.address,),
            received_at=self._received(uid),
            peer=self._account.host,
        )

    def _failed(self, uid: int, what: str) -> None:
        self._seen.failed(uid)
        log.error("%s: message %d %s; it stays where it is", self._account.name, uid, what)

    def _done_with(self, uid: int) -> None:
        """After the commit: out of the way, safe to repeat."""
        if self._account.moves:
            self._move(uid)
        elif self._flags:
            self._client.add_flags([uid], [self._account.target], silent=True)
        # Where the server keeps no keywords the store alone remembers.
        self._seen.settle(uid)

    def _move(self, uid: int) -> None:
        """RFC 6851; without it copy, flag, and expunge this very message (RFC 4315)."""
        if self._client.has_capability("MOVE"):
            self._client.move([uid], self._account.target)
            return
        self._client.copy([uid], self._account.target)
        self._client.delete_messages([uid], silent=True)
        # A plain EXPUNGE would remove what others have marked: only with UIDPLUS.
        if self._client.has_capability("UIDPLUS"):
            self._client.uid_expunge([uid])
