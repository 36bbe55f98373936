"""winmail.dat (TNEF): the files and words that Outlook wraps where it sends rich text.

[MS-OXTNEF] §2.1: a stream of attributes; a file is `attAttachRendData`, then its title, bytes and
MAPI properties, among them the long name.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from mailer.parse.texts import decode

SIGNATURE = struct.pack("<I", 0x223E9F78)
BODY, TITLE, DATA, RENDER, PROPERTIES, MESSAGE = 0x800C, 0x8010, 0x800F, 0x9002, 0x9005, 0x9003
LONG_NAME, SHORT_NAME, OBJECT, TEXT = 0x3707, 0x3704, 0x3701, 0x1000
WIDTHS = {0x02: 4, 0x03: 4, 0x04: 4, 0x0A: 4, 0x0B: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8,
          0x40: 8, 0x48: 16}  # fmt: skip
"""Bytes of MAPI properties of fixed size, by type."""
VARIABLE = (0x0D, 0x1E, 0x1F, 0x102)
MOST = 1000


class Broken(ValueError):
    """The stream ends before it should."""


@dataclass
class Packed:
    """One file of a winmail.dat."""

    title: str = ""
    name: str = ""
    data: bytes = b""

    @property
    def called(self) -> str:
        """The long name where there is one."""
        return self.name or self.title


def unpacked(data: bytes) -> tuple[list[Packed], str]:
    """(files, text of the body). Raises `Broken`, which may hide files that came after."""
    files: list[Packed] = []
    text = ""
    for identity, value in _attributes(data):
        if identity == RENDER:
            files.append(Packed())
        elif identity == BODY:
            text = text or decode(value.rstrip(b"\0"))
        elif identity == MESSAGE:
            text = text or _texts(value).get(TEXT, "")
        elif files and len(files) <= MOST:
            _file(files[-1], identity, value)
    return files, text


def _file(file: Packed, identity: int, value: bytes) -> None:
    if identity == TITLE:
        file.title = decode(value.rstrip(b"\0"))
    elif identity == DATA:
        file.data = value
    elif identity == PROPERTIES:
        names = _texts(value)
        file.name = names.get(LONG_NAME) or names.get(SHORT_NAME) or file.name
        if embedded := _embedded(value):
            # A mail within: after an interface's identity of 16 bytes, a TNEF of its own.
            file.data, file.name = embedded, file.name or "winmail.dat"


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    if not data.startswith(SIGNATURE):
        raise Broken("no TNEF")
    at = 6
    while at < len(data):
        if at + 9 > len(data):
            raise Broken("cut in a head")
        _, identity, _, size = struct.unpack_from("<BHHI", data, at)
        at += 9
        if at + size > len(data):
            raise Broken("cut in a value")
        yield identity, data[at : at + size]
        at += size + 2


def _texts(data: bytes) -> dict[int, str]:
    found: dict[int, str] = {}
    for tag, kind, value in _properties(data):
        if kind == 0x1F:
            found[tag] = value.decode("utf-16-le", "replace").rstrip("\0")
        elif kind == 0x1E:
            found[tag] = decode(value.rstrip(b"\0"))
    return found


def _embedded(data: bytes) -> bytes:
    for tag, kind, value in _properties(data):
        if tag == OBJECT and kind == 0x0D and value[16:20] == SIGNATURE:
            return value[16:]
    return b""


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(tag, type, value); ends where it meets what it does not know, rather than guess."""
    try:
        (count,) = struct.unpack_from("<I", data)
        at = 4
        for _ in range(min(count, MOST)):
            kind, tag = struct.unpack_from("<HH", data, at)
            at += 4
            if tag >= 0x8000:
                at = _skip_name(data, at)
            if kind & 0x1000:
                return
            if kind in WIDTHS:
                yield tag, kind, data[at : at + WIDTHS[kind]]
                at += WIDTHS[kind]
                continue
            if kind not in VARIABLE:
                return
            _, size = struct.unpack_from("<II", data, at)
            at += 8
            yield tag, kind, data[at : at + size]
            at += size + -size % 4
    except struct.error:
        return


def _skip_name(data: bytes, at: int) -> int:
    """A named property: 16 bytes of identity, then a number or a name."""
    kind = int.from_bytes(data[at + 16 : at + 20], "little")
    at += 20
    if kind == 0:
        return at + 4
    size = int.from_bytes(data[at : at + 4], "little")
    return at + 4 + size + -size % 4
