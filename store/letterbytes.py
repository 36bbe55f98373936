"""A letter's bytes as the outbox keeps them: large ones deflated, as they come.

The largest letter of a national evening grows with the country's records; whoever dresses it must
not. Attachments in base64 shrink to a fifth or less.
"""

import gzip
import io
import zlib
from collections.abc import Iterable

from store.errors import Damaged

PLAIN = 1 << 20
"""Bytes up to which a letter is kept as it is."""
_LEVEL = 6
MAGIC = b"\x1f\x8b"
"""RFC 1952 §2.3.1: no message begins so, for a header's name is ASCII (RFC 5322 §2.2)."""


def kept(pieces: Iterable[bytes]) -> bytes:
    """The letter of these pieces, to be stored: never the whole of a large one in memory."""
    waiting = iter(pieces)
    first = bytearray()
    for piece in waiting:
        first += piece
        if len(first) > PLAIN:
            return _deflated(first, waiting)
    return bytes(first)


def _deflated(first: bytearray, others: Iterable[bytes]) -> bytes:
    out = io.BytesIO()
    # No time of making in it: the same letter is the same bytes.
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=_LEVEL, mtime=0) as pack:
        pack.write(first)
        for piece in others:
            pack.write(piece)
    return out.getvalue()


def letter(stored: bytes) -> bytes:
    """The letter itself. `Damaged` where its bytes are not what they were."""
    if not stored.startswith(MAGIC):
        return stored
    try:
        return gzip.decompress(stored)
    except (OSError, EOFError, zlib.error) as error:
        raise Damaged(f"a letter's deflated bytes: {error}") from error
