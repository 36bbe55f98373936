"""One look at a watched folder: what is new is taken, then moved or flagged.

A message is (account, folder, UIDVALIDITY, UID). It is done when the store has committed it, never
by ``\\Seen``, which any other client may set. Only then is it moved or flagged; both may be
repeated. Where UIDVALIDITY changed every UID means something else: all is looked at again, and the
store knows the same bytes by their hash.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, ProtocolError

from mailer.mailbox import Mailbox, MailboxRefused
from mailer.parse import headers
from procedure.clock import Clock
from procedure.errors import Temporary
from store import Store
from store.rows import Envelope, Taken

log = logging.getLogger(__name__)
RETURN_PATH = re.compile(rb"^return-path:[ \t]*([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
FROM = re.compile(rb"^from:([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", re.IGNORECASE | re.MULTILINE)
MOST_FAULTS = 3
"""Tries of one message before the others go first, and it once a connection."""


@dataclass
class Seen:
    """What this process knows of the folder; a restart costs one look at the store."""

    validity: int = 0
    settled: set[int] = field(default_factory=set)
    """UIDs that need nothing more."""
    faults: dict[int, int] = field(default_factory=dict)
    """UIDs that could not be taken, with how often."""


class Folder:
    """A selected folder on one connection. Belongs to one thread."""

    def __init__(
        self, client: IMAPClient, mailbox: Mailbox, store: Store, clock: Clock, seen: Seen
    ) -> None:
        self._client = client
        self._mailbox = mailbox
        self._store = store
        self._clock = clock
        self._seen = seen
        self._flags = False
        self._moves = mailbox.done == "move"
        self._left: set[int] = set()
        """UIDs that are not tried again on this connection."""

    def select(self) -> None:
        """Open the folder anew: only so a changed UIDVALIDITY shows. Raises `MailboxRefused`."""
        try:
            answer = self._client.select_folder(self._mailbox.folder)
        except IMAPClientError as error:
            if isinstance(error, self._client.AbortError):
                raise
            raise MailboxRefused(
                f"mailbox {self._mailbox.account}: {self._mailbox.folder}: {error}"
            ) from error
        self._notice_validity(int(answer.get(b"UIDVALIDITY", 0)))
        permanent = answer.get(b"PERMANENTFLAGS", ())
        self._flags = b"\\*" in permanent or self._mailbox.keyword.encode() in permanent

    def prepare(self) -> None:
        """See that there is a folder to move to; once a connection."""
        if self._moves and not self._client.folder_exists(self._mailbox.done_folder):
            self._client.create_folder(self._mailbox.done_folder)

    def _notice_validity(self, validity: int) -> None:
        if self._seen.validity not in (0, validity):
            log.warning("%s: UIDVALIDITY changed, looking again", self._mailbox.account)
        if self._seen.validity != validity:
            self._seen.validity = validity
            self._seen.settled.clear()
            self._seen.faults.clear()

    def poll(self, on_taken: Callable[[Taken], None]) -> int:
        """Take what is new; how many messages were. Raises IMAP errors and `Temporary`."""
        return sum(self._take(uid, on_taken) for uid in self._waiting())

    def _waiting(self) -> list[int]:
        """UIDs not settled yet, oldest first; those that made trouble last and not for ever."""
        criteria = ["UNDELETED"]
        if not self._moves and self._flags:
            criteria += ["UNKEYWORD", self._mailbox.keyword]
        uids = {int(uid) for uid in self._client.search(criteria)}
        faults = self._seen.faults
        return sorted(
            uids - self._seen.settled - self._left,
            key=lambda uid: (faults.get(uid, 0) >= MOST_FAULTS, uid),
        )

    def _take(self, uid: int, on_taken: Callable[[Taken], None]) -> bool:
        """Whether a message was taken now. One that cannot be taken stops no other one."""
        try:
            fresh = self._stored(uid, on_taken)
        except ProtocolError:
            # The stream can no longer be trusted: note whose fault it was, then connect anew.
            self._fault(uid, "was sent in a form that cannot be read")
            raise
        except (Temporary, IMAPClientError, OSError):
            raise
        except Exception as error:
            log.exception("%s: message %d", self._mailbox.account, uid)
            self._fault(uid, f"could not be taken ({type(error).__name__})")
            return False
        if fresh is None:
            return False
        self._settle(uid)
        return fresh

    def _stored(self, uid: int, on_taken: Callable[[Taken], None]) -> bool | None:
        """True: committed now. False: it was before. None: not to be had now."""
        key = self._key(uid)
        with self._store.read() as tx:
            if tx.messages.known(key):
                return False
        size = self._item(uid, b"RFC822.SIZE")
        if size is not None and int(size) > self._mailbox.max_bytes:
            self._fault(uid, f"is too large ({size} bytes)")
            return None
        raw = self._item(uid, b"BODY[]", ask=b"BODY.PEEK[]")
        if not isinstance(raw, bytes):
            # Expunged by another client since the search.
            return None
        on_taken(self._store.take(self._envelope(key, raw, self._received(uid)), raw))
        return True

    def _key(self, uid: int) -> str:
        box = self._mailbox
        return f"imap:{box.account}:{box.folder}:{self._seen.validity}:{uid}"

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

    def _fault(self, uid: int, what: str) -> None:
        self._seen.faults[uid] = self._seen.faults.get(uid, 0) + 1
        if self._seen.faults[uid] >= MOST_FAULTS:
            self._left.add(uid)
        log.error("%s: message %d %s; it stays where it is", self._mailbox.account, uid, what)

    def _envelope(self, key: str, raw: bytes, received: datetime) -> Envelope:
        return Envelope(
            source="imap",
            source_key=key,
            sender=sender_of(raw),
            recipients=(self._mailbox.account,),
            received_at=received,
            peer=self._mailbox.host,
        )

    def _settle(self, uid: int) -> None:
        """After the commit: out of the way, safe to repeat."""
        if self._moves:
            self._move(uid)
        elif self._flags:
            self._client.add_flags([uid], [self._mailbox.keyword], silent=True)
        self._seen.settled.add(uid)
        self._seen.faults.pop(uid, None)

    def _move(self, uid: int) -> None:
        """RFC 6851; without it copy, flag, and expunge this very message (RFC 4315)."""
        if self._client.has_capability("MOVE"):
            self._client.move([uid], self._mailbox.done_folder)
            return
        self._client.copy([uid], self._mailbox.done_folder)
        self._client.delete_messages([uid], silent=True)
        # A plain EXPUNGE would remove what others have marked: only with UIDPLUS.
        if self._client.has_capability("UIDPLUS"):
            self._client.uid_expunge([uid])


def sender_of(raw: bytes) -> str:
    """The envelope's sender as delivery wrote it down: "" for the null path.

    Without a Return-Path it is not known: then the author's address stands for it.
    """
    head = re.split(rb"\r?\n\r?\n", raw[: 256 * 1024], maxsplit=1)[0]
    if path := RETURN_PATH.search(head):
        value = path[1].strip()
        return "" if value == b"<>" else headers.address(value)[1]
    author = FROM.search(head)
    return headers.address(author[1].strip())[1] if author else ""
