"""Cases: found as people type, one a entity, events that come back as they went in."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event as hooks

from procedure.case import derive
from procedure.clock import BEIJING
from procedure.events import Actor, ApplicationFiled, Event, Evidence, Returned, Withdrawn
from procedure.readings import DocumentReading, Reading
from procedure.registry import Account, Entity
from procedure.registryview import RegistryTables
from store import Store
from store.cases import event_body, parse_event
from store.rows import Filed
from tests.store.helpers import CLOCK, PROVINCE, letter

OTHERS = frozenset({"37"})
NAMES = ["河北示例（集团）有限公司", "100%绿电有限公司", "甲_乙热力有限公司", "甲乙热力有限公司"]


@pytest.fixture
def numbers(store: Store) -> list[str]:
    with store.write() as tx:
        return [tx.cases.open("2019-2020", None, name, name, PROVINCE) for name in NAMES]


def found(store: Store, text: str, provinces: frozenset[str] | None = None) -> list[str]:
    with store.read() as tx:
        return [row.entity_name for row in tx.cases.find(text, provinces)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("%", [NAMES[1]]),
        ("_", [NAMES[2]]),
        ("甲_乙", [NAMES[2]]),
        ("\\", []),
        ("/", []),
        ("示例(集团)", [NAMES[0]]),
        ("示例（集团）", [NAMES[0]]),
        (" 绿电 ", [NAMES[1]]),
        ("", []),
        ("  ", []),
        ("有限责任", []),
    ],
)
def test_a_part_of_the_name_is_taken_literally(
    store: Store, numbers: list[str], text: str, wanted: list[str]
) -> None:
    assert found(store, text) == wanted
    assert found(store, text, OTHERS) == []


def test_codes_are_found_whole_and_in_any_width(store: Store, numbers: list[str]) -> None:
    reading = DocumentReading(
        kind="application",
        fields={
            "uscc": Reading(value="91130100MA0000001X", accepted=True),
            "account_no": Reading(value="A-1001", accepted=True),
        },
    )
    with store.write() as tx:
        filed = ApplicationFiled(1, 1, CLOCK.now(), "a@qq.example", reading, (), ())
        tx.cases.append(Event(numbers[3], CLOCK.now(), Actor("mail", "a@qq.example"), filed))
        tx.cases.save_state(numbers[3], derive(tx.cases.events(numbers[3])))
    for text in (numbers[3], numbers[3].lower(), "９１１３０１００ＭＡ０００００0１Ｘ", "A-1001"):
        assert found(store, text) == [NAMES[3]]
    for part in ("CCER-2019", "91130100MA", "A-100", "1001"):
        assert found(store, part) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text(alphabet="%_\\/'\"甲a（) ", min_size=1, max_size=4))
def test_finding_is_what_python_finds(store: Store, text: str) -> None:
    with store.write() as tx:
        for name in (*NAMES, "甲%乙", "a\\b", "it's", '"甲"'):
            tx.cases.open("2019-2020", None, name, name, PROVINCE)
        named = [row.entity_name for row in tx.cases.list(None)]
        hits = [row.entity_name for row in tx.cases.find(text, None, 50)]
    wanted = text.strip().replace("（", "(").replace(")", "）").replace("(", "（")
    literally = [name for name in named if text.strip() and text.strip().lower() in name.lower()]
    assert set(literally) <= set(hits)
    assert all(wanted.lower() in name.replace("(", "（").lower() for name in hits)


def test_numbers_count_up_for_each_province(store: Store, numbers: list[str]) -> None:
    assert numbers == [f"CCER-2019-13-000{n}" for n in (1, 2, 3, 4)]
    with store.write() as tx:
        assert tx.cases.open("2019-2020", None, "x", "x", "37") == "CCER-2019-37-0001"
        assert tx.cases.open("2019-2020", None, NAMES[0], "other name", "37") == numbers[0]
        assert [row.case_no for row in tx.cases.list(OTHERS)] == ["CCER-2019-37-0001"]


TEXTS = st.text(max_size=20).filter(lambda text: "\x00" not in text)


# Summer time, which ended in 1991, skipped hours that Python compares oddly.
MOMENTS = st.datetimes(min_value=datetime(1992, 1, 1), timezones=st.just(BEIJING))  # noqa: DTZ001


@given(TEXTS, TEXTS, MOMENTS, st.sampled_from(["", "r1"]))
def test_an_event_comes_back_as_it_went_in(name: str, reason: str, at: datetime, rule: str) -> None:
    for payload in (Returned(1, 2, reason, ("offset-cap",)), Withdrawn(1, reason)):
        evidence = Evidence("m1", "s", 1, 2, (0.1, 0.2, 0.3, 0.4))
        event = Event("C-1", at, Actor("person", name), payload, evidence, rule)
        body = event_body(event)
        assert parse_event(0, body, "", "") == event
        assert event_body(parse_event(0, body, "", "")) == body
        # Canonical: anybody can make the same bytes of the same content.
        again = json.dumps(
            json.loads(body), sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )
        assert again == body


def test_a_document_is_filed_once(store: Store, numbers: list[str]) -> None:
    with store.write() as tx:
        for number in numbers[:2]:
            reading = DocumentReading(kind="application", fields={})
            filed = ApplicationFiled(1, 1, CLOCK.now(), "a@qq.example", reading, (), ())
            evidence = Evidence("m1", "f" * 64, 1)
            actor = Actor("mail", "a@qq.example")
            tx.cases.append(Event(number, CLOCK.now(), actor, filed, evidence))
        assert tx.cases.documents_filed("f" * 64, 1) == Filed(numbers[0], 1, CLOCK.now())
        assert tx.cases.documents_filed("f" * 64, 0) is None


def test_lists_load_neither_states_nor_letters_bytes(store: Store, numbers: list[str]) -> None:
    """A province's list of 3,680 cases, or of all letters, must not read every byte of them."""
    seen: list[str] = []
    hooks.listen(store.engine, "before_cursor_execute", lambda *a: seen.append(str(a[2])))
    with store.write() as tx:
        tx.outbox.intend(letter())
        seen.clear()
        tx.cases.list(None)
        tx.cases.find("甲", None)
        tx.outbox.all()
    chosen = [one.partition("FROM")[0] for one in seen if one.startswith("SELECT")]
    # Two of them look a part of a name up; none for each case or letter.
    assert len(chosen) == 7
    assert not any("case_file.state" in one for one in chosen)
    assert not any("letter.raw," in one for one in chosen)


