"""The store on real files: nothing lost, nothing doubled."""

import multiprocessing
import os
from datetime import timedelta

import pytest

from procedure.errors import NotAllowed
from procedure.readings import DocumentReading, Reading
from procedure.registry import CancellationRecord, Entity
from store import Clash, Damaged, Store
from store.rows import DigestRow, Envelope, Person, Placement
from store.verify import counts, verify
from tests.clocks import SteppedClock
from tests.store.helpers import CLOCK, PROVINCE, case_with_event, envelope, left, letter


@pytest.mark.parametrize("size", [0, 5, 1 << 20, (1 << 20) + 1, 3_500_000])
def test_a_message_is_kept_byte_for_byte(store: Store, size: int) -> None:
    raw = os.urandom(size)
    taken = store.take(envelope(), raw)
    assert taken.fresh
    with store.read() as tx:
        assert tx.messages.raw(taken.message_id) == raw
    assert verify(store) == []


def test_the_same_bytes_and_the_same_delivery_are_taken_once(store: Store) -> None:
    first = store.take(envelope("k1"), b"mail")
    again = store.take(envelope("k1"), b"mail")
    other_way = store.take(envelope("k2"), b"mail")
    assert {first.message_id} == {again.message_id, other_way.message_id}
    assert [first.fresh, again.fresh, other_way.fresh] == [True, False, False]
    with store.read() as tx:
        assert len(tx.messages.deliveries(first.message_id)) == 2
        assert tx.messages.known("k2")


def test_a_large_duplicate_leaves_no_chunks_behind(store: Store) -> None:
    raw = os.urandom(2_500_000)
    store.take(envelope("k1"), raw)
    store.take(envelope("k2"), iter([raw]))
    assert left(store) == []


def _append(target: str, amount: int) -> None:
    store = Store.open(target, SteppedClock())
    for number in range(amount):
        case_with_event(store, f"{os.getpid()}-{number}")
    store.close()


