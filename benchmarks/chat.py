"""How long a command waits for its answer through the real bot process, and how that grows.

    python benchmarks/chat.py [--cases 10000 100000 1000000] [--database postgresql+psycopg://…]
                              [--rounds 100] [--flood SECONDS] [--folder DIR]

For each number of cases: a database is filled in bulk, `clerk serve --only bot` is started at the
Bot API server of the tests, and each command is asked one after another, in turn with the bare SQL
that it needs. Shown are p50 and p99 in milliseconds, the ratio of p99 to the bare query's, and
p99's ratio to that of the smallest number of cases beside the ratio of the logarithms. With
``--flood`` the whole of `clerk serve` runs, drawn scans come by SMTP as fast as they are taken, and
the same commands are asked again: shown is p99's ratio to the idle one (wanted: below 3).

Every case has its row, its pieces of the name and its place in the counts; the two in a hundred
that wait for a decision have an application, events and a state as well, as the rest has none
that a command would look at.
"""

import argparse
import math
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, insert, text

sys.path.insert(0, str(Path(__file__).parents[1]))

from casework import people
from casework.desk import Desk
from procedure import namegrams, names
from procedure.case import derive
from procedure.events import Actor, ApplicationFiled, Event, Evidence
from procedure.jsonable import dump
from store import Store
from store import tables as t
from store.cases import START, chain_hash, event_body
from store.rows import Person
from tests.bot.botapi import TOKEN, BotApi, serving
from tests.bot.house import NOW, OPERATOR
from tests.casework.made import Firm, SteppedClock, at, form
from tests.house import CLERK, free_port

WANG = Person("王敏", "handler", ("13",))
ACCOUNT = 1
CYCLE = "2019-2020"
BATCH = 5_000
WAITING = 50
"""One in so many waits for a decision."""
FIRST = "衡晋岚泰沧汾淄潍晟恒朔临朗澄溪峻岱沂洺漳滏邢涿蓟滦濮淇沁汶泗洙棣麓皋堰浦泓湛溥瀚"
MIDDLE = "安邦昌达丰广海和宏华汇嘉金凯利隆明宁鹏庆荣润盛顺泰通旺祥兴亚洋永裕源远正中卓"
TRADE = ("热力", "发电", "水泥", "钢铁", "化工", "造纸", "电解铝", "玻璃", "石化", "纺织")


def named(number: int, place: str) -> str:
    """An invented name; letters are spread so that it is nearly the only one of its kind."""
    chance = random.Random(number)
    own = "".join(chance.choices(FIRST, k=2)) + "".join(chance.choices(MIDDLE, k=2))
    return f"{place}{own}{chance.choice(TRADE)}有限公司"


@dataclass
class Rows:
    """Rows of each table until they are written."""

    case: list[dict[str, object]]
    piece: list[dict[str, object]]
    waiting: list[dict[str, object]]
    event: list[dict[str, object]]

    def write(self, connection: Connection) -> None:
        """All of them, in the order of their references."""
        for table, rows in ((t.case, self.case), (t.name_piece, self.piece),
                            (t.waiting, self.waiting), (t.event, self.event)):  # fmt: skip
            if rows:
                connection.execute(insert(table), rows)
                rows.clear()


