"""What the filters look at: headers, words and file names, never the documents themselves."""

import re
from dataclasses import dataclass
from email.message import Message

from mailer.mail import Part

QUOTE = re.compile(
    r"^(?:>|-{2,}.{0,20}(?:原始邮件|Original Message|回复的原邮件|转发邮件).{0,20}-{2,}"
    r"|(?:发件人|From)\s*[:：].{0,200}$|在.{0,80}写道[:：]|On .{0,120} wrote:)",
    re.IGNORECASE | re.MULTILINE,
)
"""Where QQ, 163, Outlook and others begin to quote."""


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
    reply_to: str = ""
    """Where the writer wants answers, "" for ``from_addr``."""
    unsure: bool = False
    """Its headers name several who might have written it, or want the answer."""

    def header(self, name: str) -> str:
        """A header in lower case, stripped; "" where it is missing."""
        return str(self.message.get(name, "")).strip().lower()

    @property
    def report(self) -> str:
        """What a multipart/report reports (RFC 6522), "" for any other mail."""
        content = self.header("Content-Type")
        if not content.startswith("multipart/report"):
            return ""
        found = re.search(r"report-type\s*=\s*[\"\']?([a-z-]+)", content)
        return found[1] if found else "unknown"

    @property
    def answer_to(self) -> str:
        """The address that an answer would go to."""
        return self.reply_to or self.from_addr

    @property
    def names(self) -> str:
        """All file names, a line each."""
        return "\n".join(part.name for part in self.parts if part.role != "decoration")

    @property
    def words(self) -> str:
        """Subject, file names and the beginning of the text."""
        return f"{self.subject}\n{self.names}\n{self.text[:4000]}"

    @property
    def own_text(self) -> str:
        """The beginning of the text, without the mail that is quoted below it."""
        return QUOTE.split(self.text[:20_000], maxsplit=1)[0][:4000]

    @property
    def files(self) -> bool:
        """Whether it brings a file that may be a document."""
        return any(part.role != "decoration" for part in self.parts)

    @property
    def null_sender(self) -> bool:
        """RFC 5321 §4.5.5: what has no return path must not be answered."""
        path = self.header("Return-Path")
        return self.envelope_from in ("", "<>") or path == "<>"
