"""A mail as casework sees it: what `clerk` makes of a parsed one. No header, no MIME."""

from dataclasses import dataclass, field
from typing import Literal

from procedure.language import Words

MailKind = Literal[
    "application",
    "cancellation",
    "registry",
    "question",
    "command",
    "auto_reply",
    "bounce",
    "list",
    "other",
]


@dataclass(frozen=True)
class IncomingDocument:
    """A file of the mail, containers opened."""

    ordinal: int
    """Its place among the mail's files, from 0."""
    name: str
    type: str
    """MIME type by content."""
    sha256: str
    data: bytes | None = None
    """Its bytes, or None where `store` holds them already."""
    encrypted: bool = False
    role: Literal["document", "decoration", "container"] = "document"


@dataclass(frozen=True)
class MailProblem:
    """What is wrong with the mail as a whole; ``message`` is Chinese and may go to the sender."""

    code: str
    message: Words


@dataclass(frozen=True)
class Commanded:
    """What became of the decisions in a mail, for its answer and the tray."""

    lines: tuple[str, ...] = ()
    """For the one who decided, in their language: may hold what only they may see."""
    to: str = ""
    """The registered address that ``lines`` go to, whatever the mail asks for."""
    waiting: str = ""
    """Chinese: why a person has to look; "" where nothing is left to do."""
    locale: str = ""
    """Of ``lines``; "" for the installation's."""
    asked: bool = False
    """Whether it only asked to see something; then ``lines`` are what a chat would have said."""


@dataclass(frozen=True)
class IncomingMail:
    """One message, decoded."""

    kind: MailKind
    from_addr: str
    subject: str = ""
    text: str = ""
    rfc_message_id: str = ""
    references: tuple[str, ...] = ()
    may_reply: bool = True
    documents: tuple[IncomingDocument, ...] = ()
    problems: tuple[MailProblem, ...] = ()
    from_name: str = ""
    reply_to: str = ""
    """Where answers go; "" for ``from_addr``."""
    authentic: bool = False
    """Somebody trusted stands for ``from_addr`` (`procedure.sender`)."""
    commanded: Commanded | None = None
    """Of a mailed decision; None for one that nobody looked at."""
    links: tuple[str, ...] = field(default=())
    """File names or addresses of linked large attachments, which cannot be fetched."""

    @property
    def answer_to(self) -> str:
        """The address that an answer would go to, lower case."""
        return (self.reply_to or self.from_addr).strip().lower()
