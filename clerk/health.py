"""How the installation is, over HTTP: /healthz, /readyz and /metrics, on loopback by default.

Each process that was started by hand or by a supervisor (`clerk serve`, `clerk serve --only PART`)
may open one. No personal data is told: figures, and names of our own mailboxes.
"""

import json
import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import make_wsgi_app

from clerk.metrics import registry
from clerk.wiring import House
from procedure.errors import ClerkError, WrongUse

log = logging.getLogger(__name__)
Alive = Callable[[], Mapping[str, bool]]
"""The parts of this process tree, and whether each runs."""


@dataclass(frozen=True)
class Answer:
    """What is told, and whether it is good."""

    good: bool
    facts: Mapping[str, object]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    """Probes come every few seconds: none is worth a line."""

    def log_message(self, *args: Any) -> None:
        log.debug("%s", args)


def healthy(alive: Alive) -> Answer:
    """Whether every part runs: where one does not for long, a restart may help."""
    parts = dict(alive())
    return Answer(all(parts.values()), {"parts": parts})


def ready(house: House, alive: Alive) -> Answer:
    """Whether work is done: parts run, the database answers, and nothing waits for too long."""
    facts: dict[str, object] = {"parts": dict(alive())}
    try:
        oldest = house.store.oldest_message()
    except ClerkError as error:
        return Answer(False, {**facts, "database": error.code})
    limit = 60 * house.settings.health.backlog_minutes
    waits = 0.0 if oldest is None else (house.now() - oldest).total_seconds()
    facts |= {"database": "ok", "oldest_message_seconds": round(max(0.0, waits))}
    return Answer(all(alive().values()) and waits <= limit, facts)


def application(house: House, alive: Alive) -> Callable[..., Iterable[bytes]]:
    """The WSGI application."""
    metrics = make_wsgi_app(registry(house))
    looks: dict[str, Callable[[], Answer]] = {
        "/healthz": lambda: healthy(alive),
        "/readyz": lambda: ready(house, alive),
    }

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/metrics":
            found: Iterable[bytes] = metrics(environ, start)
            return found
        look = looks.get(path)
        told = look() if look else Answer(False, {"known": ["/healthz", "/readyz", "/metrics"]})
        status = "404 Not Found" if look is None else "200 OK" if told.good else _BAD
        start(status, [("Content-Type", "application/json"), ("Cache-Control", "no-store")])
        return [json.dumps(told.facts).encode() + b"\n"]

    return answer


_BAD = "503 Service Unavailable"


@contextmanager
def told(house: House, alive: Alive) -> Iterator[int]:
    """Answer on `health.listen` until the end; the port, 0 where the setting is empty.

    `WrongUse` where it is no address or the port is taken.
    """
    listen = house.settings.health.listen
    if not listen:
        yield 0
        return
    server = _open(listen, application(house, alive))
    thread = threading.Thread(target=server.serve_forever, name="health", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _open(listen: str, answer: Callable[..., Iterable[bytes]]) -> WSGIServer:
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit():
        raise WrongUse(f"health.listen {listen!r} is no address:port, such as 127.0.0.1:9464")
    try:
        return make_server(
            host.strip("[]"), int(port), answer, server_class=_Server, handler_class=_Quiet
        )
    except OSError as error:
        raise WrongUse(f"health.listen {listen}: {error.strerror}") from error
