"""What a door hands to the command core and gets back; no chat system is known here."""

from dataclasses import dataclass
from typing import Literal

from store.rows import Person

ChatKind = Literal["private", "group"]


@dataclass(frozen=True)
class Ask:
    """One thing that a person sent or tapped, as any door sees it."""

    channel: str
    """``telegram``, ``terminal``, …: together with ``channel_user`` it names an account."""
    channel_user: str
    text: str = ""
    chat: ChatKind = "private"
    reference: str = ""
    """Data of the button that was tapped, "" for a typed message. Untrusted."""
    quoted: str = ""
    """Text of *our own* message that bears the button or that is replied to.

    A door passes it only where the chat system vouches that the message is ours and unchanged.
    """
    person: Person | None = None
    """Set by a door that knows who it is (a terminal); else the account's bound person counts."""


@dataclass(frozen=True)
class Button:
    """A button; ``reference`` says what it is about and never holds a decision (≤ 64 bytes)."""

    label: str
    reference: str


@dataclass(frozen=True)
class File:
    """A file to send after the text."""

    name: str
    type: str
    data: bytes
    picture: bool = False
    """Shown in the chat itself rather than to be opened."""


@dataclass(frozen=True)
class Reply:
    """What is said back: plain text, rows of buttons, files. Empty text: say nothing."""

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    files: tuple[File, ...] = ()
    replaces: bool = False
    """After a tap: stands in the place of the message with the button, so it cannot be tapped."""
    wants_answer: bool = False
    """The chat may open a reply to this message (Telegram: ForceReply)."""


SILENCE = Reply("")
