"""Bodies in pieces of 1 MiB: one thing to back up, and no row larger than a database likes."""

from collections.abc import Iterable, Iterator

CHUNK = 1 << 20
"""Bytes."""


def chunked(data: bytes | Iterable[bytes]) -> Iterator[bytes]:
    """``data`` in pieces of exactly `CHUNK` bytes but for the last; nothing for no bytes."""
    pieces = (data,) if isinstance(data, bytes) else data
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) >= CHUNK:
            yield bytes(waiting[:CHUNK])
            del waiting[:CHUNK]
    if waiting:
        yield bytes(waiting)
