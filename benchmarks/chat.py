"""How long a command waits for its answer through the real bot process, and how that grows.

    python -m benchmarks.chat [--cases 10000 100000 1000000] [--database sqlite|postgresql]
                              [--rounds 100] [--flood] [--folder DIR]

For each number of cases: a database is filled in bulk (`benchmarks/filled.py`) and
`clerk serve --only bot` is started at a Bot API server of the tests. Each command is asked in turn
of all the bots, so that whatever else the machine does befalls each number of cases alike, and in
turn with the bare SQL that it needs; `help` needs none and shows what a message costs by itself.
Shown are p50 and p99 in milliseconds, p99's ratio to the bare query's, and how p50 and p99 grow
from the smallest number of cases on, beside the logarithm. With ``--flood`` the whole of
`clerk serve` then runs on the smallest one, drawn scans come by SMTP faster than they are read, and
the same commands are asked again: shown is p99's ratio to the idle one (wanted: below 3).
"""

import argparse
import io
import math
import os
import random
import shutil
import smtplib
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import text

from benchmarks.filled import fill, named
from benchmarks.storm import databases
from casework import people
from casework.desk import Desk
from clerk.drawing.fonts import packaged
from procedure import namegrams
from store import Store
from store.rows import Person
from tests.bot.botapi import TOKEN, BotApi, serving
from tests.bot.house import NOW, OPERATOR
from tests.casework.made import SteppedClock, at
from tests.house import CLERK, free_port

WANG = Person("王敏", "handler", ("13",))
ACCOUNT = 1


@dataclass(frozen=True)
class Command:
    """What is typed, and the bare SQL that its answer needs."""

    name: str
    typed: str
    sql: str
    values: dict[str, object]


def commands(store: Store, desk: Desk, chance: random.Random) -> list[Command]:
    """One of each kind, about cases of Hebei picked at random."""
    with store.read() as tx:
        numbers = [one.case_no for one in tx.cases.waiting(frozenset({"13"}), 0, 50)[1]]
        rows = tx.cases.rows(numbers)
    row = rows[chance.choice(numbers)]
    part, slip = row.entity_name[2:6], row.entity_name[2:4] + "误" + row.entity_name[5:8]
    sound = "".join(namegrams.initials(char)[0] for char in row.entity_name[2:7])
    by_number = "SELECT entity_name, stage FROM case_file WHERE case_no = :v AND province = '13'"
    by_piece = (
        "SELECT c.case_no, c.entity_name FROM name_part p"
        " JOIN case_file c ON c.case_no = p.case_no"
        " WHERE p.province = '13' AND p.piece >= :v AND p.piece < :w ORDER BY p.piece LIMIT 20"
    )

    def between(part: str) -> dict[str, object]:
        first, after = namegrams.begins(part)
        return {"v": first, "w": after}

    first = (
        "SELECT case_no, application FROM waiting WHERE province = '13'"
        " ORDER BY received_at LIMIT 8"
    )
    tally = "SELECT stage, cases FROM tally WHERE cycle = '2019-2020' AND province = '13'"
    return [
        Command("help", "/help", "SELECT 1", {}),
        Command("todo", "/todo", first, {}),
        Command("status number", f"/status {row.case_no}", by_number, {"v": row.case_no}),
        Command("status part of a name", f"/status {part}", by_piece, between(part)),
        Command("find with a wrong letter", f"/find {slip}", by_piece, between(slip[:2])),
        Command("find by initials", f"/find {sound}", by_piece, between(sound[:4].upper())),
        Command("find nothing", "/find 无此名称", by_piece, between("无此名称")),
        Command("case", f"/case {row.case_no}", by_number, {"v": row.case_no}),
        Command("confirm (the question)", f"/confirm {row.case_no}", by_number, {"v": row.case_no}),
        Command("deadline", "/deadline", "SELECT 1", {}),
        Command("stats", "/stats", tally, {}),
    ]


Times = dict[str, tuple[list[float], list[float]]]
"""Command → seconds to the answer, seconds of the bare SQL."""