def test_accounts_belong_to_an_entity_as_the_procedure_says(store: Store, tmp_path: Path) -> None:
    rows = [
        Account("A1", "甲公司", "91130100MA0000001X"),
        Account("A2", "甲 公司"),
        Account("A3", "乙公司", "91130100MA0000001X"),
        Account("A4", "甲公司", "91130100MA0000002Y"),
        Account("A5", "丙公司"),
    ]
    with store.write() as tx:
        one = tx.registry.begin_import("accounts", "s", CLOCK.now(), "op")
        tx.registry.replace("accounts", tx.registry.identified("accounts", rows), one)
        for entity in (
            Entity("甲公司", "91130100MA0000001X", PROVINCE, 1),
            Entity("甲公司", "", PROVINCE, 1),
            Entity("丁公司", "", PROVINCE, 1, account_no="A5"),
            Entity("丁公司", "", PROVINCE, 1),
        ):
            wanted = RegistryTables(accounts=rows).accounts_of(entity)
            assert tx.registry.accounts_of(entity) == wanted


def test_many_cases_are_read_together_and_one_by_one(
    store: Store, numbers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.cases.AT_ONCE", 3)
    with store.write() as tx:
        for number in numbers[:3]:
            for reason in ("一", "二"):
                tx.cases.append(
                    Event(number, CLOCK.now(), Actor("clock", "x"), Withdrawn(1, reason))
                )
            tx.cases.save_state(number, derive(tx.cases.events(number)))
    with store.read() as tx:
        alone = {number: tx.cases.events(number) for number in numbers}
        assert tx.cases.histories(numbers) == alone
        assert tx.cases.rows(numbers) == {number: tx.cases.row(number) for number in numbers}
        # Other questions may be asked while the states come.
        both = [
            (number, state, tx.cases.histories([number])[number])
            for number, state in tx.cases.states(frozenset({PROVINCE}), "2019-2020")
        ]
        assert [number for number, *_ in both] == sorted(numbers)
        assert all(state == derive(history) for _, state, history in both)
        assert list(tx.cases.states(OTHERS, "2019-2020")) == []
        assert list(tx.cases.states(frozenset({PROVINCE}), "2023")) == []
