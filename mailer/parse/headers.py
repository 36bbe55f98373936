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
from urllib.parse import unquote

from mailer.parse.texts import canonical, decode, mended, printable

WORD = re.compile(rb"=\?([^?\s]{1,40})\?([bBqQ])\?([^?]*)(?:\?=|\??\Z)")
"""The last one of a value may lack its end: some gateways cut long headers."""
_PAIR = rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]"
_PARAMETER = rb"(?:^|;)\s*([\w!#$%%&'*+.^`|~-]+)\s*=\s*(\"(?:%s[^\"\\]|\\.)*+\"?|[^;]*)"
PARAMETER = re.compile(_PARAMETER % b"", re.DOTALL)
ESCAPED = re.compile(rb"()\\(.)", re.DOTALL)
PARAMETER_8BIT = re.compile(_PARAMETER % (_PAIR + b"|"), re.DOTALL)
ESCAPED_8BIT = re.compile(rb"(%s)|\\(.)" % _PAIR, re.DOTALL)
"""Raw GBK or Big5: the trail byte of a character may be a backslash that escapes nothing."""
QUOTED = re.compile(rb"\"(=\?[^\"]+)\"")
SEGMENT = re.compile(r"^(filename|name)(?:\*(\d{1,4}))?(\*)?$", re.IGNORECASE)
MOST_MAILBOX = 8 * 1024
MOST = 256 * 1024
"""Bytes of one header value that are looked at."""


def text(raw: bytes) -> str:
    """A header's value as text: encoded-words decoded, raw 8-bit guessed, one line."""
    value = words(QUOTED.sub(rb"\1", raw[:MOST]))
    # Some gateways encode what is encoded already.
    if "=?" in value and WORD.search(value.encode()):
        value = words(value.encode())
    return printable(mended(value))


def words(raw: bytes) -> str:
    """``raw`` with its encoded-words decoded."""
    # Folding becomes one line feed: white space between words, nothing within a word, where only
    # careless clients fold. Raw 8-bit text may be cut inside a character.
    raw = re.sub(rb"([\x80-\xff]+)\r?\n[ \t]*(?=[\x80-\xff])", _joined, raw)
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


def _joined(match: re.Match[bytes]) -> bytes:
    """A fold between whole characters is a blank (RFC 5322 section 2.2.3), else nothing."""
    whole = _utf8(match[1]) or (len(match[1]) % 2 == 0 and not _cut_utf8(match[1]))
    return match[1] + (b"\n" if whole else b"")


def _cut_utf8(run: bytes) -> bool:
    """UTF-8 but for its last character."""
    return any(len(run) > cut and _utf8(run[:-cut]) for cut in (1, 2, 3))


def _tokens(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """(charset, bytes) of encoded-words and ("", bytes) of what stands between them."""
    position = 0
    after_word = False
    for match in WORD.finditer(raw):
        between = raw[position : match.start()]
        # White space between two encoded-words is no text (RFC 2047 §6.2).
        if between and not (after_word and not between.strip()):
            yield "", between
        label = match[1].split(b"*")[0].decode("ascii", "replace").lower()
        yield canonical(label) or label, _word(match[2], match[3])
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
    rest = _rest(raw[:MOST])
    found: dict[str, bytes] = {}
    odd = not _utf8(rest)
    for match in (PARAMETER_8BIT if odd else PARAMETER).finditer(b";" + rest):
        name = match[1].decode("ascii", "replace").lower()
        value = match[2].strip()
        if value[:1] == b'"':
            escaped = ESCAPED_8BIT if odd else ESCAPED
            value = escaped.sub(_unescaped, value[1:].removesuffix(b'"'))
        elif value[:1] == b"'" == value[-1:] and len(value) > 2:
            value = value[1:-1]
        found.setdefault(name, value)
    return found


def _rest(raw: bytes) -> bytes:
    """The parameters alone; some clients forget the semicolon before the first one."""
    first = re.match(rb"[^;=]*[ \t\r\n](?=(?:file)?name\*?[ \t]*=)", raw, re.IGNORECASE)
    return raw[first.end() :] if first else raw.partition(b";")[2]


def _utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _unescaped(match: re.Match[bytes]) -> bytes:
    return match[1] or match[2]


def file_name(disposition: bytes, content_type: bytes) -> str:
    """The file name of a part, "" where there is none; Content-Disposition's wins."""
    for raw in (disposition, content_type):
        found = parameters(raw)
        for key in ("filename", "name"):
            names = [one for one in (_extended(found, key), _plain(found, key)) if one]
            # The extended one is the better one, unless it came to harm.
            names.sort(key=lambda one: "\ufffd" in one)
            if names:
                return names[0]
    return ""


def _plain(found: dict[str, bytes], key: str) -> str:
    return _unpercent(text(found[key])) if key in found else ""


def _unpercent(name: str) -> str:
    """Some web mailers write percent-encoding where none belongs: only where it is Chinese."""
    if not re.search(r"%[89A-Fa-f][0-9A-Fa-f]%", name):
        return name
    for charset in ("utf-8", "gb18030"):
        try:
            return printable(unquote(name, charset, errors="strict"))
        except UnicodeDecodeError:
            continue
    return name


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
    return _unpercent(printable(decode(joined, charset)))


def _percent(value: bytes) -> bytes:
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), value)


