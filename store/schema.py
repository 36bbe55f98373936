"""The schema's version: Alembic from the first day, run by code, refused where it does not fit."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import column, inspect, select, table

from procedure.errors import WrongUse
from procedure.language import _
from store import hints
from store.dialect import database_file, make_engine
from store.errors import SchemaMismatch
from store.faults import translated
from store.postgres import is_server

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

_SCRIPTS = Path(__file__).parent / "migrations"
_VERSION = table("alembic_version", column("version_num"))
_REVISION = select(_VERSION.c.version_num)


def _config(url: str) -> "Config":
    # Alembic is loaded by those who upgrade: it takes longer than most commands run.
    from alembic.config import Config

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
    if revision is not None and revision not in revisions():
        raise _newer(revision)
    if revision == revisions()[-1] and _queue_made(url):
        return
    from alembic import command

    with translated():
        command.upgrade(_config(url), "head")


def _queue_made(url: str) -> bool:
    """Whether a server's queue of hints fits the installed library."""
    if not is_server(url):
        return True
    engine = make_engine(url)
    try:
        with translated(), engine.connect() as connection:
            return hints.made(connection)
    finally:
        engine.dispose()


def current(url: str) -> str | None:
    """Revision of the database, None where there is no schema yet; looking makes no file."""
    file = database_file(url)
    if file is not None and not file.exists():
        return None
    engine = make_engine(url)
    try:
        with translated(), engine.connect() as connection:
            if not inspect(connection).has_table(_VERSION.name):
                return None
            return connection.execute(_REVISION).scalar()
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
    head = revisions()[-1]
    if revision == head:
        if not _queue_made(url):
            raise SchemaMismatch(
                "the queue of the database is another version's: run 'clerk init'",
                user_message=_("数据库的任务队列与程序版本不符，请先运行 clerk init。").said(),
            )
        return
    if revision is None:
        raise SchemaMismatch(
            "the database has no schema yet: run 'clerk init'",
            user_message=_("数据库尚未建立，请先运行 clerk init。").said(),
        )
    if revision not in revisions():
        raise _newer(revision)
    raise SchemaMismatch(
        f"the database is at schema {revision}, this program needs {head}: run 'clerk init'",
        user_message=_("数据库版本较旧，请先运行 clerk init 升级。").said(),
    )


def unchanged(connection: "Connection") -> None:
    """`SchemaMismatch` where somebody changed the schema since this process looked.

    Whoever was not stopped before an upgrade writes nothing after it: what it would write is of
    another schema's meaning.
    """
    revision = connection.execute(_REVISION).scalar()
    if revision != _head():
        raise SchemaMismatch(
            f"the database is at schema {revision} now: this process is another version's",
            user_message=_("数据库已升级，请重新启动程序。").said(),
        )


@cache
def _head() -> str:
    return revisions()[-1]


def revisions() -> list[str]:
    """Every schema that this program knows, the last one its own: the files are called so."""
    return sorted(path.name[1:5] for path in (_SCRIPTS / "versions").glob("s[0-9]*.py"))


def _newer(revision: str) -> SchemaMismatch:
    return SchemaMismatch(
        f"the database is at schema {revision}, which is newer than this program: upgrade it",
        user_message=_("数据库版本比程序新，请升级程序。").said(),
    )
