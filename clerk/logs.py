"""Logging: plain lines, or JSON objects with the ids of the message and case at hand.

Mail addresses of others are shortened in both: a log is read by more people than a case.
"""

import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from clerk.settings import Logging

ADDRESS = re.compile(r"([\w.+=-])[\w.+=-]*@([\w-]+(?:\.[\w-]+)+)")


DETAIL = re.compile(r"\bDETAIL: .*?(?=\nCONTEXT: |\n\[SQL|\n\n|\Z)", re.DOTALL)
"""Where PostgreSQL's errors show the row that it refused."""


def shortened(text: str) -> str:
    """``z***@firm.example`` for an address: enough to know it again, too little to write to;
    nothing of a row that the database refused."""
    return ADDRESS.sub(r"\1***@\2", DETAIL.sub("DETAIL: not shown", text))


def _without_addresses(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    return {
        key: shortened(value) if isinstance(value, str) else value for key, value in event.items()
    }


def set_up(chosen: Logging) -> None:
    """Log to standard error as the settings say; for the start of a serving process."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.format_exc_info,
        _without_addresses,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if chosen.format == "json"
        else structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback, timestamp_key="time"
        )
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(chosen.level.upper())


@contextmanager
def about(**ids: str) -> Iterator[None]:
    """What is logged within bears these ids (``message``, ``case``)."""
    with structlog.contextvars.bound_contextvars(**ids):
        yield
