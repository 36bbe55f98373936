"""A message's parts, within limits: text, HTML, and every part that bears a file.

`email` with ``compat32`` is asked for the structure only; it never decodes a header here. What a
part is, its bytes say, not its label.
"""

import binascii
import copy
import email.policy
import hashlib
import io
import re
from dataclasses import dataclass, field, replace
from email.feedparser import BytesFeedParser
from email.generator import BytesGenerator
from email.message import Message

from mailer.mail import Link, MailProblem, Part, Role
from mailer.parse import archives, coded, headers, repair, tnef
from mailer.parse.content import APPLE_FORK, CLOSED, made_name, type_of
from mailer.parse.limits import MOST_BYTES, Locked, Member, TooLarge
from mailer.parse.texts import decode, printable
from procedure.language import _

MOST_DEPTH = 50
MOST_PARTS = 1000
MOST_TEXT = 1024 * 1024
"""Characters of a body that are kept."""
PIECE = 64 * 1024
MOST_PROBLEMS = 20
MOST_NESTED = 8
"""Containers within containers: archives, mails, winmail.dat."""
TNEF = "application/ms-tnef"
MAIL = "message/rfc822"
CONTAINERS = (*archives.OPENERS, TNEF, MAIL)
JUNK = re.compile(r"(?:^|/)__MACOSX/|(?:^|/)(?:\.DS_Store|Thumbs\.db|desktop\.ini)$", re.I)
"""What a Mac or Windows puts into archives beside the files."""
INLINED = re.compile(rb"data:image/[\w.+-]{1,20};base64,([A-Za-z0-9+/=\s]{200,})", re.I)
"""RFC 2397: a picture that stands in the HTML itself."""
NAMED = re.compile(r"\S\.[A-Za-z0-9]{2,5}$")

TOO_COMPLEX = MailProblem(
    "too-complex", _("邮件结构过于复杂，部分内容未能打开。请直接以附件发送文件。").said()
)
UNSUPPORTED = MailProblem(
    "unsupported-archive",
    _("附件的压缩格式无法打开。请改用 zip 格式，或直接以附件发送文件。").said(),
)
CLOSED_MAIL = MailProblem(
    "encrypted",
    _(
        "邮件或附件经 S/MIME 或 PGP 加密（或封装），无法打开。请改用普通邮件，直接以附件发送文件。"
    ).said(),
)


@dataclass
class Found:
    """What a walk through a message collects."""

    passwords: tuple[str, ...] = ()
    """To try on locked archives."""
    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    """Words of a winmail.dat, for a mail that has no others."""
    parts: list[Part] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    problems: list[MailProblem] = field(default_factory=list)
    cids: dict[str, int] = field(default_factory=dict)
    """Content-ID → index in ``parts``."""
    seen: int = 0
    unpacked: int = 0

    def problem(self, problem: MailProblem) -> None:
        """Note a problem once, and no endless list of them."""
        if problem not in self.problems and len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)


def message_of(raw: bytes) -> Message:
    """The message's structure; what is broken in its headers is mended first."""
    return _message(repair.mended(raw))


def _message(raw: bytes) -> Message:
    """In pieces: `email.message_from_bytes` takes eight times the mail's size in memory."""
    parser = BytesFeedParser(policy=email.policy.compat32)
    for at in range(0, len(raw), PIECE):
        parser.feed(raw[at : at + PIECE])
    return parser.close()


def header(message: Message, name: str) -> bytes:
    """A header's raw bytes, b"" where it is missing; of a doubled header the first one."""
    return next(iter(header_all(message, name)), b"")


def header_all(message: Message, name: str) -> list[bytes]:
    """All headers of that name, as raw bytes."""
    wanted = name.lower()
    # `get` would replace raw 8-bit bytes; the stored value keeps them as surrogates.
    found = (value for key, value in message.raw_items() if key.lower() == wanted)
    return [str(value).encode("utf-8", "surrogateescape") for value in found]


def walk(message: Message, found: Found, inside: tuple[str, ...] = (), depth: int = 0) -> None:
    """Collect every text and file of ``message``."""
    found.seen += 1
    if depth > MOST_DEPTH or found.seen > MOST_PARTS:
        found.problem(TOO_COMPLEX)
        return
    if message.is_multipart():
        _container(message, found, inside, depth)
    elif message.get_content_maintype() == "multipart" and (other := _parted(message)):
        _container(other, found, inside, depth)
    else:
        _leaf(message, found, inside)


def undecoded(message: Message) -> str:
    """A part's text before its transfer encoding is undone; what a multipart has instead, as text.

    The library looks its charset up for that, and is asked again without where it cannot: a label
    with a NUL is a ValueError to it, one of RFC 2231 (charset*=utf-8''gbk) a TypeError.
    """
    try:
        return str(message.get_payload())
    except (ValueError, TypeError):
        plain = copy.copy(message)
        del plain["Content-Type"]
        return str(plain.get_payload())


