"""What the torture mails are built of: bytes, joined by hand, no library writes them wrong."""

import base64
import quopri
from dataclasses import dataclass

OWN = frozenset({"clerk@office.example"})
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\n" + b"x" * 200 + b"\n%%EOF\n"
B64 = base64.encodebytes(PDF)
FORM = "CCER抵销配额清缴申请表.pdf"
SUBJECT = "河北示例一电力有限公司CCER抵销配额清缴申请表"
PERSON = b"zhang@firm.example"


@dataclass(frozen=True)
class Case:
    """One mail and its truth; None where nothing is claimed."""

    name: str
    raw: bytes
    kind: str = "application"
    answered: bool = True
    subject: str | None = SUBJECT
    files: tuple[str, ...] | None = (FORM,)
    """Every part that bears a file, containers too, in order."""
    whole: tuple[str, ...] = ()
    """Files whose bytes are `PDF`."""
    text: str | None = None
    """Stands somewhere in the text."""
    problems: tuple[str, ...] = ()
    """Codes that must be there."""
    envelope_from: str | None = "zhang@firm.example"
    from_addr: str | None = None


def word(data: bytes, charset: str, encoding: str = "B") -> bytes:
    """One encoded-word."""
    if encoding in "bB":
        body = base64.b64encode(data)
    else:
        soft = quopri.encodestring(data, header=True)
        body = soft.replace(b"=\n", b"").replace(b"?", b"=3F")
    return b"=?" + charset.encode() + b"?" + encoding.encode() + b"?" + body + b"?="


def words(text: str) -> bytes:
    """An ordinary encoded-word."""
    return word(text.encode(), "utf-8")


def cut(
    data: bytes, charset: str, size: int, between: bytes = b"\r\n ", encoding: str = "B"
) -> bytes:
    """Words of ``size`` bytes each, whatever characters they cut."""
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    return between.join(word(piece, charset, encoding) for piece in pieces)


def percent(data: bytes) -> bytes:
    """Percent-encoded, every byte."""
    return b"".join(b"%%%02X" % byte for byte in data)


def part(*heads: bytes, body: bytes = B64) -> bytes:
    """A part; one that is encoded says so itself."""
    return b"\r\n".join(heads) + b"\r\n\r\n" + body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def file(disposition: bytes, kind: bytes = b"application/octet-stream", data: bytes = PDF) -> bytes:
    """An attachment in base64."""
    heads = [b"Content-Type: " + kind, b"Content-Transfer-Encoding: base64"]
    if disposition:
        heads.append(b"Content-Disposition: " + disposition)
    return part(*heads, body=base64.encodebytes(data))


def named(name: str, data: bytes = PDF) -> bytes:
    """An attachment as an honest client writes it."""
    return file(b'attachment; filename="' + words(name) + b'"', data=data)


def text(content: str, charset: str = "utf-8", encode: str = "") -> bytes:
    """The words of a mail, 8-bit."""
    head = b"Content-Type: text/plain; charset=" + charset.encode()
    return part(head, b"Content-Transfer-Encoding: 8bit", body=content.encode(encode or charset))


def mixed(*parts: bytes, boundary: bytes = b"=_B") -> bytes:
    """The header and body of a multipart/mixed."""
    inner = b"".join(b"--" + boundary + b"\r\n" + one + b"\r\n" for one in parts)
    head = b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\r\n\r\n'
    return head + inner + b"--" + boundary + b"--\r\n"


def mail(
    *heads: bytes, subject: bytes | str = SUBJECT, sender: bytes = PERSON, body: bytes = b"",
    parts: tuple[bytes, ...] = (), said: str = "您好，请查收。",
) -> bytes:  # fmt: skip
    """A whole mail; ``body`` stands for header and body of its own content."""
    line = words(subject) if isinstance(subject, str) else subject
    first = [b"From: " + sender, b"To: clerk@office.example", b"Subject: " + line, *heads]
    first.append(b"Date: Fri, 26 Nov 2021 09:00:00 +0800")
    content = body or mixed(text(said), *parts)
    return b"\r\n".join(first) + b"\r\nMIME-Version: 1.0\r\n" + content


def form(*heads: bytes, subject: bytes | str = SUBJECT, sender: bytes = PERSON) -> bytes:
    """A mail with the application form in it."""
    return mail(*heads, subject=subject, sender=sender, parts=(named(FORM),))


def said(subject: str, content: str, *heads: bytes, sender: bytes = PERSON) -> bytes:
    """A mail of words only."""
    return mail(*heads, subject=subject, sender=sender, body=text(content))
