"""A backup made at work is whole; what it is restored to, or moved to, goes on the same."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from casework import decisions, digests
from casework.desk import Desk
from clerk import upkeep
from clerk.settings import Backup, Data, Database, Settings
from clerk.wiring import House
from mailer.outbox import dress_due
from procedure.errors import WrongUse
from store import Store
from store.moving import move
from store.verify import counts, verify
from tests.casework.made import Firm, at
from tests.casework.office import HEBEI, Office
from tests.postgres.cluster import Cluster

FRIDAY = "2021-11-05 17:00"
SETTLED = ("messages", "cases", "events")


@pytest.fixture
def office(tmp_path: Path, database: str) -> Iterator[Office]:
    opened = Office(tmp_path, database)
    yield opened
    opened.close()


def house_of(office: Office, url: str, directory: Path, backup: Backup | None = None) -> House:
    settings = Settings(
        data=Data(directory=directory), database=Database(url=url), backup=backup or Backup()
    )
    return House(settings, office.clock, office.store, office.desk)


@contextmanager
def empty_place(kind: str, directory: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """An address where nothing is yet."""
    if kind == "sqlite":
        directory.mkdir()
        yield f"sqlite:///{directory}/clerk.db"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    with cluster.fresh("template0") as url:
        yield url


def next_digests(store: Store, desk: Desk, office: Office) -> dict[str, bytes]:
    """The digests of that Friday, written out: key → bytes."""
    made = digests.make_due(desk, office.clock.to(FRIDAY))
    while dress_due(store, desk.office, "office.example", None):
        continue
    with store.read() as tx:
        found = {key: tx.outbox.raw(key) for key in made}
    assert all(found.values())
    return {key: raw for key, raw in found.items() if raw}


def beside(office: Office, url: str) -> tuple[Store, Desk]:
    """The same desk on another database."""
    store = Store.open(url, office.clock)
    served = {"served": office.desk.served, "own_addresses": office.desk.own_addresses}
    mailboxes = {"province_mailboxes": office.desk.province_mailboxes}
    return store, Desk.make(store, office.clock, **served, **mailboxes)


def load(office: Office, stop: threading.Event, failed: list[Exception]) -> None:
    """Applications come and are confirmed until it is told to stop."""
    try:
        for number in range(100, 200):
            if stop.is_set():
                return
            firm = Firm(number, f"河北示例{number}号热电有限公司", email=f"f{number}@firm.example")
            decisions.confirm(office.desk, HEBEI, office.apply(firm), 1)
    except Exception as error:
        failed.append(error)


@pytest.mark.timeout(600)
def test_made_under_load_restored_and_moved_it_goes_on_the_same(
    office: Office, database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    kind = "sqlite" if database.startswith("sqlite") else "postgresql"
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[kind]
    for number in range(3):
        office.apply(Firm(number + 1, f"河北样例{number}号化工有限公司"))
    house = house_of(office, database, tmp_path / "data")
    before, stop = counts(office.store), threading.Event()
    failed: list[Exception] = []
    worker = threading.Thread(target=load, args=(office, stop, failed))
    worker.start()
    try:
        for turn in range(2):
            upkeep.backup(house, tmp_path / f"busy-{turn}")
    finally:
        stop.set()
        worker.join()
    assert failed == []
    after = counts(office.store)
    with empty_place(kind, tmp_path / "busy", request) as url:
        settings = Settings(data=Data(directory=tmp_path / "busy"), database=Database(url=url))
        found = upkeep.restore(settings, tmp_path / "busy-1")
        assert all(before[name] <= found[name] <= after[name] for name in SETTLED)
    upkeep.backup(house, tmp_path / "last")
    with (
        empty_place(kind, tmp_path / "restored", request) as restored,
        empty_place(other, tmp_path / "moved", request) as moved,
    ):
        settings = Settings(
            data=Data(directory=tmp_path / "restored"), database=Database(url=restored)
        )
        assert upkeep.restore(settings, tmp_path / "last") == after
        move(office.store, moved, office.clock)
        expected = next_digests(office.store, office.desk, office)
        assert any(key.startswith("weekly") for key in expected)
        for url in (restored, moved):
            office.clock.to("2021-11-05 16:00")
            store, desk = beside(office, url)
            try:
                assert next_digests(store, desk, office) == expected
                assert verify(store) == []
            finally:
                store.close()


def test_backups_without_a_name_are_rotated(office: Office, database: str, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    house = house_of(office, database, tmp_path, Backup(directory=folder, keep=2))
    folder.mkdir()
    own = folder / "clerk-before-the-upgrade.db"
    own.write_bytes(b"kept by a person")
    made = []
    for _ in range(4):
        office.clock.step(seconds=60)
        target, size, _ = upkeep.rotated(house)
        assert size == target.stat().st_size > 0
        assert target.stat().st_mode & 0o777 == 0o600
        made.append(target)
    assert sorted(folder.iterdir()) == sorted([own, *made[-2:]])
    with pytest.raises(WrongUse, match="is there already"):
        upkeep.rotated(house)
    with pytest.raises(WrongUse, match=r"backup\.directory"):
        upkeep.rotated(house_of(office, database, tmp_path))


def test_a_backup_that_fails_removes_none(office: Office, database: str, tmp_path: Path) -> None:
    house = house_of(office, database, tmp_path, Backup(directory=tmp_path / "backups", keep=1))
    first, _, _ = upkeep.rotated(house)
    office.clock.to("2021-11-04 09:00")
    (tmp_path / "backups" / "clerk-20211104-010000.db.partial").mkdir()
    (tmp_path / "backups" / "clerk-20211104-010000.dump.partial").mkdir()
    with pytest.raises(Exception, match="backup to"):
        upkeep.rotated(house)
    assert first.is_file()
    assert at("2021-11-04 09:00") == office.clock.now()
