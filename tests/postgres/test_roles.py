"""The role that serves does all casework, and can make, change or drop nothing."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from casework import decisions, digests
from casework.exporting import export
from clerk import upkeep
from clerk.settings import Data, Database, Settings
from clerk.wiring import House
from store import schema
from tests.casework.made import Firm
from tests.casework.office import HEBEI, OPERATOR, Office
from tests.postgres.cluster import Cluster
from tests.postgres.roles import Roles, plain, two_roles


@pytest.fixture
def roles(cluster: Cluster) -> Iterator[Roles]:
    with two_roles(cluster) as made:
        yield made


def test_it_does_all_casework_and_its_own_backup(roles: Roles, tmp_path: Path) -> None:
    schema.upgrade(roles.owner)
    office = Office(tmp_path, roles.serving)
    firm = Firm(1)
    office.entities(firm)
    number = office.apply(firm)
    decisions.confirm(office.desk, HEBEI, number, 1)
    office.cancellations((firm, 5_000, "2021-11-03 10:00:00"))
    office.prove(firm)
    assert digests.make_due(office.desk, office.clock.to("2021-11-05 17:30"))
    assert export(office.desk, OPERATOR, number)
    settings = Settings(data=Data(directory=tmp_path), database=Database(url=roles.serving))
    house = House(settings, office.clock, office.store, office.desk)
    assert upkeep.backup(house, tmp_path / "copy.dump") > 0
    office.close()


FORBIDDEN = (
    "CREATE TABLE mine (id int)",
    "CREATE TEMP TABLE mine (id int)",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "ALTER TABLE event ADD COLUMN mine int",
    "ALTER TABLE event DISABLE TRIGGER ALL",
    "DROP TABLE access",
    "TRUNCATE event",
    "CREATE INDEX mine ON event (at)",
    "CREATE ROLE mine",
    "CREATE DATABASE mine",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "SET session_replication_role = replica",
    "SELECT pg_read_file('/etc/hostname')",
    "COPY access TO PROGRAM 'cat'",
    "COPY access FROM '/etc/hostname'",
    "SELECT rolpassword FROM pg_authid",
    "GRANT SELECT ON event TO PUBLIC",
)


def test_it_may_change_rows_and_nothing_else(roles: Roles) -> None:
    schema.upgrade(roles.owner)
    refused = []
    with psycopg.connect(plain(roles.serving), autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM event").fetchone() == (0,)
        for statement in FORBIDDEN:
            try:
                with connection.cursor() as cursor:
                    cursor.execute(statement.encode())
            except psycopg.errors.InsufficientPrivilege:
                refused.append(statement)
        granted = connection.execute(
            "SELECT count(*) FROM information_schema.role_table_grants WHERE grantee = 'PUBLIC'"
            " AND table_schema = 'public'"
        ).fetchone()
    # A GRANT without the right to grant is a warning at best: what counts is that it gave nothing.
    assert set(FORBIDDEN) - set(refused) <= {FORBIDDEN[-1]}
    assert granted == (0,)


def test_another_database_of_the_server_is_closed_to_it(roles: Roles, cluster: Cluster) -> None:
    with (
        cluster.fresh("template0") as other,
        psycopg.connect(plain(other), autocommit=True) as own,
    ):
        own.execute("CREATE TABLE secret (id int)")
        there = make_url(roles.serving).set(database=make_url(other).database)
        url = plain(there.render_as_string(hide_password=False))
        with psycopg.connect(url) as connection, pytest.raises(
            psycopg.errors.InsufficientPrivilege
        ):  # fmt: skip
            connection.execute("SELECT * FROM secret")
