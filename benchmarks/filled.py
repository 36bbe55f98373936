"""A database with very many cases, written in bulk: what `benchmarks/chat.py` asks.

Every case has its row, its pieces of the name and its place in the counts; the two in a hundred
that wait for a decision have an application, events and a state as well, as the rest has none
that a command would look at. Written province by province in the order of the tables' keys.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, text

from casework.desk import Desk
from procedure import namegrams, names
from procedure.case import derive
from procedure.events import Actor, ApplicationFiled, Event, Evidence
from procedure.jsonable import dump
from store import Store
from store import tables as t
from store.cases import START, chain_hash, event_body
from tests.bot.house import NOW
from tests.casework.made import Firm, at, form

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
class Chain:
    """Where the chain of events stands."""

    seq: int = 0
    hash: str = START


Row = dict[str, object]


def fill(store: Store, desk: Desk, cases: int) -> None:
    """So many cases over all provinces."""
    chain, places = Chain(), [(one.prefix, one.name) for one in desk.provinces.all]
    for index, (prefix, place) in enumerate(places):
        numbers = range(cases * index // len(places), cases * (index + 1) // len(places))
        _province(store, chain, prefix, place, numbers)
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _province(store: Store, chain: Chain, prefix: str, place: str, numbers: range) -> None:
    pieces: list[tuple[str, str, str]] = []
    counts: dict[str, int] = {}
    for start in range(0, len(numbers), BATCH):
        rows: dict[str, list[Row]] = {"case": [], "waiting": [], "event": []}
        for n in range(start, min(start + BATCH, len(numbers))):
            row = _case(rows, chain, prefix, place, numbers[n], n)
            counts[str(row["stage"])] = counts.get(str(row["stage"]), 0) + 1
            case_no, name = str(row["case_no"]), str(row["entity_name"])
            pieces += [(prefix, one, case_no) for one in namegrams.pieces(name)]
        with store.write() as tx:
            _write(tx.connection, rows)
    pieces.sort()
    with store.write() as tx:
        _copy(tx.connection, "name_part", ("province", "piece", "case_no"), pieces)
        tally = [
            {"cycle": CYCLE, "province": prefix, "stage": stage, "cases": number}
            for stage, number in counts.items()
        ]
        if tally:
            tx.connection.execute(insert(t.tally), tally)


def _write(connection: Connection, rows: dict[str, list[Row]]) -> None:
    for table, name in ((t.case, "case"), (t.waiting, "waiting"), (t.event, "event")):
        if rows[name]:
            connection.execute(insert(table), rows[name])


def _copy(
    connection: Connection, table: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]
) -> None:
    """Rows by the driver's own way for many."""
    driver = connection.connection.driver_connection
    assert driver is not None
    if connection.dialect.name == "postgresql":
        with driver.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(columns))
    driver.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)


def _case(
    rows: dict[str, list[Row]], chain: Chain, prefix: str, place: str, number: int, n: int
) -> Row:
    """The ``n``-th case of its province."""
    case_no, name = f"CCER-2019-{prefix}-{n + 1:04d}", named(number, place[:2])
    waits = n % WAITING == 0
    stage = "submitted" if waits else "confirmed"
    received = at(NOW) + timedelta(seconds=number % 86_400)
    row: Row = {
        "case_no": case_no, "cycle": CYCLE, "year": 0, "entity_key": f"key {number:07d}",
        "entity_name": name, "name_key": names.normalise(name)[:300], "province": prefix,
        "uscc": f"91{number:016d}", "account_no": f"CN-100-{number:07d}",
        "seq": n + 1, "stage": stage, "since": received, "opened_at": received, "state": None,
    }  # fmt: skip
    rows["case"].append(row)
    if waits:
        firm = Firm(number % 9_000 + 1, name, prefix, place)
        row["state"] = _filed(rows["event"], chain, case_no, firm, received)
        rows["waiting"].append({
            "case_no": case_no, "application": 1, "province": prefix, "stage": stage,
            "received_at": received,
        })  # fmt: skip
    return row


def _filed(rows: list[Row], chain: Chain, case_no: str, firm: Firm, received: datetime) -> object:
    """An application's event, linked to those before it; the case's state."""
    chain.seq += 1
    payload = ApplicationFiled(1, 1, received, firm.email, form(firm), (), ())
    event = Event(
        case_no=case_no, at=received, actor=Actor("mail", firm.email), payload=payload,
        evidence=Evidence(f"m{chain.seq}", f"{chain.seq:064d}", 0), rule="",
    )  # fmt: skip
    body = event_body(event)
    own = chain_hash(chain.seq, chain.hash, body)
    rows.append({
        "seq": chain.seq, "case_no": case_no, "kind": event.kind, "at": event.at, "body": body,
        "prev_hash": chain.hash, "hash": own,
    })  # fmt: skip
    chain.hash = own
    return dump(derive([replace(event, seq=chain.seq)]))
