"""A bounce comes in as any mail does: its letter is marked, the operator is told once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from casework import people
from casework.loops import MOST_ANSWERS
from clerk.jobs import attempt
from clerk.settings import Data, Office, Settings
from clerk.wiring import House, open_house
from mailer.outbox import dress_due
from procedure.facts import LetterIntent, Reminder, StaffNotice
from procedure.readings import DocumentReading
from store.rows import Envelope, Person
from tests.bot.house import OPERATOR
from tests.mailer.test_bounces import dsn

FIRM = "a@firm.example"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    office = Office(address="clerk@office.example", own_addresses=("clerk@office.example",))
    opened = open_house(
        Settings(data=Data(directory=tmp_path / "data"), office=office), create=True
    )
    yield opened
    opened.store.close()


def unread(_data: bytes, _name: str) -> tuple[DocumentReading, ...]:
    return (DocumentReading(kind="other"),)


def test_a_bounce_marks_its_letter_and_is_told_once(house: House) -> None:
    intent = LetterIntent("notice", "x", (FIRM,), StaffNotice(house.office, "t", ("x",)))
    with house.store.write() as tx:
        tx.outbox.intend(intent)
    dress_due(house.store, house.office, house.domain)
    with house.store.write() as tx:
        tx.outbox.begin_attempt(intent.key, FIRM, house.now())
        tx.outbox.sent(intent.key, FIRM, "250 ok", house.now())
        letter = tx.outbox.letter(intent.key)
    assert letter is not None
    for number in range(2):
        raw = b"Received: by way %d\r\n" % number + dsn(letter.rfc_message_id)
        envelope = Envelope("smtp", f"smtp:{number}", "", ("clerk@office.example",), house.now())
        taken = house.store.take(envelope, raw)
        attempt(house, unread, taken.message_id)
        with house.store.read() as tx:
            row = tx.messages.get(taken.message_id)
        assert row is not None
        assert (row.state, row.error) == ("done", "")
    with house.store.read() as tx:
        found = tx.outbox.letter(intent.key)
        told = [item for item in tx.tray.open_items() if item.reason == "letter-returned"]
    assert found is not None
    assert [one.state for one in found.recipients] == ["failed"]
    assert len(told) == 1


def test_a_letter_that_came_back_is_told_to_the_staff_of_its_case(house: House) -> None:
    staff = (Person("王敏", "handler", ("13",)), Person("赵岚", "handler", ("14",)))
    for person in staff:
        code = people.invite(house.desk, OPERATOR, person.name, person.role, person.provinces)
        people.bind(house.desk, "telegram", person.name, code, house.now())
    with house.store.write() as tx:
        number = tx.cases.open("2019-2020", None, "k", "河北衡岚热力有限公司", "13")
        facts = Reminder(house.office, "", number, "", "cancel", 1, 1, house.now(), 3)
        intent = LetterIntent("reminder", f"{number}/1/cancel", (FIRM,), facts)
        tx.outbox.intend(intent)
    dress_due(house.store, house.office, house.domain)
    with house.store.write() as tx:
        tx.outbox.begin_attempt(intent.key, FIRM, house.now())
        tx.outbox.sent(intent.key, FIRM, "250 ok", house.now())
        letter = tx.outbox.letter(intent.key)
    assert letter is not None
    for number_ in range(2):
        raw = b"Received: by way %d\r\n" % number_ + dsn(letter.rfc_message_id)
        envelope = Envelope("smtp", f"smtp:{number_}", "", ("clerk@office.example",), house.now())
        attempt(house, unread, house.store.take(envelope, raw).message_id)
    with house.store.read() as tx:
        told = [row for row, _ in tx.notices.pending("telegram")]
    assert [(row.person, FIRM in row.text) for row in told] == [("王敏", True)]


def test_a_question_of_nobody_in_particular_goes_to_the_tray(house: House) -> None:
    raw = (
        b"From: a@firm.example, b@other.example\r\nSubject: status?\r\n\r\n"
        b"CCER-2019-13-0001, how is it?\r\n"
    )
    envelope = Envelope("smtp", "smtp:q", FIRM, ("clerk@office.example",), house.now())
    attempt(house, unread, house.store.take(envelope, raw).message_id)
    with house.store.read() as tx:
        assert [item.reason for item in tx.tray.open_items()] == ["sender-unclear"]
        assert tx.outbox.all() == []


def test_answers_to_one_address_end_some_day(house: House) -> None:
    """Another machine, without any of the headers of one."""
    for number in range(MOST_ANSWERS + 3):
        raw = f"From: robot@firm.example\r\nSubject: status {number}?\r\n\r\nhow is it?\r\n"
        now = house.now()
        envelope = Envelope("smtp", f"smtp:{number}", "robot@firm.example", (), now)
        attempt(house, unread, house.store.take(envelope, raw.encode()).message_id)
    with house.store.read() as tx:
        assert len(tx.outbox.all()) == MOST_ANSWERS
        assert {item.reason for item in tx.tray.open_items()} == {"too-many-answers"}
        assert len(tx.tray.open_items()) == 3
