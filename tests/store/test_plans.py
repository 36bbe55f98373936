"""With 100,000 cases no look-up of a chat, a worker or a sender reads a whole table."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from store import Store, Tx
from tests.store.helpers import CLOCK

MANY = 100_000
LARGE = {"case_file", "event", "message", "delivery", "letter", "recipient", "placement", "tray"}
NUMBERS = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY}) "
SOON = "'2021-11-05 00:00:00'"
ROWS = {
    "case_file (case_no, cycle, year, entity_key, entity_name, name_key, uscc, account_no,"
    " province, seq, stage, opened_at)":
    "'C' || i, 'c', 0, 'k' || i, 'n' || i, 'n' || i, 'u' || i, 'a' || i, '1' || (i % 10), i,"
    " 's' || (i % 9), {at}",
    "event (seq, case_no, kind, at, body, prev_hash, hash)":
    "i, 'C' || i, 'k' || (i % 20), {at}, '', '', 'h' || i",
    "message (id, sha256, size, received_at, state, attempts, error, fingerprint, described)":
    "'m' || i, 's' || i, 1, {at}, 'done', 1, '', 'f' || i, i",
    "delivery (id, message_id, source, source_key, sender, recipients, received_at, peer)":
    "i, 'm' || i, 'smtp', 'k' || i, 'a', '[]', {at}, ''",
    "letter (key, kind, about, revision, intent, created_at, superseded, rfc_message_id, raw)":
    "'l' || i, 'notice', 'C' || i, 1, '{{}}', {at}, (1 = 0), '<' || i || '>', {byte}",
    "recipient (key, address, state, attempts, answer)":
    "'l' || i, 'a' || i || '@x', 'sent', 1, ''",
    "placement (message_id, ordinal, part, sha256, name, place, case_no, application, note)":
    "'m' || i, 0, 0, 's' || i, '', 'application', 'C' || i, 1, ''",
    "name_part (piece, province, case_no)":
    "'p' || i, '13', 'C' || i",
    "tray (id, message_id, document, reason, text, at, closed_by, closed_how, closed_note,"
    " closed_at)":
    "i, 'm' || i, '', 'r', '', {at}, '', '', '', {at}",
}  # fmt: skip
NOW = CLOCK.now() + timedelta(days=30)
LOOKS: dict[str, Callable[[Tx], object]] = {
    "case row": lambda tx: tx.cases.row("C5"),
    "case state": lambda tx: tx.cases.state("C5"),
    "case events": lambda tx: tx.cases.events("none"),
    "case of an entity": lambda tx: tx.cases.by_entity("c", None, "k5"),
    "cases by name": lambda tx: tx.cases.by_name("c", "n5"),
    "cases by credit code": lambda tx: tx.cases.by_uscc("c", "u5"),
    "cases by account": lambda tx: tx.cases.by_account("c", "a5"),
    "cases of a province at a stage": lambda tx: tx.cases.list(frozenset({"15"}), "s5"),
    "found by number": lambda tx: tx.cases.find("C5", None),
    "found by number in a province": lambda tx: tx.cases.find("C5", frozenset({"15"})),
    "changed": lambda tx: tx.cases.changed_after(NOW),
    "message": lambda tx: tx.messages.get("m5"),
    "bytes of a message": lambda tx: tx.messages.raw("m5"),
    "unfinished messages": lambda tx: tx.messages.unfinished(NOW, 5),
    "known delivery": lambda tx: tx.messages.known("k5"),
    "same fingerprint": lambda tx: tx.messages.seen_fingerprint("f5", "m5"),
    "placements": lambda tx: (tx.messages.placements("m5"), tx.messages.placements_of("s5")),
    "letters of a case": lambda tx: tx.outbox.of_case("none", ["m1", "m2"]),
    "a letter": lambda tx: (tx.outbox.letter("none"), tx.outbox.by_message_id("none")),
    "letters due": lambda tx: (tx.outbox.sendable(NOW), tx.outbox.undressed()),
    "answers of an address": lambda tx: tx.outbox.answers("a5@x", 3),
    "tray": lambda tx: (tx.tray.open_items(), tx.tray.of_message("m5"), tx.tray.get(5)),
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def full(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('full')}/clerk.db"
        store = Store.open(url, CLOCK, create=True)
        yield _filled(store)
        store.close()
        return
    with request.getfixturevalue("cluster").fresh() as url:
        store = Store.open(url, CLOCK)
        yield _filled(store)
        store.close()


def _filled(store: Store) -> Store:
    server = store.engine.dialect.name == "postgresql"
    at = f"CAST({SOON} AS TIMESTAMPTZ)" if server else "'2021-11-05 00:00:00.000000'"
    byte = "CAST('x' AS BYTEA)" if server else "x'00'"
    with store.write() as tx:
        for table, values in ROWS.items():
            chosen = values.format(at=at, byte=byte)
            if server:
                chosen = chosen.replace("'[]'", "CAST('[]' AS JSON)")
                chosen = chosen.replace("'{}'", "CAST('{}' AS JSON)").replace("%", "%%")
            tx.connection.exec_driver_sql(f"{NUMBERS}INSERT INTO {table} SELECT {chosen} FROM n")
        tx.connection.exec_driver_sql("ANALYZE")
    return store


def _plans(store: Store, look: Callable[[Tx], object], how: str = "") -> list[str]:
    """What the database means to do (on PostgreSQL: does, ``how``) for each query of a look-up."""
    asked: list[tuple[str, Any]] = []

    def keep(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            asked.append((statement, parameters))

    event.listen(store.engine, "before_cursor_execute", keep)
    try:
        with store.read() as tx:
            look(tx)
    finally:
        event.remove(store.engine, "before_cursor_execute", keep)
    assert asked
    words = f"EXPLAIN {how}" if store.engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    with store.read() as tx:
        return [
            str(row[-1])
            for statement, parameters in asked
            for row in tx.connection.exec_driver_sql(f"{words} {statement}", parameters)
        ]


def _blocks(line: str) -> int:
    """Pages of 8 KiB that a line of PostgreSQL's plan went through."""
    return sum(map(int, re.findall(r"(?:hit|read)=(\d+)", line)))


def _whole(line: str) -> str:
    """The large table that a line of a plan reads from end to end, "" for none."""
    words = line.replace("Seq Scan on", "SCAN").split()
    if "SCAN" not in words or "INDEX" in words:
        return ""
    table = words[words.index("SCAN") + 1]
    return table if table in LARGE else ""


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_a_look_up_reads_no_whole_table(full: Store, look: Callable[[Tx], object]) -> None:
    plans = _plans(full, look)
    assert [line for line in plans if _whole(line)] == []


def test_a_whole_table_would_be_seen(full: Store) -> None:
    query = text("SELECT * FROM case_file WHERE entity_name LIKE '%5%'")
    assert any(map(_whole, _plans(full, lambda tx: tx.connection.execute(query).first())))


def test_a_name_is_found_by_a_step_into_the_index(full: Store) -> None:
    # The last of 100,000: whoever begins at the province's first piece goes through all of them.
    def look(tx: Tx) -> object:
        return tx.cases.find("p99999", frozenset({"13"}))

    if full.engine.dialect.name == "postgresql":
        plans = _plans(full, look, "(ANALYZE, BUFFERS)")
        assert 0 < max(map(_blocks, plans)) < 30
    else:
        assert any("(piece,case_no)>(?,?)" in line for line in _plans(full, look))
