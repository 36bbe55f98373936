"""A message's parts, within limits: text, HTML, and every part that bears a file.

`email` with ``compat32`` is asked for the structure only; it never decodes a header here. What a
part is, its bytes say, not its label.
"""

import binascii
import email
import email.policy
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from mailer.mail import Link, MailProblem, Part, Role
from mailer.parse import archives, headers
from mailer.parse.content import made_name, type_of
from mailer.parse.texts import decode, printable

MOST_DEPTH = 50
MOST_PARTS = 1000
MOST_TEXT = 1024 * 1024
"""Characters of a body that are kept."""
MOST_NESTED_ARCHIVES = 3
UUENCODED = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]+)\r?\n(.*?)^end\r?$", re.MULTILINE | re.DOTALL)
CONTAINERS = ("application/x-7z-compressed", "application/vnd.rar", "application/ms-tnef")

TOO_COMPLEX = MailProblem(
    "too-complex", "邮件结构过于复杂，部分内容未能打开。请直接以附件发送文件。"
)
UNSUPPORTED = MailProblem(
    "unsupported-archive", "附件的压缩格式无法打开。请改用 zip 格式，或直接以附件发送文件。"
)


@dataclass
class Found:
    """What a walk through a message collects."""

    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    problems: list[MailProblem] = field(default_factory=list)
    cids: dict[str, int] = field(default_factory=dict)
    """Content-ID → index in ``parts``."""
    seen: int = 0
    unpacked: int = 0

    def problem(self, problem: MailProblem) -> None:
        """Note a problem once."""
        if problem not in self.problems:
            self.problems.append(problem)


def message_of(raw: bytes) -> Message:
    """The message's structure; a BOM before the first header is no part of it."""
    clean = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    return email.message_from_bytes(clean, policy=email.policy.compat32)


def header(message: Message, name: str) -> bytes:
    """A header's raw bytes, b"" where it is missing; of a doubled header the first one."""
    wanted = name.lower()
    # `get` would replace raw 8-bit bytes; the stored value keeps them as surrogates.
    found = (value for key, value in message.raw_items() if key.lower() == wanted)
    return str(next(found, "")).encode("utf-8", "surrogateescape")


def walk(message: Message, found: Found, inside: tuple[str, ...] = (), depth: int = 0) -> None:
    """Collect every text and file of ``message``."""
    found.seen += 1
    if depth > MOST_DEPTH or found.seen > MOST_PARTS:
        found.problem(TOO_COMPLEX)
        return
    if message.is_multipart():
        _container(message, found, inside, depth)
        return
    _leaf(message, found, inside)


def _container(message: Message, found: Found, inside: tuple[str, ...], depth: int) -> None:
    children = [part for part in message.get_payload() if isinstance(part, Message)]
    if message.get_content_type() == "message/rfc822" and children:
        name = _forwarded(message, children[0], found, inside)
        inside = (*inside, name)
    for child in children[: MOST_PARTS + 1]:
        walk(child, found, inside, depth + 1)


def _forwarded(message: Message, child: Message, found: Found, inside: tuple[str, ...]) -> str:
    """A forwarded mail is a container: its name."""
    name = _name(message, "message/rfc822", found)
    data = child.as_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    part = Part(name, "message/rfc822", data, sha256, inside=inside, role="container")
    found.parts.append(part)
    return name


def _leaf(message: Message, found: Found, inside: tuple[str, ...]) -> None:
    data = _payload(message)
    name = headers.file_name(
        header(message, "Content-Disposition"), header(message, "Content-Type")
    )
    declared = message.get_content_type()
    attached = header(message, "Content-Disposition").strip().lower().startswith(b"attachment")
    if declared in ("text/plain", "text/html") and not name and not attached:
        _body(message, data, declared, found, inside)
        return
    if not data and not name and not attached:
        return
    mime = type_of(data, name, declared)
    content_id = header(message, "Content-ID").decode("ascii", "replace").strip("<> \r\n")
    add_file(found, name, mime, data, inside, content_id)


