"""The tray for unclear mail that staff work off."""

from datetime import datetime

from sqlalchemy import Connection, RowMapping, select, update

from procedure.language import packed, unpacked
from store import tables as t
from store.dialect import insert_missing
from store.rows import TrayItem

_t = t.tray.c


class Tray:
    """Tray items within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def put(self, message_id: str, document: str, reason: str, text: str, now: datetime) -> int:
        """Lay something into the tray, once by message, document and reason; its number."""
        key = {"message_id": message_id, "document": document, "reason": reason}
        insert_missing(
            self._c,
            t.tray,
            {**key, "text": packed(text), "at": now},
            ("message_id", "document", "reason"),
        )
        query = select(_t.id).where(*(t.tray.c[name] == value for name, value in key.items()))
        return int(self._c.execute(query).scalar_one())

    def open_items(self) -> list[TrayItem]:
        """What waits, oldest first."""
        query = select(t.tray).where(_t.closed_at.is_(None)).order_by(_t.at, _t.id)
        return [_item(row) for row in self._c.execute(query).mappings()]

    def waits(self, document: str, reason: str) -> bool:
        """Whether this file lies in the tray for this reason."""
        open_ = (_t.document == document, _t.reason == reason, _t.closed_at.is_(None))
        return self._c.execute(select(_t.id).where(*open_).limit(1)).first() is not None

    def get(self, number: int) -> TrayItem | None:
        """One item, None for none."""
        row = self._c.execute(select(t.tray).where(_t.id == number)).mappings().first()
        return _item(row) if row else None

    def of_message(self, message_id: str) -> list[TrayItem]:
        """All items of one message."""
        query = select(t.tray).where(_t.message_id == message_id).order_by(_t.id)
        return [_item(row) for row in self._c.execute(query).mappings()]

    def close(self, number: int, by: str, how: str, note: str, now: datetime) -> bool:
        """Settle an item; False where somebody did before."""
        statement = (
            update(t.tray)
            .where(_t.id == number, _t.closed_at.is_(None))
            .values(closed_by=by, closed_how=how, closed_note=packed(note), closed_at=now)
        )
        return self._c.execute(statement).rowcount == 1


def _item(row: RowMapping) -> TrayItem:
    words = {name: unpacked(row[name]) for name in ("text", "closed_note")}
    return TrayItem(**{**row, **words})