@dataclass
class Bot:
    """The bot process at work at the Bot API server."""

    api: BotApi

    def ask(self, typed: str) -> float:
        """Seconds from the update to the first message of the answer."""
        before = len(self.api.to(ACCOUNT))
        started = time.perf_counter()
        self.api.say(ACCOUNT, typed)
        self.api.wait(lambda: len(self.api.to(ACCOUNT)) > before, 60)
        return time.perf_counter() - started


@contextmanager
def running(folder: Path, database: str, parts: tuple[str, ...], port: int = 0) -> Iterator[Bot]:
    """`clerk serve` with these parts, answering."""
    api = BotApi()
    with serving(api) as url:
        (folder / "clock").write_text(at(NOW).isoformat(), "utf-8")
        environment = {
            **os.environ,
            "CLERK_DATA__DIRECTORY": str(folder / "data"),
            "CLERK_CLOCK__FILE": str(folder / "clock"),
            "CLERK_TELEGRAM__TOKEN": TOKEN, "CLERK_TELEGRAM__BASE_URL": url,
            "CLERK_SMTP__LISTEN": f"127.0.0.1:{port}", "CLERK_RELAY__URL": "smtp://127.0.0.1:9",
            "CLERK_DATABASE__URL": database,
        }  # fmt: skip
        with (folder / "serve.log").open("ab") as log:
            process = subprocess.Popen(
                [*CLERK, "serve", *parts], env=environment, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        try:
            api.wait(lambda: api.polling, 120)
            bot = Bot(api)
            # The first answer also waits for notices of everything that waits: not measured.
            bot.ask("/help")
            time.sleep(5)
            yield bot
        finally:
            process.terminate()
            process.wait(120)


@dataclass
class Filled:
    """A filled database with what asks it."""

    cases: int
    folder: Path
    url: str
    store: Store
    desk: Desk
    port: int


def measure(asked: list[tuple[Filled, Bot]], rounds: int) -> dict[int, Times]:
    """Number of cases → command → seconds to the answer and of the bare SQL, asked in turn."""
    found: dict[int, Times] = {one.cases: {} for one, _ in asked}
    chances = {one.cases: random.Random(1) for one, _ in asked}
    for _ in range(rounds):
        each = [commands(one.store, one.desk, chances[one.cases]) for one, _ in asked]
        for at_once in zip(*each, strict=True):
            for (one, bot), command in zip(asked, at_once, strict=True):
                _once(one, bot, command, found[one.cases])
    return found


def _once(one: Filled, bot: Bot, command: Command, times: Times) -> None:
    answers, bare = times.setdefault(command.name, ([], []))
    answers.append(bot.ask(command.typed))
    if command.name == "stats":
        time.sleep(0.05)  # its picture is still on the way
    started = time.perf_counter()
    with one.store.read() as tx:
        tx.connection.execute(text(command.sql), command.values).all()
    bare.append(time.perf_counter() - started)


def p99(values: list[float]) -> float:
    """The 99th percentile."""
    return statistics.quantiles(values, n=100, method="inclusive")[98]


class Flood:
    """Drawn scans come by SMTP from two senders, one after another, until it ends."""

    def __init__(self, port: int) -> None:
        self.taken = [0, 0]
        self._port = port
        self._stop = threading.Event()
        self._font = ImageFont.truetype(packaged().path, 28)
        self._threads = [threading.Thread(target=self._send, args=(who,)) for who in (0, 1)]

    def __enter__(self) -> "Flood":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(150)

    def _send(self, who: int) -> None:
        while not self._stop.is_set():
            mail = self._mail(f"{who}-{self.taken[who]}")
            with smtplib.SMTP("127.0.0.1", self._port, timeout=120) as smtp:
                smtp.send_message(mail)
            self.taken[who] += 1
            # As fast as reading can never follow, and no faster: drawing costs the cores, too.
            self._stop.wait(0.5)

    def _mail(self, name: str) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"] = f"s{name}@firm.example", "clerk@localhost"
        mail["Subject"], mail["Message-ID"] = "申请", f"<{name}@firm.example>"
        mail.set_content("见附件")
        page = self._page(name)
        mail.add_attachment(page, maintype="image", subtype="png", filename="a.png")
        return mail

    def _page(self, name: str) -> bytes:
        page = Image.new("L", (1240, 1754), 255)
        draw = ImageDraw.Draw(page)
        for line in range(30):
            said = f"{name}　申请抵销量 {line * 311} 吨　重点排放单位 {named(line, '河北')}"
            draw.text((90, 90 + line * 52), said, 0, self._font)
        kept = io.BytesIO()
        page.save(kept, "PNG", compress_level=1)
        return kept.getvalue()


def filled(folder: Path, url: str, cases: int) -> Filled:
    """A new database with so many cases, and 王敏 bound to it."""
    (folder / "data").mkdir(parents=True)
    clock = SteppedClock(at(NOW))
    store = Store.open(url, clock, create=True)
    desk = Desk.make(store, clock)
    started, used = time.perf_counter(), time.process_time()
    fill(store, desk, cases)
    wall, cpu = time.perf_counter() - started, time.process_time() - used
    print(f"{cases:,} cases, filled in {wall:.0f} s ({cpu:.0f} s of processor time)", flush=True)
    code = people.invite(desk, OPERATOR, WANG.name, WANG.role, WANG.provinces)
    people.bind(desk, "telegram", str(ACCOUNT), code, clock.now())
    return Filled(cases, folder, url, store, desk, free_port())


def shown(found: dict[int, Times]) -> None:
    """p50, p99, ratio to the bare SQL, and growth from the smallest number of cases on."""
    least = min(found)
    print(f"{'':10} {'command':24} {'p50 ms':>8} {'p99 ms':>8} {'SQL p99':>8} {'ratio':>7}"
          f" {'p50 grew':>9} {'p99 grew':>9}")  # fmt: skip
    for cases, times in sorted(found.items()):
        for name, (answers, bare) in times.items():
            first, middle = found[least][name][0], statistics.median(answers)
            print(f"{cases:10,} {name:24} {middle * 1e3:8.1f} {p99(answers) * 1e3:8.1f}"
                  f" {p99(bare) * 1e3:8.2f} {p99(answers) / p99(bare):7.1f}"
                  f" {middle / statistics.median(first):9.2f}"
                  f" {p99(answers) / p99(first):9.2f}")  # fmt: skip
        print(f"{cases:10,} {'the logarithm':61} {math.log(cases) / math.log(least):9.2f}")


def flooded(one: Filled, idle: Times, rounds: int) -> None:
    """The same commands while mail floods in and is read."""
    with running(one.folder, one.url, (), one.port) as bot, Flood(one.port) as mails:
        time.sleep(20)
        busy = measure([(one, bot)], rounds)[one.cases]
        print(f"while mail floods in ({sum(mails.taken)} mails taken): p50, p99, p99 to idle's")
    for name, (answers, _) in busy.items():
        print(f"{name:28} {statistics.median(answers) * 1e3:8.1f} {p99(answers) * 1e3:8.1f}"
              f" {p99(answers) / p99(idle[name][0]):7.2f}")  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--flood", action="store_true")
    parser.add_argument("--folder", type=Path, default=None)
    given = parser.parse_args()
    base = Path(tempfile.mkdtemp(dir=given.folder))
    try:
        with databases(given.database, base) as address:
            all_ = [filled(base / str(n), address(str(n)), n) for n in sorted(given.cases)]
            with ExitStack() as bots:
                asked = [
                    (one, bots.enter_context(running(one.folder, one.url, ("--only", "bot"))))
                    for one in all_
                ]
                idle = measure(asked, given.rounds)
            shown(idle)
            if given.flood:
                flooded(all_[0], idle[all_[0].cases], max(10, given.rounds // 2))
            for one in all_:
                one.store.close()
    finally:
        shutil.rmtree(base)


if __name__ == "__main__":
    main()
