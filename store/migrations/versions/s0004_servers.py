"""Several machines: who is at a letter; what is due by an index; PostgreSQL's texts as SQLite's."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

DUE = sa.text("state = 'received'")
_TEXTS = """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name <> 'alembic_version'
    AND data_type IN ('character varying', 'text') ORDER BY 1, 2
"""


def upgrade() -> None:
    op.add_column("recipient", sa.Column("leased_by", sa.String(80), nullable=True))
    moment = sa.DateTime(timezone=True)
    op.add_column("recipient", sa.Column("leased_until", moment, nullable=True))
    columns = ["received_at", "id"]
    op.create_index("ix_message_due", "message", columns, sqlite_where=DUE, postgresql_where=DUE)
    if op.get_bind().dialect.name == "postgresql":
        _bytewise()


def _bytewise() -> None:
    """Texts of any length, in the order of their bytes whatever the server's language is."""
    tables: dict[str, list[str]] = {}
    for table, column in op.get_bind().exec_driver_sql(_TEXTS):
        tables.setdefault(table, []).append(f'ALTER "{column}" TYPE TEXT COLLATE "C"')
    for table, changes in tables.items():
        op.execute(f'ALTER TABLE "{table}" {", ".join(changes)}')