def _payload(message: Message) -> bytes:
    """The part's bytes; odd transfer encodings are read as what they plainly are."""
    encoding = header(message, "Content-Transfer-Encoding").decode("ascii", "replace")
    wanted = re.sub(r"[^a-z0-9]", "", encoding.lower())
    if wanted == "base64":
        return base64_lenient(str(message.get_payload()).encode("ascii", "ignore"))
    if wanted in ("quotedprintable", "qp"):
        return binascii.a2b_qp(str(message.get_payload()).encode("utf-8", "surrogateescape"))
    data = message.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def base64_lenient(data: bytes) -> bytes:
    """Base64 with foreign characters dropped and padding mended."""
    clean = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    usable = len(clean) - (1 if len(clean) % 4 == 1 else 0)
    return binascii.a2b_base64(clean[:usable] + b"=" * (-usable % 4))


def _body(
    message: Message, data: bytes, declared: str, found: Found, inside: tuple[str, ...]
) -> None:
    charset = headers.parameters(header(message, "Content-Type")).get("charset", b"")
    for match in UUENCODED.finditer(data) if declared == "text/plain" else ():
        content = _uudecode(match[2])
        add_file(found, headers.text(match[1]), type_of(content), content, inside)
    rest = UUENCODED.sub(b"", data) if declared == "text/plain" else data
    text = decode(rest, charset.decode("ascii", "replace"))[:MOST_TEXT]
    (found.texts if declared == "text/plain" else found.htmls).append(text)


def _uudecode(body: bytes) -> bytes:
    out = b""
    for line in body.splitlines():
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            # A line padded wrongly by the sender: take what its length says (Python's uu does so).
            size = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
            out += binascii.a2b_uu(line[:size])
    return out


def _name(message: Message, mime: str, found: Found) -> str:
    name = headers.file_name(
        header(message, "Content-Disposition"), header(message, "Content-Type")
    )
    return base_name(name) or made_name(mime, len(found.parts) + 1)


def add_file(
    found: Found,
    name: str,
    mime: str,
    data: bytes,
    inside: tuple[str, ...],
    content_id: str = "",
) -> None:
    """Note a file; open it where it is a zip."""
    found.seen += 1
    if found.seen > MOST_PARTS:
        found.problem(TOO_COMPLEX)
        return
    name = base_name(name) or made_name(mime, len(found.parts) + 1)
    is_zip = mime == "application/zip"
    role: Role = "container" if is_zip or mime in CONTAINERS else "document"
    index = len(found.parts)
    sha256 = hashlib.sha256(data).hexdigest()
    found.parts.append(Part(name, mime, data, sha256, inside=inside, role=role))
    if content_id:
        found.cids[content_id] = index
    if is_zip:
        _unzip(found, index)
    elif role == "container":
        found.problem(UNSUPPORTED)


def _unzip(found: Found, index: int) -> None:
    part = found.parts[index]
    inside = (*part.inside, part.name)
    if len(inside) > MOST_NESTED_ARCHIVES:
        found.problem(archives.BOMB)
        return
    for member in _members(found, part):
        if member.encrypted:
            found.problem(archives.LOCKED)
            empty = hashlib.sha256(b"").hexdigest()
            name = base_name(member.name) or "附件.bin"
            mime = type_of(b"", name)
            found.parts.append(Part(name, mime, b"", empty, encrypted=True, inside=inside))
            continue
        found.unpacked += len(member.data)
        add_file(found, member.name, type_of(member.data, member.name), member.data, inside)


def _members(found: Found, part: Part) -> Iterator[archives.Member]:
    try:
        yield from archives.members(part.data, archives.MOST_BYTES - found.unpacked)
    except archives.TooLarge:
        found.problem(archives.BOMB)
    except (OSError, ValueError, NotImplementedError, RuntimeError, EOFError, archives.BROKEN_ZIP):
        found.problem(archives.BROKEN)


def base_name(name: str) -> str:
    """The last part of a path, without control characters, at most 200 characters."""
    last = re.split(r"[\\/]", printable(name))[-1].strip()
    return "" if last in (".", "..") else last[:200]
