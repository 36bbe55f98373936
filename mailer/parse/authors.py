"""Who wrote a mail and who wants its answer: one of each, or nobody."""

from dataclasses import dataclass
from email.message import Message

from mailer.mail import MailProblem
from mailer.parse import headers
from mailer.parse.structure import header_all
from procedure.language import _

UNCLEAR = MailProblem(
    "sender-unclear", _("邮件没有唯一的发件人地址，无法自动回复，工作人员将人工查看。").said()
)


@dataclass(frozen=True)
class Author:
    """``address`` and ``reply_to`` are "" where there is none, or more than one."""

    name: str
    address: str
    reply_to: str = ""
    unsure: bool = False
    """Several are named: an answer might go to the wrong one."""


def author(message: Message, envelope_from: str | None) -> Author:
    """What From and Reply-To say together.

    Several From headers, or several mailboxes in one, show one author to one reader and another to
    the next: none of them is trusted. One that is hidden in an encoded-word counts only where the
    envelope names the same.
    """
    raw = b", ".join(header_all(message, "From"))
    name, address = headers.address(raw)
    several = len(headers.addresses(raw)) > 1
    if not address and not several:
        concealed = headers.hidden(raw)
        address = concealed if concealed == (envelope_from or "").lower() else ""
    wanted = headers.addresses(b", ".join(header_all(message, "Reply-To")))
    if len(wanted) == 1:
        return Author(name, address, wanted[0], several)
    # Of several who want the answer the author himself is one that may have it.
    return Author(name, address, "", several or (len(wanted) > 1 and address not in wanted))
