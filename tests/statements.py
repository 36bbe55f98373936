"""SQL statements are compiled once for all databases of a test process, as for all transactions of
one installation: each test has a database, and so an engine and a cache, of its own.
"""

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, Engine, event


class Statements(dict[tuple[Any, ...], Any]):
    """What was compiled for one kind of database. The first part of a key is the engine's own."""

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: tuple[Any, ...], value: Any) -> None:
        super().__setitem__(key[1:], value)


_known: defaultdict[type, Statements] = defaultdict(Statements)


def share() -> None:
    """From now on in this process."""
    event.listen(Engine, "engine_connect", _with_known)


def _with_known(connection: Connection) -> None:
    connection.execution_options(compiled_cache=_known[type(connection.dialect)])
