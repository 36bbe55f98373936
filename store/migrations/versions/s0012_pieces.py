"""Pieces of names that stand side by side, by province; looks at a case are found by the case."""

import sqlalchemy as sa
from alembic import op

from procedure import namegrams

revision = "0012"
down_revision = "0011"
_MANY = 2_000

_case = sa.table("case_file", *(sa.column(name) for name in ("case_no", "entity_name", "province")))


def _string(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    # Under another name: an older program that still runs must fail, not fill it as it used to.
    op.drop_table("name_piece")
    piece = op.create_table(
        "name_part",
        sa.Column("province", _string(2), nullable=False),
        sa.Column("piece", _string(20), nullable=False),
        sa.Column("case_no", _string(40), nullable=False),
        sa.PrimaryKeyConstraint("province", "piece", "case_no", name=op.f("pk_name_part")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_access_case_no"), "access", ["case_no"], unique=False)
    bind = op.get_bind()
    rows: list[dict[str, str]] = []
    for case_no, name, province in bind.execute(sa.select(_case)).all():
        key = {"case_no": case_no, "province": province}
        rows += [{**key, "piece": one} for one in sorted(namegrams.pieces(name))]
        if len(rows) > _MANY:
            bind.execute(sa.insert(piece), rows)
            rows.clear()
    if rows:
        bind.execute(sa.insert(piece), rows)
