"""The schema and the upserts make sense to PostgreSQL too, though no server is asked here."""

import pytest
from sqlalchemy import ClauseElement, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from store import Store
from store.dialect import insert_missing, upsert
from store.rows import Person
from store.tables import Moment, metadata, notice, person

POSTGRES = postgresql.dialect()  # type: ignore[no-untyped-call]  # Untyped in SQLAlchemy.


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)
def test_every_table_can_be_made_by_postgresql(table: Table) -> None:
    made = str(CreateTable(table).compile(dialect=POSTGRES))
    indexes = [str(CreateIndex(index).compile(dialect=POSTGRES)) for index in table.indexes]
    assert "BLOB" not in made
    assert "DATETIME" not in made
    for column in table.columns:
        if isinstance(column.type, Moment):
            assert f"{column.name} TIMESTAMP WITH TIME ZONE" in made.replace('"', "")
    # PostgreSQL cuts names off silently: two may become one.
    names = [index.name for index in table.indexes] + [one.name for one in table.constraints]
    assert all(len(str(name)) <= 63 for name in names)
    assert len(indexes) == len(table.indexes)


class _Recorder:
    """A connection's place: what would be sent to PostgreSQL."""

    dialect = POSTGRES
    rowcount = 1

    def __init__(self) -> None:
        self.sent = ""

    def execute(self, statement: ClauseElement, rows: object = None) -> "_Recorder":
        self.sent = str(statement.compile(dialect=POSTGRES))
        return self


def test_upserts_are_in_postgresqls_words() -> None:
    # Nothing is sent: a recorder in the place of a connection.
    recorder = _Recorder()
    insert_missing(recorder, notice, {"key": "k"}, ("key",))  # type: ignore[arg-type]
    assert "ON CONFLICT (key) DO NOTHING" in recorder.sent
    upsert(recorder, person, {"name": "张某", "role": "handler"})  # type: ignore[arg-type]
    assert "ON CONFLICT (name) DO UPDATE SET role = excluded.role" in recorder.sent


def test_upserts_replace_and_insert_many_at_once(store: Store) -> None:
    rows = [
        {"name": f"张{n}", "role": "handler", "provinces": [], "revoked": False} for n in range(3)
    ]
    with store.write() as tx:
        upsert(tx.connection, person, rows[0])
        upsert(tx.connection, person, *({**row, "role": "reviewer"} for row in rows))
        upsert(tx.connection, person)
        assert tx.people.list() == [Person(f"张{n}", "reviewer") for n in range(3)]
        assert not insert_missing(tx.connection, person, rows[0], ("name",))
        assert tx.people.get("张0") == Person("张0", "reviewer")
