"""A mail is filed: every document ends in one place, an answer is due or rightly not.

`file_mail` may run again at any time without harm. Documents and readings are kept as they come;
placing, events, states, the receipt and "done" are one transaction at the end.
"""

from collections.abc import Callable, Sequence

from casework.bymail import import_mail, recognised
from casework.desk import Desk
from casework.incoming import IncomingDocument, IncomingMail, MailProblem
from casework.placing import Filing
from procedure.errors import WrongUse
from procedure.language import _
from procedure.readings import DocumentReading, Problem

__all__ = ["IncomingDocument", "IncomingMail", "MailProblem", "Read", "file_mail"]

Read = Callable[[bytes, str], tuple[DocumentReading, ...]]
"""(data, file name) → at least one reading, ``accepted`` not yet decided: `ocr.read_document`."""

UNFINISHED = "timeout"
"""Code of the problem of a document whose reading did not end."""
ENCRYPTED = DocumentReading(
    kind="other",
    problem=Problem("encrypted", _("文件设有密码，无法打开。请去掉密码后重新发送。").said()),
)


def file_mail(desk: Desk, message_id: str, mail: IncomingMail, read: Read) -> None:
    """File a stored message's documents, intend its answer and mark it done.

    ``message_id`` is `store`'s. Nothing happens where the message is done already. Reading runs
    outside any transaction and is kept by content and reader version. Errors: `WrongUse` for an
    unknown message; `Temporary` of the reader is passed on and leaves the message unfinished.
    """
    if _done(desk, message_id):
        return
    mail = recognised(desk, mail)
    _keep(desk, mail)
    by_mail = import_mail(desk, mail)
    readings = {
        document.ordinal: _readings(desk, document, read) if _to_read(mail, document) else ()
        for document in mail.documents
    }
    with desk.store.write() as tx:
        message = tx.messages.get(message_id)
        # Another worker may have been faster while this one read.
        if message is None or message.state == "done":
            return
        Filing(desk, tx, message, mail, readings, by_mail).run()
        tx.messages.done(message_id)


def _done(desk: Desk, message_id: str) -> bool:
    with desk.store.read() as tx:
        message = tx.messages.get(message_id)
    if message is None:
        raise WrongUse(f"no message {message_id!r}")
    return message.state == "done"


def _keep(desk: Desk, mail: IncomingMail) -> None:
    """Every file of the mail, read or not: each is placed somewhere, and a person may look."""
    for document in mail.documents:
        if document.data is not None:
            with desk.store.write() as tx:
                tx.documents.keep(document.data, document.type)


def _to_read(mail: IncomingMail, document: IncomingDocument) -> bool:
    """Logos and opened containers hold no form; registry files are no documents to recognise.

    A container that is locked could not be opened: it is a document nobody can read.
    """
    if mail.kind == "registry" or document.role == "decoration":
        return False
    return document.role == "document" or document.encrypted


def _readings(desk: Desk, document: IncomingDocument, read: Read) -> tuple[DocumentReading, ...]:
    """What was read of the document, now or at any time before by this version of the reader."""
    with desk.store.read() as tx:
        known = tx.documents.reading(document.sha256, desk.reader_version)
    if document.encrypted:
        # Before what is known: a locked member of an archive has no bytes, as an empty file has.
        return (ENCRYPTED,)
    if known is not None and not _unfinished(known):
        return tuple(known)
    found = read(_data(desk, document), document.name)
    if _unfinished(found):
        return found
    with desk.store.write() as tx:
        tx.documents.keep_reading(document.sha256, desk.reader_version, list(found))
    return found


def _unfinished(found: Sequence[DocumentReading]) -> bool:
    """Whether the reading did not end: which says nothing of the document when it comes again."""
    return any(one.problem is not None and one.problem.code == UNFINISHED for one in found)


def _data(desk: Desk, document: IncomingDocument) -> bytes:
    if document.data is not None:
        return document.data
    with desk.store.read() as tx:
        return tx.documents.data(document.sha256)
