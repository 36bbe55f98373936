"""In which order messages were described: of two alike, the first described is the original."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_message = sa.table(
    "message",
    sa.column("id", sa.String),
    sa.column("received_at", sa.DateTime),
    sa.column("fingerprint", sa.String),
    sa.column("described", sa.Integer),
)


def upgrade() -> None:
    op.add_column("message", sa.Column("described", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_message_described"), "message", ["described"], unique=False)
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    """Messages described before this column was there: in the order in which they came."""
    known = sa.select(_message.c.id).where(_message.c.fingerprint.is_not(None))
    ids = connection.execute(known.order_by(_message.c.received_at, _message.c.id)).scalars().all()
    for order, message_id in enumerate(ids, 1):
        row = sa.update(_message).where(_message.c.id == message_id)
        connection.execute(row.values(described=order))
