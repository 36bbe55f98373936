"""Mail: under which login a message came; when each watched mailbox was last polled."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def _string(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.add_column("delivery", sa.Column("login", text, nullable=False, server_default=""))
    op.create_table(
        "mailbox",
        sa.Column("name", _string(500), nullable=False),
        sa.Column("polled_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mailbox")),
    )
