"""The schema's version: Alembic from the first day, run by code, refused where it does not fit."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from procedure.errors import WrongUse
from store.dialect import database_file, make_engine
from store.errors import SchemaMismatch
from store.faults import translated

_SCRIPTS = Path(__file__).parent / "migrations"


def _config(url: str) -> Config:
    config = Config()
    # The value is interpolated: a path may hold a percent sign.
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["url"] = url
    return config


def upgrade(url: str) -> None:
    """Bring the database at ``url`` to this program's schema, making it where there is none.

    All of it or nothing: a process that is killed meanwhile leaves the schema as it was. Raises
    `SchemaMismatch` where it is newer (an older program must not touch it), `WrongUse` where the
    database's directory is not there.
    """
    file = database_file(url)
    if file is not None and not file.parent.is_dir():
        raise WrongUse(
            f"directory {file.parent} is not there: make it, or set data.directory",
            code="data-directory",
        )
    revision = current(url)
    if revision is not None and revision not in _known(url):
        raise _newer(revision)
    with translated():
        command.upgrade(_config(url), "head")


def current(url: str) -> str | None:
    """Revision of the database, None where there is no schema yet; looking makes no file."""
    file = database_file(url)
    if file is not None and not file.exists():
        return None
    engine = make_engine(url)
    try:
        with translated(), engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def tables(url: str) -> list[str]:
    """Names of the tables that are there, whosever they are; looking makes no file."""
    file = database_file(url)
    if file is not None and not file.exists():
        return []
    engine = make_engine(url)
    try:
        with translated():
            return sorted(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def check(url: str) -> None:
    """`SchemaMismatch` where the database is not at exactly this program's schema."""
    revision = current(url)
    head = ScriptDirectory.from_config(_config(url)).get_current_head()
    if revision == head:
        return
    if revision is None:
        raise SchemaMismatch(
            "the database has no schema yet: run 'clerk init'",
            user_message="数据库尚未建立，请先运行 clerk init。",
        )
    if revision not in _known(url):
        raise _newer(revision)
    raise SchemaMismatch(
        f"the database is at schema {revision}, this program needs {head}: run 'clerk init'",
        user_message="数据库版本较旧，请先运行 clerk init 升级。",
    )


def _known(url: str) -> set[str]:
    scripts = ScriptDirectory.from_config(_config(url))
    return {script.revision for script in scripts.walk_revisions()}


def _newer(revision: str) -> SchemaMismatch:
    return SchemaMismatch(
        f"the database is at schema {revision}, which is newer than this program: upgrade it",
        user_message="数据库版本比程序新，请升级程序。",
    )
