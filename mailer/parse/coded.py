"""Transfer encodings as they really come: base64 with anything in it, uuencode within text."""

import binascii
import re
import string

BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]+)\r?\n(?=[!-`][ -`])", re.MULTILINE)
END = re.compile(rb"^end[ \t]*\r?$", re.MULTILINE)
FOREIGN = bytes(
    set(range(256)) - set(string.ascii_letters.encode() + string.digits.encode() + b"+/")
)
MOST = 200
"""Files in one text."""


def base64_lenient(data: bytes) -> bytes:
    """Base64 with foreign characters dropped and padding mended."""
    clean = data.translate(None, delete=FOREIGN)
    usable = len(clean) - (1 if len(clean) % 4 == 1 else 0)
    return binascii.a2b_base64(clean[:usable] + b"=" * (-usable % 4))


def uu_split(data: bytes) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """(the text without its uuencoded files, [(name, content)])."""
    files: list[tuple[bytes, bytes]] = []
    kept: list[bytes] = []
    at = 0
    while len(files) < MOST and (begin := BEGIN.search(data, at)):
        end = END.search(data, begin.end())
        if end is None:
            break
        kept.append(data[at : begin.start()])
        files.append((begin[1], _uudecode(data[begin.end() : end.start()])))
        at = end.end()
    return b"".join([*kept, data[at:]]), files


def _uudecode(body: bytes) -> bytes:
    out = bytearray()
    # An empty line is none: binascii takes it for one of 32 zero bytes.
    for line in filter(None, body.splitlines()):
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            # A line padded wrongly by the sender: take what its length says (Python's uu does so).
            size = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                out += binascii.a2b_uu(line[:size])
            except binascii.Error:
                # No uuencoded line at all: its bytes are lost, the others are not.
                continue
    return bytes(out)
