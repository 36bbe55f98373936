"""A store on a real file, and the same tests on a real server."""

from collections.abc import Iterator

import pytest

from store import Store
from tests.store.helpers import CLOCK


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    opened = Store.open(database, CLOCK, create=True)
    yield opened
    opened.close()
