"""Cases by their entity's normalised name: a keyed look-up instead of a part of the name."""

import sqlalchemy as sa
from alembic import op

from procedure import names

revision = "0003"
down_revision = "0002"

_case = sa.table(
    "case_file",
    sa.column("case_no", sa.String),
    sa.column("entity_name", sa.Text),
    sa.column("name_key", sa.String),
)


def upgrade() -> None:
    column = sa.Column("name_key", sa.String(300), nullable=False, server_default="")
    op.add_column("case_file", column)
    op.create_index(op.f("ix_case_file_name_key"), "case_file", ["name_key"], unique=False)
    connection = op.get_bind()
    known = connection.execute(sa.select(_case.c.case_no, _case.c.entity_name)).all()
    for case_no, name in known:
        row = sa.update(_case).where(_case.c.case_no == case_no)
        connection.execute(row.values(name_key=names.normalise(name)[:300]))
