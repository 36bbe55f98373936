"""Who looked at which case's personal data (kept at least six months)."""

from datetime import datetime

from sqlalchemy import Connection, insert

from store import tables as t


class Access:
    """The access log within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def looked(self, person: str, what: str, case_no: str, now: datetime) -> None:
        """Write down one look."""
        row = {"person": person, "what": what, "case_no": case_no, "at": now}
        self._c.execute(insert(t.access).values(**row))
