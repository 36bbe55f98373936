"""A store on a real file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store import Store
from tests.store.helpers import CLOCK, url


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(url(tmp_path), CLOCK, create=True)
    yield opened
    opened.close()
