"""Bodies in pieces of 1 MiB: one thing to back up, and no row larger than a database likes."""

from collections.abc import Iterable, Iterator

CHUNK = 1 << 20
"""Bytes."""


def chunked(data: bytes | Iterable[bytes]) -> Iterator[bytes]:
    """``data`` in pieces of exactly `CHUNK` bytes but for the last; nothing for no bytes."""
    if isinstance(data, bytes):
        # Slices alone: a body of one chunk is not copied at all.
        yield from (data[at : at + CHUNK] for at in range(0, len(data), CHUNK))
        return
    waiting = bytearray()
    for piece in data:
        waiting += piece
        while len(waiting) >= CHUNK:
            yield bytes(waiting[:CHUNK])
            del waiting[:CHUNK]
    if waiting:
        yield bytes(waiting)
