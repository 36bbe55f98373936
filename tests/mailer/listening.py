"""A listener in a loop of its own, and a client that says exactly what it is told."""

import asyncio
import datetime
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mailer.listener import Listener, Listening, Options
from store import Store
from tests.clocks import SteppedClock

OWN, OTHER = "clerk@province.example", "ncsc@province.example"
MAIL = b"From: a@qq.example\r\nSubject: x\r\n\r\nhello\r\n"


class Running:
    """A started listener; ``stop`` as `clerk serve` does."""

    def __init__(self, store: Store, options: Options, max_bytes: int = 4 << 20) -> None:
        where = Listening(
            "127.0.0.1", 0, frozenset({OWN, OTHER}), max_bytes=max_bytes, options=options
        )
        self.listener = Listener(store, SteppedClock(), where)
        self.loop = asyncio.new_event_loop()
        self.loop.run_until_complete(self.listener.start())
        self.port = self.listener.port
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._thread.start()

    def stop(self) -> None:
        """Gracefully; the port takes nobody afterwards."""
        asyncio.run_coroutine_threadsafe(self.listener.stop(), self.loop).result(30)

    def end(self) -> None:
        """All of it."""
        self.stop()
        asyncio.run_coroutine_threadsafe(_drain(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()


async def _drain() -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    # A transport that closes says goodbye in a later turn of the loop.
    await asyncio.sleep(0.02)


@contextmanager
def listening(store: Store, **options: Any) -> Iterator[Running]:
    """A listener with these options."""
    running = Running(store, Options(**options))
    try:
        yield running
    finally:
        running.end()


class Raw:
    """A client that says exactly these bytes."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.file = self.socket.makefile("rb")
        self.greeting = self.answer()

    def answer(self) -> bytes:
        """One answer, its last line; b"" where the server hung up."""
        while True:
            line: bytes = self.file.readline()
            if line[3:4] != b"-":
                return line

    def answers(self) -> list[bytes]:
        """All lines of one answer."""
        lines = [self.file.readline()]
        while lines[-1][3:4] == b"-":
            lines.append(self.file.readline())
        return lines

    def say(self, data: bytes) -> bytes:
        """Send, and read one answer."""
        self.socket.sendall(data)
        return self.answer()

    def begin(self, *recipients: str, hello: bytes = b"EHLO x\r\n") -> None:
        """Everything before the body."""
        self.say(hello)
        self.say(b"MAIL FROM:<a@qq.example>\r\n")
        for one in recipients or (OWN,):
            self.say(f"RCPT TO:<{one}>\r\n".encode())
        assert self.say(b"DATA\r\n").startswith(b"354")

    def close(self) -> None:
        """Hang up."""
        self.file.close()
        self.socket.close()


def certificate(folder: Path, name: str = "clerk.example") -> tuple[Path, Path]:
    """A certificate made here, and its key; made anew it is another one."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.datetime(2020, 1, 1))  # noqa: DTZ001 - its own form
        .not_valid_after(datetime.datetime(2049, 1, 1))  # noqa: DTZ001
        .add_extension(x509.SubjectAlternativeName(
            [x509.DNSName(name), x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    folder.mkdir(exist_ok=True)
    paths = folder / "cert.pem", folder / "key.pem"
    paths[1].write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ))  # fmt: skip
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return paths


def anyone() -> ssl.SSLContext:
    """A client's context that believes every certificate: what is looked at is which one it is."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def messages(store: Store) -> list[bytes]:
    """All that is kept, as it came."""
    with store.read() as tx:
        return [tx.messages.raw(one) for one in tx.messages.ids()]
