"""Hints for workers on PostgreSQL: jobs of procrastinate, made in the transaction of the row.

The ledger is the truth: a job only says that a look at it may be worth while, and wakes whoever
waits for one. So the queue holds nothing that would be missed. Its tables may be made anew at any
time, a job may be lost or come twice, and `Hints.top_up` gives one to whatever is due without any.
SQLite has no queue: there a worker looks three times a second.
"""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import timedelta
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import Connection, text

MESSAGES = "messages"
"""The queue of mails to be read and filed, one job each; the job's task is called the same."""
LETTERS = "letters"
"""The queue of letters to be dressed and sent."""
MOST = 1000
"""Jobs that one look adds to a queue."""
_DEFER = text("""
    SELECT procrastinate_defer_jobs_v1(ARRAY(
        SELECT ROW(
            :queue, :queue, 0, NULL, NULL, jsonb_build_object('about', about),
            CASE WHEN :seconds > 0 THEN now() + make_interval(secs => :seconds) END
        )::procrastinate_job_to_defer_v1
        FROM unnest(CAST(:abouts AS text[])) AS about
    ))
""")
_READY = text("""
    SELECT queue_name, count(*) FROM procrastinate_jobs
    WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()) GROUP BY queue_name
""")
_MADE = text("SELECT obj_description(to_regclass('procrastinate_jobs'), 'pg_class')")
_PARTS = text(r"""
    SELECT 'TABLE', oid::regclass::text FROM pg_class
    WHERE relname LIKE 'procrastinate\_%' AND relkind = 'r' AND pg_table_is_visible(oid)
    UNION ALL SELECT 'FUNCTION', oid::regprocedure::text FROM pg_proc
    WHERE proname LIKE 'procrastinate\_%' AND pg_function_is_visible(oid)
    UNION ALL SELECT 'TYPE', t.oid::regtype::text
    FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE typname LIKE 'procrastinate\_%' AND pg_type_is_visible(t.oid)
    AND (typtype = 'e' OR c.relkind = 'c')
""")


class Hints:
    """Jobs within one transaction; nothing where the database has no queue."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection
        self._queued = connection.dialect.name == "postgresql"

    def add(self, queue: str, abouts: Sequence[str], wait: timedelta = timedelta()) -> None:
        """A job for each, to be seen once this transaction commits, or ``wait`` later."""
        if self._queued and abouts:
            values = {"queue": queue, "abouts": list(abouts), "seconds": wait.total_seconds()}
            self._c.execute(_DEFER, values)

    def top_up(self, due: Mapping[str, int]) -> int:
        """Jobs for what is ``due`` in each queue and has none; how many were added.

        Claims that ended, what came from another database, jobs that were lost.
        """
        if not self._queued:
            return 0
        ready = {str(queue): int(count) for queue, count in self._c.execute(_READY)}
        lacking = {queue: min(count - ready.get(queue, 0), MOST) for queue, count in due.items()}
        for queue, count in lacking.items():
            self.add(queue, ["due"] * count)
        return sum(count for count in lacking.values() if count > 0)


def made(connection: Connection) -> bool:
    """Whether the queue's tables are there as the installed library wants them."""
    return connection.dialect.name == "sqlite" or connection.execute(_MADE).scalar() == _mark()


def make(connection: Connection) -> None:
    """Make the queue's tables as the installed library wants them; jobs in others are dropped."""
    if made(connection):
        return
    remove(connection)
    # Many statements at once, and percent signs that are none of ours: past the parameters.
    with closing(connection.connection.cursor()) as cursor:
        cursor.execute(_script())
    connection.execute(text(f"COMMENT ON TABLE procrastinate_jobs IS '{_mark()}'"))


def remove(connection: Connection) -> None:
    """Drop the queue with all jobs: whatever is due gets new ones."""
    if connection.dialect.name == "sqlite":
        return
    for kind, name in list(connection.execute(_PARTS)):
        connection.exec_driver_sql(f"DROP {kind} IF EXISTS {name} CASCADE")


@cache
def _script() -> str:
    """The library's schema, read without importing the library, which few processes need."""
    found = find_spec("procrastinate")
    assert found is not None and found.origin is not None  # noqa: S101, PT018 - a requirement
    return (Path(found.origin).parent / "sql" / "schema.sql").read_text(encoding="utf-8")


def _mark() -> str:
    return f"ccer-clerk {hashlib.sha256(_script().encode()).hexdigest()[:16]}"
