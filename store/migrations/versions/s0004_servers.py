"""Several machines: who is at a letter; what is due by an index; PostgreSQL's texts as SQLite's."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_TEXTS = """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name <> 'alembic_version'
    AND data_type IN ('character varying', 'text') ORDER BY 1, 2
"""


def upgrade() -> None:
    op.add_column("recipient", sa.Column("leased_by", sa.String(80), nullable=True))
    moment = sa.DateTime(timezone=True)
    op.add_column("recipient", sa.Column("leased_until", moment, nullable=True))
    _index("ix_message_due", "message", ["received_at", "id"], "state = 'received'")
    _index("ix_letter_undressed", "letter", ["created_at", "key"], "raw IS NULL")
    _index("ix_recipient_due", "recipient", ["key"], "state IN ('queued', 'deferred')")
    op.create_index(op.f("ix_recipient_address"), "recipient", ["address"], unique=False)
    op.create_index(op.f("ix_case_file_entity_key"), "case_file", ["entity_key"], unique=False)
    op.create_index(op.f("ix_event_at"), "event", ["at"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        _bytewise()


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    """An index of some rows only."""
    some = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=some, postgresql_where=some)


def _bytewise() -> None:
    """Texts of any length, in the order of their bytes whatever the server's language is."""
    tables: dict[str, list[str]] = {}
    for table, column in op.get_bind().exec_driver_sql(_TEXTS):
        tables.setdefault(table, []).append(f'ALTER "{column}" TYPE TEXT COLLATE "C"')
    for table, changes in tables.items():
        op.execute(f'ALTER TABLE "{table}" {", ".join(changes)}')
