"""The migrations make exactly the tables that the code uses."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from store import schema, upgrade
from store.dialect import make_engine
from store.tables import metadata


def _ours(_object: object, name: str | None, kind: str, *_: object) -> bool:
    """Not the queue's tables, which are the library's (`store.hints`)."""
    return kind != "table" or not str(name).startswith("procrastinate_")


OPTIONS = {"compare_type": False, "include_object": _ours}


def test_migrations_and_tables_agree(empty: str) -> None:
    upgrade(empty)
    engine = make_engine(empty)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=OPTIONS)
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_files_of_migrations_are_called_as_they_say() -> None:
    scripts = list(ScriptDirectory.from_config(schema._config("sqlite://")).walk_revisions())
    assert schema.revisions() == [one.revision for one in reversed(scripts)]
