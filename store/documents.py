"""Documents by content, and what was read of them: nothing is parsed out or read twice."""

import hashlib
import re
from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from procedure.clock import Clock
from procedure.jsonable import dump, load
from procedure.readings import DocumentReading
from store import tables as t
from store.chunks import chunked
from store.dialect import insert_missing, upsert
from store.errors import Damaged


class Documents:
    """Documents within one transaction."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._c = connection
        self._clock = clock

    def keep(self, data: bytes, type: str) -> str:  # noqa: A002 - the field's name
        """Keep the bytes under their SHA-256, which is returned; safe to repeat."""
        sha256 = hashlib.sha256(data).hexdigest()
        row = {"sha256": sha256, "size": len(data), "type": type, "kept_at": self._clock.now()}
        if insert_missing(self._c, t.document, row):
            for seq, chunk in enumerate(chunked(data)):
                self._c.execute(insert(t.document_chunk).values(sha256=sha256, seq=seq, data=chunk))
        return sha256

    def data(self, sha256: str) -> bytes:
        """The bytes, byte for byte; `Damaged` where they are not there or not the same."""
        c = t.document_chunk.c
        query = select(c.data).where(c.sha256 == sha256).order_by(c.seq)
        found = b"".join(bytes(data) for data in self._c.execute(query).scalars())
        if hashlib.sha256(found).hexdigest() != sha256:
            raise Damaged(f"document {sha256} is missing or is not what its hash says")
        return found

    def size(self, sha256: str) -> int | None:
        """Bytes, None for an unknown document."""
        return self._c.execute(
            select(t.document.c.size).where(t.document.c.sha256 == sha256)
        ).scalar()

    def ids(self) -> list[str]:
        """SHA-256 of all documents."""
        return list(self._c.execute(select(t.document.c.sha256)).scalars())

    def reading(self, sha256: str, version: str) -> list[DocumentReading] | None:
        """What this version of the reader read, None where it has not read it yet."""
        r = t.reading.c
        query = select(r.readings).where(r.sha256 == sha256, r.version == version)
        found = self._c.execute(query).scalar()
        return None if found is None else [load(DocumentReading, row) for row in found]

    def all_readings(self, sha256: str) -> dict[str, list[DocumentReading]]:
        """What each version of the reader read that has read it."""
        r = t.reading.c
        kept = self._c.execute(select(r.version, r.readings).where(r.sha256 == sha256))
        return {version: [load(DocumentReading, row) for row in found] for version, found in kept}

    def last_reading(self, sha256: str, version: str) -> list[DocumentReading] | None:
        """What this version of the reader read, else the last one before it; None for none."""
        kept = self.all_readings(sha256)
        last = max(kept, key=lambda one: (one == version, _number(one), one), default="")
        return kept.get(last)

    def keep_reading(self, sha256: str, version: str, readings: Sequence[DocumentReading]) -> None:
        """Keep what was read."""
        rows = [dump(reading, memory=True) for reading in readings]
        upsert(self._c, t.reading, {"sha256": sha256, "version": version, "readings": rows})


def _number(version: str) -> int:
    """A reader's version begins with its number."""
    found = re.match(r"\d+", version)
    return int(found[0]) if found else 0
