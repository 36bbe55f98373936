"""Backup while the installation runs, restore into an empty place; both proven before they end."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from clerk.settings import Settings
from clerk.wiring import House, clock_of
from procedure.clock import Clock
from procedure.errors import Permanent, WrongUse
from store import Store
from store.dialect import database_file
from store.verify import counts, verify


class NotWhole(Permanent):
    """A backup that does not verify."""

    code = "not-whole"


def backup(house: House, target: Path) -> int:
    """Copy the database to ``target``; its size in bytes.

    Raises `StoreFault` where it cannot be written, `NotWhole` where the copy does not verify.
    """
    if target.resolve() == _file(house.settings):
        raise WrongUse(f"{target} is the database itself: name another file")
    house.store.backup(target)
    _prove(target, house.clock)
    return target.stat().st_size


def restore(settings: Settings, source: Path) -> dict[str, int]:
    """Put ``source`` where the settings want the database; the counts of what is in it.

    Nothing that is there is written over. Raises `WrongUse` where a database is there already,
    `StoreFault` or `SchemaMismatch` where ``source`` is no database of this program, `NotWhole`
    where it does not verify; nothing is put in place then.
    """
    file = _file(settings)
    if file.exists():
        raise WrongUse(f"{file} is there already: restore into an empty data directory")
    file.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=file.parent) as directory:
        copy = Path(directory) / file.name
        shutil.copyfile(source, copy)
        found = _prove(copy, clock_of(settings))
        copy.rename(file)
    return found


def _file(settings: Settings) -> Path:
    file = database_file(settings.database_url)
    if file is None:
        raise WrongUse("a database server is backed up with its own tools (pg_dump, pg_restore)")
    return file.resolve()


def _prove(file: Path, clock: Clock) -> dict[str, int]:
    store = Store.open(f"sqlite:///{file.resolve()}", clock)
    try:
        problems = verify(store)
        if problems:
            raise NotWhole(f"{file} does not verify: {problems[0]} ({len(problems)} problems)")
        return counts(store)
    finally:
        store.close()
