"""Logging: plain lines, or JSON objects with the ids of the message and case at hand.

Mail addresses of others are shortened in both: a log is read by more people than a case.
"""

import logging
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import structlog
from pydantic import BaseModel, SecretStr

from clerk.settings import Settings

ADDRESS = re.compile(r"([\w.+=-])[\w.+=-]*@([\w-]+(?:\.[\w-]+)+)")


LEAST = 4
"""Letters of a secret that is struck out: a shorter one would make words unreadable."""
DETAIL = re.compile(r"\bDETAIL: .*?(?=\nCONTEXT: |\n\[SQL|\n\n|\Z)", re.DOTALL)
"""Where PostgreSQL's errors show the row that it refused."""


def shortened(text: str) -> str:
    """``z***@firm.example`` for an address: enough to know it again, too little to write to;
    nothing of a row that the database refused."""
    return ADDRESS.sub(r"\1***@\2", DETAIL.sub("DETAIL: not shown", text))


def secrets_of(settings: BaseModel) -> set[str]:
    """Every secret of the settings, as it is and as it stands in an address.

    Nothing of ours logs one. Libraries log addresses they call, and errors quote what they were
    given: what is known here is struck out of every line, wherever it comes from.
    """
    found: set[str] = set()
    for name in type(settings).model_fields:
        found |= _secrets(name, getattr(settings, name))
    return {one for one in found if len(one) >= LEAST}


def _secrets(name: str, value: object) -> set[str]:
    if isinstance(value, SecretStr):
        return {value.get_secret_value(), quote(value.get_secret_value(), safe="")}
    if isinstance(value, BaseModel):
        return secrets_of(value)
    if isinstance(value, Mapping | tuple):
        several = value.values() if isinstance(value, Mapping) else value
        return {secret for one in several for secret in _secrets(name, one)}
    if name == "url" and isinstance(value, str) and "://" in value:
        password = urlsplit(value).password or ""
        return {password, unquote(password)}
    if name.endswith("_file") and isinstance(value, Path) and value.is_file():
        return {value.read_text(encoding="utf-8").strip()}
    return set()


def _clean(hidden: set[str]) -> Callable[[Any, str, dict[str, Any]], dict[str, Any]]:
    """Strikes out secrets and shortens addresses in whatever is logged."""
    struck = re.compile("|".join(map(re.escape, sorted(hidden, key=len, reverse=True))))

    def clean(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
        return {key: tidy(value) if isinstance(value, str) else value
                for key, value in event.items()}  # fmt: skip

    def tidy(text: str) -> str:
        return shortened(struck.sub("***", text) if hidden else text)

    return clean


def set_up(settings: Settings) -> None:
    """Log to standard error as the settings say; for the start of a serving process."""
    chosen = settings.log
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.format_exc_info,
        _clean(secrets_of(settings)),
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
