"""A mail as parsed: what it is, who wrote it, what it says, which files it brings."""

from dataclasses import dataclass
from typing import Any, Literal

from casework.incoming import MailKind, MailProblem
from procedure.sender import Authentication

__all__ = ["Authentication", "Link", "Mail", "MailKind", "MailProblem", "Part", "Role"]

Role = Literal["document", "decoration", "container"]


@dataclass(frozen=True)
class Part:
    """A part that bears a file. ``inside`` names the containers around it, outermost first."""

    name: str
    """Base name only; made from the type where the mail gives none."""
    type: str
    """MIME type by content."""
    data: bytes
    sha256: str
    encrypted: bool = False
    inside: tuple[str, ...] = ()
    role: Role = "document"


@dataclass(frozen=True)
class Link:
    """A large attachment that was left on a provider's server."""

    name: str
    url: str


@dataclass(frozen=True)
class Bounce:
    """What became of a letter to one address."""

    address: str
    """Lower case."""
    state: str
    """``gone``: the address is no good; ``failed``: this letter was refused; ``later``: it waits
    on its way; ``arrived``."""
    status: str = ""
    """RFC 3463, such as 5.1.1; "" where it is not told."""
    said: str = ""
    """The other server's words."""


@dataclass(frozen=True)
class Report:
    """What a bounce says, and the Message-IDs of what it says it of."""

    bounces: tuple[Bounce, ...] = ()
    message_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mail:
    """One message. Addresses are lower case; "" and () stand for what it lacks."""

    kind: MailKind
    from_name: str = ""
    from_addr: str = ""
    reply_to: str = ""
    subject: str = ""
    text: str = ""
    message_id: str = ""
    references: tuple[str, ...] = ()
    date: str = ""
    """The Date header as it stands: evidence, not a time to rely on."""
    may_reply: bool = False
    attachments: tuple[Part, ...] = ()
    links: tuple[Link, ...] = ()
    problems: tuple[MailProblem, ...] = ()
    fingerprint: str = ""
    """SHA-256 of what the sender wrote, without what servers added on the way."""

    authentication: Authentication | None = None
    """Evidence of who wrote it; None where nothing that is trusted says anything."""
    report: Report | None = None
    """Of a bounce alone."""
    addressed: tuple[str, ...] = ()
    """Addresses, lower case, that the headers say it was sent or delivered to."""

    @property
    def sender(self) -> str:
        """``name <address>``, decoded."""
        return f"{self.from_name} <{self.from_addr}>" if self.from_name else f"<{self.from_addr}>"

    def to_json(self, file: str, sha256: str, seconds: float) -> dict[str, Any]:
        """The object of `clerk mail --json`."""
        return {
            "file": file,
            "sha256": sha256,
            "seconds": round(seconds, 3),
            "kind": self.kind,
            "from": self.sender,
            "subject": self.subject,
            "text": self.text,
            "may_reply": self.may_reply,
            "attachments": [_attachment(part) for part in self.attachments],
            "links": [{"name": link.name, "url": link.url} for link in self.links],
            "problems": [{"code": p.code, "message": p.message} for p in self.problems],
        }


def _attachment(part: Part) -> dict[str, Any]:
    return {
        "name": part.name,
        "type": part.type,
        "size": len(part.data),
        "sha256": part.sha256,
        "encrypted": part.encrypted,
        "inside": list(part.inside),
    }
