"""A letter as it is said: its text and its files."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from procedure.packed import PackedBytes


@dataclass(frozen=True)
class Attachment:
    """A file of a letter."""

    name: str
    type: str
    data: bytes | PackedBytes
    inline_id: str = ""
    """Content-ID for an inline picture, "" for a file."""

    @property
    def sha256(self) -> str:
        """Of its bytes, in hexadecimal."""
        if isinstance(self.data, PackedBytes):
            return self.data.sha256
        return hashlib.sha256(self.data).hexdigest()

    def pieces(self, size: int) -> Iterator[bytes]:
        """Its bytes, ``size`` at a time."""
        if isinstance(self.data, PackedBytes):
            return self.data.pieces(size)
        data = self.data
        return (data[first : first + size] for first in range(0, len(data), size))

    def content(self) -> bytes:
        """All of its bytes."""
        data = self.data
        return data if isinstance(data, bytes) else b"".join(data.pieces(1 << 16))


@dataclass(frozen=True)
class Dressed:
    """A letter's text, ready for a mail or a chat."""

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
