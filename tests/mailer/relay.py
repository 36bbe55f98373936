"""A relay on a loopback port that answers as it is told, and keeps what it was given."""

import socketserver
from collections.abc import Mapping

from tests.mailer.serving import Serving

ANSWERS = {
    "HELLO": "220 relay",
    "EHLO": "250-relay\r\n250 AUTH PLAIN",
    "AUTH": "235 ok",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "DATA": "354 go on",
    ".": "250 2.0.0 taken as 4711",
    "QUIT": "221 bye",
}
DROP = ""
"""Instead of an answer: the connection is cut."""


class _Session(socketserver.StreamRequestHandler):
    server: "Relay"

    def handle(self) -> None:
        if not self._answer("HELLO"):
            return
        while line := self.rfile.readline():
            verb = line[:4].decode("ascii").upper().strip()
            if not self._answer(verb):
                return
            going_on = self.server.answers["DATA"].startswith("354")
            if verb == "DATA" and going_on and not self._body():
                return

    def _body(self) -> bool:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) and line != b".\r\n":
            lines.append(line)
        self.server.mails.append(b"".join(lines))
        return self._answer(".")

    def _answer(self, verb: str) -> bool:
        answer = self.server.answers.get(verb, "250 ok")
        if answer == DROP:
            return False
        self.wfile.write(answer.encode() + b"\r\n")
        return True


class Relay(Serving, socketserver.ThreadingTCPServer):
    """Use as a context manager; ``mails`` are the bodies that arrived whole."""

    daemon_threads = True

    def __init__(self, answers: Mapping[str, str] | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.answers = {**ANSWERS, **(answers or {})}
        self.mails: list[bytes] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])
