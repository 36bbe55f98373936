"""Chat: when a person is not to be notified; accounts that guess invitation codes."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def _string(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "notice_habit",
        sa.Column("person", _string(80), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_to", sa.Integer(), nullable=True),
        sa.Column("muted_until", moment, nullable=True),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_notice_habit")),
    )
    op.create_table(
        "misuse",
        sa.Column("channel", _string(20), nullable=False),
        sa.Column("channel_user", _string(80), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("locked_until", moment, nullable=True),
        sa.PrimaryKeyConstraint("channel", "channel_user", name=op.f("pk_misuse")),
    )
