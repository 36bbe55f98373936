"""A mail is filed: every document ends in one place, an answer is due or rightly not.

`file_mail` may run again at any time without harm. Documents and readings are kept as they come;
placing, events, states, the receipt and "done" are one transaction at the end.
"""

from collections.abc import Callable

from casework.desk import Desk
from casework.incoming import IncomingDocument, IncomingMail, MailProblem
from procedure.readings import DocumentReading

__all__ = ["IncomingDocument", "IncomingMail", "MailProblem", "Read", "file_mail"]

Read = Callable[[bytes, str], tuple[DocumentReading, ...]]
"""(data, file name) → at least one reading, ``accepted`` not yet decided: `ocr.read_document`."""


def file_mail(desk: Desk, message_id: str, mail: IncomingMail, read: Read) -> None:
    """File a stored message's documents, intend its answer and mark it done.

    ``message_id`` is `store`'s. Nothing happens where the message is done already. Reading runs
    outside any transaction and is kept by content and reader version. Errors: `WrongUse` for an
    unknown message; `Temporary` of the reader is passed on and leaves the message unfinished.
    """
    raise NotImplementedError
