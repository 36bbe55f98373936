"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "access",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("what", sa.String(length=80), nullable=False),
        sa.Column("case_no", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access")),
    )
    op.create_table(
        "case_file",
        sa.Column("case_no", sa.String(length=40), nullable=False),
        sa.Column("cycle", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("entity_key", sa.String(length=300), nullable=False),
        sa.Column("entity_name", sa.Text(), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("account_no", sa.String(length=80), nullable=False),
        sa.Column("province", sa.String(length=2), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("case_no", name=op.f("pk_case_file")),
        sa.UniqueConstraint(
            "cycle", "province", "seq", name=op.f("uq_case_file_cycle_province_seq")
        ),
        sa.UniqueConstraint(
            "cycle", "year", "entity_key", name=op.f("uq_case_file_cycle_year_entity_key")
        ),
    )
    op.create_index(op.f("ix_case_file_account_no"), "case_file", ["account_no"], unique=False)
    op.create_index("ix_case_file_province_stage", "case_file", ["province", "stage"], unique=False)
    op.create_index(op.f("ix_case_file_uscc"), "case_file", ["uscc"], unique=False)
    op.create_table(
        "digest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("period", sa.String(length=60), nullable=False),
        sa.Column("province", sa.String(length=2), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("supplement", sa.Integer(), nullable=False),
        sa.Column("letter_key", sa.String(length=600), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint(
            "kind",
            "period",
            "recipient",
            "supplement",
            name=op.f("uq_digest_kind_period_recipient_supplement"),
        ),
    )
    op.create_table(
        "document",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_document")),
    )
    op.create_table(
        "letter",
        sa.Column("key", sa.String(length=600), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("intent", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded", sa.Boolean(), nullable=False),
        sa.Column("rfc_message_id", sa.String(length=200), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_letter")),
        sa.UniqueConstraint("rfc_message_id", name=op.f("uq_letter_rfc_message_id")),
    )
    op.create_index(op.f("ix_letter_about"), "letter", ["about"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.String(length=80), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("mail", sa.JSON(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("sha256", name=op.f("uq_message_sha256")),
    )
    op.create_index(op.f("ix_message_fingerprint"), "message", ["fingerprint"], unique=False)
    op.create_index(op.f("ix_message_state"), "message", ["state"], unique=False)
    op.create_table(
        "message_chunk",
        sa.Column("upload", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("upload", "seq", name=op.f("pk_message_chunk")),
    )
    op.create_table(
        "notice",
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("case_no", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_notice")),
    )
    op.create_index(op.f("ix_notice_sent_at"), "notice", ["sent_at"], unique=False)
    op.create_table(
        "person",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("provinces", sa.JSON(), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_person")),
    )
    op.create_table(
        "registry_import",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("complete_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry_import")),
    )
    op.create_index(op.f("ix_registry_import_kind"), "registry_import", ["kind"], unique=False)
    op.create_table(
        "tray",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.Column("closed_how", sa.Text(), nullable=False),
        sa.Column("closed_note", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tray")),
        sa.UniqueConstraint(
            "message_id", "document", "reason", name=op.f("uq_tray_message_id_document_reason")
        ),
    )
    op.create_index(op.f("ix_tray_closed_at"), "tray", ["closed_at"], unique=False)
    op.create_table(
        "binding",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("channel_user", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.name"], name=op.f("fk_binding_person")),
        sa.PrimaryKeyConstraint("channel", "channel_user", name=op.f("pk_binding")),
    )
    op.create_index(op.f("ix_binding_person"), "binding", ["person"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("source_key", sa.String(length=500), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("peer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_delivery_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("source_key", name=op.f("uq_delivery_source_key")),
    )
    op.create_index(op.f("ix_delivery_message_id"), "delivery", ["message_id"], unique=False)
    op.create_table(
        "document_chunk",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sha256"], ["document.sha256"], name=op.f("fk_document_chunk_sha256")
        ),
        sa.PrimaryKeyConstraint("sha256", "seq", name=op.f("pk_document_chunk")),
    )
    op.create_table(
        "event",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_no", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["case_file.case_no"], name=op.f("fk_event_case_no")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event")),
        sa.UniqueConstraint("hash", name=op.f("uq_event_hash")),
    )
    op.create_index(op.f("ix_event_case_no"), "event", ["case_no"], unique=False)
    op.create_index(op.f("ix_event_kind"), "event", ["kind"], unique=False)
    op.create_table(
        "filed",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("case_no", sa.String(length=40), nullable=False),
        sa.Column("application", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["case_file.case_no"], name=op.f("fk_filed_case_no")),
        sa.PrimaryKeyConstraint("sha256", "part", name=op.f("pk_filed")),
    )
    op.create_table(
        "invitation",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.name"], name=op.f("fk_invitation_person")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_invitation")),
    )
    op.create_table(
        "message_upload",
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("upload", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_message_upload_message_id")
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_message_upload")),
        sa.UniqueConstraint("upload", name=op.f("uq_message_upload_upload")),
    )
    op.create_table(
        "placement",
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("case_no", sa.Text(), nullable=False),
        sa.Column("application", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_placement_message_id")
        ),
        sa.PrimaryKeyConstraint("message_id", "ordinal", "part", name=op.f("pk_placement")),
    )
    op.create_index(op.f("ix_placement_sha256"), "placement", ["sha256"], unique=False)
    op.create_table(
        "reading",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=80), nullable=False),
        sa.Column("readings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["document.sha256"], name=op.f("fk_reading_sha256")),
        sa.PrimaryKeyConstraint("sha256", "version", name=op.f("pk_reading")),
    )
    op.create_table(
        "recipient",
        sa.Column("key", sa.String(length=600), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["key"], ["letter.key"], name=op.f("fk_recipient_key")),
        sa.PrimaryKeyConstraint("key", "address", name=op.f("pk_recipient")),
    )
    op.create_index(op.f("ix_recipient_state"), "recipient", ["state"], unique=False)
    op.create_table(
        "registry_row",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("row_id", sa.String(length=64), nullable=False),
        sa.Column("import_id", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("account_no", sa.String(length=80), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["registry_import.id"], name=op.f("fk_registry_row_import_id")
        ),
        sa.PrimaryKeyConstraint("kind", "row_id", name=op.f("pk_registry_row")),
    )
    op.create_index("ix_registry_row_account", "registry_row", ["kind", "account_no"], unique=False)
    op.create_index("ix_registry_row_code", "registry_row", ["kind", "code"], unique=False)
    op.create_index("ix_registry_row_name", "registry_row", ["kind", "name"], unique=False)
    op.create_table(
        "digest_event",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("event_seq", sa.Integer(), nullable=False),
        sa.Column("digest_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["digest.id"], name=op.f("fk_digest_event_digest_id")
        ),
        sa.ForeignKeyConstraint(
            ["event_seq"], ["event.seq"], name=op.f("fk_digest_event_event_seq")
        ),
        sa.PrimaryKeyConstraint("kind", "recipient", "event_seq", name=op.f("pk_digest_event")),
    )
    op.create_index(op.f("ix_digest_event_digest_id"), "digest_event", ["digest_id"], unique=False)
