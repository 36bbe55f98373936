"""Raw mails as the mail programs of QQ, 163 and Outlook write them (RFC 5322, 2045-2047, 2231).

Written by hand on purpose: the standard library would write them too well.
"""

import base64
import quopri
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Literal
from urllib.parse import quote

Flavour = Literal["qq", "163", "outlook"]
_CHARSETS: dict[Flavour, str] = {"qq": "gb18030", "163": "GBK", "outlook": "utf-8"}
_MAILERS: dict[Flavour, str] = {
    "qq": "X-QQ-mid: webmail001t1637890000t0000001\r\nX-Mailer: QQMail 2.x",
    "163": "X-Mailer: Coremail Webmail Server Version XT5.0.13\r\nX-CM-TRANSID: 00example00",
    "outlook": "X-Mailer: Microsoft Outlook 16.0\r\nThread-Index: AdEXAMPLE0000000000000==",
}


@dataclass(frozen=True)
class Enclosure:
    """An attachment; ``content_id`` for a picture inside the HTML."""

    name: str
    type: str
    data: bytes
    content_id: str = ""


@dataclass(frozen=True)
class Draft:
    """A mail before it is written down."""

    flavour: Flavour
    sender: str
    sender_name: str
    to: str
    subject: str
    text: str
    at: datetime
    message_id: str
    files: Sequence[Enclosure] = ()
    headers: Sequence[str] = ()
    """Further header lines, ready to write."""
    in_reply_to: str = field(default="")


def write(draft: Draft) -> bytes:
    """The mail's bytes with CRLF; the same draft gives the same bytes."""
    charset = _CHARSETS[draft.flavour]
    head = [
        f"From: {_words(draft.sender_name, charset)} <{draft.sender}>",
        f"To: <{draft.to}>",
        f"Subject: {_words(draft.subject, charset)}",
        f"Date: {format_datetime(draft.at)}",
        f"Message-ID: <{draft.message_id}>",
        "MIME-Version: 1.0",
        *_MAILERS[draft.flavour].split("\r\n"),
        *draft.headers,
    ]
    if draft.in_reply_to:
        head += [f"In-Reply-To: <{draft.in_reply_to}>", f"References: <{draft.in_reply_to}>"]
    body = _alternative(draft, charset)
    if draft.files:
        body = _multipart("mixed", "M", [body, *(_file(draft, one) for one in draft.files)])
    return ("\r\n".join(head) + "\r\n" + body).encode("ascii")


def _words(text: str, charset: str) -> str:
    """RFC 2047 encoded-words, cut inside characters as QQ and 163 cut them."""
    if text.isascii():
        return text
    coded = text.encode(charset)
    parts = [coded[start : start + 45] for start in range(0, len(coded), 45)]
    return "\r\n ".join(f"=?{charset}?B?{base64.b64encode(part).decode()}?=" for part in parts)


def _alternative(draft: Draft, charset: str) -> str:
    paragraphs = "".join(f"<div>{line or '<br>'}</div>" for line in draft.text.split("\n"))
    html = f"<html><body>{paragraphs}</body></html>"
    parts = [_text("plain", draft.text, charset, draft), _text("html", html, charset, draft)]
    return _multipart("alternative", "A", parts)


def _text(kind: str, text: str, charset: str, draft: Draft) -> str:
    coded = text.replace("\n", "\r\n").encode(charset)
    head = f'Content-Type: text/{kind}; charset="{charset}"\r\n'
    if draft.flavour == "outlook":
        body = quopri.encodestring(coded).decode("ascii").replace("\r\n", "\n")
        body = body.replace("\n", "\r\n")
        return f"{head}Content-Transfer-Encoding: quoted-printable\r\n\r\n{body}\r\n"
    return f"{head}Content-Transfer-Encoding: base64\r\n\r\n{_lines(coded)}"


def _file(draft: Draft, file: Enclosure) -> str:
    names = _names(draft.flavour, file.name)
    kind = "inline" if file.content_id else "attachment"
    head = f"Content-Type: {file.type};\r\n {names[0]}\r\n"
    head += f"Content-Disposition: {kind};\r\n {names[1]}\r\n"
    if file.content_id:
        head += f"Content-ID: <{file.content_id}>\r\n"
    return f"{head}Content-Transfer-Encoding: base64\r\n\r\n{_lines(file.data)}"


def _names(flavour: Flavour, name: str) -> tuple[str, str]:
    """How each program says a file's name: encoded-words in quotes, or RFC 2231."""
    if flavour == "outlook":
        coded = quote(name, safe="")
        return f"name*=utf-8''{coded}", f"filename*=utf-8''{coded}"
    words = _words(name, _CHARSETS[flavour])
    return f'name="{words}"', f'filename="{words}"'


def _multipart(kind: str, mark: str, parts: Sequence[str]) -> str:
    boundary = f"----=_NextPart_{mark}_000_0001_EXAMPLE"
    body = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    return (
        f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n\r\n{body}--{boundary}--\r\n'
    )


def _lines(data: bytes) -> str:
    return base64.encodebytes(data).decode("ascii").replace("\n", "\r\n")
