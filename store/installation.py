"""When the installation began: one row, written once, while there is nothing else yet."""

from datetime import datetime

from sqlalchemy import Connection, Table, insert, select

from procedure.clock import Clock
from store import tables as t

_BUSINESS = (t.message, t.case, t.registry_import, t.digest)
"""Tables that are empty in an installation that begins."""


class Installation:
    """The installation itself, within one transaction."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._c = connection
        self._clock = clock

    def began_at(self) -> datetime | None:
        """Its first moment; None where it is older than this table."""
        return self._c.execute(select(t.installation.c.began_at)).scalar()

    def begin(self) -> None:
        """Write the first moment down, where this is it."""
        if self.began_at() is None and not any(map(self._filled, _BUSINESS)):
            self._c.execute(insert(t.installation).values(id=1, began_at=self._clock.now()))

    def _filled(self, table: Table) -> bool:
        return self._c.execute(select(table).limit(1)).first() is not None
