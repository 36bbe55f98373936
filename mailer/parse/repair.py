"""Mails that are broken in ways a person would not notice: mended before they are taken apart."""

import re

HEADER = re.compile(rb"[!-9;-\xff]+[ \t]*:")
BOUNDARY = re.compile(
    rb"^--([^\s].{0,70}?)[ \t]*\r?\n(?=(?:content-|mime-|x-)[a-z-]+[ \t]*:|\r?\n)",
    re.IGNORECASE | re.MULTILINE,
)
END = re.compile(rb"\r?\n\r?\n|\r\r")
MOST_HEAD = 1024 * 1024


def mended(raw: bytes) -> bytes:
    """The mail with headers that end where they end; its body as it is."""
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if b"\r\r\n" in raw[:2000]:
        raw = raw.replace(b"\r\r\n", b"\r\n")
    end = END.search(raw[:MOST_HEAD])
    head = raw[: end.start()] if end else raw[:MOST_HEAD]
    lines = head.splitlines()
    if all(_header(line) for line in lines) or not lines or not _first(lines[0]):
        return raw
    clean = b"\r\n".join(line for line in lines if _header(line) and _ascii_name(line))
    return clean + raw[len(head) :]


def _header(line: bytes) -> bool:
    return line[:1] in (b" ", b"\t") or (bool(HEADER.match(line)) and _ascii_name(line))


def _first(line: bytes) -> bool:
    return bool(HEADER.match(line)) or line.startswith(b"From ")


def _ascii_name(line: bytes) -> bool:
    return line[:1] in (b" ", b"\t") or line.partition(b":")[0].isascii()


def boundary(body: bytes) -> bytes:
    """What parts a multipart whose header does not tell, or tells wrongly; b"" where nothing."""
    found = BOUNDARY.search(body[:MOST_HEAD])
    return found[1] if found and b'"' not in found[1] else b""
