"""Digests, each once, and which event went into which: stored, never computed from times."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, func, insert, select

from procedure.clock import Clock
from store import tables as t
from store.dialect import insert_missing
from store.rows import DigestRow

_d = t.digest.c
AT_ONCE = 500
"""Rows that are in memory together."""


class Digests:
    """Digests within one transaction."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._c = connection
        self._clock = clock

    def record(self, row: DigestRow, event_seqs: Iterable[int]) -> bool:
        """Keep a digest and the events in it; False where this digest is there already."""
        values = {
            "kind": row.kind, "period": row.period, "province": row.province,
            "recipient": row.recipient, "supplement": row.supplement,
            "letter_key": row.letter_key, "created_at": row.created_at, "facts": dict(row.facts),
        }  # fmt: skip
        unique = ("kind", "period", "recipient", "supplement")
        if not insert_missing(self._c, t.digest, values, unique):
            return False
        number = self._number(row)
        held = (
            {"kind": row.kind, "recipient": row.recipient, "event_seq": seq, "digest_id": number}
            for seq in event_seqs
        )
        while some := list(islice(held, AT_ONCE)):
            # A plain insert: an event that is in a digest already must stop the transaction.
            self._c.execute(insert(t.digest_event), some)
        return True

    def _number(self, row: DigestRow) -> int:
        query = select(_d.id).where(
            _d.kind == row.kind,
            _d.period == row.period,
            _d.recipient == row.recipient,
            _d.supplement == row.supplement,
        )
        return int(self._c.execute(query).scalar_one())

    def unreported(
        self, kind: str, recipient: str, provinces: Iterable[str], event_kinds: Iterable[str],
        *, cycle: str | None = None, until: datetime | None = None,
    ) -> list[int]:  # fmt: skip
        """Numbers of events of these provinces' cases that no such digest holds, ascending.

        ``cycle``: of this one alone; ``until``: no later ones.
        """
        e, x = t.event.c, t.digest_event.c
        of_digest = (x.kind == kind, x.recipient == recipient, x.event_seq == e.seq)
        query = (
            select(e.seq)
            .join(t.case, t.case.c.case_no == e.case_no)
            .where(t.case.c.province.in_(sorted(provinces)), e.kind.in_(sorted(event_kinds)))
            .where(~select(x.event_seq).where(*of_digest).exists(), e.body != "")
            .order_by(e.seq)
        )
        if cycle is not None:
            query = query.where(t.case.c.cycle == cycle)
        if until is not None:
            query = query.where(e.at <= until)
        return list(self._c.execute(query.execution_options(yield_per=AT_ONCE)).scalars())

    def reported(self, kind: str, recipient: str) -> set[int]:
        """Numbers of the events in digests of this kind to this recipient."""
        x = t.digest_event.c
        query = select(x.event_seq).where(x.kind == kind, x.recipient == recipient)
        return set(self._c.execute(query).scalars())

    def made(self) -> set[tuple[str, str, str]]:
        """Kind, period and recipient of every regular digest that is there already."""
        query = select(_d.kind, _d.period, _d.recipient).where(_d.supplement == 0)
        return {(kind, period, recipient) for kind, period, recipient in self._c.execute(query)}

    def next_supplement(self, kind: str, period: str, recipient: str) -> int:
        """The number of the next supplement, from 1; the regular digest is 0."""
        query = select(func.max(_d.supplement)).where(
            _d.kind == kind, _d.period == period, _d.recipient == recipient
        )
        last = self._c.execute(query).scalar()
        return 1 if last is None else int(last) + 1

    def get(self, kind: str, period: str, recipient: str, supplement: int = 0) -> DigestRow | None:
        """One digest, None where it was not made."""
        query = select(t.digest).where(
            _d.kind == kind, _d.period == period, _d.recipient == recipient,
            _d.supplement == supplement,
        )  # fmt: skip
        row = self._c.execute(query).mappings().first()
        return _row(row) if row else None

    def of_letter(self, key: str) -> DigestRow | None:
        """The digest that a letter bears, None where it bears none."""
        row = self._c.execute(select(t.digest).where(_d.letter_key == key)).mappings().first()
        return _row(row) if row else None

    def list(self) -> "list[DigestRow]":
        """All digests in the order in which they were made."""
        rows = self._c.execute(select(t.digest).order_by(_d.id)).mappings()
        return [_row(row) for row in rows]


def _row(row: Mapping[Any, Any]) -> DigestRow:
    return DigestRow(**{name: row[name] for name in DigestRow.__dataclass_fields__})
