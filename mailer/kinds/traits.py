"""What the filters look at: headers, words and file names, never the documents themselves."""

from dataclasses import dataclass
from email.message import Message

from mailer.mail import Part


@dataclass(frozen=True)
class Traits:
    """One mail as the filters see it."""

    message: Message
    from_addr: str
    subject: str
    text: str
    parts: tuple[Part, ...]
    own: frozenset[str]
    envelope_from: str | None

    def header(self, name: str) -> str:
        """A header in lower case, stripped; "" where it is missing."""
        return str(self.message.get(name, "")).strip().lower()

    @property
    def names(self) -> str:
        """All file names, a line each."""
        return "\n".join(part.name for part in self.parts if part.role != "decoration")

    @property
    def words(self) -> str:
        """Subject, file names and the beginning of the text."""
        return f"{self.subject}\n{self.names}\n{self.text[:4000]}"

    @property
    def files(self) -> bool:
        """Whether it brings a file that may be a document."""
        return any(part.role != "decoration" for part in self.parts)

    @property
    def null_sender(self) -> bool:
        """RFC 5321 §4.5.5: what has no return path must not be answered."""
        path = self.header("Return-Path")
        return self.envelope_from == "" or path == "<>"