def test_events_of_several_processes_make_one_chain(store: Store) -> None:
    context = multiprocessing.get_context("spawn")
    target = store.url
    workers = [context.Process(target=_append, args=(target, 15)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert counts(store)["events"] == 45
    assert counts(store)["cases"] == 1
    assert verify(store) == []


def test_case_numbers_and_finding(store: Store) -> None:
    number, _ = case_with_event(store)
    assert number == "CCER-2019-13-0001"
    with store.write() as tx:
        assert tx.cases.open("2019-2020", None, "key", "x", PROVINCE) == number
        other = tx.cases.open("2019-2020", None, "key2", "山东示例电力有限公司", "37")
        assert [row.case_no for row in tx.cases.find("%", None)] == [number]
        assert tx.cases.find("_", None) == []
        assert [row.case_no for row in tx.cases.find("示例", frozenset({"37"}))] == [other]
        assert tx.cases.find(number.lower(), frozenset({"37"})) == []


def test_a_letter_is_intended_once_and_its_bytes_stay(store: Store) -> None:
    with store.write() as tx:
        assert tx.outbox.intend(letter())
        assert not tx.outbox.intend(letter())
        assert tx.outbox.undressed()[0][0] == letter()
        tx.outbox.dress(letter().key, "<1@x>", b"first")
        tx.outbox.dress(letter().key, "<2@x>", b"second")
        assert tx.outbox.raw(letter().key) == b"first"


def test_a_letter_goes_out_until_it_is_settled(store: Store) -> None:
    key, now = letter().key, CLOCK.now()
    with store.write() as tx:
        tx.outbox.intend(letter())
        tx.outbox.dress(key, "<1@x>", b"raw")
        assert [row.recipient for row in tx.outbox.sendable(now)] == ["a@qq.example"]
        tx.outbox.begin_attempt(key, "a@qq.example", now)
        tx.outbox.deferred(key, "a@qq.example", "451", now + timedelta(minutes=5))
        assert tx.outbox.sendable(now) == []
        assert tx.outbox.supersede("notice", "x") == []
        assert len(tx.outbox.sendable(now + timedelta(minutes=5))) == 1
        tx.outbox.sent(key, "a@qq.example", "250", now)
        assert tx.outbox.sendable(now + timedelta(days=1)) == []


def test_an_unattempted_letter_can_be_superseded(store: Store) -> None:
    with store.write() as tx:
        tx.outbox.intend(letter())
        assert tx.outbox.supersede("notice", "x") == [letter().key]
        assert tx.outbox.undressed() == []


def test_an_event_is_in_one_digest_of_a_kind_for_a_recipient(store: Store) -> None:
    _, event = case_with_event(store)
    with store.write() as tx:
        tx.outbox.intend(letter())
        row = DigestRow(
            "weekly", "w1", PROVINCE, "n@x.example", 0, letter().key, CLOCK.now(), {"a": 1}
        )
        waiting = tx.digests.unreported("weekly", "n@x.example", {PROVINCE}, ["reported"])
        assert waiting == [event.seq]
        for cycle, until in (("2023", CLOCK.now()), ("2019-2020", CLOCK.now() - timedelta(days=1))):
            asked = ("weekly", "n@x.example", {PROVINCE}, ["reported"])
            assert tx.digests.unreported(*asked, cycle=cycle, until=until) == []
        assert tx.digests.record(row, [event.seq])
        assert not tx.digests.record(row, [event.seq])
        assert tx.digests.unreported("weekly", "n@x.example", {PROVINCE}, ["reported"]) == []
        assert tx.digests.next_supplement("weekly", "w1", "n@x.example") == 1
    twice = DigestRow("weekly", "w2", PROVINCE, "n@x.example", 0, letter().key, CLOCK.now(), {})
    with pytest.raises(Clash), store.write() as tx:
        tx.digests.record(twice, [event.seq])
    with store.read() as tx:
        assert [row.period for row in tx.digests.list()] == ["w1"]


def test_documents_and_readings_are_kept_by_content(store: Store) -> None:
    doc = DocumentReading(
        kind="application", fields={"offset_t": Reading(value=5, box=(0, 0, 1, 1))}
    )
    with store.write() as tx:
        sha256 = tx.documents.keep(b"%PDF", "application/pdf")
        assert tx.documents.keep(b"%PDF", "application/pdf") == sha256
        assert tx.documents.reading(sha256, "v1") is None
        tx.documents.keep_reading(sha256, "v1", [doc])
        assert tx.documents.reading(sha256, "v1") == [doc]
        assert tx.documents.data(sha256) == b"%PDF"
        with pytest.raises(Damaged):
            tx.documents.data("0" * 64)


def test_the_last_reading_before_this_reader_s_is_found(store: Store) -> None:
    old, last, other = (DocumentReading(kind="application", pages=n) for n in (1, 2, 3))
    with store.write() as tx:
        sha256 = tx.documents.keep(b"%PDF", "application/pdf")
        assert tx.documents.last_reading(sha256, "18") is None
        tx.documents.keep_reading(sha256, "9", [old])
        tx.documents.keep_reading(sha256, "17+2021", [last])
        assert tx.documents.last_reading(sha256, "18") == [last]
        assert tx.documents.last_reading(sha256, "9") == [old]
        tx.documents.keep_reading(sha256, "18", [other])
        assert tx.documents.last_reading(sha256, "18") == [other]
        assert tx.documents.all_readings(sha256) == {"9": [old], "17+2021": [last], "18": [other]}


def test_placements_replace_each_other(store: Store) -> None:
    taken = store.take(envelope(), b"mail")
    with store.write() as tx:
        sha256 = tx.documents.keep(b"%PDF", "application/pdf")
        for place in ("tray", "application"):
            tx.messages.place(Placement(taken.message_id, 0, 0, sha256, "f.pdf", place))
        assert [one.place for one in tx.messages.placements(taken.message_id)] == ["application"]


def test_claims_keep_others_away_until_they_run_out(store: Store) -> None:
    taken, now = store.take(envelope(), b"mail"), CLOCK.now()
    until = now + timedelta(minutes=5)
    with store.write() as tx:
        assert tx.messages.claim(taken.message_id, "w1", until, now)
        assert not tx.messages.claim(taken.message_id, "w2", until, now)
        assert tx.messages.unfinished(now, 10) == []
        assert tx.messages.unfinished(until, 10) == [taken.message_id]
        tx.messages.failed(taken.message_id, "later", until)
        assert tx.messages.unfinished(now, 10) == []
        tx.messages.done(taken.message_id)
        assert tx.messages.unfinished(until, 10) == []


def test_operations_add_up_and_lists_replace(store: Store) -> None:
    def operation(status: str, quantity: int = 5) -> CancellationRecord:
        return CancellationRecord("A1", "x", "P", "p", quantity, "自愿注销", status, CLOCK.now())

    with store.write() as tx:
        first = tx.registry.begin_import("cancellations", "1" * 64, CLOCK.now(), "op")
        waiting = tx.registry.identified(
            "cancellations", [operation("处理中"), operation("处理中")]
        )
        tx.registry.replace("cancellations", waiting, first)
        assert len({row_id for row_id, _ in waiting}) == 2
        second = tx.registry.begin_import("cancellations", "2" * 64, CLOCK.now(), "op")
        again = tx.registry.identified("cancellations", [operation("已完成"), operation("x", 7)])
        tx.registry.replace("cancellations", again, second)
        assert again[0][0] == waiting[0][0]
        assert len(tx.registry.all_cancellations()) == 3
        for name in ("甲公司", "乙公司"):
            one = tx.registry.begin_import("entities", name, CLOCK.now(), "op")
            rows = tx.registry.identified("entities", [Entity(name, "", PROVINCE, 10)])
            tx.registry.replace("entities", rows, one)
        assert [row.name for row in tx.registry.entities()] == ["乙公司"]
        assert tx.registry.complete_until("cancellations") == CLOCK.now()


def test_an_invitation_binds_once(store: Store) -> None:
    now = CLOCK.now()
    with store.write() as tx:
        tx.people.invite(Person("张某", "handler", (PROVINCE,)), "hash", now + timedelta(days=1))
        assert tx.people.bind("telegram", "7", "hash", now).provinces == (PROVINCE,)
    with pytest.raises(NotAllowed), store.write() as tx:
        tx.people.bind("telegram", "8", "hash", now)
    with store.write() as tx:
        tx.people.revoke("张某")
        assert tx.people.person_of("telegram", "7") is None


def test_the_tray_takes_a_thing_once_and_is_closed_once(store: Store) -> None:
    with store.write() as tx:
        first = tx.tray.put("m1", "", "damaged", "坏", CLOCK.now())
        assert tx.tray.put("m1", "", "damaged", "坏", CLOCK.now()) == first
        assert tx.tray.close(first, "张某", "dismissed", "", CLOCK.now())
        assert not tx.tray.close(first, "李某", "dismissed", "", CLOCK.now())
        assert tx.tray.open_items() == []


def test_an_error_rolls_everything_back(store: Store) -> None:
    def fails() -> None:
        with store.write() as tx:
            tx.tray.put("m1", "", "damaged", "坏", CLOCK.now())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert counts(store)["tray"] == 0


def test_moments_come_back_aware_and_naive_ones_are_refused(store: Store) -> None:
    taken = store.take(envelope(), b"mail")
    with store.read() as tx:
        row = tx.messages.get(taken.message_id)
    assert row is not None
    assert row.received_at == CLOCK.now()
    naive = Envelope("smtp", "k9", "a", ("b",), CLOCK.now().replace(tzinfo=None))
    with pytest.raises(ValueError, match="naive"):
        store.take(naive, b"other")


def test_an_attempt_at_a_superseded_or_settled_letter_does_not_start(store: Store) -> None:
    """Superseded between asking what is due and sending it: it must never leave."""
    now = CLOCK.now()
    with store.write() as tx:
        for about in ("x", "y"):
            tx.outbox.intend(letter(about))
            tx.outbox.dress(letter(about).key, f"<{about}@x>", b"raw")
        due = tx.outbox.sendable(now)
        tx.outbox.supersede("notice", "x")
        started = [tx.outbox.begin_attempt(row.key, row.recipient, now) for row in due]
        assert started == [False, True]
        assert not tx.outbox.attempted(letter("x").key)
        tx.outbox.sent(letter("y").key, "a@qq.example", "250", now)
        assert not tx.outbox.begin_attempt(letter("y").key, "a@qq.example", now)
        assert tx.outbox.again(letter("y").key) == 1
        assert tx.outbox.begin_attempt(letter("y").key, "a@qq.example", now)


def test_two_letters_never_share_a_message_id(store: Store) -> None:
    def dress_alike() -> None:
        with store.write() as tx:
            for about in ("x", "y"):
                tx.outbox.intend(letter(about))
                tx.outbox.dress(letter(about).key, "<1@x>", b"raw")

    with pytest.raises(Clash):
        dress_alike()
    assert counts(store)["letters"] == 0


def _make_digest(target: str, answers: "multiprocessing.Queue[bool]") -> None:
    store = Store.open(target, SteppedClock())
    row = DigestRow("weekly", "w", PROVINCE, "n@x", 0, letter().key, CLOCK.now(), {})
    with store.write() as tx:
        events = tx.digests.unreported("weekly", "n@x", {PROVINCE}, ["reported"])
        made = tx.digests.record(row, events)
        answers.put(tx.outbox.intend(letter()) and made)
    store.close()


def test_several_timetables_make_one_digest(store: Store) -> None:
    case_with_event(store)
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    target = store.url
    workers = [context.Process(target=_make_digest, args=(target, answers)) for _ in range(3)]
    for worker in workers:
        worker.start()
    made = sorted(answers.get(timeout=60) for _ in workers)
    for worker in workers:
        worker.join(60)
    assert made == [False, False, True]
    assert (counts(store)["digests"], counts(store)["letters"]) == (1, 1)
