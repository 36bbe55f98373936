"""The demo's stage: an installation, its listener and the servers around it, all on loopback."""

import asyncio
import smtplib
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from bot import core
from bot.messages import Ask, Reply
from casework.imports import import_registry
from clerk.clocks import FileClock
from clerk.demo import data
from clerk.demo.mails import DemoMail
from clerk.demo.result import ChatLine
from clerk.jobs import Worker
from clerk.readers import Readers
from clerk.serving import pass_once
from clerk.settings import Settings
from clerk.wiring import House, open_house
from mailer.listener import Listener, Listening
from mailer.outbox import dress_due, send_due
from mailer.sender import Relay, Sender
from procedure.registry import RegistryKind
from store.rows import Person

MAILBOXES = {"13": "hebei@dep.example", "37": "shandong@dep.example", "66": "bingtuan@dep.example"}

HEADINGS = (
    "业务编号", "账户名称", "一般持有账户账号", "项目编号", "项目名称", "注销数量（吨）",
    "操作类型", "状态", "完成时间", "序列号", "省份",
)  # fmt: skip


class Sink:
    """The other side: an SMTP server that keeps what arrives, with whom it was for."""

    def __init__(self) -> None:
        self.arrived: list[tuple[str, bytes]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep one delivery."""
        self.arrived += [(one, bytes(envelope.content)) for one in envelope.rcpt_tos]
        return "250 OK"


class Stage:
    """Steps the demo's clock and does what a day brings; everything through the real parts."""

    def __init__(self, house: House, clock: Path, ports: tuple[int, int], sink: Sink) -> None:
        self.house, self.sink = house, sink
        self._clock, self._port = clock, ports[0]
        self._sender = Sender(Relay.parse(f"smtp://127.0.0.1:{ports[1]}"))
        self._readers = Readers(house.desk.template)
        self._worker = Worker(house, self._readers, "demo")
        self.chat: list[ChatLine] = []

    def at(self, moment: datetime) -> None:
        """Step the clock."""
        _step(self._clock, moment)

    def post(self, mail: DemoMail) -> None:
        """Send one mail over SMTP at its time."""
        self.at(mail.at)
        with smtplib.SMTP("127.0.0.1", self._port, timeout=30) as smtp:
            smtp.sendmail(mail.sender, [mail.recipient], mail.raw)

    def work(self) -> int:
        """Read and file one message, then deliver what is due; how many were worked on."""
        done = self._worker.run_due(limit=1)
        self.deliver()
        return done

    def deliver(self) -> None:
        """Letters through the outbox to the sink."""
        store, office, now = self.house.store, self.house.office, self.house.now
        while dress_due(store, office, self.house.domain) + send_due(
            store, self._sender, office, now
        ):
            continue

    def timetable(self) -> None:
        """Digests and reminders that are due by the clock."""
        pass_once(self.house, self.house.now())
        self.deliver()

    def load(self, kind: RegistryKind, until: datetime | None = None) -> int:
        """Import one registry file; how many cases it changed."""
        name, content = data.registry_file(kind)
        report = import_registry(self.house.desk, kind, content, name, until, "demo")
        self.deliver()
        return len(report.cases) if report.ok else -1

    def begin(self, until: datetime) -> None:
        """The registry's list up to the evening before: nothing was cancelled yet."""
        nothing = ",".join(HEADINGS) + "\n"
        desk = self.house.desk
        import_registry(desk, "cancellations", nothing.encode(), "昨日.csv", until, "demo")
        self.timetable()

    def say(self, person: Person, text: str, tap: str = "") -> Reply:
        """A line in the chat, and where ``tap`` is given a tap on the button of that label."""
        now = self.house.now()
        self.chat.append(ChatLine(person.name, text, True, now))
        reply = self._answer(Ask("terminal", person.name, text, person=person))
        wanted = [one for row in reply.buttons for one in row if tap and one.label.startswith(tap)]
        for button in wanted[:1]:
            self.chat.append(ChatLine(person.name, f"［{button.label}］", True, now))
            reply = self._answer(
                Ask("terminal", person.name, "", reference=button.reference, quoted=reply.text,
                    person=person)
            )  # fmt: skip
        self.deliver()
        return reply

    def _answer(self, ask: Ask) -> Reply:
        reply = core.answer(self.house.desk, ask)
        labels = tuple(one.label for row in reply.buttons for one in row)
        who = "ccer-clerk"
        self.chat.append(ChatLine(who, reply.text, False, self.house.now(), labels))
        return reply

    def close(self) -> None:
        """End the workers."""
        self._readers.close()


def _step(clock: Path, moment: datetime) -> None:
    fresh = clock.with_suffix(".new")
    fresh.write_text(moment.isoformat(), encoding="utf-8")
    # Whole or not at all: the listener's thread reads it meanwhile.
    fresh.replace(clock)


@contextmanager
def staged(directory: Path) -> Iterator[Stage]:
    """A fresh installation in ``directory`` with its servers; all ended at the end."""
    clock = directory / "clock"
    _step(clock, data.at(8, 30))
    house, sink = _house(directory, clock), Sink()
    with closing(house.store), _served(house, sink) as ports:
        stage = Stage(house, clock, ports, sink)
        try:
            yield stage
        finally:
            stage.close()


def _house(directory: Path, clock: Path) -> House:
    chosen = {
        "data": {"directory": directory / "data"},
        "clock": {"file": clock},
        "office": {
            "address": data.OWN_ADDRESS,
            "own_addresses": [data.OWN_ADDRESS],
            "provinces": list(data.PROVINCES),
            "mailboxes": MAILBOXES,
        },
    }
    house = open_house(Settings.model_validate(chosen), create=True)
    assert isinstance(house.clock, FileClock)  # noqa: S101 - the demo's day is not today
    return house


@contextmanager
def _served(house: House, sink: Sink) -> Iterator[tuple[int, int]]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    listener, server = asyncio.run_coroutine_threadsafe(_servers(house, sink), loop).result(30)
    try:
        yield listener.port, int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        asyncio.run_coroutine_threadsafe(listener.stop(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _servers(house: House, sink: Sink) -> tuple[Listener, asyncio.Server]:
    listening = Listening("127.0.0.1", 0, house.desk.own_addresses)
    listener = Listener(house.store, house.clock, listening)
    await listener.start()
    loop = asyncio.get_running_loop()
    return listener, await loop.create_server(lambda: SMTP(sink), "127.0.0.1", 0)
