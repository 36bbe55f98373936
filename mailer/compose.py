"""A dressed letter as a message: threads, file names for every client, the same bytes always."""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.header import Header
from email.utils import encode_rfc2231, format_datetime, formataddr

from procedure.clock import beijing
from procedure.dressed import Attachment, Dressed
from procedure.errors import BadInput
from procedure.facts import (
    LetterIntent,
)
from procedure.language import _

WIDTH = 76
AUTOMATIC = frozenset(
    {"weekly", "daily", "national", "reminder", "notice", "task", "progress", "correction", "lapse"}
)
"""Kinds that answer no mail: RFC 3834 §5 ``auto-generated``; the others are ``auto-replied``."""


def message_id(key: str, domain: str) -> str:
    """The Message-ID of the letter with this key: always the same."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


Pieces = Iterator[bytes]
"""Of a message, in their order."""


def compose(dressed: Dressed, intent: LetterIntent, sender: tuple[str, str], sent: datetime,
            domain: str) -> Pieces:  # fmt: skip
    """The message's bytes piece by piece, CRLF line ends, 7-bit: a large attachment stands once.

    ``sender``: (display name, address). Raises `BadInput` for an address with a line break.
    """
    seed = intent.key
    headers = _headers(dressed, intent, sender, sent, domain)
    inline = [file for file in dressed.attachments if file.inline_id]
    files = [file for file in dressed.attachments if not file.inline_id]
    page = _text("html", dressed.html)
    if inline:
        page = _multipart("related", seed, [page, *map(_file, inline)])
    body = _multipart("alternative", seed, [_text("plain", dressed.text), page])
    if files:
        body = _multipart("mixed", seed, [body, *map(_file, files)])
    yield from (f"{name}: {value}\r\n".encode("ascii") for name, value in headers)
    yield b"MIME-Version: 1.0\r\n"
    yield from body


def _headers(
    dressed: Dressed, intent: LetterIntent, sender: tuple[str, str], sent: datetime, domain: str
) -> list[tuple[str, str]]:
    automatic = "auto-generated" if intent.kind in AUTOMATIC else "auto-replied"
    headers = [
        ("From", _address(*sender)),
        ("To", ", ".join(_address("", one) for one in intent.to)),
        ("Subject", _words("Subject", dressed.subject)),
        ("Date", format_datetime(beijing(sent))),
        ("Message-ID", message_id(intent.key, domain)),
        ("Auto-Submitted", automatic),
        ("X-Auto-Response-Suppress", "All"),
    ]
    if intent.cc:
        headers.insert(2, ("Cc", ", ".join(_address("", one) for one in intent.cc)))
    if intent.reply_to:
        headers.insert(2, ("Reply-To", _address("", intent.reply_to)))
    return headers + _thread(intent)


def _thread(intent: LetterIntent) -> list[tuple[str, str]]:
    """RFC 5322 §3.6.4: what is answered, and all before it."""
    thread = intent.thread
    if not thread.in_reply_to:
        return []
    chain = dict.fromkeys((*thread.references, thread.in_reply_to))
    return [
        ("In-Reply-To", _plain(thread.in_reply_to)),
        ("References", "\r\n ".join(_plain(one) for one in list(chain)[-20:])),
    ]


def _plain(value: str) -> str:
    """A message id as a header may hold it: nothing a sender wrote can end the line."""
    return "".join(char for char in value if "!" <= char <= "~")


def _address(name: str, address: str) -> str:
    if any(char in address for char in "\r\n,;<> ") or "@" not in address:
        raise BadInput(f"{address!r} is no mail address", user_message=_("邮件地址有误。").said())
    if not address.isascii():
        raise BadInput(f"{address!r} needs SMTPUTF8, which the relay may lack")
    name = " ".join(name.split())
    if name.isascii():
        # What has a comma or a bracket in it is quoted (RFC 5322 section 3.2.4).
        return formataddr((name, address))
    return f"{_words('From', name)} <{address}>"


def _words(header: str, text: str) -> str:
    clean = " ".join(text.split())
    if clean.isascii():
        return clean
    return Header(clean, "utf-8", maxlinelen=WIDTH, header_name=header).encode(linesep="\r\n")


def _text(kind: str, text: str) -> Pieces:
    data = text.replace("\r\n", "\n").replace("\n", "\r\n").encode()
    yield (
        f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    ).encode("ascii")
    yield from _base64(data)


def _file(file: Attachment) -> Pieces:
    place = "inline" if file.inline_id else "attachment"
    lines = [
        f"Content-Type: {file.type};\r\n {_name('name', file.name)}",
        "Content-Transfer-Encoding: base64",
        f"Content-Disposition: {place};\r\n {_name('filename', file.name)}",
    ]
    if file.inline_id:
        lines.append(f"Content-ID: <{_plain(file.inline_id)}>")
    yield ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")
    yield from map(_lines, file.pieces(LINES))


def _name(parameter: str, name: str) -> str:
    """Some QQ clients know encoded-words only, others RFC 2231 only: both are written."""
    clean = " ".join(name.split()).replace('"', "'").replace("\\", "_")
    if clean.isascii():
        return f'{parameter}="{clean}"'
    old = Header(clean, "utf-8", maxlinelen=WIDTH).encode(linesep="\r\n ")
    return f'{parameter}="{old}";\r\n {parameter}*={encode_rfc2231(clean, "utf-8")}'


def _multipart(kind: str, seed: str, parts: Sequence[Pieces]) -> Pieces:
    """Boundaries derived from the letter: base64 bodies cannot hold them."""
    boundary = "=_" + hashlib.sha256(f"{kind}\n{seed}".encode()).hexdigest()[:40]
    yield f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n\r\n'.encode("ascii")
    for part in parts:
        yield f"--{boundary}\r\n".encode("ascii")
        yield from part
        yield b"\r\n"
    yield f"--{boundary}--\r\n".encode("ascii")


LINES = 57 * 1024
"""Bytes that are encoded together: whole lines of RFC 2045 §6.8, whose 76 characters bear 57."""


def _base64(data: bytes) -> Pieces:
    for first in range(0, len(data), LINES):
        yield _lines(data[first : first + LINES])


def _lines(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")
