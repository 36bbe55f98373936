"""A fresh office for each test; it must leave a store that verifies. On both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.casework.office import Office


@pytest.fixture
def office(tmp_path: Path, database: str) -> Iterator[Office]:
    opened = Office(tmp_path, database)
    yield opened
    opened.close()
