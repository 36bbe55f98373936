"""Chat: the language that a person chose."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    locale = sa.String(20).with_variant(sa.Text(collation="C"), "postgresql")
    op.add_column("notice_habit", sa.Column("locale", locale, nullable=True))