def fill(store: Store, desk: Desk, cases: int) -> None:
    """So many cases over all provinces, a batch a transaction."""
    places = [(one.prefix, one.name) for one in desk.provinces.all]
    rows, counts = Rows([], [], [], []), dict[tuple[str, str], int]()
    seq, last = 0, START
    for number in range(cases):
        prefix, place = places[number % len(places)]
        case_no = f"CCER-2019-{prefix}-{number // len(places) + 1:04d}"
        name = named(number, place[:2])
        waits = number // len(places) % WAITING == 0
        stage = "submitted" if waits else "confirmed"
        counts[prefix, stage] = counts.get((prefix, stage), 0) + 1
        received = at(NOW) + timedelta(seconds=number % 86_400)
        row = {
            "case_no": case_no, "cycle": CYCLE, "year": 0, "entity_key": f"key {number}",
            "entity_name": name, "name_key": names.normalise(name)[:300], "province": prefix,
            "uscc": f"91{number:016d}", "account_no": f"CN-100-{number:07d}",
            "seq": number // len(places) + 1, "stage": stage, "since": received,
            "opened_at": received, "state": None,
        }  # fmt: skip
        if waits:
            firm = Firm(number % 9_000 + 1, name, prefix, place)
            seq += 1
            event = _event(case_no, firm, received, seq)
            body = event_body(event)
            own = chain_hash(seq, last, body)
            rows.event.append({
                "seq": seq, "case_no": case_no, "kind": event.kind, "at": event.at, "body": body,
                "prev_hash": last, "hash": own,
            })  # fmt: skip
            last = own
            row["state"] = dump(derive([replace(event, seq=seq)]))
            rows.waiting.append({
                "case_no": case_no, "application": 1, "province": prefix, "stage": stage,
                "received_at": received,
            })  # fmt: skip
        rows.case.append(row)
        rows.piece += [
            {"piece": one, "province": prefix, "case_no": case_no} for one in namegrams.pieces(name)
        ]
        if len(rows.case) == BATCH:
            with store.write() as tx:
                rows.write(tx.connection)
    with store.write() as tx:
        rows.write(tx.connection)
        tx.connection.execute(insert(t.tally), [
            {"cycle": CYCLE, "province": prefix, "stage": stage, "cases": number}
            for (prefix, stage), number in counts.items()
        ])  # fmt: skip
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _event(case_no: str, firm: Firm, received: object, seq: int) -> Event:
    read = form(firm)
    payload = ApplicationFiled(1, 1, received, firm.email, read, (), ())  # type: ignore[arg-type]
    return Event(
        case_no=case_no, at=received, actor=Actor("mail", firm.email),
        payload=payload, evidence=Evidence(f"m{seq}", f"{seq:064d}", 0), rule="",
    )  # fmt: skip


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
        "SELECT c.case_no, c.entity_name FROM name_piece p"
        " JOIN case_file c ON c.case_no = p.case_no"
        " WHERE p.piece = :v AND p.province = '13' ORDER BY p.case_no LIMIT 20"
    )
    first = (
        "SELECT case_no, application FROM waiting WHERE province = '13'"
        " ORDER BY received_at LIMIT 8"
    )
    tally = "SELECT stage, cases FROM tally WHERE cycle = '2019-2020' AND province = '13'"
    return [
        Command("todo", "/todo", first, {}),
        Command("status number", f"/status {row.case_no}", by_number, {"v": row.case_no}),
        Command("status part of a name", f"/status {part}", by_piece, {"v": part[:2]}),
        Command("find with a wrong letter", f"/find {slip}", by_piece, {"v": slip[:2]}),
        Command("find by initials", f"/find {sound}", by_piece, {"v": sound[:3]}),
        Command("find nothing", "/find 无此名称", by_piece, {"v": "无此"}),
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
def running(folder: Path, database: str, parts: tuple[str, ...], port: int) -> Iterator[Bot]:
    """`clerk serve` with these parts, answering."""
    api = BotApi()
    with serving(api) as url:
        (folder / "clock").write_text(at(NOW).isoformat(), "utf-8")
        environment = {
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "CLERK_DATA__DIRECTORY": str(folder), "CLERK_CLOCK__FILE": str(folder / "clock"),
            "CLERK_TELEGRAM__TOKEN": TOKEN, "CLERK_TELEGRAM__BASE_URL": url,
            "CLERK_SMTP__LISTEN": f"127.0.0.1:{port}", "CLERK_RELAY__URL": "smtp://127.0.0.1:9",
            **({"CLERK_DATABASE__URL": database} if database else {}),
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


def measure(
    bot: Bot, store: Store, desk: Desk, rounds: int
) -> dict[str, tuple[list[float], list[float]]]:
    """Command → (seconds to the answer, seconds of the bare SQL), asked in turn."""
    found: Times = {}
    chance = random.Random(1)
    for _ in range(rounds):
        for one in commands(store, desk, chance):
            answers, bare = found.setdefault(one.name, ([], []))
            answers.append(bot.ask(one.typed))
            if one.name == "stats":
                time.sleep(0.05)  # its picture is still on the way
            started = time.perf_counter()
            with store.read() as tx:
                tx.connection.execute(text(one.sql), one.values).all()
            bare.append(time.perf_counter() - started)
    return found


def p99(values: list[float]) -> float:
    """The 99th percentile."""
    return statistics.quantiles(values, n=100, method="inclusive")[98]


@contextmanager
def flood(port: int) -> Iterator[Callable[[], int]]:
    """Drawn scans come by SMTP, one after another, from two senders; how many were taken."""
    import smtplib
    from email.message import EmailMessage

    from bot.chart import _font
    from PIL import Image, ImageDraw

    stop, taken = threading.Event(), [0, 0]

    def body(who: int) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            page = Image.new("L", (1240, 1754), 255)
            draw = ImageDraw.Draw(page)
            for line in range(30):
                said = f"申请抵销量 {number * 31 + line} 吨　重点排放单位 {named(number, '河北')}"
                draw.text((90, 90 + line * 52), said, 0, _font(28))
            path = Path(tempfile.gettempdir()) / f"flood-{os.getpid()}-{who}.png"
            page.save(path)
            mail = EmailMessage()
            mail["From"], mail["To"] = f"s{number}@firm.example", "clerk@localhost"
            mail["Subject"], mail["Message-ID"] = "申请", f"<{who}-{number}@firm.example>"
            mail.set_content("见附件")
            mail.add_attachment(
                path.read_bytes(), maintype="image", subtype="png", filename="a.png"
            )
            with smtplib.SMTP("127.0.0.1", port, timeout=120) as smtp:
                smtp.send_message(mail)
            taken[who] += 1
        path.unlink(missing_ok=True)

    threads = [threading.Thread(target=body, args=(who,)) for who in (0, 1)]
    for thread in threads:
        thread.start()
    try:
        yield lambda: sum(taken)
    finally:
        stop.set()
        for thread in threads:
            thread.join(150)


def one_size(
    folder: Path, database: str, cases: int, rounds: int, flooded: bool
) -> dict[str, float]:
    """Measure one number of cases and print it; command → p99 in seconds."""
    clock = SteppedClock(at(NOW))
    store = Store.open(database or f"sqlite:///{folder}/clerk.db", clock, create=True)
    desk = Desk.make(store, clock)
    started = time.perf_counter()
    fill(store, desk, cases)
    print(f"\n{cases:,} cases, filled in {time.perf_counter() - started:.0f} s", flush=True)
    code = people.invite(desk, OPERATOR, WANG.name, WANG.role, WANG.provinces)
    people.bind(desk, "telegram", str(ACCOUNT), code, clock.now())
    port = free_port()
    with running(folder, database, ("--only", "bot"), port) as bot:
        idle = measure(bot, store, desk, rounds)
    print(f"{'command':28} {'p50 ms':>8} {'p99 ms':>8} {'SQL p99':>8} {'ratio':>7}")
    for name, (answers, bare) in idle.items():
        print(f"{name:28} {statistics.median(answers) * 1e3:8.1f} {p99(answers) * 1e3:8.1f}"
              f" {p99(bare) * 1e3:8.2f} {p99(answers) / p99(bare):7.1f}", flush=True)  # fmt: skip
    if flooded:
        with running(folder, database, (), port) as bot, flood(port) as taken:
            time.sleep(20)
            busy = measure(bot, store, desk, max(10, rounds // 4))
            print(f"while mail floods in ({taken()} mails taken): p99, and its ratio to idle")
        for name, (answers, _) in busy.items():
            print(f"{name:28} {p99(answers) * 1e3:8.1f} {p99(answers) / p99(idle[name][0]):7.2f}")
    store.close()
    return {name: p99(answers) for name, (answers, _) in idle.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--database", default="", help="an empty PostgreSQL database, for one size")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--flood", action="store_true")
    parser.add_argument("--folder", type=Path, default=None)
    given = parser.parse_args()
    found: dict[int, dict[str, float]] = {}
    for cases in given.cases:
        folder = Path(tempfile.mkdtemp(dir=given.folder))
        try:
            found[cases] = one_size(folder, given.database, cases, given.rounds, given.flood)
        finally:
            shutil.rmtree(folder)
    least = min(found)
    for cases in sorted(found):
        growth = math.log(cases) / math.log(least)
        print(f"\n{cases:,}: p99 beside {least:,} cases; the logarithm grows {growth:.2f} times")
        for name, value in found[cases].items():
            print(f"{name:28} {value / found[least][name]:7.2f}")


if __name__ == "__main__":
    main()
