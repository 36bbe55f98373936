"""Telegram's webhook: updates that Telegram posts to us, taken only with the secret that we set.

Behind a reverse proxy with TLS, which Telegram asks for. A request is answered once its update is
in the queue; one that comes again is known by its id (`bot.telegram`).
"""

import hmac
import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

log = logging.getLogger(__name__)
LARGEST = 1024 * 1024
"""Bytes of one update."""
HEADER = "X-Telegram-Bot-Api-Secret-Token"


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, at: tuple[str, int], secret: str, take: Callable[[Any], None]) -> None:
        self.secret, self.take = secret, take
        super().__init__(at, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 20
    """Seconds for one request: nobody holds a thread for ever."""

    def do_POST(self) -> None:
        """An update, or something else that is turned away without a word of why."""
        given = self.headers.get(HEADER, "")
        if not hmac.compare_digest(given.encode(), self.server.secret.encode()):
            self._answer(403)
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > LARGEST:
            self._answer(413)
            return
        try:
            update = json.loads(self.rfile.read(int(length)))
        except ValueError:
            self._answer(400)
            return
        self.server.take(update)
        self._answer(200)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet: its lines hold addresses."""


@contextmanager
def listening(address: str, secret: str, take: Callable[[Any], None]) -> Iterator[None]:
    """Take updates on ``host:port`` in threads, as JSON objects. OSError where it is taken."""
    host, _, port = address.rpartition(":")
    server = _Server((host.strip("[]"), int(port)), secret, take)
    thread = threading.Thread(target=server.serve_forever, args=(0.2,), name="webhook")
    thread.start()
    log.info("telegram: taking updates on %s", address)
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
