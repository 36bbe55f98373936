"""A token endpoint on a loopback port, and the introspection that a server asks about tokens."""

import json
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.mailer.serving import Serving


class _Answer(BaseHTTPRequestHandler):
    server: "Tokens"

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        form = dict(urllib.parse.parse_qsl(self.rfile.read(size).decode()))
        self.server.asked.append(form)
        if self.server.broken:
            self._say(503, {})
        elif self.server.says is not None:
            self._say(*self.server.says)
        elif form.get("refresh_token") != self.server.grant:
            self._say(400, {"error": "invalid_grant", "error_description": "a secret story"})
        else:
            token = f"token-{len(self.server.asked)}"
            self.server.good = {token}
            answer = {"access_token": token, "expires_in": self.server.lives}
            if self.server.rotates:
                # The one that was shown is worth nothing from now on.
                self.server.grant = f"grant-{len(self.server.asked)}"
                answer["refresh_token"] = self.server.grant
            self._say(200, answer)

    def do_GET(self) -> None:
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        active = query.get("token", [""])[0] in self.server.good
        self._say(200 if active else 401, {"active": active, "email": self.server.user})

    def _say(self, code: int, answer: Any) -> None:
        body = json.dumps(answer).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silent."""


class Tokens(Serving, ThreadingHTTPServer):
    """Use as a context manager. Each new token makes the last one worthless."""

    daemon_threads = True

    def __init__(self, user: str) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.user = user
        self.good: set[str] = set()
        self.asked: list[dict[str, str]] = []
        self.lives = 3600
        self.grant = "again"
        self.rotates = False
        self.broken = False
        self.says: tuple[int, object] | None = None
        """An answer of another make."""

    @property
    def base(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_address[1]}"
