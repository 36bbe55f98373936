"""Backup of a PostgreSQL database by its own tools, and back into an empty one.

Address and password go by the environment: neither is in the list of processes.
"""

import os
import shutil
import subprocess
from pathlib import Path

from procedure.errors import WrongUse
from store import hints, postgres
from store.dialect import make_engine
from store.errors import StoreFault
from store.tables import metadata

_ENVIRONMENT = {
    "PGHOST": "host", "PGPORT": "port", "PGUSER": "username", "PGPASSWORD": "password",
    "PGDATABASE": "database",
}  # fmt: skip


def dump(url: str, target: Path) -> None:
    """Write one moment's state to ``target`` (custom format) while others work, and read it back.

    Raises `StoreFault` where it cannot be made, `WrongUse` where the tools are not installed.
    """
    _run(url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
    readable(target)


def readable(archive: Path) -> None:
    """Read all of an archive. `StoreFault` where it is none, or broken."""
    _run("", "pg_restore", "--file=/dev/null", str(archive))


def load(url: str, archive: Path) -> None:
    """Bring an archive into an empty database: all of it or nothing. `StoreFault` as above."""
    options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    name = str(postgres.server_url(url).database)
    _run(url, "pg_restore", *options, f"--dbname={name}", str(archive))


def clear(url: str) -> None:
    """Take out again what `load` brought into a database that was empty before."""
    engine = make_engine(url)
    with engine.begin() as connection:
        hints.remove(connection)
        metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
    engine.dispose()


def _run(url: str, program: str, *arguments: str) -> None:
    command = [str(_tool(program)), *arguments]
    done = subprocess.run(
        command, env=_environment(url), stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise StoreFault(f"{program} failed: {said[0] if said else done.returncode}")


def _tool(program: str) -> Path:
    """The newest one installed: an older one refuses a newer server."""
    debian = Path("/usr/lib/postgresql").glob(f"*/bin/{program}")
    newest = sorted(debian, key=lambda path: int(path.parent.parent.name))
    found = newest[-1] if newest else shutil.which(program)
    if found is None:
        raise WrongUse(f"{program} is not installed: install postgresql-client")
    return Path(found)


def _environment(url: str) -> dict[str, str]:
    if not url:
        return dict(os.environ)
    parsed = postgres.server_url(url)
    known = {name: getattr(parsed, field) for name, field in _ENVIRONMENT.items()}
    known |= {f"PG{key.upper()}": value for key, value in parsed.query.items()}
    given = {name: str(value) for name, value in known.items() if value is not None}
    return {**os.environ, **given}