def raw_body(message: Message) -> bytes:
    """What stands below a part's headers, byte for byte; b"" of one that has parts."""
    plain = copy.copy(message)
    # With it the library would decode; without `decode` it would replace 8-bit bytes.
    del plain["Content-Transfer-Encoding"]
    body = plain.get_payload(decode=True)
    return body if isinstance(body, bytes) else b""


class _Whole(BytesGenerator):
    """Writes headers as they came, which the library would fold anew (it refuses a line in one that
    looks like a header), and a multipart without parts (its boundary is another one) with its 8-bit
    bytes, which the library replaces first and cannot write then."""

    def _write_headers(self, message: Message) -> None:
        for name, value in message.raw_items():
            self.write(f"{name}: {value}{self._NL}")  # type: ignore[attr-defined]
        self.write(self._NL)  # type: ignore[attr-defined]

    def _handle_multipart(self, message: Message) -> None:
        if message.is_multipart():
            super()._handle_multipart(message)  # type: ignore[misc]
        else:
            self.write(raw_body(message).decode("ascii", "surrogateescape"))


def _whole(message: Message) -> bytes:
    """A forwarded mail as a mail of its own."""
    out = io.BytesIO()
    _Whole(out, mangle_from_=False).flatten(message)
    return out.getvalue()


def _parted(message: Message) -> Message | None:
    """A multipart whose header lacks its boundary or names another one, or that is encoded as a
    whole (against RFC 2045 section 6.4); None without any."""
    body = _payload(message) if _coded(message) else raw_body(message)
    boundary = repair.boundary(body)
    if not boundary:
        return None
    head = b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\r\n\r\n'
    found = _message(head + body)
    return found if found.is_multipart() else None


def _container(message: Message, found: Found, inside: tuple[str, ...], depth: int) -> None:
    children = [part for part in message.get_payload() if isinstance(part, Message)]
    if message.get_content_type() == MAIL and children:
        if _coded(message):
            # Against RFC 2046 section 5.2.1, and written all the same.
            _leaf(message, found, inside, _payload(message, undecoded(children[0])))
            return
        name = _forwarded(message, children[0], found, inside)
        inside = (*inside, name)
    for child in children[: MOST_PARTS + 1]:
        walk(child, found, inside, depth + 1)


def _coded(message: Message) -> bool:
    return _encoding(message) in ("base64", "quotedprintable", "qp")


def _forwarded(message: Message, child: Message, found: Found, inside: tuple[str, ...]) -> str:
    """A forwarded mail is a container: its name."""
    name = _name(message, MAIL, found)
    data = _whole(child)
    sha256 = hashlib.sha256(data).hexdigest()
    found.parts.append(Part(name, MAIL, data, sha256, inside=inside, role="container"))
    return name


def _leaf(
    message: Message, found: Found, inside: tuple[str, ...], data: bytes | None = None
) -> None:
    data = _payload(message) if data is None else data
    name = _given(message)
    declared = message.get_content_type()
    attached = header(message, "Content-Disposition").strip().lower().startswith(b"attachment")
    if declared in ("text/plain", "text/html") and not name and not attached:
        if type_of(data[:2000]) == "application/octet-stream":
            _body(message, data, declared, found, inside)
            return
    elif not data and not name and not attached:
        return
    mime = type_of(data, name, declared)
    content_id = header(message, "Content-ID").decode("ascii", "replace").strip("<> \r\n")
    add_file(found, name, mime, data, inside, content_id)


def _given(message: Message) -> str:
    """The name that the part bears, in whichever header."""
    disposition, kind = header(message, "Content-Disposition"), header(message, "Content-Type")
    name = headers.file_name(disposition, kind)
    if not name:
        described = headers.text(header(message, "Content-Description"))
        name = described if NAMED.search(described) else ""
    return name


def _encoding(message: Message) -> str:
    value = header(message, "Content-Transfer-Encoding").decode("ascii", "replace")
    return re.sub(r"[^a-z0-9]", "", value.lower())


def _payload(message: Message, payload: str | None = None) -> bytes:
    """The part's bytes; odd transfer encodings are read as what they plainly are."""
    wanted = _encoding(message)
    if wanted in ("base64", "quotedprintable", "qp"):
        text = undecoded(message) if payload is None else payload
        if wanted == "base64":
            return coded.base64_lenient(text.encode("ascii", "ignore"))
        return binascii.a2b_qp(text.encode("utf-8", "surrogateescape"))
    data = message.get_payload(decode=True)
    if not isinstance(data, bytes):
        return b""
    if data.startswith(b"begin ") and _given(message):
        files = coded.uu_split(data)[1]
        return files[0][1] if files else data
    return data


