"""The tables. Portable: what is special to one database lives in `store.dialect`.

Migrations create them; `tests/store/test_schema.py` keeps both the same.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime: every moment must carry its offset")
        moment = value.astimezone(UTC)
        # SQLite keeps no offset: all its moments are UTC, which sorts as text.
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _string(length: int) -> String:
    """A short text. PostgreSQL counts no letters, as SQLite does not, and sorts it as bytes."""
    return String(length).with_variant(_BYTEWISE, "postgresql")


DUE = "state IN ('queued', 'deferred')"
"""Recipients whose copy is still to be sent. Queries spell it the same: so the index serves."""
_BYTEWISE = Text(collation="C")
_LONG = Text().with_variant(_BYTEWISE, "postgresql")


def _text(name: str, **options: Any) -> Column[str]:
    return Column(name, _LONG, nullable=False, default="", **options)


def _where(condition: str) -> dict[str, Any]:
    """An index of some rows only."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


message = Table(
    "message",
    metadata,
    Column("id", _string(32), primary_key=True),
    Column("sha256", _string(64), nullable=False, unique=True),
    Column("size", Integer, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("state", _string(10), nullable=False, index=True),
    # Claims, and how many of them ended in an error: the rest ended well or with a dead worker.
    Column("attempts", Integer, nullable=False, default=0),
    Column("failures", Integer, nullable=False, default=0, server_default="0"),
    Column("next_at", Moment),
    Column("claimed_by", _string(80)),
    Column("claimed_until", Moment),
    _text("error"),
    Column("mail", JSON),
    Column("fingerprint", _string(64), index=True),
    # Order of the first description: of two mails alike the first described is the original.
    Column("described", Integer, index=True),
    # Whose turn it is in: a province, "00" where the sender is nobody known, "" before it is known.
    Column("lane", _string(8), nullable=False, default="", server_default=""),
    Index("ix_message_due", "received_at", "id", **_where("state = 'received'")),
    Index("ix_message_lane", "lane", "received_at", "id", **_where("state = 'received'")),
)

message_chunk = Table(
    "message_chunk",
    metadata,
    # No foreign key: chunks of a large message come before its row, which commits last.
    Column("upload", _string(64), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

message_upload = Table(
    "message_upload",
    metadata,
    Column("message_id", _string(32), ForeignKey("message.id"), primary_key=True),
    Column("upload", _string(64), nullable=False, unique=True),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message_id", _string(32), ForeignKey("message.id"), nullable=False, index=True),
    Column("source", _string(8), nullable=False),
    Column("source_key", _string(500), nullable=False, unique=True),
    _text("sender"),
    Column("recipients", JSON, nullable=False),
    Column("received_at", Moment, nullable=False),
    _text("peer"),
    _text("login", server_default=""),
)

mailbox = Table(
    "mailbox",
    metadata,
    # user@host/folder
    Column("name", _string(500), primary_key=True),
    # The last good poll; before the first one, when it was first watched.
    Column("polled_at", Moment, nullable=False),
)

placement = Table(
    "placement",
    metadata,
    Column("message_id", _string(32), ForeignKey("message.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("sha256", _string(64), nullable=False, index=True),
    _text("name"),
    Column("place", _string(20), nullable=False),
    _text("case_no"),
    Column("application", Integer, nullable=False, default=0),
    _text("note"),
)

document = Table(
    "document",
    metadata,
    Column("sha256", _string(64), primary_key=True),
    Column("size", Integer, nullable=False),
    _text("type"),
    Column("kept_at", Moment, nullable=False),
)

document_chunk = Table(
    "document_chunk",
    metadata,
    Column("sha256", _string(64), ForeignKey("document.sha256"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

reading = Table(
    "reading",
    metadata,
    Column("sha256", _string(64), ForeignKey("document.sha256"), primary_key=True),
    Column("version", _string(80), primary_key=True),
    Column("readings", JSON, nullable=False),
)

case = Table(
    "case_file",
    metadata,
    Column("case_no", _string(40), primary_key=True),
    Column("cycle", _string(40), nullable=False),
    # 0 where the cap is not per year: NULL would not be unique.
    Column("year", Integer, nullable=False, default=0),
    Column("entity_key", _string(300), nullable=False, index=True),
    _text("entity_name"),
    # The name as `procedure.names` compares it.
    Column("name_key", _string(300), nullable=False, default="", server_default="", index=True),
    Column("uscc", _string(18), nullable=False, default="", index=True),
    Column("account_no", _string(80), nullable=False, default="", index=True),
    Column("province", _string(2), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("stage", _string(20), nullable=False),
    Column("since", Moment),
    Column("opened_at", Moment, nullable=False),
    Column("state", JSON),
    UniqueConstraint("cycle", "year", "entity_key"),
    UniqueConstraint("cycle", "province", "seq"),
    Index("ix_case_file_province_stage", "province", "stage"),
)

# Derived from the cases, see `store.lookup`: pieces of the names by which they are found,
name_part = Table(
    "name_part",
    metadata,
    Column("province", _string(2), primary_key=True),
    Column("piece", _string(20), primary_key=True),
    # No reference: it would need an index of its own, and pieces are most of a case's rows.
    Column("case_no", _string(40), primary_key=True),
    sqlite_with_rowid=False,
)

# applications that wait for the province's decision,
waiting = Table(
    "waiting",
    metadata,
    Column("case_no", _string(40), ForeignKey("case_file.case_no"), primary_key=True),
    Column("application", Integer, primary_key=True, autoincrement=False),
    Column("province", _string(2), nullable=False),
    Column("stage", _string(20), nullable=False),
    Column("received_at", Moment, nullable=False),
    Index("ix_waiting_province_received", "province", "received_at", "case_no", "application"),
    Index("ix_waiting_received", "received_at", "case_no", "application"),
)

# and how many cases stand where.
tally = Table(
    "tally",
    metadata,
    Column("cycle", _string(40), primary_key=True),
    Column("province", _string(2), primary_key=True),
    Column("stage", _string(20), primary_key=True),
    Column("cases", Integer, nullable=False),
)

event = Table(
    "event",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("case_no", _string(40), ForeignKey("case_file.case_no"), nullable=False, index=True),
    Column("kind", _string(40), nullable=False, index=True),
    Column("at", Moment, nullable=False, index=True),
    Column("body", _LONG, nullable=False),
    Column("prev_hash", _string(64), nullable=False),
    Column("hash", _string(64), nullable=False, unique=True),
)

filed = Table(
    "filed",
    metadata,
    Column("sha256", _string(64), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("case_no", _string(40), ForeignKey("case_file.case_no"), nullable=False),
    Column("application", Integer, nullable=False),
    Column("received_at", Moment, nullable=False),
)

registry_import = Table(
    "registry_import",
    metadata,
    Column("id", _string(32), primary_key=True),
    Column("kind", _string(20), nullable=False, index=True),
    Column("sha256", _string(64), nullable=False),
    Column("complete_until", Moment, nullable=False),
    Column("at", Moment, nullable=False),
    _text("actor"),
    Column("rows", Integer, nullable=False, default=0),
)

registry_row = Table(
    "registry_row",
    metadata,
    Column("kind", _string(20), primary_key=True),
    Column("row_id", _string(64), primary_key=True),
    Column("import_id", _string(32), ForeignKey("registry_import.id"), nullable=False),
    Column("code", _string(80), nullable=False, default=""),
    Column("name", _string(300), nullable=False, default=""),
    Column("account_no", _string(80), nullable=False, default=""),
    Column("ordinal", Integer, nullable=False),
    Column("data", JSON, nullable=False),
    Index("ix_registry_row_code", "kind", "code"),
    Index("ix_registry_row_name", "kind", "name"),
    Index("ix_registry_row_account", "kind", "account_no"),
)

letter = Table(
    "letter",
    metadata,
    Column("key", _string(600), primary_key=True),
    Column("kind", _string(20), nullable=False),
    Column("about", _string(200), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("intent", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("superseded", Boolean, nullable=False, default=False),
    Column("rfc_message_id", _string(200), unique=True),
    Column("raw", LargeBinary),
    Index("ix_letter_undressed", "created_at", "key", **_where("raw IS NULL")),
)

recipient = Table(
    "recipient",
    metadata,
    Column("key", _string(600), ForeignKey("letter.key"), primary_key=True),
    Column("address", _string(320), primary_key=True, index=True),
    Column("state", _string(10), nullable=False, index=True),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at", Moment),
    _text("answer"),
    Column("at", Moment),
    # Who is at it now, and until when nobody else may be.
    Column("leased_by", _string(80)),
    Column("leased_until", Moment),
    Index("ix_recipient_due", "key", **_where(DUE)),
)

digest = Table(
    "digest",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", _string(10), nullable=False),
    Column("period", _string(60), nullable=False),
    Column("province", _string(2), nullable=False, default=""),
    Column("recipient", _string(320), nullable=False),
    Column("supplement", Integer, nullable=False, default=0),
    Column("letter_key", _string(600), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("facts", JSON, nullable=False),
    UniqueConstraint("kind", "period", "recipient", "supplement"),
)

digest_event = Table(
    "digest_event",
    metadata,
    Column("kind", _string(10), primary_key=True),
    Column("recipient", _string(320), primary_key=True),
    Column("event_seq", Integer, ForeignKey("event.seq"), primary_key=True),
    Column("digest_id", Integer, ForeignKey("digest.id"), nullable=False, index=True),
)

person = Table(
    "person",
    metadata,
    Column("name", _string(80), primary_key=True),
    Column("role", _string(20), nullable=False),
    Column("provinces", JSON, nullable=False),
    Column("revoked", Boolean, nullable=False, default=False),
)

invitation = Table(
    "invitation",
    metadata,
    Column("code_hash", _string(64), primary_key=True),
    Column("person", _string(80), ForeignKey("person.name"), nullable=False),
    Column("expires", Moment, nullable=False),
    Column("used_at", Moment),
)

binding = Table(
    "binding",
    metadata,
    Column("channel", _string(20), primary_key=True),
    Column("channel_user", _string(80), primary_key=True),
    Column("person", _string(80), ForeignKey("person.name"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
)

tray = Table(
    "tray",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message_id", _string(32), nullable=False),
    Column("document", _string(64), nullable=False, default=""),
    Column("reason", _string(60), nullable=False),
    _text("text"),
    Column("at", Moment, nullable=False),
    _text("closed_by"),
    _text("closed_how"),
    _text("closed_note"),
    Column("closed_at", Moment, index=True),
    UniqueConstraint("message_id", "document", "reason"),
)

notice = Table(
    "notice",
    metadata,
    Column("key", _string(300), primary_key=True),
    Column("person", _string(80), nullable=False),
    _text("text"),
    _text("case_no"),
    Column("created_at", Moment, nullable=False),
    Column("sent_at", Moment, index=True),
)

notice_habit = Table(
    "notice_habit",
    metadata,
    Column("person", _string(80), primary_key=True),
    # Minutes after midnight, Beijing time; NULL for no quiet hours.
    Column("quiet_from", Integer),
    Column("quiet_to", Integer),
    Column("muted_until", Moment),
    # NULL for the language of the installation.
    Column("locale", _string(20)),
)

misuse = Table(
    "misuse",
    metadata,
    Column("channel", _string(20), primary_key=True),
    Column("channel_user", _string(80), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("since", Moment, nullable=False),
    Column("locked_until", Moment),
)

access = Table(
    "access",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", _string(80), nullable=False),
    Column("what", _string(80), nullable=False),
    _text("case_no", index=True),
    Column("at", Moment, nullable=False),
)

installation = Table(
    "installation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("began_at", Moment, nullable=False),
)
