"""A real PostgreSQL of our own: a fresh cluster on a loopback port, ended by its pid."""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from store import upgrade

LEAST = 15
"""Major version."""
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    # The machine does not lose its power in a test; a killed server's files are still there.
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    # A server that is told to end waits for whoever connected just then and says nothing, as long
    # as this: a minute unless told, which is as long as `stop` waits for the server.
    "authentication_timeout": "15s",
}


def programs() -> Path | None:
    """Where the newest server's programs are, None where none is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=_version)
    if found and _version(found[-1]) >= LEAST:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _version(program: Path) -> int:
    return int(program.parent.parent.name)


def _owner() -> str | None:
    """Whom the server runs as: it refuses to run as root."""
    if os.getuid() != 0:
        return None
    known = {one.pw_name for one in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


class Cluster:
    """One server with a database for each test, copied from one that is at our schema."""

    def __init__(self, bin_: Path) -> None:
        self.bin = bin_
        self.owner = _owner()
        self.base = Path(tempfile.mkdtemp(prefix="pg-"))
        self.password = secrets.token_hex(8)
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            self.port = int(free.getsockname()[1])
        self.process: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        """The cluster's files, the server, and the database that all others are copies of."""
        secret = self.base / "password"
        secret.write_text(self.password, encoding="ascii")
        if self.owner is not None:
            for path in (self.base, secret):
                shutil.chown(path, self.owner)
        command: list[str | Path] = [
            self.bin / "initdb",
            "-D",
            self.base / "data",
            "-U",
            "clerk",
            "-N",
        ]
        command += ["-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, user=self.owner, cwd=self.base
        )
        self.start()
        self.create("template_clerk", "template0")
        upgrade(self.url("template_clerk"))

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = [text for name, value in SETTINGS.items() for text in ("-c", f"{name}={value}")]
        data = self.base / "data"
        command: list[str | Path] = [self.bin / "postgres", "-D", data, "-k", self.base]
        log = (self.base / "log").open("ab")
        with log:
            self.process = subprocess.Popen(
                [*command, "-p", str(self.port), *options],
                stdout=log, stderr=log, user=self.owner, cwd=self.base,
            )  # fmt: skip
        deadline = time.monotonic() + 60
        while not self._answers():
            assert self.process.poll() is None, (self.base / "log").read_text()
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._plain("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the server: SIGINT drops all sessions, SIGQUIT is a crash it must recover from."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(60)
            self.process = None

    def crash(self) -> None:
        """The server ends at once and has to recover."""
        self.stop(signal.SIGQUIT)

    def remove(self) -> None:
        """End it and leave nothing."""
        self.stop()
        shutil.rmtree(self.base)

    def url(self, database: str) -> str:
        """As an operator writes it into the settings."""
        return self._plain(database).replace("postgresql:", "postgresql+psycopg:", 1)

    def _plain(self, database: str) -> str:
        return f"postgresql://clerk:{self.password}@127.0.0.1:{self.port}/{database}"

    def create(self, name: str, template: str = "template_clerk") -> str:
        """A database; its address."""
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self._do(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def drop(self, name: str) -> None:
        """Drop a database with whoever is still in it."""
        self._do(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _do(self, statement: sql.Composed) -> None:
        with closing(psycopg.connect(self._plain("postgres"), autocommit=True)) as connection:
            connection.execute(statement)

    @contextmanager
    def fresh(self, template: str = "template_clerk") -> Iterator[str]:
        """The address of a database for one test."""
        name = f"t{secrets.token_hex(6)}"
        try:
            yield self.create(name, template)
        finally:
            self.drop(name)
