"""The work on messages: each unfinished row is read, filed and answered, again if it must be.

The ledger is the truth: a job is only a look at a row, and everything that it does may be done
again without harm.
"""

import logging
from dataclasses import replace
from datetime import timedelta

from casework.filing import Read, file_mail
from casework.incoming import IncomingDocument, IncomingMail
from casework.lanes import sort_waiting
from clerk.logs import about
from clerk.mailed import decided
from clerk.readers import LOST, ReaderLost, Readers
from clerk.returned import returned
from clerk.vouching import believed, vouched
from clerk.wiring import House
from clerk.workers import CLAIM
from mailer.mail import Mail
from mailer.parse.limited import limited
from procedure.errors import Permanent, Temporary
from procedure.language import _
from procedure.readings import DocumentReading
from store.hints import MESSAGES
from store.rows import MailFacts

log = logging.getLogger(__name__)

MOST_FAILURES = 5
"""Errors of one message before a person looks at it."""
MOST_DEATHS = 25
"""Claims of one message of which no end was heard. Most say nothing of the message: the machine
lost its power, or its processes were killed for another reason. So it is given up late."""
MOST_LOSSES = 2
"""Readings of one mail that ended with their process before a person looks at the document. One may
be the machine's doing: too little memory for a moment, or a load that made the reading too long."""
FAILED = "mail-failed"


class Deadly(Permanent):
    """Many processes ended while they worked on this message."""

    code = "deadly"


class Worker:
    """One who works on messages; ``name`` is what its claims bear."""

    def __init__(self, house: House, readers: Readers, name: str) -> None:
        self._house = house
        self._readers = readers
        self._name = name
        self._lane = ""
        self.at: str | None = None
        """The message that is being worked on now."""

    def run_due(self, limit: int = 10) -> int:
        """Work on messages that are due: the lanes in turn, the oldest of each; how many."""
        for done in range(limit):
            self.at = self._next()
            if self.at is None:
                return done
            try:
                attempt(self._house, self._readers.read, self.at, self._name)
            finally:
                self.at = None
        return limit

    def _next(self) -> str | None:
        now = self._house.now()
        with self._house.store.read() as tx:
            if not tx.messages.unfinished(now, 1):
                return None
        sort_waiting(self._house.desk)
        with self._house.store.write(beside=True) as tx:
            found = tx.messages.claim_next(self._name, now + CLAIM, now, self._lane)
            if found is not None:
                self._lane = tx.messages.lane(found)
        return found


def attempt(house: House, read: Read, message_id: str, worker: str = "") -> None:
    """One attempt at one message; a failure is kept with it, never lost.

    ``worker``: whose claim it bears; "" for one that nobody claimed.
    """
    with about(message=message_id):
        try:
            work(house, read, message_id)
        except Temporary as error:
            _again(house, message_id, worker, error)
        except Exception as error:
            log.exception("message %s could not be filed", message_id)
            _again(house, message_id, worker, error)


def work(house: House, read: Read, message_id: str) -> None:
    """Parse, describe, read, file."""
    with house.store.read() as tx:
        row = tx.messages.get(message_id)
        raw = tx.messages.raw(message_id)
    if row is None:
        return
    if row.attempts - row.failures > MOST_DEATHS:
        raise Deadly("whoever works on this message dies of it")
    trusted = believed(house, row.envelope)
    mail = limited(raw, house.desk.own_addresses, row.envelope.sender, trusted=trusted)
    mail = replace(mail, authentication=vouched(house, row.envelope, mail, raw))
    with house.store.write() as tx:
        tx.messages.describe(message_id, _facts(mail))
        twin = tx.messages.seen_fingerprint(mail.fingerprint, message_id)
    returned(house, mail)
    # The same mail by another way: filed (its documents are duplicates), but not answered again.
    incoming = incoming_of(mail, answered=twin is not None)
    incoming = decided(house, message_id, mail, row.envelope, incoming)
    file_mail(house.desk, message_id, incoming, _bounded(read, row.failures + 1))
    _log(house, message_id, mail.kind)


def _bounded(read: Read, attempt: int) -> Read:
    """``read``, which at a mail's last ``attempt`` of those gives a lost document to a person."""

    def reads(data: bytes, name: str) -> tuple[DocumentReading, ...]:
        try:
            return read(data, name)
        except ReaderLost:
            if attempt < MOST_LOSSES:
                raise
            log.exception("document of %d bytes is given to a person", len(data))
            return (LOST,)

    return reads


def _log(house: House, message_id: str, kind: str) -> None:
    """A line for each case that the message went to, under its number."""
    with house.store.read() as tx:
        placed = tx.messages.placements(message_id)
    cases = dict.fromkeys(one.case_no for one in placed if one.case_no)
    for case_no in cases:
        places = [one.place for one in placed if one.case_no == case_no]
        with about(case=case_no):
            log.info("filed: %s", ", ".join(places))
    if not cases:
        log.info("done: %s, of no case", kind)


def _facts(mail: Mail) -> MailFacts:
    return MailFacts(
        kind=mail.kind,
        from_name=mail.from_name,
        from_addr=mail.from_addr,
        reply_to=mail.reply_to,
        subject=mail.subject,
        rfc_message_id=mail.message_id,
        references=mail.references,
        may_reply=mail.may_reply,
        fingerprint=mail.fingerprint,
        text=mail.text[:10_000],
        authentication=mail.authentication,
    )


def incoming_of(mail: Mail, *, answered: bool = False) -> IncomingMail:
    """A parsed mail as casework sees it."""
    documents = tuple(
        IncomingDocument(
            ordinal, part.name, part.type, part.sha256, part.data, part.encrypted, part.role
        )
        for ordinal, part in enumerate(mail.attachments)
    )
    return IncomingMail(
        kind=mail.kind,
        from_addr=mail.from_addr,
        subject=mail.subject,
        text=mail.text,
        rfc_message_id=mail.message_id,
        references=mail.references,
        may_reply=mail.may_reply and not answered,
        documents=documents,
        problems=mail.problems,
        from_name=mail.from_name,
        reply_to=mail.reply_to,
        authentic=mail.authentication is not None and mail.authentication.authentic,
        links=tuple(link.name or link.url for link in mail.links),
    )


def _again(house: House, message_id: str, worker: str, error: Exception) -> None:
    """Try again later; after too many attempts a person looks at it."""
    now = house.now()
    with house.store.write() as tx:
        if not tx.messages.holds(message_id, worker):
            # Stopped for longer than its claim: another is at it, or has finished it.
            log.warning("message %s is another's by now", message_id)
            return
        row = tx.messages.get(message_id)
        failures = row.failures + 1 if row else 1
        said = f"{type(error).__name__}: {error}"
        if failures < MOST_FAILURES and not isinstance(error, Deadly):
            wait = timedelta(seconds=30 * 2**failures)
            tx.messages.failed(message_id, said, now + wait)
            tx.hints.add(MESSAGES, [message_id], wait)
            return
        text = _("邮件多次处理失败，请人工查看原件。").said()
        tx.tray.put(message_id, "", FAILED, text, now)
        tx.messages.failed(message_id, said, None)
