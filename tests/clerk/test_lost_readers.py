"""A reading that ended with its process is done again, and says nothing of the document later."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from clerk.jobs import attempt
from clerk.readers import ReaderLost
from procedure.readings import DocumentReading
from store.rows import Envelope, MessageRow
from tests.casework.made import Firm, form
from tests.clerk.mailroom import Mailroom, mailroom, written

FIRM = Firm(1)


class Unlucky:
    """Loses its process so often, then reads."""

    def __init__(self, room: Mailroom, losses: int) -> None:
        self._read, self._losses = room.reader, losses

    def __call__(self, data: bytes, name: str) -> tuple[DocumentReading, ...]:
        if self._losses:
            self._losses -= 1
            raise ReaderLost("lost")
        return self._read(data, name)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Mailroom]:
    with mailroom(tmp_path) as opened:
        yield opened


def came(room: Mailroom, number: int) -> str:
    """A mail with the same form each time, by its id."""
    form_ = room.reader.lay(form(FIRM))
    raw = written(FIRM.email, f"CCER抵销申请表 {number}", files={"申请表.docx": form_})
    envelope = Envelope("smtp", f"m{number}", FIRM.email, (), room.house.now())
    return room.house.store.take(envelope, raw).message_id


def tried(room: Mailroom, message_id: str, read: Unlucky) -> MessageRow:
    attempt(room.house, read, message_id)
    return room.row(message_id)


def test_once_lost_is_read_again(room: Mailroom) -> None:
    mail, read = came(room, 1), Unlucky(room, 1)
    first = tried(room, mail, read)
    assert (first.state, first.failures) == ("received", 1)
    assert "ReaderLost" in first.error
    assert tried(room, mail, read).state == "done"
    assert room.tray() == []
    assert [one.kind for one in room.letters()] == ["receipt"]


def test_lost_again_goes_to_a_person_and_the_next_such_mail_is_read(room: Mailroom) -> None:
    mail, read = came(room, 1), Unlucky(room, 2)
    tried(room, mail, read)
    assert tried(room, mail, read).state == "done"
    (item,) = room.tray()
    assert item.reason == "timeout"
    with room.house.store.read() as tx:
        assert tx.documents.reading(item.document, room.house.desk.reader_version) is None
    again = came(room, 2)
    assert tried(room, again, read).state == "done"
    with room.house.store.read() as tx:
        assert [one.place for one in tx.messages.placements(again)] == ["application"]


def test_what_an_earlier_version_kept_of_a_lost_reading_is_not_believed(room: Mailroom) -> None:
    from clerk.readers import LOST

    desk, mail = room.house.desk, came(room, 1)
    with room.house.store.write() as tx:
        sha256 = tx.documents.keep(room.reader.lay(form(FIRM)), "x")
        tx.documents.keep_reading(sha256, desk.reader_version, [LOST])
    assert tried(room, mail, Unlucky(room, 0)).state == "done"
    assert room.tray() == []
