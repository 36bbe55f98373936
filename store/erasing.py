"""What is past its time is deleted: the bytes and names of a case, old looks.

Of a case its number, stage and the hashes of its events stay, so the chain can be proven over the
gap: an event of the chain (``case-erased``) names exactly what is gone, and nothing else may be.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select, update

from procedure.events import CaseErased
from store import tables as t
from store.rows import ERASED

RETURNED = "returned:"
"""How the keys of alarms begin that tell of a letter that came back; the letter's key follows."""
GONE = "（已按保存期限删除）"
_MANY = 500
"""Values of one IN list."""


@dataclass(frozen=True)
class Belongings:
    """What goes with a case: ids of rows that belong to no other."""

    events: tuple[int, ...]
    messages: tuple[str, ...]
    documents: tuple[str, ...]
    letters: tuple[str, ...]

    @property
    def tombstone(self) -> CaseErased:
        """The event that says so."""
        return CaseErased(self.events, self.messages, self.documents, len(self.letters))


class Erasing:
    """Deleting within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def ended(self, stages: Iterable[str], before: datetime, limit: int) -> list[str]:
        """Numbers of cases in one of these stages to which nothing happened since ``before``."""
        k, e = t.case.c, t.event.c
        last = select(func.max(e.at)).where(e.case_no == k.case_no).scalar_subquery()
        query = (
            select(k.case_no)
            .where(k.stage.in_(sorted(stages)), k.opened_at < before, last < before)
            .where(k.entity_key.not_like(f"{ERASED}%"))
            .order_by(k.case_no)
            .limit(limit)
        )
        return list(self._c.execute(query).scalars())

    def belongings(self, case_no: str, letters: Iterable[str]) -> Belongings:
        """What may go with the case: a mail with papers of others, or in the tray, stays whole."""
        p, e = t.placement.c, t.event.c
        mine = set(self._c.execute(select(p.message_id).where(p.case_no == case_no)).scalars())
        erased = select(t.case.c.case_no).where(t.case.c.entity_key.like(f"{ERASED}%"))
        others = select(p.message_id).where(
            p.case_no.not_in(["", case_no]), p.case_no.not_in(erased)
        )
        waiting = select(t.tray.c.message_id).where(t.tray.c.closed_at.is_(None))
        mine -= set(self._c.execute(others).scalars()) | set(self._c.execute(waiting).scalars())
        events = self._c.execute(select(e.seq).where(e.case_no == case_no).order_by(e.seq))
        return Belongings(
            events=tuple(events.scalars()),
            messages=tuple(sorted(mine)),
            documents=self._documents(mine),
            letters=tuple(sorted(letters)),
        )

    def _documents(self, messages: set[str]) -> tuple[str, ...]:
        """Documents that came with these messages alone."""
        p = t.placement.c
        mine = select(p.sha256).where(p.message_id.in_(sorted(messages)))
        rows = self._c.execute(select(p.sha256, p.message_id).where(p.sha256.in_(mine))).all()
        elsewhere = {sha256 for sha256, message_id in rows if message_id not in messages}
        return tuple(sorted({sha256 for sha256, _ in rows} - elsewhere))

    def erase(self, case_no: str, what: Belongings) -> None:
        """Delete it. The caller has appended its tombstone in this very transaction."""
        e = t.event.c
        for part in _parts(what.events):
            self._c.execute(update(t.event).where(e.seq.in_(part)).values(body=""))
        for part in _parts(what.letters):
            self._delete(t.recipient.c.key, part)
            self._delete(t.letter.c.key, part)
        for key in what.letters:
            self._alarms(key)
        self._delete(t.notice.c.case_no, [case_no])
        self._messages(what.messages)
        for part in _parts(what.documents):
            for column in (
                t.filed.c.sha256, t.reading.c.sha256, t.document_chunk.c.sha256,
                t.document.c.sha256,
            ):  # fmt: skip
                self._delete(column, part)
        self._case(case_no)

    def alarms(self, letters: Iterable[str]) -> list[str]:
        """Keys of the letters that told the operator that one of these came back."""
        key, about = t.letter.c.key, t.letter.c.about
        told = (select(key).where(_of_return(about, one)) for one in letters)
        return [found for query in told for found in self._c.execute(query).scalars()]

    def _alarms(self, letter: str) -> None:
        """The tray's items and the notices that say so: with an address, and of no case."""
        for column in (t.tray.c.message_id, t.notice.c.key):
            self._c.execute(delete(column.table).where(_of_return(column, letter)))

    def _messages(self, messages: tuple[str, ...]) -> None:
        """Bytes and words go; that such a mail came stays, so that it is not taken again."""
        u, d = t.message_upload.c, t.delivery.c
        for part in _parts(messages):
            uploads = select(u.upload).where(u.message_id.in_(part))
            self._c.execute(delete(t.message_chunk).where(t.message_chunk.c.upload.in_(uploads)))
            self._delete(u.message_id, part)
            self._delete(t.placement.c.message_id, part)
            blank = {"sender": "", "recipients": [], "peer": "", "login": ""}
            self._c.execute(update(t.delivery).where(d.message_id.in_(part)).values(**blank))
            settled = {"text": "", "closed_note": ""}
            tray = update(t.tray).where(t.tray.c.message_id.in_(part))
            self._c.execute(tray.values(**settled))
            message = update(t.message).where(t.message.c.id.in_(part))
            self._c.execute(message.values(mail=None, error=""))

    def _case(self, case_no: str) -> None:
        values: dict[str, Any] = {
            "entity_key": f"{ERASED}{case_no}", "entity_name": GONE, "name_key": "", "uscc": "",
            "account_no": "", "state": None,
        }  # fmt: skip
        self._c.execute(update(t.case).where(t.case.c.case_no == case_no).values(**values))
        # What the case was found by is a copy of its name, in pieces: looked for in all, since a
        # library's later release may read a letter otherwise than the one that made them.
        self._delete(t.name_part.c.case_no, [case_no])
        self._delete(t.waiting.c.case_no, [case_no])

    def _delete(self, column: Any, values: list[Any]) -> None:
        self._c.execute(delete(column.table).where(column.in_(values)))

    def looks(self, before: datetime) -> int:
        """Delete looks written down before that moment; how many."""
        return self._c.execute(delete(t.access).where(t.access.c.at < before)).rowcount


def _of_return(column: Any, letter: str) -> ColumnElement[bool]:
    """Whether a key is of an alarm about the letter's return."""
    # Texts sort by their bytes, and ";" is the one after ":": a range that an index serves.
    return and_(column > f"{RETURNED}{letter}:", column < f"{RETURNED}{letter};")


def _parts(values: tuple[Any, ...]) -> Iterable[list[Any]]:
    return (list(values[at : at + _MANY]) for at in range(0, len(values), _MANY))
