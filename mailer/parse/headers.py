"""Header values at byte level: encoded-words as clients really write them.

RFC 2047 says that an encoded-word holds whole characters; clients cut characters in two, so the
bytes of neighbouring words of one charset are joined before they are decoded. RFC 2231 segments
are cut the same way.
"""

import base64
import binascii
import quopri
import re
from collections.abc import Iterator

from mailer.parse.texts import decode, printable

WORD = re.compile(rb"=\?([^?\s]{1,40})\?([bBqQ])\?([^?]*)\?=")
PARAMETER = re.compile(
    rb"(?:^|;)\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^;]*)", re.DOTALL
)
SEGMENT = re.compile(r"^(filename|name)(?:\*(\d{1,4}))?(\*)?$", re.IGNORECASE)
MOST_MAILBOX = 8 * 1024
MOST = 256 * 1024
"""Bytes of one header value that are looked at."""


def text(raw: bytes) -> str:
    """A header's value as text: encoded-words decoded, raw 8-bit guessed, one line."""
    value = words(raw[:MOST])
    # Some gateways encode what is encoded already.
    if "=?" in value and WORD.search(value.encode()):
        value = words(value.encode())
    return printable(value)


def words(raw: bytes) -> str:
    """``raw`` with its encoded-words decoded."""
    # Folding becomes one line feed: white space between words, nothing within a word, where only
    # careless clients fold.
    raw = re.sub(rb"\r?\n[ \t]*", b"\n", raw)
    out: list[str] = []
    waiting: tuple[str, bytes] | None = None
    for charset, data in _tokens(raw):
        if waiting and waiting[0] == charset and charset:
            waiting = (charset, waiting[1] + data)
            continue
        if waiting:
            out.append(decode(waiting[1], waiting[0]))
        waiting = (charset, data)
    if waiting:
        out.append(decode(waiting[1], waiting[0]))
    return "".join(out)


def _tokens(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """(charset, bytes) of encoded-words and ("", bytes) of what stands between them."""
    position = 0
    after_word = False
    for match in WORD.finditer(raw):
        between = raw[position : match.start()]
        # White space between two encoded-words is no text (RFC 2047 §6.2).
        if between and not (after_word and not between.strip()):
            yield "", between
        charset = match[1].split(b"*")[0].decode("ascii", "replace").lower()
        yield charset, _word(match[2], match[3])
        position, after_word = match.end(), True
    if raw[position:] and (raw[position:].strip() or not after_word):
        yield "", raw[position:]


def _word(encoding: bytes, data: bytes) -> bytes:
    # Q words with soft line breaks are folded quoted-printable bodies, by careless clients too.
    data = data.replace(b"=\n", b"").replace(b"\n", b"")
    if encoding in b"qQ":
        return quopri.decodestring(data.replace(b"_", b" "), header=False)
    clean = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    try:
        return base64.b64decode(clean + b"=" * (-len(clean) % 4))
    except binascii.Error:
        return base64.b64decode(clean[: len(clean) // 4 * 4])


def parameters(raw: bytes) -> dict[str, bytes]:
    """The parameters of a structured header; names lower case, values unquoted."""
    _, _, rest = raw[:MOST].partition(b";")
    found: dict[str, bytes] = {}
    for match in PARAMETER.finditer(b";" + rest):
        name = match[1].decode("ascii", "replace").lower()
        value = match[2].strip()
        if value[:1] == b'"':
            value = re.sub(rb"\\(.)", rb"\1", value[1:].removesuffix(b'"'), flags=re.DOTALL)
        found.setdefault(name, value)
    return found


def file_name(disposition: bytes, content_type: bytes) -> str:
    """The file name of a part, "" where there is none; Content-Disposition's wins."""
    for raw in (disposition, content_type):
        found = parameters(raw)
        for key in ("filename", "name"):
            if name := _extended(found, key) or _plain(found, key):
                return name
    return ""


def _plain(found: dict[str, bytes], key: str) -> str:
    return text(found[key]) if key in found else ""


def _extended(found: dict[str, bytes], key: str) -> str:
    """RFC 2231: charset'language'value, in numbered segments, percent-encoded or not."""
    segments: list[tuple[int, bool, bytes]] = []
    for name, value in found.items():
        match = SEGMENT.match(name)
        if match and match[1].lower() == key and (match[2] or match[3]):
            segments.append((int(match[2] or 0), bool(match[3]), value))
    segments.sort()
    if not segments:
        return ""
    charset, joined = "", b""
    for number, encoded, value in segments:
        if encoded and number == segments[0][0] and value.count(b"'") >= 2:
            label, _, value = value.split(b"'", 2)
            charset = label.decode("ascii", "replace")
        joined += _percent(value) if encoded else value
    if b"=?" in joined:
        return text(joined)
    return printable(decode(joined, charset))


def _percent(value: bytes) -> bytes:
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), value)


ADDRESS = re.compile(rb"[^\s<>,;:\"'()\[\]\\]{1,256}@[^\s<>,;:\"'()\\]{1,255}")
BRACKET = re.compile(rb"<[ \t]*([^<>\s]{1,256}@[^<>\s]{1,255})[ \t]*>")
NAMES = re.compile(rb"\"(?:[^\"\\]|\\.)*\"|=\?[^?\s]{1,40}\?[bBqQ]\?[^?]*\?=|\([^()]*\)", re.DOTALL)
"""Quoted strings, encoded-words and comments: what the writer may fill with anything."""


def address(raw: bytes) -> tuple[str, str]:
    """(display name, address in lower case) of the first mailbox of a From-like header.

    The address is looked for before anything is decoded: a display name may hold another one, to
    be taken for somebody else (RFC 5322 §3.4).
    """
    raw = raw[:MOST_MAILBOX]
    bare = NAMES.sub(lambda match: b" " * len(match[0]), raw)
    if found := BRACKET.search(bare):
        return _display(raw[: found.start()]), _ascii(found[1])
    if alone := ADDRESS.search(bare):
        return "", _ascii(alone[0])
    # Some clients encode the whole mailbox: only where nothing else can be the address.
    decoded = text(raw).encode()
    if found := BRACKET.search(decoded) or ADDRESS.search(decoded):
        return _display(decoded[: found.start()]), _ascii(found[found.lastindex or 0])
    return _display(raw), ""


def _display(raw: bytes) -> str:
    return re.sub(r"\\(.)", r"\1", text(raw).strip("\"' ").removeprefix("<"))


def _ascii(value: bytes) -> str:
    return printable(decode(value)).lower()


def ids(raw: bytes) -> tuple[str, ...]:
    """The message ids of a header, with their angle brackets."""
    return tuple(re.findall(r"<[^<>\s]+>", raw[:MOST].decode("ascii", "ignore")))
