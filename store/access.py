"""Who looked at which case's personal data (kept at least six months)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from store import tables as t


@dataclass(frozen=True)
class Look:
    """One look: who, at what (``case``, ``document SHA256``, ``tray N``, ``export``), when."""

    person: str
    what: str
    case_no: str
    at: datetime


class Access:
    """The access log within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def looked(self, person: str, what: str, case_no: str, now: datetime) -> None:
        """Write down one look."""
        row = {"person": person, "what": what, "case_no": case_no, "at": now}
        self._c.execute(insert(t.access).values(**row))

    def looks(
        self,
        *,
        person: str = "",
        case_no: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 1000,
    ) -> list[Look]:
        """The latest looks, the newest first; "" and None ask for all."""
        a = t.access.c
        query = select(a.person, a.what, a.case_no, a.at)
        wanted: Mapping[Any, str] = {a.person: person, a.case_no: case_no}
        query = query.where(*(column == value for column, value in wanted.items() if value))
        if since is not None:
            query = query.where(a.at >= since)
        if until is not None:
            query = query.where(a.at < until)
        rows = self._c.execute(query.order_by(a.at.desc(), a.id.desc()).limit(limit))
        return [Look(*row) for row in rows]

    def last(self, person: str, what: str, case_no: str) -> int:
        """The number behind ``what`` at the person's last look of this kind, 0 for none."""
        a = t.access.c
        query = (
            select(a.what)
            .where(a.person == person, a.case_no == case_no, a.what.startswith(what))
            .order_by(a.id.desc())
            .limit(1)
        )
        found = self._c.execute(query).scalar()
        return int(found.removeprefix(what)) if found else 0
