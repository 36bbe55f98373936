"""An installation in this process with its real listener: mail goes in by SMTP, jobs file it."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from clerk import doors
from clerk.jobs import attempt
from clerk.wiring import House
from procedure.readings import DocumentReading
from store.rows import LetterRow, MessageRow, TrayItem
from tests.casework.made import Reader
from tests.clerk.test_doors import OWN, opened, running
from tests.house import free_port, until


class Mailroom:
    """Send, then `work`."""

    def __init__(self, house: House, port: int) -> None:
        self.house = house
        self.port = port
        self.reader = Reader()

    def send(
        self, raw: bytes, sender: str, login: tuple[str, str] | None = None, trust: Any = None
    ) -> str:
        """Over SMTP; the message's id."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as smtp:
            if login:
                smtp.starttls(context=trust or _anyone())
                smtp.login(*login)
            smtp.ehlo_or_helo_if_needed()
            smtp.mail(sender)
            assert smtp.rcpt(OWN)[0] == 250
            code, answer = smtp.data(raw)
            assert code == 250, answer
        message_id = answer.decode().split()[-1]
        attempt(self.house, self.reader, message_id)
        return message_id

    def row(self, message_id: str) -> MessageRow:
        with self.house.store.read() as tx:
            found = tx.messages.get(message_id)
        assert found is not None
        return found

    def tray(self) -> list[TrayItem]:
        with self.house.store.read() as tx:
            return tx.tray.open_items()

    def letters(self, about: str = "") -> list[LetterRow]:
        with self.house.store.read() as tx:
            return tx.outbox.letters(about) if about else tx.outbox.all()

    def form(self, reading: DocumentReading, sender: str, **headers: str) -> bytes:
        """A mail with an application form that is read so."""
        data = self.reader.lay(reading)
        return written(sender, "CCER抵销申请表", files={"申请表.docx": data}, **headers)


@contextmanager
def mailroom(directory: Path, **settings: dict[str, Any]) -> Iterator[Mailroom]:
    port = free_port()
    smtp = {"listen": f"127.0.0.1:{port}", **settings.pop("smtp", {})}
    with opened(directory / "data", smtp=smtp, **settings) as house, running(doors.listen, house):
        until(lambda: _open(port))
        yield Mailroom(house, port)


def written(
    sender: str, subject: str, text: str = "见附件。", files: dict[str, bytes] | None = None,
    **headers: str,
) -> bytes:  # fmt: skip
    """A mail as a person's client writes it; headers with ``_`` for ``-``."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, OWN, subject
    made["Message-ID"] = f"<{abs(hash((sender, subject, text)))}@client.example>"
    made.set_content(text)
    for name, data in (files or {}).items():
        made.add_attachment(data, "application", "octet-stream", filename=name)
    raw = made.as_bytes().replace(b"\n", b"\r\n")
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return head.encode() + raw


def _anyone() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _open(port: int) -> bool:
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=2):
            return True
    except OSError:
        return False
