"""A SQLite database at our schema, made once and copied for each test."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from store import schema


@cache
def _bytes() -> bytes:
    with TemporaryDirectory() as directory:
        file = Path(directory) / "clerk.db"
        schema.upgrade(f"sqlite:///{file}")
        return file.read_bytes()


def database(directory: Path) -> str:
    """The address of an empty database in ``directory``, at this program's schema."""
    file = directory / "clerk.db"
    file.write_bytes(_bytes())
    return f"sqlite:///{file}"
