"""`clerk demo`: mails over SMTP into a real listener, letters out to a real sink, all on loopback.

A first cut: applications are taken, read, checked and receipted, and the terminal shows what came
of each. Decisions, digests, chat and the page are not played yet.
"""

import asyncio
import smtplib
import threading
from collections.abc import Callable
from contextlib import closing
from email import message_from_bytes, policy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiosmtpd.smtp import SMTP

from casework.imports import import_registry
from clerk.demo import data, mails
from clerk.jobs import Readers, run_due
from clerk.settings import Settings
from clerk.wiring import House, open_house
from mailer.listener import Listener, Listening
from mailer.outbox import dress_due, send_due
from mailer.sender import Relay, Sender
from procedure.registry import RegistryKind

Say = Callable[[str], None]
LISTS: tuple[RegistryKind, ...] = ("entities", "accounts", "holdings", "projects")


class _Sink:
    """The other side: an SMTP server that keeps what arrives."""

    def __init__(self) -> None:
        self.arrived: list[bytes] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep one letter."""
        self.arrived.append(bytes(envelope.content))
        return "250 OK"


def run(say: Say) -> bool:
    """Play it; whether every mail got its place."""
    with TemporaryDirectory(prefix="ccer-clerk-demo-") as directory:
        house = _house(Path(directory))
        with closing(house.store):
            return _played(house, say)


def _house(directory: Path) -> House:
    start = data.at(9, 0).isoformat()
    chosen = {
        "data": {"directory": directory},
        "clock": {"start": start},
        "office": {
            "address": data.OWN_ADDRESS,
            "own_addresses": [data.OWN_ADDRESS],
            "provinces": list(data.PROVINCES),
        },
    }
    house = open_house(Settings.model_validate(chosen), create=True)
    data.write_registry(directory / "registry", LISTS)
    for file in sorted((directory / "registry").iterdir()):
        kind: Any = file.stem
        import_registry(house.desk, kind, file.read_bytes(), file.name, None, "demo")
    return house


def _played(house: House, say: Say) -> bool:
    sink = _Sink()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    ports = asyncio.run_coroutine_threadsafe(_servers(house, sink), loop).result(30)
    posted = mails.applications(data.world())
    for number, one in enumerate(posted, 1):
        with smtplib.SMTP("127.0.0.1", ports[0], timeout=30) as smtp:
            smtp.sendmail(one.sender, [one.recipient], one.raw)
        say(f"[{number}/{len(posted)}] 已寄出：{one.title}")
    _work(house, say)
    sender = Sender(Relay.parse(f"smtp://127.0.0.1:{ports[1]}"))
    dress_due(house.store, house.office, house.domain)
    while send_due(house.store, sender, house.office, house.now):
        continue
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    return _told(house, sink, say)


async def _servers(house: House, sink: _Sink) -> tuple[int, int]:
    """Ports of the listener and of the sink."""
    listening = Listening("127.0.0.1", 0, house.desk.own_addresses)
    listener = Listener(house.store, house.clock, listening)
    await listener.start()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink), "127.0.0.1", 0)
    return listener.port, int(server.sockets[0].getsockname()[1])


def _work(house: House, say: Say) -> None:
    readers = Readers(house.desk.templates[house.desk.active[0]])
    try:
        while done := run_due(house, readers, "demo", limit=1):
            say(f"识读并核对 {done} 封来信 ……")
    finally:
        readers.close()


def _told(house: House, sink: _Sink, say: Say) -> bool:
    """What came of each mail, and the letters that arrived."""
    placed = True
    with house.store.read() as tx:
        for message_id in tx.messages.ids():
            row = tx.messages.get(message_id)
            places = [one.place for one in tx.messages.placements(message_id)]
            if row is None or row.mail is None or row.state != "done":
                placed = False
                continue
            say(f"来信：{row.mail.subject} → {row.mail.kind}：{'、'.join(places) or '无附件'}")
    for raw in sink.arrived:
        letter = message_from_bytes(raw, policy=policy.default)
        say(f"发信：{letter['To']} ← {letter['Subject']}")
    return placed
