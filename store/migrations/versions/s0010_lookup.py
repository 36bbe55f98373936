"""Cases found and counted without going through all: pieces of names, what waits, numbers."""

from collections import Counter
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from procedure.case import CaseState
from procedure.clock import utc
from procedure.jsonable import load

revision = "0010"
down_revision = "0009"

_case = sa.table(
    "case_file",
    *(sa.column(name) for name in ("case_no", "entity_name", "cycle", "province", "stage")),
    sa.column("state", sa.JSON),
)


def _string(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    # Filled by 0012, which makes it anew.
    op.create_table(
        "name_piece",
        sa.Column("piece", _string(20), nullable=False),
        sa.Column("province", _string(2), nullable=False),
        sa.Column("case_no", _string(40), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_no"], ["case_file.case_no"], name=op.f("fk_name_piece_case_no")
        ),
        sa.PrimaryKeyConstraint("piece", "province", "case_no", name=op.f("pk_name_piece")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_name_piece_case_no"), "name_piece", ["case_no"], unique=False)
    waiting = op.create_table(
        "waiting",
        sa.Column("case_no", _string(40), nullable=False),
        sa.Column("application", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("province", _string(2), nullable=False),
        sa.Column("stage", _string(20), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_no"], ["case_file.case_no"], name=op.f("fk_waiting_case_no")
        ),
        sa.PrimaryKeyConstraint("case_no", "application", name=op.f("pk_waiting")),
    )
    order = ["received_at", "case_no", "application"]
    op.create_index("ix_waiting_province_received", "waiting", ["province", *order], unique=False)
    op.create_index("ix_waiting_received", "waiting", order, unique=False)
    tally = op.create_table(
        "tally",
        sa.Column("cycle", _string(40), nullable=False),
        sa.Column("province", _string(2), nullable=False),
        sa.Column("stage", _string(20), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("cycle", "province", "stage", name=op.f("pk_tally")),
    )
    _fill(op.get_bind(), waiting, tally)


def _fill(bind: sa.Connection, waiting: sa.Table, tally: sa.Table) -> None:
    counts: Counter[tuple[str, str, str]] = Counter()
    for row in bind.execute(sa.select(_case)).mappings().all():
        counts[row["cycle"], row["province"], row["stage"]] += 1
        key = {"case_no": row["case_no"], "province": row["province"]}
        waits = list(_waiting(row["state"], bind.dialect.name))
        if waits:
            bind.execute(sa.insert(waiting), [{**key, **one} for one in waits])
    for (cycle, province, stage), number in counts.items():
        count = {"cycle": cycle, "province": province, "stage": stage, "cases": number}
        bind.execute(sa.insert(tally).values(**count))


def _waiting(state: object, dialect: str) -> Iterator[dict[str, object]]:
    for app in load(CaseState, state).applications if state else ():
        if app.stage in ("submitted", "unclear"):
            at = utc(app.received_at)
            # SQLite keeps no offset: all its moments are UTC.
            moment = at.replace(tzinfo=None) if dialect == "sqlite" else at
            yield {"application": app.number, "stage": app.stage, "received_at": moment}
