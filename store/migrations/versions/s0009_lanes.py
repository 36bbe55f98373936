"""Messages wait in lanes, one a province: none waits for the flood of another."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    kind = sa.String(8).with_variant(sa.Text(collation="C"), "postgresql")
    op.add_column("message", sa.Column("lane", kind, nullable=False, server_default=""))
    some = sa.text("state = 'received'")
    op.create_index(
        "ix_message_lane",
        "message",
        ["lane", "received_at", "id"],
        sqlite_where=some,
        postgresql_where=some,
    )
