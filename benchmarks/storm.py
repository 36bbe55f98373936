"""The last day of a cycle: a storm of applications, then the backlog is worked off.

    python -m benchmarks.storm [--database sqlite|postgresql] [--mails 2162] [--minutes 10]
                               [--documents 200] [--workers 1,2,4]

From the root of a clone: it uses the tests' PostgreSQL and SMTP sink. Mails with two attachments
(the form as .docx, a page as picture) come at an even pace from entities of all provinces, those of
Hebei first, while a worker reads, the timetable makes a digest and somebody asks in chat. Then the
same number of documents is worked off by 1, 2 and 4 worker processes, and read by as many plain
processes with nothing around the reader, in turns, in the same run.
"""

import argparse
import csv
import io
import json
import os
import queue
import resource
import smtplib
import statistics
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from functools import cache
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from bot import core
from bot.messages import Ask
from clerk.demo.mime import Draft, Enclosure, write
from clerk.drawing.content import Company
from clerk.drawing.fonts import packaged
from clerk.drawing.invent import provinces
from clerk.drawing.many import OBLIGATION, firm, form
from clerk.settings import load
from clerk.wiring import House, open_house
from store import Store
from store.rows import Envelope, Person
from store.verify import verify
from tests.house import CLERK, free_port
from tests.postgres.cluster import Cluster, programs
from tests.sink import Sink

OWN = "ccer@clerk.example"
DAY = datetime.fromisoformat("2021-12-10T16:00:00+08:00")
"""The last day of applications, a Friday; business closes at half past five."""
CLOSE = datetime.fromisoformat("2021-12-10T17:31:00+08:00")
WEEK = "第7周"
"""How the summaries of that Friday are called."""
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ASKER = Person("运维", "operator")
LOOK = 1.0
"""Seconds between looks at what is waited for: each takes time from those who work."""


@dataclass
class Storm:
    """What was seen while it lasted."""

    accepted: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)
    """Seconds until each mail's 250."""
    chat: list[float] = field(default_factory=list)
    digests: float = 0.0
    """Seconds from the close of business until all summaries were at the relay."""
    seconds: float = 0.0


