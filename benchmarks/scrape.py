"""What a look at the figures costs on a large database, beside counting its events once.

    python benchmarks/scrape.py [--cases 36800] [--url postgresql+psycopg://…/empty]

Rows are made by plain inserts: ten events, two mails and three letters a case. Prints medians of
five looks in turns, in seconds, and their ratio to ``SELECT count(*) FROM event``.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from clerk.clocks import WallClock
from store import Store
from store import tables as t

START = datetime(2021, 10, 26, tzinfo=UTC)
ROWS = 5_000
Row = dict[str, Any]


def cases(count: int) -> Iterator[Row]:
    for n in range(count):
        yield {
            "case_no": f"C{n:07}", "cycle": f"c{n % 10}", "year": 0, "entity_key": str(n),
            "entity_name": f"某{n}公司", "name_key": str(n), "uscc": "", "account_no": "",
            "province": f"{11 + n % 30}", "seq": n, "stage": "surrendered", "opened_at": START,
        }  # fmt: skip


def events(count: int) -> Iterator[Row]:
    for n in range(10 * count):
        yield {
            "seq": n + 1, "case_no": f"C{n // 10:07}", "kind": f"kind-{n % 10}",
            "at": START + timedelta(seconds=n), "body": "{}" + " " * 1500, "prev_hash": "",
            "hash": f"{n:064}",
        }  # fmt: skip


def messages(count: int) -> Iterator[Row]:
    for n in range(2 * count):
        yield {
            "id": f"m{n:08}", "sha256": f"{n:064}", "size": 1, "received_at": START,
            "state": "done", "attempts": 1, "failures": 0, "error": "", "mail": {"text": "x" * 800},
        }  # fmt: skip


def deliveries(count: int) -> Iterator[Row]:
    for n in range(2 * count):
        yield {
            "id": n + 1, "message_id": f"m{n:08}", "source": ("smtp", "imap")[n % 2],
            "source_key": str(n), "recipients": [], "received_at": START,
        }  # fmt: skip


def placements(count: int) -> Iterator[Row]:
    for n in range(2 * count):
        yield {
            "message_id": f"m{n:08}", "ordinal": 0, "part": 0, "sha256": f"{n:064}",
            "place": "application", "case_no": f"C{n // 2:07}", "application": 1,
        }  # fmt: skip


def letters(count: int) -> Iterator[Row]:
    for n in range(3 * count):
        yield {
            "key": f"l{n:08}", "kind": ("receipt", "progress", "confirmation")[n % 3],
            "about": str(n), "revision": 1, "intent": {}, "created_at": START,
            "superseded": False, "rfc_message_id": f"<{n}>", "raw": b"x" * 2000,
        }  # fmt: skip


def recipients(count: int) -> Iterator[Row]:
    for n in range(3 * count):
        yield {"key": f"l{n:08}", "address": "a@b.example", "state": "sent", "attempts": 1}


def fill(store: Store, count: int) -> None:
    filled: tuple[tuple[Any, Callable[[int], Iterator[Row]]], ...] = (
        (t.case, cases), (t.event, events), (t.message, messages), (t.delivery, deliveries),
        (t.placement, placements), (t.letter, letters), (t.recipient, recipients),
    )  # fmt: skip
    for table, made in filled:
        rows: list[Row] = []
        with store.write() as tx:
            for row in made(count):
                rows.append(row)
                if len(rows) == ROWS:
                    tx.connection.execute(insert(table), rows)
                    rows = []
            if rows:
                tx.connection.execute(insert(table), rows)


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def count(store: Store) -> int:
    with store.read() as tx:
        return int(tx.connection.execute(select(func.count()).select_from(t.event)).scalar_one())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=36_800)
    parser.add_argument("--url", default="")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(chosen.url or f"sqlite:///{folder}/clerk.db", WallClock(), create=True)
        fill(store, chosen.cases)
        works = {
            "count(*) of events": lambda: count(store),
            "/metrics: all figures": store.figures,
            "/readyz: oldest mail": store.oldest_message,
        }
        took: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(5):
            for name, work in works.items():
                took[name].append(timed(work))
        base = statistics.median(took["count(*) of events"])
        print(f"{chosen.cases} cases, {count(store)} events, {store.engine.dialect.name}")
        for name, seconds in took.items():
            middle = statistics.median(seconds)
            print(f"| {name} | {middle:.4f} s | {middle / base:.2f} |")
        store.close()


if __name__ == "__main__":
    main()
