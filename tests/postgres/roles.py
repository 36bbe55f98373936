"""A database with its two roles, made by the script that is shipped."""

import os
import secrets
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from store.postgres import server_url
from tests.postgres.cluster import Cluster

OPS = Path(__file__).parents[2] / "ops"


@dataclass(frozen=True)
class Roles:
    owner: str
    """Address under the role that owns the schema."""
    serving: str


@contextmanager
def two_roles(cluster: Cluster) -> Iterator[Roles]:
    """Made twice, as after an upgrade; taken away at the end."""
    mark = secrets.token_hex(4)
    names = {
        "OWNER_ROLE": f"owner_{mark}", "SERVING_ROLE": f"serving_{mark}",
        "CLERK_DATABASE": f"roles_{mark}",
    }  # fmt: skip
    base = make_url(cluster.url("postgres"))
    passwords = {"owner": "own'er", "serving": "serv"}
    with tempfile.TemporaryDirectory() as folder:
        for name, password in passwords.items():
            (Path(folder) / f"{name}_password").write_text(password, encoding="ascii")
        own = {
            "PGHOST": str(base.host), "PGPORT": str(base.port), "PGPASSWORD": cluster.password,
            "POSTGRES_USER": "clerk", "SECRETS": folder, "ROLES": str(OPS / "roles.sql"),
            "PATH": f"{cluster.bin}:{os.environ['PATH']}",
        }  # fmt: skip
        for _ in range(2):
            command = [OPS / "roles.sh"]
            subprocess.run(command, env={**os.environ, **own, **names}, check=True, timeout=60)
    place = base.set(database=names["CLERK_DATABASE"])
    owner, serving = (
        place.set(username=names[f"{name.upper()}_ROLE"], password=password)
        for name, password in passwords.items()
    )
    try:
        yield Roles(*(one.render_as_string(hide_password=False) for one in (owner, serving)))
    finally:
        cluster.drop(names["CLERK_DATABASE"])
        with psycopg.connect(plain(cluster.url("postgres")), autocommit=True) as connection:
            for name in (names["OWNER_ROLE"], names["SERVING_ROLE"]):
                connection.execute(f"DROP ROLE {name}".encode())


def plain(url: str) -> str:
    """An address as the driver itself takes it."""
    return server_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