def firms(count: int) -> list[Company]:
    """Entities of all provinces in turn, after a flood of one in seven from Hebei."""
    every = list(provinces())
    hebei = next(one for one in every if one.prefix == "13")
    flood = [firm(5_000 + n, hebei) for n in range(count // 7)]
    return flood + [firm(n // len(every), every[n % len(every)]) for n in range(count - len(flood))]


def address(one: Company) -> str:
    """The entity's mail address: registered, so its province is known."""
    return f"{one.uscc.lower()}@entity.example"


def page(one: Company) -> bytes:
    """A page that is no form, as JPEG: another file each time, by a comment within it."""
    comment = one.uscc.encode("ascii")
    drawn = _drawn()
    return drawn[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + drawn[2:]


@cache
def _drawn() -> bytes:
    shown = io.BytesIO()
    sheet = Image.new("L", (1240, 1754), "white")
    font = ImageFont.truetype(packaged().path, 30)
    draw = ImageDraw.Draw(sheet)
    for line in range(24):
        draw.text((120, 140 + 62 * line), f"情况说明 第{line + 1}条 按时提交材料", 0, font)
    sheet.save(shown, "JPEG", quality=50)
    return shown.getvalue()


def mail(one: Company) -> bytes:
    """An application as 163 sends it."""
    files = (
        Enclosure("申请表.docx", WORD, form(one)),
        Enclosure("情况说明.jpg", "image/jpeg", page(one)),
    )
    draft = Draft(
        "163", address(one), "陈示例", OWN, "CCER抵销配额清缴申请表", "现报送申请表，请查收。",
        DAY, f"{one.uscc}@entity.example", files,
    )  # fmt: skip
    return write(draft)


class Place:
    """An installation whose parts run as processes of their own."""

    def __init__(self, base: Path, url: str, relay: str) -> None:
        self.base, self.port = base, free_port()
        self.clock = base / "clock"
        self.step(DAY)
        self.environment = {
            "CLERK_DATA__DIRECTORY": str(base / "data"),
            "CLERK_DATABASE__URL": url,
            "CLERK_SMTP__LISTEN": f"127.0.0.1:{self.port}",
            "CLERK_RELAY__URL": relay,
            "CLERK_OFFICE__ADDRESS": OWN,
            "CLERK_OFFICE__OWN_ADDRESSES": OWN,
            "CLERK_CLOCK__FILE": str(self.clock),
        }

    def step(self, moment: datetime) -> None:
        """Set the installation's clock, whole or not at all."""
        fresh = self.clock.with_suffix(".new")
        fresh.write_text(moment.isoformat(), encoding="utf-8")
        fresh.replace(self.clock)

    def house(self, *, create: bool = False) -> House:
        """This process's own view of it."""
        return open_house(load(None, self.environment), create=create)

    def run(self, *arguments: str) -> None:
        """A command."""
        command = [*CLERK, *arguments]
        subprocess.run(command, env=self._all(), check=True, stdout=subprocess.DEVNULL)

    @contextmanager
    def parts(self, *names: str) -> Iterator[list["subprocess.Popen[bytes]"]]:
        """Parts, each a process, ended at the end."""
        with (self.base / "log").open("ab") as log:
            started = [
                subprocess.Popen(
                    [*CLERK, "serve", "--only", name], env=self._all(), stdout=log, stderr=log
                )
                for name in names
            ]
        try:
            yield started
        finally:
            for one in started:
                one.terminate()
            for one in started:
                one.wait(400)  # a reader may be at a document for 300 s

    def _all(self) -> dict[str, str]:
        return {**os.environ, **self.environment}

    def register(self, known: list[Company]) -> None:
        """Import the list of entities."""
        table = io.StringIO()
        rows = csv.writer(table)
        rows.writerow(
            (
                "单位名称",
                "统一社会信用代码",
                "所属省份",
                "应清缴配额",
                "联系邮箱",
                "一般持有账户账号",
            )
        )
        rows.writerows(
            (one.name, one.uscc, one.province, OBLIGATION, address(one), one.account_no)
            for one in known
        )
        file = self.base / "entities.csv"
        file.write_text(table.getvalue(), encoding="utf-8")
        self.run("registry", "import", "entities", str(file))


def peak_mb(pid: int) -> int:
    """Largest memory of a process so far, MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line) // 1024


def until(what: Callable[[], bool], seconds: float) -> float:
    """Wait until it holds; after how many seconds it did."""
    begin = time.monotonic()
    while not what():
        if time.monotonic() - begin > seconds:
            raise SystemExit(f"waited {seconds} s in vain")
        time.sleep(LOOK)
    return time.monotonic() - begin


def blow(place: Place, known: list[Company], minutes: float, sink: Sink) -> Storm:
    """Mails at an even pace from eight connections; chat once a second; at half time Friday's
    close of business."""
    storm, todo, stop = Storm(), queue.Queue[Company | None](), threading.Event()
    senders = [threading.Thread(target=_send, args=(place, todo, storm)) for _ in range(8)]
    asking = threading.Thread(target=_chat, args=(place, storm.chat, stop))
    closing = threading.Thread(target=_close, args=(place, sink, storm, minutes * 30))
    begin = time.monotonic()
    for thread in (*senders, asking, closing):
        thread.start()
    for number, one in enumerate(known):
        due = begin + number * minutes * 60 / len(known)
        time.sleep(max(0.0, due - time.monotonic()))
        todo.put(one)
    for _ in senders:
        todo.put(None)
    for thread in senders:
        thread.join()
    storm.seconds = time.monotonic() - begin
    closing.join()
    stop.set()
    asking.join()
    return storm


def _send(place: Place, todo: "queue.Queue[Company | None]", storm: Storm) -> None:
    while (one := todo.get()) is not None:
        raw, sender = mail(one), address(one)
        begin = time.monotonic()
        while not _accepted(place, raw, sender, storm.refused):
            time.sleep(0.5)
        storm.waits.append(time.monotonic() - begin)
        storm.accepted += 1


def _accepted(place: Place, raw: bytes, sender: str, refused: "Counter[str]") -> bool:
    try:
        with smtplib.SMTP("127.0.0.1", place.port, timeout=300) as smtp:
            smtp.sendmail(sender, [OWN], raw)
    except smtplib.SMTPResponseException as error:
        refused[str(error.smtp_code)] += 1
        return False
    except (OSError, smtplib.SMTPException) as error:
        refused[type(error).__name__] += 1
        return False
    return True


def _chat(place: Place, waits: list[float], stop: threading.Event) -> None:
    house = place.house()
    for words in cycle(("/todo", "/stats", "河北示例")):
        if stop.wait(1):
            break
        waits.append(_asked(house, words))
    house.store.close()


def _asked(house: House, words: str) -> float:
    begin = time.monotonic()
    core.answer(house.desk, Ask("terminal", ASKER.name, words, person=ASKER))
    return time.monotonic() - begin


def _close(place: Place, sink: Sink, storm: Storm, after: float) -> None:
    time.sleep(after)
    place.step(CLOSE)
    seen, found = len(sink.raw), set[str]()

    def made() -> bool:
        # Only what is new: what came before is thousands of receipts.
        nonlocal seen
        new = sink.raw[seen:]
        seen += len(new)
        subjects = (
            str(message_from_bytes(one, policy=policy.default)["Subject"]) for _, one in new
        )
        found.update(one for one in subjects if "周汇总" in one and WEEK in one)
        return len(found) >= len(provinces())

    storm.digests = until(made, 3600)


@dataclass
class Drained:
    """A backlog worked off by some processes."""

    workers: int
    documents: int
    seconds: float
    plain: float
    """Seconds of as many processes that only read."""
    order: list[str]
    """Provinces in the order in which their mails were served."""

    @property
    def ratio(self) -> float:
        """Its rate over that of reading alone."""
        return self.plain / self.seconds


def drain(base: Path, url: str, known: list[Company], workers: int, relay: str) -> Drained:
    """A fresh installation with a backlog, and the same documents for readers alone."""
    place = Place(base, url, relay)
    store = place.house(create=True).store
    place.register(known)
    for number, one in enumerate(known):
        moment = DAY + timedelta(seconds=number)
        store.take(Envelope("smtp", one.uscc, address(one), (OWN,), moment), mail(one))
    with place.parts(*["jobs"] * workers):
        # The clock runs once each of them can work: what loads the engines is no drain.
        until(lambda: _done(store) >= workers, 600)
        begin, first = time.monotonic(), _done(store)
        until(lambda: _done(store) == len(known), 7200)
        seconds = time.monotonic() - begin
    if problems := verify(store):
        raise SystemExit(f"not whole after the drain: {problems[0]}")
    order = _served(store, {address(one): one.province for one in known})
    store.close()
    left = known[first:]
    return Drained(workers, 2 * len(left), seconds, plain(left, workers), order)


def _done(store: Store) -> int:
    return store.figures().messages.get(("done",), 0)


def _served(store: Store, known: dict[str, str]) -> list[str]:
    """Provinces in the order of the first description of their mails."""
    with store.read() as tx:
        query = (
            "SELECT d.sender FROM message m JOIN delivery d ON d.message_id = m.id"
            " ORDER BY m.described"
        )
        return [known[row[0]] for row in tx.connection.exec_driver_sql(query)]


def _read(task: tuple[bytes, str]) -> int:
    import cycles
    import ocr
    from procedure.forms import FormTemplate

    template = FormTemplate.parse(cycles.form("2019-2020"))
    return len(ocr.read_document(*task, template))


def plain(known: list[Company], workers: int) -> float:
    """Seconds in which so many processes read the documents, with nothing around the reader."""
    tasks = [
        task for one in known for task in ((form(one), "申请表.docx"), (page(one), "情况说明.jpg"))
    ]
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        warm = [pool.submit(_read, tasks[n % 2 - 1]) for n in range(2 * workers)]
        for one in warm:
            one.result()
        begin = time.monotonic()
        for _ in pool.map(_read, tasks):
            pass
        return time.monotonic() - begin


@contextmanager
def databases(kind: str, base: Path) -> Iterator[Callable[[str], str]]:
    """Addresses of fresh databases."""
    if kind == "sqlite":
        yield lambda name: f"sqlite:///{base}/{name}/data/clerk.db"
        return
    found = programs()
    if found is None:
        raise SystemExit("no PostgreSQL server: install postgresql")
    cluster = Cluster(found)
    try:
        cluster.make()
        yield lambda name: cluster.create(f"storm_{name}")
    finally:
        cluster.remove()


def percent(values: list[float], share: int) -> float:
    """A percentile, seconds."""
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def played(options: argparse.Namespace, base: Path, url: str, relay: Sink) -> dict[str, object]:
    """The storm itself."""
    place, known = Place(base, url, relay.url), firms(options.mails)
    place.house(create=True).store.close()
    place.register(known)
    house = place.house()
    quiet = [_asked(house, words) for words in ("/todo", "/stats", "河北示例") * 4]
    with place.parts("mail", "jobs", "timetable") as (listener, jobs, _):
        until(lambda: _greets(place.port), 120)
        storm = blow(place, known, options.minutes, relay)
        memory = (peak_mb(listener.pid), peak_mb(jobs.pid))
    found = house.store.figures().messages
    if sum(found.values()) != storm.accepted or (problems := verify(house.store)):
        raise SystemExit(f"not whole: {found} of {storm.accepted} {problems}")
    return {
        "mails": storm.accepted,
        "seconds": round(storm.seconds),
        "refused": dict(storm.refused),
        "accepted_s": [round(percent(storm.waits, n), 3) for n in (50, 95, 99)],
        "listener_mb": memory[0],
        "jobs_mb": memory[1],
        "chat_quiet_s": round(statistics.median(quiet), 3),
        "chat_s": [round(percent(storm.chat, n), 3) for n in (50, 95)],
        "digests_s": round(storm.digests, 1),
        "messages": {"/".join(key): count for key, count in found.items()},
    }


def _greets(port: int) -> bool:
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=2):
            return True
    except OSError:
        return False


def main() -> None:
    """Both halves; one JSON object a line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--mails", type=int, default=0, help="2162, on PostgreSQL 21620")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--workers", default="1,2,4")
    options = parser.parse_args()
    options.mails = options.mails or (2162 if options.database == "sqlite" else 21620)
    sink = Sink()
    sink.start()
    with tempfile.TemporaryDirectory() as folder, databases(options.database, Path(folder)) as url:
        for name in ("storm", *(f"drain{one}" for one in options.workers.split(","))):
            (Path(folder) / name / "data").mkdir(parents=True)
        said = played(options, Path(folder) / "storm", url("storm"), sink)
        print(json.dumps({"database": options.database, **said}, ensure_ascii=False), flush=True)
        for workers in map(int, options.workers.split(",")):
            name = f"drain{workers}"
            known = firms(options.documents // 2)
            one = drain(Path(folder) / name, url(name), known, workers, sink.url)
            print(json.dumps(_shown(options.database, one), ensure_ascii=False), flush=True)
    sink.stop()


def _shown(database: str, one: Drained) -> dict[str, object]:
    mails = one.documents // 2
    return {
        "database": database,
        "workers": one.workers,
        "documents": one.documents,
        "documents_per_minute": round(60 * one.documents / one.seconds, 1),
        "plain_per_minute": round(60 * one.documents / one.plain, 1),
        "ratio": round(one.ratio, 2),
        "overhead_s_per_mail": round((one.seconds - one.plain) * one.workers / mails, 3),
        "reading_s_per_mail": round(one.plain * one.workers / mails, 3),
        "provinces_among_first_64": len(set(one.order[:64])),
    }


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    main()