ADDRESS = re.compile(rb"[^\s<>,;:\"'()\[\]\\]{1,256}@[^\s<>,;:\"'()\\]{1,255}")
BRACKET = re.compile(rb"<[ \t]*([^<>\s]{1,256}@[^<>\s]{1,255})[ \t]*>")
ROUTE = re.compile(rb"^@[^:]*:")
"""RFC 5322 section 4.4: hosts to go through, obsolete."""
NAMES = re.compile(
    rb"\"(?:[^\"\\]|\\.)*+\"|=\?[^?\s]{1,40}\?[bBqQ]\?[^?]*\?=|\([^()]*\)", re.DOTALL
)
"""Quoted strings, encoded-words and comments: what the writer may fill with anything."""


def address(raw: bytes) -> tuple[str, str]:
    """(display name, address in lower case) of a From-like header with one mailbox.

    Where it names none, or several different ones, the address is "": nobody may be taken for
    somebody else. It is looked for before anything is decoded, since a display name may hold
    another one (RFC 5322 section 3.4).
    """
    found = addresses(raw)
    bracket = BRACKET.search(_bare(raw))
    if len(found) != 1:
        return _display(raw[:MOST_MAILBOX]), ""
    return _display(raw[: bracket.start()]) if bracket else "", found[0]


def addresses(raw: bytes) -> tuple[str, ...]:
    """The different addresses of a From-like header, in order."""
    found: dict[str, None] = {}
    for piece in re.split(rb"[,;]", _bare(raw)):
        brackets = [ROUTE.sub(b"", match[1]) for match in BRACKET.finditer(piece)]
        # Beside a bracket a bare address is a name that nobody quoted.
        for one in brackets or ADDRESS.findall(piece):
            found.setdefault(_ascii(one))
    return tuple(one for one in found if one)


def hidden(raw: bytes) -> str:
    """The one address inside encoded-words, where no other is: some clients encode it all.

    Others see none there, so it is worth as much as who else says it.
    """
    found = () if addresses(raw) else addresses(text(raw[:MOST_MAILBOX]).encode())
    return found[0] if len(found) == 1 else ""


def _bare(raw: bytes) -> bytes:
    return NAMES.sub(lambda match: b" " * len(match[0]), raw[:MOST_MAILBOX])


def _display(raw: bytes) -> str:
    return re.sub(r"\\(.)", r"\1", text(raw).strip("\"' ").removeprefix("<"))


def _ascii(value: bytes) -> str:
    """Lower case; "" for one with characters that nobody sees, which make it another one."""
    decoded = decode(value)
    return decoded.lower() if printable(decoded) == decoded else ""


def ids(raw: bytes) -> tuple[str, ...]:
    """The message ids of a header, with their angle brackets."""
    return tuple(re.findall(r"<[^<>\s]+>", raw[:MOST].decode("ascii", "ignore")))
