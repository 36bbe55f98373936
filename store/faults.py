"""The database's own errors as ours: no caller of this room needs to know SQLAlchemy."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    IntegrityError,
    InternalError,
    OperationalError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from store.errors import Clash, StoreBusy, StoreFault

_BUSY = ("locked", "busy", "lock timeout", "deadlock detected", "could not serialize")


@contextmanager
def translated() -> Iterator[None]:
    """`StoreBusy`, `Clash` and `StoreFault`, all of which say that trying again may help.

    A database file that is damaged is a `StoreFault` too: mail must be put off, never bounced.
    """
    try:
        yield
    except PoolTimeout as error:
        raise StoreBusy("too many transactions at a time: no connection came free") from error
    except DBAPIError as error:
        known = _known(error)
        if known is None:
            raise
        raise known from error
    except StatementError as error:
        # A value that a column refuses (a naive moment) is the caller's mistake: show it plainly.
        if isinstance(error.orig, ValueError):
            raise error.orig from error
        raise


def _known(error: DBAPIError) -> StoreBusy | StoreFault | Clash | None:
    text = str(error.orig)
    if isinstance(error, IntegrityError):
        return Clash(f"somebody else wrote the same at the same moment: {text}")
    if isinstance(error, OperationalError) and any(word in text for word in _BUSY):
        return StoreBusy(f"the database is busy: {text}")
    if isinstance(error, OperationalError | InternalError) or type(error) is DatabaseError:
        return StoreFault(f"the database failed: {text}")
    return StoreFault(f"the database was lost: {text}") if error.connection_invalidated else None