def _body(
    message: Message, data: bytes, declared: str, found: Found, inside: tuple[str, ...]
) -> None:
    charset = headers.parameters(header(message, "Content-Type")).get("charset", b"")
    rest = data
    if declared == "text/plain":
        rest, files = coded.uu_split(data)
        for name, content in files:
            add_file(found, headers.text(name), type_of(content), content, inside)
    else:
        rest = _inlined(data, found, inside)
    text = decode(rest, charset.decode("ascii", "replace"))[:MOST_TEXT]
    (found.texts if declared == "text/plain" else found.htmls).append(text)


def _inlined(data: bytes, found: Found, inside: tuple[str, ...]) -> bytes:
    """The HTML with its inlined pictures taken out, as if each were a part of its own."""

    def part(match: re.Match[bytes]) -> bytes:
        content = coded.base64_lenient(match[1])
        content_id = f"inlined-{found.seen}"
        add_file(found, "", type_of(content), content, inside, content_id)
        return f"cid:{content_id}".encode()

    return INLINED.sub(part, data)


def _name(message: Message, mime: str, found: Found) -> str:
    return base_name(_given(message)) or made_name(mime, len(found.parts) + 1)


def add_file(
    found: Found,
    name: str,
    mime: str,
    data: bytes,
    inside: tuple[str, ...],
    content_id: str = "",
) -> None:
    """Note a file; open it where it is a container."""
    if mime == APPLE_FORK:
        return
    found.seen += 1
    if found.seen > MOST_PARTS:
        found.problem(TOO_COMPLEX)
        return
    name = base_name(name) or made_name(mime, len(found.parts) + 1)
    role: Role = "container" if mime in CONTAINERS else "document"
    index = len(found.parts)
    sha256 = hashlib.sha256(data).hexdigest()
    closed = mime in CLOSED
    if closed:
        found.problem(CLOSED_MAIL)
    found.parts.append(Part(name, mime, data, sha256, closed, inside=inside, role=role))
    if content_id:
        found.cids[content_id] = index
    if role == "container":
        _open(found, index)


def _open(found: Found, index: int) -> None:
    part = found.parts[index]
    inside = (*part.inside, part.name)
    if len(inside) > MOST_NESTED:
        found.problem(archives.of_archive(archives.BOMB, part.name))
    elif part.type == MAIL:
        walk(message_of(part.data), found, inside, len(inside))
    elif part.type == TNEF:
        _untnef(found, part, inside)
    elif opener := archives.opener(part.type):
        _unpack(found, index, inside, opener)
    else:
        found.problem(UNSUPPORTED)


def _untnef(found: Found, part: Part, inside: tuple[str, ...]) -> None:
    try:
        files, text = tnef.unpacked(part.data)
    except tnef.Broken:
        found.problem(archives.of_archive(archives.BROKEN, part.name))
        return
    for file in files:
        add_file(found, file.called, type_of(file.data, file.called), file.data, inside)
    if text:
        found.extra.append(text[:MOST_TEXT])


def _unpack(found: Found, index: int, inside: tuple[str, ...], opener: archives.Opener) -> None:
    part = found.parts[index]
    try:
        for member in opener(part.data, MOST_BYTES - found.unpacked, found.passwords):
            _unpacked(found, part, member, inside)
    except TooLarge:
        found.problem(archives.of_archive(archives.BOMB, part.name))
    except Locked:
        found.problem(archives.of_archive(archives.LOCKED, part.name))
        found.parts[index] = replace(part, encrypted=True, role="document")
    except archives.FAULTS:
        found.problem(archives.of_archive(archives.BROKEN, part.name))


def _unpacked(found: Found, part: Part, member: Member, inside: tuple[str, ...]) -> None:
    if JUNK.search(member.name.replace("\\", "/")):
        return
    # A plain gzip tells no name: what it packs is called as it is, without the ending.
    given = member.name or re.sub(r"\.gz$", "", part.name, flags=re.I)
    if member.encrypted:
        found.problem(archives.of_archive(archives.LOCKED, part.name))
        empty = hashlib.sha256(b"").hexdigest()
        name = base_name(given) or "附件.bin"
        found.parts.append(
            Part(name, type_of(b"", name), b"", empty, encrypted=True, inside=inside)
        )
        return
    found.unpacked += len(member.data)
    add_file(found, given, type_of(member.data, given), member.data, inside)


def base_name(name: str) -> str:
    """The last part of a path, without control characters, at most 200 characters."""
    last = re.split(r"[\\/]", printable(name))[-1].strip()
    # Windows drops dots at the end, and nobody means them.
    return "" if last in (".", "..") else last.rstrip(". ")[:200]
