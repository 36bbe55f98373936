"""Errors of a message are counted apart from its claims: a killed worker is none of them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column(
        "message", sa.Column("failures", sa.Integer(), nullable=False, server_default="0")
    )
