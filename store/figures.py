"""Figures of the whole installation, counted in the database: for whoever watches it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, literal_column, select, text

from store import tables as t

Counts = dict[tuple[str, ...], int]
"""Labels → how many."""


@dataclass(frozen=True)
class Figures:
    """One moment's state. Deliveries and events only ever grow; the others come and go."""

    deliveries: Counts
    """By source: smtp, imap."""
    messages: Counts
    """By state: received, done, failed."""
    placements: Counts
    """By place: where documents ended."""
    events: Counts
    """By kind."""
    letters: Counts
    """By kind and state of the recipient."""
    cases: Counts
    """By cycle and stage."""
    tray: Counts
    """Open items by reason."""
    oldest_message: datetime | None
    """When the oldest unfinished message came, None where none waits."""
    oldest_letter: datetime | None
    """When the oldest letter was intended that no relay took yet."""
    mailboxes: dict[str, datetime]
    """When each watched mailbox was read last."""


def figures(connection: Connection) -> Figures:
    """All of them, in one transaction."""
    return Figures(
        deliveries=_counts(connection, t.delivery.c.source),
        messages=_counts(connection, t.message.c.state),
        placements=_counts(connection, t.placement.c.place),
        events=_counts(connection, t.event.c.kind),
        letters=_letters(connection),
        cases=_counts(connection, t.case.c.cycle, t.case.c.stage),
        tray=_counts(connection, t.tray.c.reason, where=t.tray.c.closed_at.is_(None)),
        oldest_message=oldest_message(connection),
        oldest_letter=_oldest_letter(connection),
        mailboxes=_mailboxes(connection),
    )


def _mailboxes(connection: Connection) -> dict[str, datetime]:
    rows = connection.execute(select(t.mailbox.c.name, t.mailbox.c.polled_at))
    return {str(row[0]): row[1] for row in rows}


def _counts(connection: Connection, *columns: object, where: object = None) -> Counts:
    query = select(*columns, func.count()).group_by(*columns)  # type: ignore[call-overload]
    if where is not None:
        query = query.where(where)
    return {tuple(map(str, row[:-1])): int(row[-1]) for row in connection.execute(query)}


def _letters(connection: Connection) -> Counts:
    kind, state = t.letter.c.kind, t.recipient.c.state
    query = (
        select(kind, state, func.count())
        .join(t.recipient, t.recipient.c.key == t.letter.c.key)
        .group_by(kind, state)
    )
    return {(str(a), str(b)): int(count) for a, b, count in connection.execute(query)}


def oldest_message(connection: Connection) -> datetime | None:
    m = t.message.c
    # Spelt as the index of unfinished messages has it.
    unfinished = m.state == literal_column("'received'")
    found: datetime | None = connection.execute(
        select(m.received_at).where(unfinished).order_by(m.received_at, m.id).limit(1)
    ).scalar()
    return found


def _oldest_letter(connection: Connection) -> datetime | None:
    waiting = text(f"recipient.{t.DUE}")
    found: datetime | None = connection.execute(
        select(t.letter.c.created_at)
        .join(t.recipient, t.recipient.c.key == t.letter.c.key)
        .where(waiting, t.letter.c.superseded.is_(False))
        .order_by(t.letter.c.created_at)
        .limit(1)
    ).scalar()
    return found
