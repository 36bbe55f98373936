"""Backup while the installation runs, restore into an empty place; both proven before they end."""

import re
import shutil
from datetime import UTC
from pathlib import Path
from tempfile import TemporaryDirectory

from clerk.settings import Settings
from clerk.wiring import House, clock_of
from procedure.clock import Clock
from procedure.errors import Permanent, WrongUse
from store import Store, dumping, schema
from store.dialect import database_file
from store.verify import counts, verify

NAME = re.compile(r"clerk-\d{8}-\d{6}\.(db|dump)")
"""What backups are called that have no name of their own; the names sort by time (UTC)."""


class NotWhole(Permanent):
    """A backup that does not verify."""

    code = "not-whole"


def backup(house: House, target: Path) -> int:
    """Copy the database to ``target``; its size in bytes.

    A copy of SQLite is verified; a server's archive is read back, and verified when restored.

    Raises `StoreFault` where it cannot be written, `NotWhole` where the copy does not verify.
    """
    file = database_file(house.settings.database_url)
    if file is not None and target.resolve() == file.resolve():
        raise WrongUse(f"{target} is the database itself: name another file")
    house.store.backup(target)
    if file is not None:
        _prove(_address(target), house.clock)
    return target.stat().st_size


def rotated(house: House) -> tuple[Path, int, list[Path]]:
    """Back up into `backup.directory` and remove what `backup.keep` leaves over.

    The new file, its size, the files removed: only files that this command names, the oldest
    first, and only once the new one is proven. Raises as `backup`, `WrongUse` without a folder.
    """
    chosen = house.settings.backup
    if chosen.directory is None:
        raise WrongUse("name a file, or set backup.directory")
    chosen.directory.mkdir(parents=True, exist_ok=True)
    ending = "db" if database_file(house.settings.database_url) else "dump"
    moment = house.now().astimezone(UTC).strftime("%Y%m%d-%H%M%S")
    target = chosen.directory / f"clerk-{moment}.{ending}"
    if target.exists():
        raise WrongUse(f"{target} is there already: wait a second")
    size = backup(house, target)
    ours = sorted(one for one in chosen.directory.iterdir() if NAME.fullmatch(one.name))
    old = ours[: -chosen.keep] if chosen.keep else []
    for one in old:
        one.unlink()
    return target, size, old


def restore(settings: Settings, source: Path) -> dict[str, int]:
    """Put ``source`` where the settings want the database; the counts of what is in it.

    Nothing that is there is written over. Raises `WrongUse` where a database is there already,
    `StoreFault` or `SchemaMismatch` where ``source`` is no database of this program, `NotWhole`
    where it does not verify; nothing is put in place then.
    """
    clock = clock_of(settings)
    file = database_file(settings.database_url)
    if file is None:
        return _to_server(settings.database_url, source, clock)
    return _to_file(file.resolve(), source, clock)


def _to_file(file: Path, source: Path, clock: Clock) -> dict[str, int]:
    if file.exists():
        raise WrongUse(f"{file} is there already: restore into an empty data directory")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(dir=file.parent) as directory:
        copy = Path(directory) / file.name
        shutil.copyfile(source, copy)
        copy.chmod(0o600)
        found = _prove(_address(copy), clock)
        copy.rename(file)
    return found


def _to_server(url: str, source: Path, clock: Clock) -> dict[str, int]:
    if found := schema.tables(url):
        raise WrongUse(f"the database holds a table {found[0]}: restore into an empty database")
    dumping.load(url, source)
    try:
        return _prove(url, clock)
    except BaseException:
        dumping.clear(url)
        raise


def _address(file: Path) -> str:
    return f"sqlite:///{file.resolve()}"


def _prove(url: str, clock: Clock) -> dict[str, int]:
    store = Store.open(url, clock)
    try:
        problems = verify(store, copy=True)
        if problems:
            what = store.engine.url.database
            raise NotWhole(f"{what} does not verify: {problems[0]} ({len(problems)} problems)")
        return counts(store)
    finally:
        store.close()
