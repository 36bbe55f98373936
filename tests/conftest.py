"""What all tests share: the databases that the same behaviour is proven on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import made, statements
from tests.postgres.cluster import Cluster, programs
from tests.programs import absent

# A busy machine is no fault of the code: speed is measured in benchmarks/.
settings.register_profile("clerk", deadline=None)
# For mutation testing, where each test runs hundreds of times (--hypothesis-profile=few).
settings.register_profile("few", deadline=None, max_examples=15, derandomize=True)
settings.load_profile("clerk")
statements.share()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server for this process's tests; skipped where none is, failed in CI."""
    found = programs()
    if found is None:
        absent("no PostgreSQL server: install postgresql (scripts/servers.sh)")
    made = Cluster(found)
    try:
        made.make()
        yield made
    finally:
        made.remove()


@pytest.fixture
def server_url(cluster: Cluster) -> Iterator[str]:
    """A database of its own on the server, at our schema and empty."""
    with cluster.fresh() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database for the test, of either kind, at our schema and empty."""
    if request.param == "sqlite":
        return made.database(tmp_path)
    return str(request.getfixturevalue("server_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An address for the test where there is no schema yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/clerk.db"
        return
    with request.getfixturevalue("cluster").fresh("template0") as url:
        yield url


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long ones first: whoever comes to one last is waited for by all other workers."""
    items.sort(key=lambda one: one.get_closest_marker("long") is None)
