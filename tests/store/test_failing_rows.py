"""A row that the database refuses holds somebody's data: no traceback may show it in a log."""

import traceback

import pytest

from clerk.logs import shortened
from procedure.errors import ClerkError
from store import Store
from tests.store.helpers import CLOCK

PERSON, PHONE = "王某样", "13900001234"
NOBODY: str = None  # type: ignore[assignment]  # The row is to be refused.


def test_a_refused_row_is_not_in_the_traceback(store: Store) -> None:
    with pytest.raises(ClerkError) as refused, store.write() as tx:
        tx.access.looked(PERSON, PHONE, NOBODY, CLOCK.now())
    said = shortened("".join(traceback.format_exception(refused.value)))
    assert "INSERT INTO access" in said
    assert PERSON not in said
    assert PHONE not in said
