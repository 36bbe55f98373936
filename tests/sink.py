"""A real SMTP server that keeps what arrives: the relay's other side."""

import socket
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class Sink:
    """Listens on a free loopback port."""

    def __init__(self) -> None:
        self.raw: list[tuple[tuple[str, ...], bytes]] = []
        self._port = 0
        self._controller: Controller | None = None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.raw.append((tuple(envelope.rcpt_tos), bytes(envelope.content)))
        return "250 OK"

    def start(self) -> None:
        """Listen; after a `stop` once more on the same port."""
        self._controller = Controller(self, "127.0.0.1", self.port)
        self._controller.start()

    @property
    def port(self) -> int:
        """Where it listens, or will: the same for as long as it lives."""
        if not self._port:
            # aiosmtpd's own probe connects to the configured port, which 0 is not: ask the system.
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self._port = int(probe.getsockname()[1])
        return self._port

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def letters(self) -> list[tuple[EmailMessage, tuple[str, ...]]]:
        """What arrived up to one moment, with the envelope's recipients."""
        found = ((message_from_bytes(raw, policy=policy.default), to) for to, raw in list(self.raw))
        return [(one, to) for one, to in found if isinstance(one, EmailMessage)]

    def messages(self) -> list[EmailMessage]:
        return [one for one, _ in self.letters()]

    def subjects(self) -> list[str]:
        return [str(one["Subject"]) for one in self.messages()]

    def deliveries(self) -> list[tuple[str, str]]:
        """(Message-ID, recipient) of everything that arrived."""
        return [(str(one["Message-ID"]), to) for one, all_to in self.letters() for to in all_to]
