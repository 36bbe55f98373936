"""Refresh tokens that a provider traded for new ones: kept beside the database, for us alone.

Where the settings name another token than the one that a kept one descends from, a person has
granted access anew, and the kept one is forgotten.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from procedure.errors import WrongUse


class TokenFile:
    """The grant of one account. Several processes may share it: one asks at a time."""

    def __init__(self, folder: Path, account: str, configured: str) -> None:
        name = hashlib.sha256(account.encode()).hexdigest()[:20]
        self._path = folder / f"{name}.json"
        self._origin = hashlib.sha256(configured.encode()).hexdigest()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else asks meanwhile: a grant that may be used once would die of two."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("a", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def load(self) -> str:
        """The newest grant, "" where the configured one was never traded."""
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return ""
        except (OSError, ValueError) as error:
            raise WrongUse(f"{self._path} cannot be read: {error}") from error
        return str(kept["token"]) if kept["origin"] == self._origin else ""

    def save(self, token: str) -> None:
        """Keep it before it is relied on: the old one may be dead already. Raises OSError."""
        fresh = self._path.with_suffix(".new")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"origin": self._origin, "token": token}, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
